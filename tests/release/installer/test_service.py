"""The unit of the service."""

from __future__ import annotations

from pathlib import Path

import pytest

import release
from release.installer.service import FOLDERS, unit

TEMPLATE = (Path(release.__file__).parent / "files" / "leakwatch.service").read_text("utf-8")


def test_the_unit_runs_the_installed_program() -> None:
    text = unit(TEMPLATE, Path("/opt/leakwatch"))

    assert "ExecStart=/opt/leakwatch/leakwatch run\n" in text
    assert "@" not in text.replace("~@privileged", "").replace("=@system-service", "")


@pytest.mark.parametrize(
    "line",
    [
        "Type=notify",
        "NotifyAccess=main",
        "Restart=always",
        "WatchdogSec=10min",
        "KillMode=mixed",
        "TimeoutStopSec=12min",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=",
        "IPAddressDeny=any",
    ],
)
def test_the_unit_is_watched_and_hardened(line: str) -> None:
    assert line in TEMPLATE.splitlines()


def test_the_folders_that_the_service_writes_are_its_own() -> None:
    (line,) = (line for line in TEMPLATE.splitlines() if line.startswith("ReadWritePaths="))
    assert line.partition("=")[2].split() == [f"@TARGET@/{name}" for name in sorted(FOLDERS)]


def test_odd_letters_of_the_folder_are_written_as_units_write_them() -> None:
    assert unit("A=@TARGET@/x", Path("/opt/保密 50%")) == "A=/opt/保密\\x2050%%/x"
