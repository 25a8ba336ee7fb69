"""Groups seen ↔ groups of the register."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from leakwatch.model import SHANGHAI, Chat
from leakwatch.register.matching import Silent, name_key, silent, unregistered
from leakwatch.register.values import Group

NOW = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)


def seen(name: str, platform: str = "wechat", is_group: bool | None = True) -> Chat:
    return Chat(name=name, platform=platform, is_group=is_group)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("防汛联络群", "防汛联络群（123）"),
        ("防汛联络群", "防汛联络群(123人)"),
        ("防汛联络群", " 防汛　联络群 [45]"),
        ("防汛联络群", "🌊防汛联络群🌊"),
        ("防汛联络群", "防汛❤️联络群"),
        ("防汛\u200b联络群", "防汛联络群"),
        ("Ａ区 ＱＱ群", "a区QQ群"),
        ("水处-值班群", "水处_值班群"),
        ("一季度（2031）", "一季度（2031）（88）"),
        ("1️⃣号群", "1号群"),
    ],
)
def test_one_group_by_two_names(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("防汛群（2030）", "防汛群（2031）"),
        ("防汛1群", "防汛2群"),
        ("防汛群", "防汛一群"),
        ("防汛（12）群", "防汛群"),
        ("（12）", "（13）"),
        ("🌊", "🔥"),
        ("", "🔥"),
        ("水处工作群", "土处工作群"),
    ],
)
def test_two_groups_keep_two_names(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


REGISTER = (
    Group(name="防汛联络群", platform="wechat"),
    Group(name="值班群", platform="qq", aliases=("老值班群",)),
    Group(name="应急群"),
    Group(name="旧群", platform="wechat", dissolved_at=date(2031, 1, 2)),
)


@pytest.mark.parametrize(
    ("chat", "is_missing"),
    [
        (seen("防汛联络群（88）"), False),
        (seen("老值班群", "qq"), False),
        (seen("应急群", "dingtalk"), False),
        (seen("防汛联络群", "other"), False),
        (seen("防汛联络群", is_group=None), False),
        (seen("值班群", "wechat"), True),
        (seen("旧群"), True),
        (seen("没听说过的群"), True),
        (seen("没听说过的群", is_group=None), True),
        (seen("没听说过的群", "other"), True),
        (seen("王明远", is_group=False), False),
    ],
)
def test_a_group_is_missing_unless_the_register_names_it(chat: Chat, is_missing: bool) -> None:
    assert unregistered([chat], REGISTER) == ((chat,) if is_missing else ())


def test_a_missing_group_is_told_once() -> None:
    chats = [seen("丙群"), seen("甲群"), seen("丙群（12）"), seen("丙群", "qq")]
    assert unregistered(chats, REGISTER) == (chats[0], chats[1], chats[3])


def test_long_silent_groups_come_longest_first() -> None:
    last = {
        "甲群": NOW - timedelta(days=181),
        "乙群": NOW - timedelta(days=180),
        "丙群": NOW - timedelta(days=400),
        "丁群": NOW + timedelta(days=1),
    }
    assert silent(last, NOW) == (
        Silent(name="丙群", last_message_at=last["丙群"]),
        Silent(name="甲群", last_message_at=last["甲群"]),
    )
    assert silent(last, NOW, timedelta(days=400)) == ()
