"""Marks are told from talk about marks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit, Level, Origin

Hits = Callable[..., list[Hit]]


def _marks(found: list[Hit]) -> list[tuple[str, str, Level | None]]:
    return [(hit.rule.id, hit.quote, hit.level) for hit in found if hit.rule.id.startswith("mk.state")]


@pytest.mark.parametrize(
    ("text", "quote", "level"),
    [
        ("机密★1年", "机密★1年", Level.JIMI),
        ("秘 密★10年", "秘 密★10年", Level.MIMI),
        ("秘　密 ★ １０ 年 特急", "秘　密 ★ １０ 年", Level.MIMI),
        ("首页标着機密☆十年，收好", "機密☆十年", Level.JIMI),
        ("绝密★长期", "绝密★长期", Level.JUEMI),
        ("机密★", "机密★", Level.JIMI),
        ("机密*5年", "机密*5年", Level.JIMI),
        ("绝密★启用前", "绝密★启用前", Level.JUEMI),
        ("秘密★2031年5月6日", "秘密★2031年5月6日", Level.MIMI),
        ("机\u200b密★3个月", "机\u200b密★3个月", Level.JIMI),
        ("机.密★3年", "机.密★3年", Level.JIMI),
        ("机(jī)密★5年", "机(jī)密★5年", Level.JIMI),
        ("机密(jīmì)★5年", "机密(jīmì)★5年", Level.JIMI),
        ("机[捂脸]密★5年", "机[捂脸]密★5年", Level.JIMI),
        ("秘密\n★5年", "秘密\n★5年", Level.MIMI),
        ("秘密★至2030年6月", "秘密★至2030年6月", Level.MIMI),
    ],
)
def test_a_level_with_separator_and_term_is_a_mark(hits: Hits, text: str, quote: str, level: Level) -> None:
    assert _marks(hits(text)) == [("mk.state.term", quote, level)]


@pytest.mark.parametrize("stand_in", "太女妇友大文六犬")
def test_what_ocr_makes_of_the_star_still_separates(hits: Hits, stand_in: str) -> None:
    assert _marks(hits(f"机密{stand_in}10年\n云岭区文件", Origin.OCR)) == [
        ("mk.state.term", f"机密{stand_in}10年", Level.JIMI)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "手机密码是多少",
        "开机密码忘了",
        "主机密封圈换一个",
        "飞机密集起飞",
        "司机密切配合",
        "《秘密花园》第3章",
        "绝密飞行5月上映",
        "我们守着这个秘密10年了",
        "便秘密方",
        "密级分为绝密、机密、秘密三级",
        "标志形式为：绝密★、机密★、秘密★",
        "密级：□绝密 □机密 □秘密",
        "五星好评★★★★★",
        "商业秘密★★★",
    ],
)
def test_words_that_only_look_alike_are_no_marks(hits: Hits, text: str) -> None:
    assert _marks(hits(text)) == []


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("密级：机密", Level.JIMI),
        ("密 级：秘密\n保密期限：10年", Level.MIMI),
        ("涉密等级: 绝密", Level.JUEMI),
        ("密级\t机密\t份号\t000012", Level.JIMI),
        ("密级：□绝密 ☑机密 □秘密", Level.JIMI),
    ],
)
def test_a_filled_box_of_a_table_is_a_mark(hits: Hits, text: str, level: Level) -> None:
    assert [hit.level for hit in hits(text) if hit.rule.id == "mk.state.table"] == [level]


def test_a_level_alone_above_a_document_is_a_mark(hits: Hits) -> None:
    page = "000012\n机密\n特急\n云岭区生态环境局文件\n云环委〔2031〕8号\n关于开展专项检查的通知"

    assert _marks(hits(page, Origin.OCR)) == [("mk.state.head", "机密", Level.JIMI)]


@pytest.mark.parametrize(
    ("page", "rule", "quote"),
    [
        ("机 密\n★\n10 年\n云岭区政府文件", "mk.state.term", "机 密\n★\n10 年"),
        ("机\n密\n★\n2\n0\n年\n云岭区政府办", "mk.state.term", "机\n密\n★\n2\n0\n年"),
        ("000012机密★1年特急\n云岭区委办公室文件", "mk.state.term", "机密★1年"),
        ("机密灭10年\n云岭区文件", "mk.state.term", "机密灭10年"),
        ("青石市人防办公室文件 机 密\n关于上报点位的通知", "mk.state.head", "机 密"),
    ],
)
def test_a_mark_that_a_photo_broke_is_one(hits: Hits, page: str, rule: str, quote: str) -> None:
    assert _marks(hits(page, Origin.OCR)) == [(rule, quote, Level.JIMI)]


def test_a_broken_mark_is_believed_on_photos_only(hits: Hits) -> None:
    assert _marks(hits("开机\n密★10年", Origin.MESSAGE)) == []


def test_levels_that_are_only_listed_are_no_marks_but_two_marks_are(hits: Hits) -> None:
    assert _marks(hits("绝密★、机密★和秘密★")) == []
    assert [quote for _, quote, _ in _marks(hits("机密★10年、秘密★5年各一份"))] == ["机密★10年", "秘密★5年"]


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() else c for c in text)


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: " ".join(text),
        lambda text: "\u3000".join(text),
        lambda text: "\u200b".join(text),
        lambda text: text.replace("机", "機").replace("绝", "絕").replace("秘", "祕"),
        _wide,
        lambda text: text.replace("★", "☆"),
        lambda text: text.replace("密", "密\ufe0f"),
    ],
)
@pytest.mark.parametrize("mark", ["机密★10年", "秘密★6个月", "绝密★长期", "绝密★启用前", "机密★2035年1月1日"])
def test_a_disguise_changes_neither_category_nor_level(
    hits: Hits, disguise: Callable[[str], str], mark: str
) -> None:
    plain = [(hit.rule.id, hit.level) for hit in hits(mark)]

    assert [(hit.rule.id, hit.level) for hit in hits(disguise(mark))] == plain


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("机蜜件首页发群里了", Level.JIMI),
        ("JM文件拍给你", Level.JIMI),
        ("㊙️件，看完删", Level.MIMI),
        ("觉密文件发你", Level.JUEMI),
        ("绝.密.文.件发你邮箱了", Level.JUEMI),
        ("机　密　件，首页拍给大家", Level.JIMI),
    ],
)
def test_a_veiled_level_before_a_carrier_is_said(hits: Hits, text: str, level: Level) -> None:
    assert level in {hit.level for hit in hits(text) if hit.rule.category == "mk.said"}


@pytest.mark.parametrize(
    "text", ["感觉密不透风", "10mm文件夹", "秘书文件柜", "几密码错误", "JM论坛打不开", "鸡蜜汁烤翅"]
)
def test_words_near_a_veiled_level_are_none(hits: Hits, text: str) -> None:
    assert [hit for hit in hits(text) if hit.rule.category == "mk.said"] == []


def test_a_level_in_a_file_name_is_a_mark(hits: Hits) -> None:
    assert _marks(hits("（机密）专项行动方案.docx", Origin.FILENAME)) == [
        ("mk.state.filename", "机密", Level.JIMI)
    ]


def test_a_term_over_the_legal_maximum_is_said(hits: Hits) -> None:
    (mark,) = hits("秘密★30年")

    assert "超过秘密级最长10年" in mark.reason


def test_a_star_on_a_work_secret_is_said(hits: Hits) -> None:
    (mark,) = (hit for hit in hits("工作秘密★3年") if hit.rule.id == "mk.work.star")

    assert mark.level is Level.WORK
    assert "不应使用★" in mark.reason
