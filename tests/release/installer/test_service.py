"""The unit of the service."""

from __future__ import annotations

from pathlib import Path

import release
from release.installer.service import unit

TEMPLATE = (Path(release.__file__).parent / "files" / "leakwatch.service").read_text("utf-8")


def test_the_unit_runs_the_installed_program() -> None:
    text = unit(TEMPLATE, Path("/opt/leakwatch"))

    assert "ExecStart=/opt/leakwatch/leakwatch run\n" in text
    assert "@" not in text.replace("~@privileged", "").replace("=@system-service", "")


def test_odd_letters_of_the_folder_are_written_as_units_write_them() -> None:
    assert unit("A=@TARGET@/x", Path("/opt/保密 50%")) == "A=/opt/保密\\x2050%%/x"
