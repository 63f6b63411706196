# Everything a developer does, executable. `make demo` and `make test` need Python 3.11+, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := plexsync_plugin indexer plex_sync.py tests bench tools

.PHONY: demo test torture breaks explore mutations check fmt format lint types imports ui page browser bench lock package docs matrix alpine clean

demo: $(VENV)/.ready
	@$(BIN)/python -m tests.demo

test: $(VENV)/.ready
	$(BIN)/python -m pytest

explore: $(VENV)/.ready
	HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest tests/property

# Kills, full disks, odd answers and histories without number, from one seed that is printed; a table at the end.
# make torture SEED=7 does the same again, SHARE=0.1 a tenth of it.
SEED ?=
SHARE ?= 1
torture: $(VENV)/.ready
	$(BIN)/python -m tests.torture $(if $(SEED),--seed $(SEED)) --share $(SHARE)

# Breaks the product in places that were chosen, one at a time, and says after how many examples the state machine finds each: hours.
breaks: $(VENV)/.ready
	$(BIN)/python -m tests.torture.breaks $(if $(SEED),--seed $(SEED))

# Breaks the named modules in one place at a time: make mutations MODULES="core/plan.py jobs" MINUTES=30
MODULES ?= core
MINUTES ?= 60
mutations: $(VENV)/.ready
	$(BIN)/python -m tools.mutations $(MODULES) --minutes $(MINUTES)

check: format lint types imports page browser test

format: $(VENV)/.ready
	$(BIN)/ruff format --check $(SOURCES)

fmt: $(VENV)/.ready
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

lint: $(VENV)/.ready
	$(BIN)/ruff check $(SOURCES)

types: $(VENV)/.ready
	$(BIN)/mypy

imports: $(VENV)/.ready
	$(BIN)/lint-imports

# The page inside Stash, from plexsync_plugin/ui/src into plexsync_plugin/ui/built. Needs Node 20; all else does without.
ui: node_modules/.ready
	npm run --silent fmt
	npm run --silent build

# Whether what is built is what the sources give, and the sources are in order.
page:
	@if ! command -v npm >/dev/null; then echo "The page inside Stash is not checked: there is no Node here."; \
	elif ! $(MAKE) --no-print-directory node_modules/.ready; then \
	echo "The page inside Stash is not checked: its packages cannot be installed from npm here."; \
	else npm run --silent check; fi

# A browser for the tests of the page, where Debian's can be installed; a sentence says why not elsewhere.
browser:
	@sh tools/page/chromium.sh

# One table of ratios, and the same in bench/results/: minutes. BENCH=full adds 200 000 items and how costs grow: hours.
# BENCH=profiles writes where the time goes; a name of bench/__main__.py measures that alone.
BENCH ?=
bench: $(VENV)/.ready
	$(BIN)/python -m bench $(BENCH)

# The versions that the plugin installs for itself, with their hashes. Needs a package index; takes minutes.
lock: $(VENV)/.ready
	$(BIN)/python -m tools.lock

# What Stash's plugin manager installs, and the index of the source that offers it, in dist/.
package: $(VENV)/.ready
	$(BIN)/python -m tools.package

# The documentation as pages, in site/; a link that leads nowhere is an error, which --quiet would pass over.
docs: $(VENV)/.ready
	$(BIN)/python -m tools.settings_page
	$(BIN)/mkdocs build --config-file mkdocs.yaml

# The tests on every Python from 3.11 to 3.14 that is found here, and the start-up in Alpine where that can be had.
matrix: $(VENV)/.ready
	$(BIN)/python -m tools.matrix

# In Alpine itself: the packages install, and the entry answers.
alpine:
	$(PYTHON) -m tools.start_up

clean:
	rm -rf $(VENV) node_modules .matrix build site dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Made anew whenever a requirement changes; a half-made one has no stamp.
$(VENV)/.ready: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "PlexSync needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# Stash would take every .yml below its plugins folder for a plugin, should the repository lie there.
node_modules/.ready: package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	find node_modules -name '*.yml' -delete
	@touch $@
