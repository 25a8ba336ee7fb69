"""LINE's text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.chats import READERS
from leakwatch.chats.beside import Alone
from leakwatch.chats.others import line_txt
from leakwatch.model import SHANGHAI, Chat, Evidence, Message, MessageKind, Precision

Keep = Callable[[str, bytes], Evidence]
HEAD = "[LINE] 云岭区值班群的聊天记录\n保存日期：2024/05/02 09:00\n\n2024/05/01（三）\n"


def _messages(keep: Keep, text: str) -> list[Message]:
    found = line_txt.read(keep("[LINE] 云岭.txt", text.encode()), Alone())
    return [item for item in found if isinstance(item, Message)]


def test_a_message_is_whole(keep: Keep) -> None:
    assert _messages(keep, HEAD + "17:00\t王明远\t收到\n") == [
        Message(
            chat=Chat(name="云岭区值班群", platform="other", is_group=True),
            number=1,
            sender="王明远",
            text="收到",
            sent_at=datetime(2024, 5, 1, 17, 0, tzinfo=SHANGHAI),
            precision=Precision.MINUTE,
            zone_assumed=True,
        )
    ]


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2024/05/01（三）", "下午05:00"),
        ("2024.05.01 星期三", "17:00"),
        ("2024.05.01 Wednesday", "17:00"),
        ("Wed, 5/1/2024", "05:00PM"),
        ("2024/05/01(水)", "午後5:00"),
    ],
)
def test_the_days_and_clocks_of_every_language_are_read(keep: Keep, day: str, clock: str) -> None:
    text = f"[LINE] 甲的聊天记录\n保存日期：2024/05/02 09:00\n\n{day}\n{clock}\t甲\t好\n"
    assert [m.sent_at for m in _messages(keep, text)] == [datetime(2024, 5, 1, 17, 0, tzinfo=SHANGHAI)]


@pytest.mark.parametrize(
    ("title", "name", "is_group"),
    [
        ("[LINE] 与王明远的聊天记录", "王明远", False),
        ("[LINE] 與王明遠的聊天記錄", "王明遠", False),
        ("[LINE] Chat history in 专班", "专班", True),
        ("Chat history with Wang", "Wang", False),
        ("[LINE] 専班のトーク履歴", "専班", True),
        ("[LINE] 王とのトーク履歴", "王", False),
    ],
)
def test_the_title_names_the_chat(keep: Keep, title: str, name: str, is_group: bool) -> None:
    text = f"{title}\nSaved on: 5/2/2024 09:00\n\n2024/05/01\n17:00\t甲\t好\n"
    assert line_txt.is_mine(text.encode(), "a.txt")
    assert _messages(keep, text)[0].chat == Chat(name=name, platform="other", is_group=is_group)


def test_a_text_of_several_lines_loses_its_quotes_alone(keep: Keep) -> None:
    text = HEAD + '17:00\t甲\t"一\n\n17:30 散会\n""三"""\n17:01\t乙\t"引"\n'
    assert [m.text for m in _messages(keep, text)] == ['一\n\n17:30 散会\n"三"', '"引"']


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("17:00\t\t乙已加入群组", MessageKind.SYSTEM),
        ("17:00\t乙已加入群组", MessageKind.SYSTEM),
        ("17:00\t\t乙已收回訊息", MessageKind.RECALL),
        ("17:00\t乙\tMessage unsent.", MessageKind.RECALL),
    ],
)
def test_what_the_client_wrote_has_no_sender(keep: Keep, row: str, kind: MessageKind) -> None:
    message = _messages(keep, HEAD + row + "\n")[0]
    assert (message.sender, message.kind, message.recalled) == ("", kind, kind is MessageKind.RECALL)


def test_without_a_day_only_the_clock_is_kept(keep: Keep) -> None:
    message = _messages(keep, "[LINE] 甲的聊天记录\n保存日期：2024/05/02 09:00\n\n17:00\t甲\t好\n")[0]
    assert (message.sent_at, message.precision, message.clock) == (None, Precision.TIME_ONLY, "17:00")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_it_alone_claims_its_files(encoding: str) -> None:
    data = (HEAD + "17:00\t王明远\t收到\n").encode(encoding)
    assert [reader.NAME for reader in READERS if reader.is_mine(data, "a.txt")] == ["line-txt"]


@pytest.mark.parametrize(
    "text", ["云岭群的聊天记录\n17:00\t甲\t好\n", "保存日期：2024/05/02\n", "[LINE]\n\n"]
)
def test_look_alikes_are_left_alone(text: str) -> None:
    assert not line_txt.is_mine(text.encode(), "a.txt")


DESKTOP = "2024.05.01 星期三\n" + "".join(f"06:0{number} {'甲乙'[number % 2]} 早\n" for number in range(6))
"""Both have spoken three times."""


@pytest.mark.parametrize("day", ["2024.05.01 星期三", "2024.05.01 水曜日", "2024.5.1 Wednesday"])
def test_what_the_desktop_saves_is_read(keep: Keep, day: str) -> None:
    text = f"{day}\n17:00 王明远 收到\n17:01 李青 机密★10年 第3份\n17:02 王明远 好\n17:03 王明远 在\n"
    assert line_txt.is_mine(text.encode(), "a.txt")
    first, second, *_ = _messages(keep, text)
    assert first == Message(
        chat=Chat(name="云岭", platform="other"),
        number=1,
        sender="王明远",
        text="收到",
        sent_at=datetime(2024, 5, 1, 17, 0, tzinfo=SHANGHAI),
        precision=Precision.MINUTE,
        zone_assumed=True,
    )
    assert (second.sender, second.text) == ("李青", "李青 机密★10年 第3份")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('17:00 甲 "一\n\n09:30 散会\n三"\n17:01 乙 好', [("甲", "一\n\n09:30 散会\n三"), ("乙", "好")]),
        ('17:00 甲 "半句\n17:01 乙 好', [("甲", '"半句'), ("乙", "好")]),
        ("17:00 甲 一\n09:30 散会 各回各家\n17:01 乙 好", [("甲", "一\n09:30 散会 各回各家"), ("乙", "好")]),
        (
            "17:00 甲 一\n17:01 Tony 陈 好\n17:02 Tony 陈 在 吗\n17:03 Tony 陈 走",
            [("甲", "一"), ("Tony 陈", "好"), ("Tony 陈", "在 吗"), ("Tony 陈", "走")],
        ),
        ("17:00 甲 一\n2024.05.02 星期四\n08:00 乙 早", [("甲", "一"), ("乙", "早")]),
        (
            "17:00 甲 一\n17:05 乙 二\n23:30 散会 走\n17:06 甲 三\n17:07 乙 四",
            [("甲", "一"), ("乙", "二\n23:30 散会 走"), ("甲", "三"), ("乙", "四")],
        ),
        ("17:00 丙 机密 在这", [("丙", "丙 机密 在这")]),
        (
            "17:00 绝密 一\n17:01 绝密 二\n17:02 绝密 三",
            [("绝密", "绝密 一"), ("绝密", "绝密 二"), ("绝密", "绝密 三")],
        ),
        ("17:00 甲 一\n17:01 乙已加入群組。", [("甲", "一"), ("", "乙已加入群組。")]),
        ("17:00 甲 一\n17:01 乙已收回訊息", [("甲", "一"), ("", "乙已收回訊息")]),
    ],
)
def test_the_desktops_rows_are_told_from_what_they_hold(
    keep: Keep, rows: str, said: list[tuple[str, str]]
) -> None:
    assert [(m.sender, m.text) for m in _messages(keep, f"{DESKTOP}{rows}\n")][6:] == said


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("圖片", MessageKind.IMAGE),
        ("Photos", MessageKind.IMAGE),
        ("檔案", MessageKind.FILE),
        ("好", MessageKind.TEXT),
    ],
)
def test_the_desktops_bare_words_stand_for_files(keep: Keep, word: str, kind: MessageKind) -> None:
    message = _messages(keep, f"{DESKTOP}17:00 甲 {word}\n17:01 乙 在\n")[6]
    assert (message.kind, len(message.attachments)) == (kind, kind is not MessageKind.TEXT)


@pytest.mark.parametrize(
    ("name", "chat"),
    [("[LINE]云岭区值班群.txt", "云岭区值班群"), ("[LINE] 與王明遠的聊天.txt", "王明遠"), ("a.txt", "a")],
)
def test_the_desktops_file_names_the_chat(keep: Keep, name: str, chat: str) -> None:
    file = keep(name, f"{DESKTOP}17:00 甲 一\n17:01 乙 二\n".encode())
    assert {one.chat.name for one in line_txt.read(file, Alone()) if isinstance(one, Message)} == {chat}


@pytest.mark.parametrize(
    "text",
    [
        "2024.05.01 星期三\n今天的安排\n17:00 开会 三楼\n17:30 散会 回家\n",
        "值班表\n2024.05.01 星期三\n17:00 甲 一\n17:01 甲 二\n",
        "2024.05.01\n17:00 甲 一\n17:01 甲 二\n",
        "2024.05.01 星期三\n17:00 开幕 王明远\n17:30 讨论 各组\n",
        "2024.05.01 星期三\n17:00 甲 一\n",
        "2024.13.41 星期三\n17:00 甲 一\n17:01 甲 二\n",
    ],
)
def test_what_only_looks_like_the_desktops_is_left_alone(text: str) -> None:
    assert not line_txt.is_mine(text.encode(), "a.txt")


@given(st.text(alphabet='甲乙 "\n0123456789:.星期三圖片'))
def test_no_text_breaks_the_desktops_reader(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("line") / "a.txt"
    path.write_text(DESKTOP + "17:00 甲 一\n17:01 乙 二\n" + text, "utf-8")
    at = datetime(2031, 5, 6, tzinfo=SHANGHAI)
    file = Evidence(sha256="0" * 64, size=1, name=path.name, inner_path=path.name, path=path, taken_at=at)
    said = "".join(one.text for one in line_txt.read(file, Alone()) if isinstance(one, Message))
    assert said.count("圖") == text.count("圖")
