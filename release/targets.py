"""The machines that a bundle can be made for."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass

PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""What the lock has wheels for; which of them an office machine has is not known when the bundle is made."""

_NEWEST_GLIBC = 34  # 2.34, older than Debian 12 and Ubuntu 22.04
_OLD_NAMES = {5: "manylinux1", 12: "manylinux2010", 17: "manylinux2014"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One kind of machine."""

    name: str
    system: str
    """sys.platform there"""
    machine: str
    """platform.machine() there"""
    tags: tuple[str, ...]
    """Of wheels, the best first: among wheels for the same Python, the oldest glibc runs on most machines."""

    def environment(self, python: str) -> dict[str, str]:
        """What the markers of the lock are asked about."""
        return {
            "sys_platform": self.system,
            "platform_machine": self.machine,
            "python_version": python,
            "python_full_version": f"{python}.0",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }


def _manylinux(machine: str) -> tuple[str, ...]:
    tags: list[str] = []
    for minor in range(5, _NEWEST_GLIBC + 1):
        tags.append(f"manylinux_2_{minor}_{machine}")
        if minor in _OLD_NAMES:
            tags.append(f"{_OLD_NAMES[minor]}_{machine}")
    return tuple(tags)


TARGETS = (
    Target(name="linux_x86_64", system="linux", machine="x86_64", tags=_manylinux("x86_64")),
    Target(name="linux_aarch64", system="linux", machine="aarch64", tags=_manylinux("aarch64")),
    Target(name="win_amd64", system="win32", machine="AMD64", tags=("win_amd64",)),
)


def this_machine() -> Target | None:
    """The target that this process runs on; None if it is none of them."""
    here = (sys.platform, platform.machine())
    return next((target for target in TARGETS if (target.system, target.machine) == here), None)
