"""Sums that the system's own tools check, licences that a lawyer can read, the oldest system that will do."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from release import papers

ABC_SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
ABC_SM3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def wheel(folder: Path, name: str, metadata: str = "") -> None:
    """A wheel that holds nothing but what it says of itself."""
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as archive:
        archive.writestr("x-1.dist-info/METADATA", metadata)


def test_every_file_has_its_sums_but_the_sums_themselves(tmp_path: Path) -> None:
    (tmp_path / "词表").mkdir()
    (tmp_path / "词表" / "甲 乙.txt").write_bytes(b"abc")
    for name in (papers.SHA256, papers.SM3):
        (tmp_path / name).write_text("")

    assert papers.sums(tmp_path) == f"{ABC_SHA256}  词表/甲 乙.txt\n"
    assert papers.sm3_sums(tmp_path) == f"SM3 (词表/甲 乙.txt) = {ABC_SM3}\n"


@pytest.mark.parametrize(
    ("names", "version"),
    [
        (["x-1-py3-none-any.whl"], ""),
        (["x-1-cp311-cp311-win_amd64.whl"], ""),
        (["x-1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl"], "2.17"),
        (["x-1-cp311-cp311-manylinux_2_28_x86_64.manylinux_2_9_x86_64.whl"], "2.9"),
        (["x-1-cp311-cp311-manylinux_2_9_x86_64.whl", "y-1-cp311-abi3-manylinux_2_28_x86_64.whl"], "2.28"),
    ],
)
def test_the_most_demanding_wheel_says_what_glibc_it_takes(
    names: list[str], version: str, tmp_path: Path
) -> None:
    for name in names:
        wheel(tmp_path / "wheels", name)

    assert papers.glibc(tmp_path / "wheels") == version


@pytest.mark.parametrize(
    ("metadata", "licence"),
    [
        ("License-Expression: MIT OR Apache-2.0\nLicense: old\n", "MIT OR Apache-2.0"),
        ("Classifier: License :: OSI Approved :: BSD License\nClassifier: Topic :: Text\n", "BSD License"),
        ("License: LGPL\n", "LGPL"),
        ("License: Copyright 2031\n  and a page more\n", "见包内的许可证文件"),
        ("", "见包内的许可证文件"),
    ],
)
def test_a_licence_is_named_as_the_package_names_it(metadata: str, licence: str, tmp_path: Path) -> None:
    wheel(tmp_path / "wheels", "x-1-py3-none-any.whl", f"Name: x\nVersion: 1\n{metadata}\n")

    assert papers.licences(tmp_path / "wheels").splitlines()[1:] == [f"x\t1\t{licence}"]
