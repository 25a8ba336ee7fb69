"""What lies on a PDF page; the files are written in test_pdf."""

from __future__ import annotations

import pytest

from leakwatch.documents.pdf_notes import cleaned


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("甲\r\n乙", "甲\n乙"),
        ("机\ufffe\r\n密", "机密"),
        ("机\x02密", "机密"),
        ("甲-乙", "甲-乙"),
        ("甲\0", "甲"),
    ],
)
def test_marks_of_pdfium_are_taken_out(raw: str, expected: str) -> None:
    assert cleaned(raw) == expected
