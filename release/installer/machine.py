"""Whether the wheels of a bundle run on this machine."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from .running import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What the bundle must fit."""

    name: str
    """As targets are named: linux_x86_64"""
    python: str
    glibc: tuple[int, ...]
    """() where there is none"""


def this_machine() -> Machine:
    """The machine and the Python that run this."""
    system = "win" if os.name == "nt" else sys.platform
    name, version = platform.libc_ver()
    return Machine(
        name=f"{system}_{platform.machine().lower()}",
        python=f"{sys.version_info[0]}.{sys.version_info[1]}",
        glibc=_numbers(version) if name == "glibc" else (),
    )


def check(bundle: Mapping[str, str], machine: Machine) -> None:
    """Refused if the wheels do not run there."""
    if machine.name != bundle["platform"]:
        raise Refused(f"这个安装包用于 {bundle['platform']}，本机是 {machine.name}；请换用对应的安装包。")
    if machine.python not in bundle["pythons"].split():
        raise Refused(
            f"这个安装包用于 Python {bundle['pythons']}，现在用的是 {machine.python}；"
            "请安装其中一个版本，用环境变量 PYTHON 写明它的路径后重试。"
        )
    if machine.glibc < _numbers(bundle["glibc"]):
        raise Refused(
            f"本机系统太旧：需要 glibc {bundle['glibc']} 以上（Debian 10、Ubuntu 20.04 及以后的系统）。"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())
