#!/bin/sh
# Makes .venv ready: Python packages from pyproject.toml at the versions of constraints.txt, torch as its CPU build, and
# poppler and a browser for the tests where they can be had. Called by every make target; does its work only when
# something changed.
set -eu
cd "$(dirname "$0")/.."
venv=.venv
say() { printf '\033[1m==> %s\033[0m\n' "$*"; }

wanted=$(cat pyproject.toml constraints.txt deploy/setup.sh | cksum)
if [ -x "$venv/bin/spyglass" ] && [ "$(cat $venv/.ready 2>/dev/null)" = "$wanted" ]; then exit 0; fi

find_python() {
    for name in python3.11 python3.12 python3.13 python3; do
        command -v "$name" >/dev/null 2>&1 || continue
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

# A folder of wheels the machine's owner offers to pip (an air-gapped mirror, say): uv has to be told of it.
wheel_folder() {
    if [ -n "${PIP_FIND_LINKS:-}" ]; then echo "$PIP_FIND_LINKS"
    else "$1" -m pip config get global.find-links 2>/dev/null || true
    fi
}

python=$(find_python)
if [ -z "$python" ] && ! command -v uv >/dev/null 2>&1; then
    echo "Spyglass needs Python 3.11, 3.12 or 3.13 (or uv, which brings one). Install one and run make again." >&2
    exit 1
fi

say "1/4 virtual environment in $venv"
if [ ! -x "$venv/bin/python" ]; then
    if command -v uv >/dev/null 2>&1; then uv venv --quiet --seed ${python:+--python "$python"} "$venv"
    elif ! "$python" -m venv "$venv"; then
        echo "$python cannot make virtual environments: install its venv module (Debian: apt install python3-venv)." >&2
        exit 1
    fi
fi

say "2/4 packages (about 2 GB with torch's CPU build; some minutes the first time)"
links=$(wheel_folder "${python:-$venv/bin/python}")
with_uv() {
    if [ -n "$links" ]; then
        UV_FIND_LINKS="$links" "$@" pip install --python "$venv/bin/python" -c constraints.txt -e '.[dev]'
    else
        UV_TORCH_BACKEND=cpu "$@" pip install --python "$venv/bin/python" -c constraints.txt -e '.[dev]'
    fi
}
with_pip() { "$venv/bin/python" -m pip install --progress-bar on -c constraints.txt -e '.[dev]'; }
if command -v uv >/dev/null 2>&1; then
    with_uv uv || with_pip
elif [ "$(uname -s)" = Linux ] && [ -z "$links" ]; then
    # pip alone would take torch's CUDA build here, several gigabytes; uv knows where the CPU build is.
    "$venv/bin/python" -m pip install --quiet -c constraints.txt uv
    with_uv "$venv/bin/uv" || with_pip
else
    with_pip
fi

# Debian's package, where we may install one; without it things go on.
debian() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$1" >/dev/null
}

say "3/4 poppler (renders PDF pages; without it pypdfium2 does)"
if command -v pdftoppm >/dev/null 2>&1; then echo "already there"
elif debian poppler-utils; then echo "installed"
else echo "not there; going on without (Debian: apt install poppler-utils, macOS: brew install poppler)"
fi

say "4/4 Chromium (the tests of the page need it; without it they are skipped)"
if command -v chromium >/dev/null 2>&1; then echo "already there"
elif debian chromium; then echo "installed"
else echo "not there; going on without (Debian: apt install chromium)"
fi

echo "$wanted" >"$venv/.ready"
say "ready"
