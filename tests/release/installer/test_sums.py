"""A bundle that is not as it was packed is not installed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from release import papers
from release.installer import sums
from release.installer.running import Refused


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A small one with its sums."""
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "x.whl").write_bytes(b"wheel")
    (tmp_path / "说明 一.txt").write_bytes(b"notes")
    (tmp_path / sums.NAME).write_text(papers.sums(tmp_path), "utf-8")
    return tmp_path


def test_what_is_as_it_was_packed_passes(bundle: Path) -> None:
    sums.verify(bundle)


@pytest.mark.parametrize("name", ["wheels/x.whl", "说明 一.txt"])
def test_a_flipped_byte_is_refused(name: str, bundle: Path) -> None:
    data = bytearray((bundle / name).read_bytes())
    data[2] ^= 1
    (bundle / name).write_bytes(data)

    with pytest.raises(Refused, match=f"^{re.escape(name)} 缺失或与校验值不符"):
        sums.verify(bundle)


def test_a_missing_file_is_refused(bundle: Path) -> None:
    (bundle / "说明 一.txt").unlink()

    with pytest.raises(Refused, match=r"^说明 一\.txt 缺失"):
        sums.verify(bundle)


def test_a_wheel_that_was_put_in_is_refused(bundle: Path) -> None:
    (bundle / "wheels" / "y.whl").write_bytes(b"wheel")

    with pytest.raises(Refused, match=r"^wheels/y\.whl 不是安装包里的文件"):
        sums.verify(bundle)


@pytest.mark.parametrize("content", [None, b"no sums\n", b"\xff\xfe"])
def test_sums_that_cannot_be_read_are_refused(content: bytes | None, bundle: Path) -> None:
    (bundle / sums.NAME).unlink()
    if content is not None:
        (bundle / sums.NAME).write_bytes(content)

    with pytest.raises(Refused, match="SHA256SUMS 读不出来"):
        sums.verify(bundle)
