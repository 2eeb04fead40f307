#!/bin/sh
# Make a virtual environment with the newest Python of 3.11 or later that the machine has: scripts/venv.sh FOLDER
set -eu
folder=$1
for python in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3 python; do
    command -v "$python" >/dev/null 2>&1 || continue
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    rm -rf "$folder"
    if "$python" -m venv "$folder" 2>/dev/null && "$folder/bin/python" -m pip --version >/dev/null 2>&1; then
        exit 0
    fi
    # Debian keeps ensurepip in a package of its own; a pip that is there can serve another environment.
    rm -rf "$folder"
    if "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --without-pip "$folder" &&
        "$python" -m pip --python "$folder/bin/python" install --quiet pip; then
        exit 0
    fi
    failed=$python
done
if [ -n "${failed:-}" ]; then
    echo "citegraph: $failed cannot make a virtual environment; install its venv package (python3-venv on Debian)." >&2
else
    echo "citegraph: no Python 3.11 or later was found; install one, or name it: make PYTHON=/path/to/python" >&2
fi
exit 1
