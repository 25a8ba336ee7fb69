"""What disguises make of hits: a reason more, and doubt where the reading is doubtful."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.findings import LEAD
from leakwatch.model import Hit, Level


@pytest.mark.parametrize(
    ("text", "level", "is_doubtful"),
    [
        ("纟色宓的那本到货了", Level.JUEMI, False),
        ("绝蜜件别外传", Level.JUEMI, True),
        ("JM件拍给你，看完删", Level.JIMI, True),
        ("㊙️件，看完删", Level.MIMI, False),
    ],
)
def test_a_level_in_disguise_is_told(
    hits: Callable[..., list[Hit]], text: str, level: Level, is_doubtful: bool
) -> None:
    (found,) = [hit for hit in hits(text) if hit.rule.id == "mk.said.veiled"]
    assert (found.level, found.is_doubtful) == (level, is_doubtful)


@pytest.mark.parametrize("text", ["把“手机密密麻麻”认成“手木几宓宓麻麻”", "机密件在柜里", "感觉密不透风"])
def test_no_level_is_seen_in_the_seam_of_words(hits: Callable[..., list[Hit]], text: str) -> None:
    assert [hit for hit in hits(text) if hit.rule.id == "mk.said.veiled"] == []


def test_a_mark_in_split_characters_stays_sure_and_says_so(hits: Callable[..., list[Hit]]) -> None:
    (mark,) = [hit for hit in hits("木几宓★10年 备用水源图") if hit.rule.category == "mk.state"]
    assert not mark.is_doubtful
    assert mark.quote == "木几宓★10年"
    assert "split" in {signal.id for signal in mark.signals}


def test_a_mark_that_only_sounds_so_is_doubtful(hits: Callable[..., list[Hit]]) -> None:
    (mark,) = [hit for hit in hits("鸡蜜★10年 备用水源图") if hit.rule.category == "mk.state"]
    assert mark.is_doubtful


def test_a_plain_mark_gains_nothing(hits: Callable[..., list[Hit]]) -> None:
    (mark,) = [hit for hit in hits("机密★10年 备用水源图") if hit.rule.category == "mk.state"]
    assert not {"split", "gap", "sound"} & {signal.id for signal in mark.signals}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("上头那个“办”出的、去年的、三十八号", "dn.said"),
        ("文号我拆开说：前面俩字你知道，年份今年，后面九", "dn.said"),
        ("第三十二号，中央办公厅那个，三零年的", "dn.said"),
        ("〕1302〔号64，发办中，照镜子", "dn.said"),
        ("“厅”字打头“字”字殿后，三一年第九", "dn.said"),
        ("最上头那家办公厅发的、今年第七本", "dn.said"),
        ("泉湾那家立宀女木了，人还没叫", "mk.cue.respelt"),
        ("周三🔍组来，先看🗄再查💳那本", "mk.cue.pictured"),
        ("5号那位要“进去学习”了，别送行", "mk.cue.codeword"),
    ],
)
def test_what_is_told_in_other_words_is_only_reviewed(
    hits: Callable[..., list[Hit]], text: str, rule: str
) -> None:
    (found,) = [hit for hit in hits(text) if hit.rule.id == rule]
    assert found.score < LEAD


@pytest.mark.parametrize(
    "text",
    ["预算公开见 www.yusuan.example.cn", "邮件发 shenji@example.cn", "看沈继光的画展", "卧室里一张木案"],
)
def test_letters_of_an_address_and_words_that_sound_alike_disguise_nothing(
    hits: Callable[..., list[Hit]], text: str
) -> None:
    assert "mk.cue.respelt" not in {hit.rule.id for hit in hits(text)}


@pytest.mark.parametrize(
    "text",
    ["上面那个办公室的2号门锁了", "🚗🚗🚗堵死了", "中办公楼3号电梯坏", "周末🏠做饭，🚗停楼下", "请大家喝茶"],
)
def test_everyday_words_and_pictures_tell_nothing(hits: Callable[..., list[Hit]], text: str) -> None:
    assert not {"dn.said", "mk.cue.pictured", "mk.cue.codeword"} & {hit.rule.id for hit in hits(text)}
