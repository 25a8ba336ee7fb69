#!/bin/sh
# Runs the tests of store, commands and page on a PostgreSQL cluster of its own, which is gone afterwards.
# PG_BIN: where initdb and pg_ctl lie; PYTHON: the interpreter; arguments: other tests than those.
set -eu

cd "$(dirname "$0")/.."
python=$(command -v "${PYTHON:-python3}")
case $python in /*) ;; *) python=$PWD/$python ;; esac
bin=${PG_BIN:-$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | tail -n 1)}
bin=${bin:-$(dirname "$(command -v pg_ctl || echo pg_ctl)")}
if [ ! -x "$bin/pg_ctl" ]; then
    echo 'PostgreSQL is not installed: its tests were skipped' >&2
    exit 0
fi
folder=$(mktemp -d)

# PostgreSQL refuses to run as root.
as_user() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u "${PG_USER:-nobody}" -- "$@"
    else
        "$@"
    fi
}

finish() {
    as_user "$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

if [ "$(id -u)" = 0 ]; then
    chown "${PG_USER:-nobody}" "$folder"
fi
cd "$folder"
as_user "$bin/initdb" -D "$folder/data" -U leakwatch -A trust -E UTF8 --locale=C >/dev/null
as_user "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/server.log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$folder' -c fsync=off" start >/dev/null
cd - >/dev/null

if [ $# -eq 0 ]; then
    set -- tests/store tests/cli
    if [ -d tests/web ]; then
        set -- "$@" tests/web
    fi
fi
TEST_DATABASE="postgresql://leakwatch@$(printf %s "$folder" | sed 's|/|%2F|g')/leakwatch" \
    "$python" -m pytest -q "$@"
