#!/usr/bin/env bash
# Creates .venv-bench: all of .venv, and the programs that leakwatch is compared with. What cannot be had is
# left out, and the bench says so.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.venv-bench/.stamp
wanted=$(sha256sum pyproject.toml | cut -d' ' -f1)
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then exit 0; fi

echo '正在建立 .venv-bench（只供比较，产品不用）…' >&2
# Debian without python3-venv has no ensurepip: the pip of .venv, or the system's, installs into the new one.
.venv/bin/python -m venv --clear --without-pip .venv-bench
pip=(.venv/bin/python -m pip)
"${pip[@]}" --version >/dev/null 2>&1 || pip=("$(.venv/bin/python -c 'import sys; print(sys._base_executable)')" -m pip)
echo '*' >.venv-bench/.gitignore
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
echo "import site; site.addsitedir('$packages')" >"$(.venv-bench/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/leakwatch.pth"
.venv/bin/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["bench"], sep="\n")' |
    while read -r peer; do
        "${pip[@]}" --python .venv-bench/bin/python install -qq --disable-pip-version-check "$peer" </dev/null >&2 || echo "装不上 $peer，不与它比较" >&2
    done
command -v rg >/dev/null || { [ "$(id -u)" -eq 0 ] && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y ripgrep </dev/null >/dev/null 2>&1; } || echo '没有 ripgrep（apt install ripgrep），不与它比较' >&2
printf '%s\n' "$wanted" >"$stamp"
