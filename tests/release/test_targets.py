"""The machines that bundles are made for."""

from __future__ import annotations

from release.targets import TARGETS


def test_old_glibc_comes_before_new() -> None:
    tags = TARGETS[0].tags

    assert (tags[0], tags[-1]) == ("manylinux_2_5_x86_64", "manylinux_2_34_x86_64")
    assert tags.index("manylinux2014_x86_64") < tags.index("manylinux_2_28_x86_64")


def test_windows_has_no_glibc() -> None:
    assert [target.tags for target in TARGETS if target.name == "win_amd64"] == [("win_amd64",)]
