#!/usr/bin/env bash
# Creates .venv from requirements.lock, installs leakwatch into it, and the system packages that are missing.
# Quick when nothing changed; never asks anything. With the word tests: also what the slow tests run against.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.venv/.leakwatch-setup

say() { printf '%s\n' "$*" >&2; }

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null && is_new_enough "$name"; then
            echo "$name"
            return
        fi
    done
    say '没有找到 Python 3.11 或更新版本，请安装后重试（例如 apt install python3），或用 PYTHON=路径 指定。'
    return 1
}

# Debian without python3-venv has no ensurepip; the system's pip then installs into the environment.
make_environment() {
    if is_new_enough .venv/bin/python; then return; fi
    say '正在建立 .venv …'
    "$1" -m venv --clear .venv >/dev/null 2>&1 || "$1" -m venv --clear --without-pip .venv
}

install_packages() {
    local pip=(.venv/bin/python -m pip)
    if ! "${pip[@]}" --version >/dev/null 2>&1; then
        pip=("$1" -m pip --python .venv/bin/python)
        if ! "${pip[@]}" --version >/dev/null 2>&1; then
            say '缺少 pip，请运行 apt install python3-pip（或 python3-venv）后重试。'
            return 1
        fi
    fi
    say '正在按 requirements.lock 安装 …'
    "${pip[@]}" install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
    "${pip[@]}" install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
}

has_postgresql() { compgen -c pg_ctl >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/pg_ctl' >/dev/null; }

missing_test_packages() {
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || echo chromium
    command -v ffmpeg >/dev/null || echo ffmpeg
    has_postgresql || echo postgresql
}

missing_system_packages() {
    command -v tesseract >/dev/null || echo tesseract-ocr
    grep -qx chi_sim <<<"$(tesseract --list-langs 2>/dev/null)" || echo tesseract-ocr-chi-sim
    local font
    font=$(find /usr/share/fonts /usr/local/share/fonts \
        \( -iname '*cjk*' -o -iname '*wqy*' -o -iname 'sim*.tt[cf]' \) -print -quit 2>/dev/null) || true
    [ -n "$font" ] || echo fonts-noto-cjk
    .venv/bin/python -c 'import libarchive' 2>/dev/null || echo libarchive13
    command -v unar >/dev/null || echo unar
}

# Arguments: what prints the names. Photos are read by rapidocr from the lock, and a missing engine becomes a row of the report: without these
# leakwatch works, so no failure here is an error.
install_system_packages() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=20)
    local -a missing
    mapfile -t missing < <("$@")
    if [ "${#missing[@]}" -eq 0 ]; then return; fi
    if [ "$(id -u)" -ne 0 ]; then apt=(sudo -n "${apt[@]}"); fi
    say "正在安装系统软件：${missing[*]} …"
    if command -v apt-get >/dev/null &&
        { [ "$(id -u)" -eq 0 ] || sudo -n true 2>/dev/null; } &&
        { "${apt[@]}" install -y --no-install-recommends "${missing[@]}" ||
            { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends "${missing[@]}"; }; } \
            </dev/null >/dev/null 2>&1; then
        return
    fi
    say "系统软件没有装上（没有权限或没有网络），不影响扫描；请管理员运行：apt install ${missing[*]}"
}

python=$(find_python)
make_environment "$python"
wanted=$(cat requirements.lock pyproject.toml | sha256sum | cut -d' ' -f1)
if [ ! -x .venv/bin/leakwatch ] || [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    install_packages "$python"
    printf '%s\n' "$wanted" >"$stamp"
fi
install_system_packages missing_system_packages
if [ "${1:-}" = tests ]; then install_system_packages missing_test_packages; fi
