"""A text is known again by its print; what two texts share is told in shares."""

from __future__ import annotations

import random

import pytest

from leakwatch.spread.texts import KEPT, Overlap, TextPrint, overlap

FEW = "青石市应急指挥部关于云岭区防汛物资调拨的内部通报"


def prose(seed: int, length: int) -> str:
    """Characters without sense."""
    source = random.Random(seed)  # noqa: S311
    return "".join(chr(0x4E00 + source.randrange(3000)) for _ in range(length))


def misread(text: str, share: float) -> str:
    source = random.Random(7)  # noqa: S311
    return "".join("丕" if source.random() < share else character for character in text)


LONG = prose(1, 2000)


@pytest.mark.parametrize("text", ["", "密件", FEW, LONG])
def test_a_print_is_kept_as_text(text: str) -> None:
    assert TextPrint.parse(str(TextPrint.of(text))) == TextPrint.of(text)


def test_how_characters_and_blanks_are_written_makes_no_difference() -> None:
    assert TextPrint.of("機 密 文件：\n《Ａ》") == TextPrint.of("机密文件A")


def test_a_print_is_the_same_on_every_machine() -> None:
    assert str(TextPrint.of("青石市")) == "NOfotQ=="


def test_the_number_of_grams_is_told_of_what_is_not_kept() -> None:
    assert TextPrint.of(FEW).grams == len(FEW) - 2
    assert TextPrint.of(LONG).grams == pytest.approx(len(LONG) - 2, rel=0.15)
    assert len(TextPrint.of(LONG).hashes) == KEPT


@pytest.mark.parametrize(
    ("other", "least"),
    [
        pytest.param(LONG, 1.0, id="the same"),
        pytest.param(LONG[800:1200], 1.0, id="a fifth"),
        pytest.param(misread(LONG, 0.1), 0.6, id="a tenth misread"),
        pytest.param(misread(LONG[800:1200], 0.1), 0.6, id="a fifth, a tenth of it misread"),
        pytest.param(prose(2, 900) + LONG + prose(3, 900), 0.99, id="quoted in a longer text"),
    ],
)
def test_a_text_is_known_again(other: str, least: float) -> None:
    shared = overlap(TextPrint.of(other), TextPrint.of(LONG))
    assert shared.of_smaller >= least


@pytest.mark.parametrize("other", [prose(2, 2000), prose(2, 60), "", "密"])
def test_another_text_shares_next_to_nothing(other: str) -> None:
    assert overlap(TextPrint.of(other), TextPrint.of(LONG)).of_smaller < 0.02


def test_shares_are_told_of_both() -> None:
    shared = overlap(TextPrint.of(LONG[:100]), TextPrint.of(LONG[:150]))
    assert shared == Overlap(of_smaller=1.0, of_larger=98 / 148, grams=98)


def test_what_is_common_counts_on_neither_side() -> None:
    phrase, own, other = prose(4, 80), prose(5, 60), prose(6, 70)
    common = TextPrint.of(phrase).hashes
    assert overlap(TextPrint.of(phrase + own), TextPrint.of(phrase + other), common).grams <= 1


def test_pieces_of_a_text_make_the_print_of_the_whole_but_for_the_seams() -> None:
    merged = TextPrint.merged(TextPrint.of(LONG[start : start + 500]) for start in range(0, 2000, 500))
    assert overlap(merged, TextPrint.of(LONG)).of_smaller >= 0.98
    assert TextPrint.merged([]) == TextPrint.of("")
