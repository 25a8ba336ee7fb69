"""Names as browsers send them."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.web.filenames import MOST_BYTES, numbered, path_of


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("青石市应急工作群.zip", "青石市应急工作群.zip"),
        ("导出/images/1.jpg", "导出/images/1.jpg"),
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\收件\\群.txt", "收件/群.txt"),
        ("/etc/passwd", "etc/passwd"),
        ("..", "未命名"),
        (" ", "未命名"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("con /群.txt", "_con/群.txt"),
        ("console.txt", "console.txt"),
        (".bashrc", "_.bashrc"),
        ("~$群.docx", "_~$群.docx"),
        ("群.txt. . ", "群.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("群\x00.exe", "群"),
        ("a\nb.txt", "a_b.txt"),
    ],
)
def test_a_name_stays_inside_and_readable(sent: str, expected: str) -> None:
    assert path_of(sent) == PurePosixPath(expected)


def test_a_name_of_300_characters_keeps_its_ending() -> None:
    name = path_of("群" * 300 + ".zip").name
    assert len(name.encode()) <= MOST_BYTES
    assert name.endswith("群.zip")


def test_a_deep_folder_keeps_its_top_and_its_end() -> None:
    assert path_of("/".join(map(str, range(40)))) == PurePosixPath("0", *map(str, range(28, 40)))


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert numbered(PurePosixPath("导出/群.zip"), 2) == PurePosixPath("导出/群-2.zip")


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=400)
    | st.text(alphabet="./\\:~$ .con\u202e", max_size=40)
)
def test_whatever_was_sent_no_part_leads_outside(sent: str) -> None:
    path = path_of(sent)
    assert not path.is_absolute()
    assert all(part not in (".", "..") and len(part.encode()) <= MOST_BYTES for part in path.parts)
    assert not any(part.startswith((".", "~$")) or part != part.rstrip(" .") for part in path.parts)
