"""Chats pasted into Word."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import docx
import pytest
from PIL import Image

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.others import word_paste
from leakwatch.documents.ooxml import docx as word
from leakwatch.model import Conversation, Evidence, Message, TextPiece

Keep = Callable[[str, bytes], Evidence]

MAIL = ['微信群"云岭区工作群"的聊天记录如下:', "", "—————  2026-04-06  —————", "", "王明远  16:21", "", "值班表发我", "",
        "李青  16:22", "", "在这"]  # fmt: skip
COPY = ["王明远  2031/5/6 8:01", "值班表发我", "", "李青  2031/5/6 8:02", "在这"]
QQ = ["消息记录（此消息记录为文本格式，不支持重新导入）", "", "=" * 64, "消息分组:我的群", "=" * 64, "消息对象:云岭区工作群", "=" * 64,
      "", "2031-05-06 8:01:02 王明远(12345)", "值班表发我", "", "2031-05-06 8:02:02 李青(12346)", "在这"]  # fmt: skip


def pasted(lines: Sequence[str], *, with_picture: bool = False) -> bytes:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "内部资料"
    for line in lines:
        made.add_paragraph(line)
    if with_picture:
        picture = io.BytesIO()
        Image.new("RGB", (20, 20), "red").save(picture, "png")
        made.add_picture(picture)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def read(keep: Keep, data: bytes) -> list[object]:
    file = keep("截取.docx", data)
    assert reader_for(file) is word_paste
    return list(word_paste.read(file, Alone()))


@pytest.mark.parametrize("lines", [MAIL, COPY, QQ])
def test_each_form_gives_its_messages(keep: Keep, lines: list[str]) -> None:
    found = [item for item in read(keep, pasted(lines)) if isinstance(item, Message)]
    assert [(message.sender, message.text) for message in found] == [
        ("王明远", "值班表发我"),
        ("李青", "在这"),
    ]
    assert all(message.sent_at is not None for message in found)


def test_the_chat_is_named_as_in_a_text_file(keep: Keep) -> None:
    (chat,) = (item for item in read(keep, pasted(MAIL)) if isinstance(item, Conversation))
    assert (chat.chat.name, chat.format) == ("云岭区工作群", "wechat-mail")


def test_a_picture_hangs_on_the_message_it_lies_in(keep: Keep) -> None:
    *_, last = (item for item in read(keep, pasted(MAIL, with_picture=True)) if isinstance(item, Message))
    assert [(file.name, file.path) for file in last.attachments] == [("image1.png", "word/media/image1.png")]


def test_the_page_header_is_read_beside(keep: Keep) -> None:
    file = keep("截取.docx", pasted(MAIL))
    spoken = [row.text for row in word.around(file) if isinstance(row, TextPiece) and row.spot == "页眉"]
    assert spoken == ["内部资料"]


@pytest.mark.parametrize(
    "lines",
    [
        ["关于召开会议的通知", "各科室：", "定于 5 月 6 日 9:00", "在三楼会议室开会", "青石市办公室", "2031年5月6日 10:00"],
        ["会议议程", "开幕 09:00", "领导讲话 09:10", "讨论 10:00", "总结 11:00"],
        ["值班记录", "5月6日", "甲班 08:00", "交接正常", "乙班 20:00", "交接正常"],
        ["问：", "什么是工作秘密？", "答：", "泄露后会带来不利影响的事项。", "问：", "谁来定？", "答：", "本机关。"],
    ],
)  # fmt: skip
def test_documents_stay_documents(keep: Keep, lines: list[str]) -> None:
    assert reader_for(keep("通知.docx", pasted(lines))) is None


def test_a_damaged_body_is_no_chat(keep: Keep) -> None:
    assert reader_for(keep("坏.docx", pasted(MAIL)[:3000])) is None


def _with_table(*rows: Sequence[str]) -> bytes:
    made = docx.Document()
    made.add_heading("云岭区工作群")
    table = made.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def test_a_table_with_the_header_of_a_chat_is_one(keep: Keep) -> None:
    rows = (
        ("发送人", "发送时间", "消息内容"),
        ("王明远", "2031-05-06 08:01:02", "值班表发我"),
        ("李青", "2031-05-06 08:02:02", "机密★10年\n第二行"),
    )
    above, *found = [item for item in read(keep, _with_table(*rows)) if isinstance(item, Message | TextPiece)]
    assert isinstance(above, TextPiece)
    assert (above.spot, above.text) == ("表头上方", "云岭区工作群")
    assert [(message.sender, message.text) for message in found if isinstance(message, Message)] == [
        ("王明远", "值班表发我"),
        ("李青", "机密★10年 第二行"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [
            ("时间", "姓名", "内容"),
            ("2031-05-06 08:01", "王明远", "接报"),
            ("2031-05-06 09:01", "李青", "续报"),
        ],
        [("发言人", "时间", "发言内容"), ("王明远", "5月6日", "8:00 开始"), ("李青", "5月6日", "9:00 结束")],
    ],
)
def test_logs_and_minutes_stay_documents(keep: Keep, rows: list[Sequence[str]]) -> None:
    assert reader_for(keep("纪要.docx", _with_table(*rows))) is None
