"""Text → its folded look."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.text import SEPARATOR, fold, fold_each, tight, tight_each

LOOKS = st.text(st.sampled_from(f"机(jī mì)[捂脸]密 \n\u200b{SEPARATOR}") | st.characters(), max_size=12)


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("機密☆十年", "机密★十年"),
        ("中办发﹝2031﹞45号", "中办发[2031]45号"),
        ("机\u200b密\ufeff", "机密"),
        ("㊙\ufe0f件", "秘件"),
        ("宻級", "密级"),
        ("⒈ ㈠ ①", "1 一 1"),
        ("H🅱\ufe0fV 🅙🅜", "hbv jm"),
        ("第一行\n第二行", "第一行\n第二行"),
        ("普通的一句话。", "普通的一句话。"),
        ("١٣٨ ๓", "138 3"),
        ("❷⓿❸➂⓵ 〢〇〣〡", "20331 2〇31"),
        ("ⅩⅡ ⅷ", "x2 8"),
        ("🇯🇲★ ⠚⠊⠍⠊", "jm★ jimi"),
    ],
)
def test_fold_takes_disguises_off_and_keeps_blanks_and_stops(raw: str, folded: str) -> None:
    assert fold(raw).text == folded


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("机 . 密", "机密"),
        ("机😀密", "机密"),
        ("內\u3000部", "内部"),
        ("（2031）45号", "203145号"),
        ("。！", ""),
        ("机\x1f密\x00件", "机密件"),
    ],
)
def test_tight_also_drops_what_is_put_between_characters(raw: str, folded: str) -> None:
    assert tight(raw).text == folded


def test_folded_spans_lead_back_to_the_raw_text() -> None:
    raw = "看：機\u200b 密★１０年吧"
    folded = fold(raw)
    start = folded.text.index("机")

    assert raw[slice(*folded.span(start, start + len("机 密★10年")))] == "機\u200b 密★１０年"


@given(st.text())
def test_every_folded_character_comes_from_one_raw_character(raw: str) -> None:
    for folded in (fold(raw), tight(raw)):
        assert len(folded.text) == len(folded.at)
        assert all(0 <= at < len(raw) for at in folded.at)


@pytest.mark.parametrize(
    ("raw", "light", "dense"),
    [
        ("机(jī)密", "机密", "机密"),
        ("内（nèi bù）部[捂脸]资料", "内部[捂脸]资料", "内部捂脸资料"),
        ("机[捂脸]密", "机密", "机密"),
        ("密" + " " * 9 + "级" + "\n" * 9, "密    级\n\n\n\n", "密级"),
        ("(ji)密", "(ji)密", "ji密"),
        ("", "", ""),
    ],
)
def test_glosses_are_dropped_and_blanks_squeezed(raw: str, light: str, dense: str) -> None:
    assert [(folded.text, tight.text) for folded, tight in fold_each([raw])] == [(light, dense)]


@given(st.lists(LOOKS, max_size=6))
def test_texts_folded_together_say_the_same_as_alone(texts: list[str]) -> None:
    together = list(fold_each(texts))
    alone = [look for text in texts for look in fold_each([text])]

    assert [(one.text, one.at.tolist()) for looks in together for one in looks] == [
        (one.text, one.at.tolist()) for looks in alone for one in looks
    ]


@given(st.lists(LOOKS, max_size=5))
def test_words_made_tight_together_say_the_same_as_alone(words: list[str]) -> None:
    assert tight_each(words) == [tight(word).text for word in words]
