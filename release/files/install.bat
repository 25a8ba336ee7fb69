@echo off
rem Chinese needs this code page.
chcp 65001 >nul
setlocal
set "PYTHONPATH=%~dp0"
set PYTHONUTF8=1
set PYTHONDONTWRITEBYTECODE=1
if not defined PYTHON set PYTHON=py
"%PYTHON%" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>nul
if errorlevel 1 (
    echo 没有安装：没有找到 Python 3.11 或更新版本；请先安装，或用环境变量 PYTHON 写明 python.exe 的路径后重试。
    pause
    exit /b 1
)
"%PYTHON%" -s -P -m installer %*
pause
