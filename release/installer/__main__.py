"""Checks the bundle, makes the program, lays settings and lists out, ends with `leakwatch doctor`."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from . import machine, program, service, settings, sums
from .running import Refused

SERVICE = "--service"

_IN_CHINESE = {
    errno.EACCES: "没有权限，请用管理员身份运行或换一个文件夹",
    errno.EPERM: "没有权限，请用管理员身份运行或换一个文件夹",
    errno.EROFS: "磁盘是只读的",
    errno.ENOSPC: "磁盘满了",
    errno.ENOTDIR: "上一级不是文件夹",
    errno.EEXIST: "这里已有同名的文件",
}


def main(arguments: Sequence[str], bundle: Path) -> int:
    """0: installed, and nothing needed is missing; 1: not installed; 2: wrong usage; 3: doctor misses something."""
    targets = [word for word in arguments if word != SERVICE]
    if len(targets) > 1 or any(word.startswith("-") for word in targets):
        print(
            f"用法：install.sh [文件夹] [{SERVICE}]\n不写文件夹：{_default()}；{SERVICE}：装成开机启动的服务。"
        )
        return 2
    target = Path(*targets) if targets else _default()
    try:
        return install(bundle, target.absolute(), SERVICE in arguments)
    except Refused as why:
        print(f"没有安装：{why}", file=sys.stderr)
    except OSError as why:
        print(f"没有安装：{why.filename}：{_said(why)}，请检查后重试。", file=sys.stderr)
    except KeyboardInterrupt:
        print("没有安装：已中断，原来的程序没有改动。", file=sys.stderr)
    return 1


def install(bundle: Path, target: Path, is_service: bool) -> int:
    """The exit code; Refused or OSError if it could not be done, and the program before it is still there."""
    print("正在核对安装包 …", flush=True)
    sums.verify(bundle)
    machine.check(json.loads((bundle / "bundle.json").read_text("utf-8")), machine.this_machine())
    is_service = is_service or service.is_installed(target)
    if is_service:
        service.check()
    target.mkdir(parents=True, exist_ok=True)
    was_running = is_service and service.stop()
    try:
        print("正在安装，需要一两分钟 …", flush=True)
        program.make(bundle, target)
        launcher = program.write_launcher(target)
        told = settings.lay_out(bundle / "settings", target)
        if is_service:
            service.make(bundle, target)
    except BaseException:
        if was_running:
            service.start()
        raise
    print("\n".join([f"安装完毕：{target}", *told]), flush=True)
    missing = _doctor(launcher, service.USER if is_service else None)
    if is_service:
        service.start()
        print(f"服务已启动，说明见 {target / '安装说明.txt'}。")
    return missing


def _said(why: OSError) -> str:
    return _IN_CHINESE.get(why.errno or 0, str(why.strerror))


def _doctor(launcher: Path, user: str | None) -> int:
    """user: of the service, for folders that doctor makes as root would be closed to it."""
    print("正在检查这台机器 …", flush=True)
    done = subprocess.run([str(launcher), "doctor"], check=False, cwd=launcher.parent, user=user, group=user)
    if done.returncode:
        print("程序已经装好，但还缺上面标“缺少”的；按提示补齐后，再运行 doctor 检查一次。", file=sys.stderr)
    print(f"以后这样运行：{launcher} scan 文件夹")
    return 3 if done.returncode else 0


def _default() -> Path:
    is_root = os.name != "nt" and os.geteuid() == 0
    return Path("/opt/leakwatch" if is_root else "leakwatch")


if __name__ == "__main__":
    os.umask(0o022)  # an administrator's 077 would close the program to everybody else
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parents[1]))
