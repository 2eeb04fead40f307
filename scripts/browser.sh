#!/bin/sh
# See that the page tests have a browser and its driver; without one they are skipped and say so.
set -eu
if command -v chromedriver >/dev/null 2>&1; then
    for browser in chromium chromium-browser google-chrome; do
        if command -v "$browser" >/dev/null 2>&1; then exit 0; fi
    done
fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    if { apt-get update && apt-get install -y --no-install-recommends chromium chromium-driver; } >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "No Chromium with chromedriver here: the browser tests will be skipped. Install both to run them." >&2
