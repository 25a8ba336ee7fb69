"""The daemon as a systemd service of a user of its own, who may write its own folders and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from .running import Refused, run

UNIT = "leakwatch.service"
USER = "leakwatch"

_PLACE = Path("/etc/systemd/system") / UNIT
_KEY = "leakwatch.key"
FOLDERS = ("data", "drafts", "inbox", "notices", "reports", "backups", "anchors")
"""What the daemon writes under the shipped config.toml."""


def is_installed(target: Path) -> bool:
    """Whether the service of this machine runs out of the target."""
    return _PLACE.exists() and f"ExecStart={_written(target)}/" in _PLACE.read_text("utf-8")


def check() -> None:
    """Refused where no service can be made."""
    if os.name == "nt" or not Path("/run/systemd/system").is_dir():
        raise Refused("本机没有 systemd，不能装成服务；请去掉 --service 重试。")
    if os.geteuid() != 0:
        raise Refused("安装和升级服务需要管理员权限，请用 sudo 运行。")


def stop() -> bool:
    """Whether it ran; what it was reading is finished first."""
    state = subprocess.run(["systemctl", "is-active", "--quiet", UNIT], check=False)  # noqa: S607
    if state.returncode:
        return False
    print("正在停止 leakwatch 服务（读完手头的文件才停）…")
    run("systemctl", "stop", UNIT)
    return True


def start() -> None:
    """It runs now and after every start of the machine."""
    run("systemctl", "daemon-reload")
    run("systemctl", "enable", "--now", UNIT)


def make(bundle: Path, target: Path) -> None:
    """User, key, folders and unit are there; what was there is kept."""
    if subprocess.run(["id", USER], check=False, capture_output=True).returncode:  # noqa: S607
        run("useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", USER)
    if not (target / _KEY).exists() and not (target / "data").exists():
        run(str(target / "leakwatch"), "evidence", "make-key", str(target / _KEY))
        print(f"已生成主密钥 {target / _KEY}，请立即另存一份备份，与数据分开存放：丢失后谁也打不开证据。")
    for name in FOLDERS:
        (target / name).mkdir(exist_ok=True)
        (target / name).chmod(0o2770 if name == "inbox" else 0o700)
    for name in (*FOLDERS, _KEY):
        _give(target / name)
    _PLACE.write_text(unit((bundle / UNIT).read_text("utf-8"), target), "utf-8")


def unit(template: str, target: Path) -> str:
    """The unit of a target."""
    return template.replace("@TARGET@", _written(target))


def _written(target: Path) -> str:
    """As unit files write it: % would be a specifier, a space the end of the path."""
    return str(target).replace("%", "%%").replace(" ", "\\x20")


def _give(place: Path) -> None:
    """To the user of the service, with all it holds; what a link points to stays whose it is."""
    for path in (place, *place.rglob("*")):
        if path.exists() and not path.is_symlink():
            shutil.chown(path, USER, USER)
