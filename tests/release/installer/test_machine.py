"""A machine that the wheels do not run on is told so before anything is changed."""

from __future__ import annotations

import pytest

from release.installer.machine import Machine, check, this_machine
from release.installer.running import Refused
from release.targets import TARGETS
from release.targets import this_machine as target

LINUX = {"platform": "linux_x86_64", "pythons": "3.11 3.13", "glibc": "2.28"}
WINDOWS = {"platform": "win_amd64", "pythons": "3.13", "glibc": ""}


@pytest.mark.parametrize(
    ("bundle", "machine"),
    [
        (LINUX, Machine(name="linux_x86_64", python="3.11", glibc=(2, 28))),
        (LINUX, Machine(name="linux_x86_64", python="3.13", glibc=(2, 41))),
        (WINDOWS, Machine(name="win_amd64", python="3.13", glibc=())),
    ],
)
def test_a_machine_that_fits(bundle: dict[str, str], machine: Machine) -> None:
    check(bundle, machine)


@pytest.mark.parametrize(
    ("machine", "sentence"),
    [
        (Machine(name="linux_aarch64", python="3.11", glibc=(2, 36)), "本机是 linux_aarch64"),
        (Machine(name="linux_x86_64", python="3.12", glibc=(2, 36)), "现在用的是 3.12"),
        (Machine(name="linux_x86_64", python="3.11", glibc=(2, 9)), "需要 glibc 2.28 以上"),
        (Machine(name="linux_x86_64", python="3.11", glibc=()), "需要 glibc 2.28 以上"),
    ],
)
def test_a_machine_that_does_not_fit(machine: Machine, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        check(LINUX, machine)


@pytest.mark.skipif(target() not in TARGETS, reason="no bundle is made for this machine")
def test_builder_and_installer_name_a_machine_alike() -> None:
    here = target()

    assert here is not None
    assert this_machine().name == here.name
