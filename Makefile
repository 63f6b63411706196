# Everything a developer does, executable. `make demo` and `make test` need Python 3.11+, make and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := plexsync_plugin indexer plex_sync.py tests bench tools

.PHONY: demo test explore check fmt format lint types imports bench lock clean

demo: $(VENV)/.ready
	@$(BIN)/python -m tests.demo

test: $(VENV)/.ready
	$(BIN)/python -m pytest

explore: $(VENV)/.ready
	HYPOTHESIS_PROFILE=explore $(BIN)/python -m pytest tests/property

check: format lint types imports test

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

bench: $(VENV)/.ready
	$(BIN)/python -m bench

# The versions that the plugin installs for itself, with their hashes. Needs a package index; takes minutes.
lock: $(VENV)/.ready
	$(BIN)/python -m tools.lock

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Made anew whenever a requirement changes; a half-made one has no stamp.
$(VENV)/.ready: requirements.txt requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "PlexSync needs Python 3.11 or newer; name one: make PYTHON=python3.12")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
