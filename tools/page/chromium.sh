#!/bin/sh
# A browser for the tests of the page inside Stash, where this may install packages of Debian; one sentence elsewhere. Never an error:
# without a browser those tests are skipped, and the check goes on.
PACKAGES="chromium-headless-shell chromium" # the first is smaller, and takes less than half for each page

for name in $PACKAGES chromium-browser google-chrome chrome; do
  command -v "$name" >/dev/null && exit 0
done

skip() {
  echo "The page inside Stash is not tested in a browser: $1."
  exit 0
}

command -v npm >/dev/null || skip "there is no Node here"
command -v apt-get >/dev/null || skip "no Chromium is installed, and there is no apt to install it with"
[ "$(id -u)" -eq 0 ] || skip "no Chromium is installed, and only root may install it (apt-get install chromium)"

# Words of a command in $1; a machine without a network is to be told soon.
apt() {
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive timeout 240 apt-get -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=20 $1 2>&1
}

echo "Installing Chromium for the tests of the page inside Stash."
said=$(apt update) || skip "apt-get update failed ($(echo "$said" | tail -n 1))"
for package in $PACKAGES; do
  said=$(apt "install --yes --no-install-recommends $package") && exit 0
done
skip "apt-get install failed ($(echo "$said" | tail -n 1))"
