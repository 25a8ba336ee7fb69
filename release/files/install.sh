#!/bin/sh
# Finds a Python and hands over to installer/, which says the rest.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd) || exit 1

fits() { "$1" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null && fits "$name"; then
        PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 exec "$name" -s -P -m installer "$@"
    fi
done
echo '没有安装：没有找到 Python 3.11 或更新版本；请先安装（例如用系统光盘），或用环境变量 PYTHON 写明它的路径后重试。' >&2
exit 1
