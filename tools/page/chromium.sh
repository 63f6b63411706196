#!/bin/sh
# Chromium for the tests of the page inside Stash, where this may install packages of Debian; one sentence elsewhere. Never an error:
# without it those tests are skipped, and the check goes on.
for name in chromium chromium-browser google-chrome chrome; do
  command -v "$name" >/dev/null && exit 0
done

skip() {
  echo "The page inside Stash is not tested in a browser: $1."
  exit 0
}

command -v npm >/dev/null || skip "there is no Node here"
command -v apt-get >/dev/null || skip "Chromium is not installed, and there is no apt to install it with"
grep -qx 'ID=debian' /etc/os-release 2>/dev/null || skip "Chromium is not installed, and only Debian's package of it is known to do"
[ "$(id -u)" -eq 0 ] || skip "Chromium is not installed, and only root may install it (apt-get install chromium)"

echo "Installing Chromium for the tests of the page inside Stash."
export DEBIAN_FRONTEND=noninteractive
for step in "update" "install --yes --no-install-recommends chromium"; do
  # shellcheck disable=SC2086 # words of a command
  said=$(timeout 240 apt-get --quiet --quiet -o Acquire::Retries=1 -o Acquire::http::Timeout=20 $step 2>&1) ||
    skip "apt-get ${step%% *} failed: $(echo "$said" | tail -n 1)"
done
exit 0
