"""Chats in CSV and XLSX tables."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Sequence
from datetime import datetime

import openpyxl
import pytest

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.tables import table
from leakwatch.chats.wechat import chatlog
from leakwatch.errors import Unreadable
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Conversation,
    Evidence,
    Message,
    MessageKind,
    Precision,
    Quote,
    Skipped,
    TextPiece,
)

Keep = Callable[[str, bytes], Evidence]
AT = datetime(2024, 5, 1, 17, 0, 5, tzinfo=SHANGHAI)
MEMOTRACE_3 = "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息"
MEMOTRACE_1 = (
    "localId,TalkerId,Type,SubType,IsSender,CreateTime,Status,StrContent,StrTime,Remark,NickName,Sender"
)
PYWXDUMP = "id,MsgSvrID,type_name,is_sender,talker,room_name,msg,src,CreateTime"
WEFLOW = "id,MsgSvrID,type_name,is_sender,talker,msg,src,CreateTime"
CHATLOG = "Time,SenderName,Sender,TalkerName,Talker,Content"
PLAIN = "时间,发送人,内容"


def _read(
    keep: Keep, data: str | bytes, name: str = "云岭区值班群.csv"
) -> list[Message | TextPiece | Skipped | Conversation]:
    return list(table.read(keep(name, data.encode() if isinstance(data, str) else data), Alone()))


def _messages(keep: Keep, data: str | bytes, name: str = "云岭区值班群.csv") -> list[Message]:
    return [found for found in _read(keep, data, name) if isinstance(found, Message)]


def _said(messages: Sequence[Message]) -> list[tuple[str, str]]:
    return [(message.sender, message.text) for message in messages]


def _workbook(*sheets: tuple[str, Sequence[Sequence[object]]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_memotrace_row_keeps_every_field(keep: Keep) -> None:
    row = "70,文本,王明远,2024-05-01 17:00:05,各位早上好,王明远,山高水长,more"
    chat = Chat(name="云岭区值班群", platform="wechat")
    assert _read(keep, f"\ufeff{MEMOTRACE_3}\r\n{row}\r\n") == [
        Message(
            chat=chat,
            number=1,
            sender="王明远",
            text="各位早上好",
            id="70",
            sent_at=AT,
            precision=Precision.SECOND,
            zone_assumed=True,
        ),
        Conversation(chat=chat, format="table"),
    ]


@pytest.mark.parametrize("size", ["0.01 MB", "12KB"])
def test_a_memotrace_file_cell_is_an_attachment(keep: Keep, size: str) -> None:
    cell = f"【文件】值班表 终稿.docx {size} file/2024-05/值班表 终稿.docx docx " + "f" * 32
    found = _messages(keep, f"{MEMOTRACE_3}\n7,文件,王明远,2024-05-01 17:00:05,{cell},,,more\n")[0]
    assert (found.text, found.attachments) == (
        "",
        (
            Attachment(
                kind=AttachmentKind.FILE,
                name="值班表 终稿.docx",
                path="file/2024-05/值班表 终稿.docx",
                md5="f" * 32,
            ),
        ),
    )


def test_memotrace_quotes_and_forwards_are_taken_apart(keep: Keep) -> None:
    forward = (
        "【合并转发的聊天记录】\n\n    - 2024-05-01 15:00:00 甲: 第一条\n接着说\n"
        "    - 2024-05-01 15:01:00 乙: 【合并转发的聊天记录】\n\n        - 2024-05-01 14:00:00 丙: 里面\n"
    )
    data = (
        f'{MEMOTRACE_3}\n1,引用消息,王明远,2024-05-01 17:00:05,"收到\n引用：甲: 各位早",,,more\n'
        f'2,合并转发的聊天记录,王明远,2024-05-01 17:00:05,"{forward}",,,more\n'
    )
    reply, merged = _messages(keep, data)
    assert (reply.text, reply.quoted) == ("收到", Quote(sender="甲", text="各位早"))
    assert _said(merged.forwarded) == [("甲", "第一条\n接着说"), ("乙", "【合并转发的聊天记录】")]
    assert _said(merged.forwarded[1].forwarded) == [("丙", "里面")]


def test_memotrace_1_reads_the_xml_of_what_is_no_text(keep: Keep) -> None:
    link = "<msg><appmsg><a><type>3</type></a><title>通知</title><des>明日停水</des><type>5</type></appmsg></msg>"
    bomb = '<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaa">]><msg><appmsg><title>&a;</title><type>5</type></appmsg></msg>'
    data = (
        f"{MEMOTRACE_1}\n"
        '1,3,3,0,0,1714554005,,"<?xml version=""1.0""?><msg><img md5=""ab"" /></msg>",2024-05-01 17:00:05,王明远,,wxid_a\n'
        f"2,3,49,5,0,1714554005,,{link},2024-05-01 17:00:05,,山高水长,wxid_b\n"
        f'3,3,49,5,0,1714554005,,"{bomb.replace(chr(34), chr(34) * 2)}",,,,wxid_b\n'
    )
    image, news, attack = _messages(keep, data)
    assert image.attachments == (Attachment(kind=AttachmentKind.IMAGE, md5="ab"),)
    assert (news.kind, news.sender, news.sender_id, news.text) == (
        MessageKind.LINK,
        "山高水长",
        "wxid_b",
        "通知\n明日停水",
    )
    assert "aaaa" not in attack.text


def test_pywxdump_paths_and_dicts_are_read(keep: Keep) -> None:
    inner = "{'title': '记录', 'datalist': [{'sourcename': '甲', 'datadesc': '里面'}, {'sourcename': '乙', 'datatype': '8', 'datatitle': '名单.xlsx'}]}"
    data = (
        f"{PYWXDUMP}\n"
        "1,70,文件,0,wxid_a,1@chatroom,文件,FileStorage\\File\\2024-05\\值班表.docx,2024-05-01 17:00:05\n"
        f'2,71,合并转发的聊天记录,0,wxid_a,1@chatroom,[聊天记录]记录,"{inner}",2024/5/1 17:00\n'
        '3,72,引用回复,1,我,1@chatroom,"收到\n\n[引用](2024-05-01 17:00:05)甲:早",,2024-05-01 17:00:05\n'
        "4,73,系统通知,0,系统,1@chatroom,甲撤回了一条消息,,2024-05-01 17:00:05\n"
    )
    file, forward, reply, recall = _messages(keep, data, "wxid_a_0_5000.csv")
    path = "FileStorage\\File\\2024-05\\值班表.docx"
    assert file.attachments == (Attachment(kind=AttachmentKind.FILE, name="值班表.docx", path=path),)
    assert file.chat == Chat(name="wxid_a", platform="wechat", id="1@chatroom")
    assert [(m.sender, m.text, [a.name for a in m.attachments]) for m in forward.forwarded] == [
        ("甲", "里面", []),
        ("乙", "", ["名单.xlsx"]),
    ]
    assert forward.precision is Precision.MINUTE
    assert (reply.text, reply.quoted) == ("收到", Quote(sender="甲", text="早"))
    assert (recall.kind, recall.sender, recall.recalled) == (MessageKind.RECALL, "", True)


def test_weflow_csv_times_are_in_utc(keep: Keep) -> None:
    data = f"\ufeff{WEFLOW}\r\n1,70,text,0,王明远,收到,,2024-05-01T09:00:05.000Z\r\n"
    found = _messages(keep, data)[0]
    assert (found.sent_at, found.zone_assumed, found.chat.platform) == (AT, False, "wechat")


def test_chatlog_links_are_remote_and_rows_name_their_chat(keep: Keep) -> None:
    md5 = "a" * 32
    data = (
        f"{CHATLOG}\n2024-05-01 17:00:05,王明远,wxid_a,值班群,1@chatroom,![图片](http://127.0.0.1:5030/image/{md5})\n"
        f'2024-05-01 17:00:05,,wxid_b,另一群,2@chatroom,"[合并转发|记录]\n  甲 05-01 15:00\n  第一条\n  乙 05-01 15:01\n  第二条\n"\n'
    )
    image, forward, *chats = _read(keep, data)
    assert isinstance(image, Message)
    assert isinstance(forward, Message)
    url = f"http://127.0.0.1:5030/image/{md5}"
    assert image.attachments == (Attachment(kind=AttachmentKind.IMAGE, path=url, md5=md5, remote=True),)
    assert forward.sender == "wxid_b"
    assert _said(forward.forwarded) == [("甲", "第一条"), ("乙", "第二条")]
    assert [chat.chat.name for chat in chats if isinstance(chat, Conversation)] == ["值班群", "另一群"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_delimiters_and_encodings_are_found(keep: Keep, delimiter: str, encoding: str) -> None:
    lines = [PLAIN, "2024/5/1 17:00,王明远,各位早上好，今天下午三点开会", "2024/5/1 17:01,李思齐,收到"]
    data = "\r\n".join(lines).replace(",", delimiter).encode(encoding)
    assert table.is_mine(data, "f.csv")
    assert _said(_messages(keep, data)) == [("王明远", "各位早上好，今天下午三点开会"), ("李思齐", "收到")]


def test_a_utf8_bom_in_front_of_gbk_does_no_harm(keep: Keep) -> None:
    data = b"\xef\xbb\xbf" + f"{PLAIN}\n2024/5/1 17:00,王明远,各位早上好\n".encode("gb18030")
    assert table.is_mine(data, "f.csv")
    assert _said(_messages(keep, data)) == [("王明远", "各位早上好")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("2024-05-01 17:00,甲,一, 二,三\n", [("甲", "一, 二,三")]),
        (
            '2024-05-01 17:00,甲,"一\n\n二""三""\n2024-05-01 08:00:00 像头"\n',
            [("甲", '一\n\n二"三"\n2024-05-01 08:00:00 像头')],
        ),
        ('2024-05-01 17:00,甲,"没有收尾\n2024-05-01 17:01,乙,二\n', [("甲", '"没有收尾'), ("乙", "二")]),
        (
            '2024-05-01 17:00,甲,"没有收尾\n2024-05-01 17:01,乙,"也没有\n2024-05-01 17:02,丙,三\n',
            [("甲", '"没有收尾'), ("乙", '"也没有'), ("丙", "三")],
        ),
        ("2024-05-01 17:00,甲,一\0二\n", [("甲", "一二")]),
        ("只有一段不成行的文字\n2024-05-01 17:00,甲,一\n", [("", "只有一段不成行的文字"), ("甲", "一")]),
        (f"2024-05-01 17:00,甲,一\n{PLAIN}\n2024-05-01 17:01,乙,二\n", [("甲", "一"), ("乙", "二")]),
        ("刚刚,甲,一\n,,\n\n", [("甲", "一")]),
        (f'2024-05-01 17:00,甲,"{"密" * 200_000}"\n', [("甲", "密" * 200_000)]),
    ],
)
def test_awkward_rows_lose_nothing(keep: Keep, rows: str, expected: list[tuple[str, str]]) -> None:
    assert _said(_messages(keep, f"{PLAIN}\n{rows}")) == expected


def test_columns_that_nobody_knows_are_kept_as_lines(keep: Keep) -> None:
    data = "序号,时间,发送人,部门,内容,备注\n1,2024-05-01 17:00,王明远,值班室,收到,涉及云岭区\n"
    assert _messages(keep, data)[0].text == "收到\n部门：值班室\n备注：涉及云岭区"


def test_date_and_clock_in_two_columns_are_put_together(keep: Keep) -> None:
    found = _messages(keep, "日期,时间,发送人,内容\n2024-05-01,17:00:05,王明远,收到\n")[0]
    assert (found.sent_at, found.precision) == (AT, Precision.SECOND)


def test_a_table_without_rows_still_yields_its_chat(keep: Keep) -> None:
    assert _read(keep, MEMOTRACE_3) == [
        Conversation(chat=Chat(name="云岭区值班群", platform="wechat"), format="table")
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("云岭区值班群_utf8.csv", "云岭区值班群"),
        ("云岭区值班群(18888888888@chatroom).csv", "云岭区值班群"),
        ("group_云岭区值班群_123456789_20240501_170005.xlsx", "云岭区值班群"),
        ("群聊_云岭区值班群 (1).csv", "云岭区值班群"),
        ("收件/云岭区值班群(1@chatroom)/messages.csv", "云岭区值班群"),
    ],
)
def test_the_chat_is_named_after_the_file(keep: Keep, name: str, expected: str) -> None:
    assert _messages(keep, f"{PLAIN}\n2024-05-01 17:00,甲,一\n", name)[0].chat.name == expected


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (f"{PYWXDUMP}\n", "a.csv", True),
        (f"{MEMOTRACE_1}\n", "a.csv", True),
        (f"{CHATLOG}\n", "a.csv", True),
        ("发送时间,昵称,消息内容\n", "a.csv", True),
        ("青石市值班群\n\n时间,发送人,内容\n2024-05-01 17:00,甲,一\n", "a.csv", True),
        ("时间,姓名,内容\n2024-05-01 17:00:05,甲,一\n", "a.csv", True),
        ("时间,姓名,内容\n2024-05-01,甲,值班\n2024-05-02,乙,值班\n", "a.csv", False),
        ("日期,内容,地点,参会人员\n2024-05-01 9:00,例会,三楼,全体\n", "a.csv", False),
        ("姓名,身份证号,联系电话\n甲,1,2\n", "a.csv", False),
        ("项目,金额,备注\n办公,100,\n", "a.csv", False),
        ("时间,金额,内容\n2024-05-01 10:00,5,水\n", "a.csv", False),
        ("会议纪要\n时间,发送人,内容\n", "a.txt", False),
        ("时间 发送人 内容\n", "a.csv", False),
        ("", "a.csv", False),
        ("\x00\x01\x02", "a.csv", False),
        ('{"time":1,"sender":2,"content":3}', "a.json", False),
    ],
)
def test_only_tables_of_chats_are_claimed(data: str, name: str, expected: bool) -> None:
    assert table.is_mine(data.encode(), name) is expected


def test_the_weflow_workbook_is_read_below_its_preamble(keep: Keep) -> None:
    rows: list[Sequence[object]] = [
        ["会话信息"],
        ["账号ID", "1@chatroom", None, "昵称", "值班群", "备注", "云岭区值班群"],
        ["导出工具", "WeFlow", "导出版本", "1.0"],
        [
            "序号",
            "时间",
            "发送者昵称",
            "发送者微信ID",
            "发送者备注",
            "群昵称",
            "发送者身份",
            "消息类型",
            "内容",
        ],
        [
            1,
            "2024-05-01 17:00:05",
            "山高",
            "wxid_a",
            "王明远",
            "王明远-值班室",
            "成员",
            "图片消息",
            "media/images/1.jpg",
        ],
    ]
    data = _workbook(("聊天记录", rows))
    found = _messages(keep, data, "群聊.xlsx")
    assert table.is_mine(data, "群聊.xlsx")
    assert [(m.chat, m.sender, m.sender_id, m.attachments) for m in found] == [
        (
            Chat(name="云岭区值班群", platform="wechat"),
            "王明远-值班室",
            "wxid_a",
            (Attachment(kind=AttachmentKind.IMAGE, name="1.jpg", path="media/images/1.jpg"),),
        )
    ]


def test_the_qq_workbook_tells_what_was_recalled(keep: Keep) -> None:
    rows: list[Sequence[object]] = [
        ["序号", "时间", "发送者", "发送者QQ号", "群头衔", "消息类型", "消息内容", "是否撤回", "资源数量"],
        [1, "2024-05-01 17:00:05", "王明远", 10001, "组长", "文本", "不该发的", "是", 0],
    ]
    data = _workbook(("聊天记录", rows), ("统计信息", [["项目", "数值"]]))
    found = _messages(keep, data, "group_值班群_1_20240501_170005.xlsx")[0]
    assert (found.chat.platform, found.sender_id, found.recalled, found.text) == (
        "qq",
        "10001",
        True,
        "不该发的\n群头衔：组长",
    )


def test_the_files_behind_a_qq_cell_are_its_attachments(keep: Keep) -> None:
    header = ["序号", "时间", "发送者", "发送者QQ号", "消息类型", "消息内容", "是否撤回", "资源数量"]
    rows: list[Sequence[object]] = [
        header,
        [1, "2024-05-01T09:00:05.000Z", "王明远", "10001", "type_1", "[图片:A.jpg] [image: A.jpg]", "否", 1],
        [2, "2024-05-01 17:00:06", "王明远", "10001", "type_11", "[转发消息: 4条]\n  刘洋: 一", "否", 0],
        [3, "2024-05-01 17:00:07", "刘洋", "10002", "系统消息", "刘洋撤回了一条消息", "否", 0],
    ]
    senders: list[Sequence[object]] = [
        ["排名", "发送者", "QQ号", "UID", "消息数量", "占比(%)"],
        [1, "王明远", "10001", "u", 3, 100],
    ]
    data = _workbook(("聊天记录", rows), ("发送者统计", senders), ("资源列表", [["序号", "时间"]]))
    first, forward, recall = _messages(keep, data, "group_值班群_1_20240501_170005.xlsx")
    picture = Attachment(kind=AttachmentKind.IMAGE, name="A.jpg", path="A.jpg")
    assert (first.text, first.kind, first.attachments) == ("[图片:A.jpg]", MessageKind.IMAGE, (picture,))
    assert first.sent_at == AT
    assert (forward.kind, forward.summary_only) == (MessageKind.FORWARD, True)
    assert (recall.kind, recall.sender, recall.recalled) == (MessageKind.RECALL, "", True)


def test_excel_dates_and_serials_are_times(keep: Keep) -> None:
    at = AT.replace(tzinfo=None)
    rows: list[Sequence[object]] = [
        ["时间", "发送人", "内容"],
        [at, "甲", "一"],
        [45413.70839120370, "乙", "二"],
        [1714554005, "丙", 3],
    ]
    found = _messages(keep, _workbook(("Sheet1", rows)), "a.xlsx")
    assert [(m.sent_at, m.text) for m in found] == [(AT, "一"), (AT, "二"), (AT, "3")]


def test_memotrace_phantom_rows_are_passed_over(keep: Keep) -> None:
    rows: list[Sequence[object]] = [
        MEMOTRACE_3.split(","),
        [None, None, None, None, "./file/值班表.docx"],
        ["70", "文本", "王明远", "2024-05-01 17:00:05", "收到", "", "", "more"],
    ]
    assert _said(_messages(keep, _workbook(("聊天记录", rows)), "a.xlsx")) == [("王明远", "收到")]


def test_text_outside_the_chat_is_kept(keep: Keep) -> None:
    rows: list[Sequence[object]] = [
        ["机密★1年"],
        ["时间", "发送人", "内容"],
        ["2024-05-01 17:00", "甲", "一"],
    ]
    data = _workbook(("聊天", rows), ("说明", [["请勿", "外传"]]), ("成员信息", [["wxid"]]))
    found = _read(keep, data, "a.xlsx")
    assert [(one.spot, one.text) for one in found if isinstance(one, TextPiece)] == [
        ("聊天表头上方", "机密★1年"),
        ("说明!1:1", "请勿\t外传"),
    ]
    assert _said([one for one in found if isinstance(one, Message)]) == [("甲", "一")]


def test_a_title_is_no_message(keep: Keep) -> None:
    data = _workbook(("聊天", [["审计导出"], ["时间", "发送人", "消息内容"]]))
    _, closed = _read(keep, data, "a.xlsx")
    assert closed == Conversation(chat=Chat(name="a", platform="other"), format="table")


@pytest.mark.parametrize(
    "rows", [[["姓名", "电话"], ["甲", "1"]], [["日期", "内容", "负责人"], ["2024-05-01", "巡查", "甲"]], []]
)
def test_workbooks_of_data_are_left_alone(rows: Sequence[Sequence[object]]) -> None:
    assert not table.is_mine(_workbook(("Sheet1", rows)), "台账.xlsx")


def test_a_workbook_beyond_the_head_is_told_by_its_strings(keep: Keep) -> None:
    rows: list[Sequence[object]] = [
        ["时间", "发送人", "内容"],
        *(["2024-05-01 17:00", "甲", f"第{n}条"] for n in range(500)),
    ]
    data = _workbook(("Sheet1", rows))
    assert table.is_mine(data[:-500], "导出.xlsx")
    roster = _workbook(("Sheet1", [["姓名", "电话"], *([f"甲{n}", str(n)] for n in range(500))]))
    assert not table.is_mine(roster[:-500], "名册.xlsx")


ROWS: list[Sequence[object]] = [
    ["时间", "发送人", "内容"],
    ["2031-05-06 9:00:00", "王明远", "收到"],
    [48339.375, None, "二"],
]


def _with_far_cell(data: bytes, cell: str) -> bytes:
    """The workbook with one more cell in its first sheet."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part = part.replace(b"</sheetData>", cell.encode() + b"</sheetData>")
            new.writestr(name, part)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="1048576"><c r="XFD1048576"><v>7</v></c></row>',
        "<row r='1048576'><c r='XFD1048576'><v>7</v></c></row>",
        '<row r="9"><c r="G99999999999"><v>7</v></c></row>',
        '<row r="4294967290"><c><v>7</v></c></row>',
    ],
)
def test_a_cell_at_the_far_corner_is_read_without_a_rectangle(keep: Keep, cell: str) -> None:
    data = _with_far_cell(_workbook(("Sheet1", ROWS)), cell)
    assert table.is_mine(data, "a.xlsx")
    assert _said(_messages(keep, data, "a.xlsx")) == [("王明远", "收到"), ("", "二"), ("", "7")]


def test_a_far_cell_does_not_make_a_chat_of_data() -> None:
    data = _workbook(("Sheet1", [["姓名", "电话"], ["甲", "1"]]))
    assert not table.is_mine(_with_far_cell(data, '<row r="1048576"><c r="XFD1048576"/></row>'), "a.xlsx")


def test_a_sheet_that_breaks_off_gives_its_rows_and_then_gives_up(keep: Keep) -> None:
    reading = table.read(keep("a.xlsx", _with_far_cell(_workbook(("Sheet1", ROWS)), "<row")), Alone())
    assert isinstance(next(reading), Message)
    with pytest.raises(Unreadable, match="损坏"):
        list(reading)


def test_traditional_placeholders_are_attachments(keep: Keep) -> None:
    data = f"{PLAIN}\n2031-05-06 9:00:00,甲,[圖片]\n2031-05-06 9:00:00,甲,[檔案] 名單.xlsx\n"
    assert [m.attachments for m in _messages(keep, data)] == [
        (Attachment(kind=AttachmentKind.IMAGE),),
        (Attachment(kind=AttachmentKind.FILE, name="名單.xlsx"),),
    ]


def test_an_audit_console_names_receivers_files_and_recalls(keep: Keep) -> None:
    header = [
        "序号",
        "发送时间",
        "发送人",
        "发送人工号",
        "会话名称",
        "接收人",
        "消息类型",
        "消息内容",
        "文件名称",
    ]
    book = _workbook(
        (
            "消息记录",
            [
                header,
                [1, "2024-05-01 17:00:05", "王明远", "001", "云岭区值班群", "", "文本", "收到", ""],
                [2, "2024-05-01 17:00:06", "李婷", "002", "", "王明远", "文件", "", "名单.docx"],
                [3, "2024-05-01 17:00:07", "李婷", "002", "", "王明远", "撤回", "发错了", ""],
            ],
        )
    )
    one, two, three = _messages(keep, book, "审计.xlsx")
    assert (one.chat.name, one.sender_id, one.text) == ("云岭区值班群", "001", "收到")
    assert (two.chat.name, two.text) == ("王明远", "")
    assert two.attachments == (Attachment(kind=AttachmentKind.FILE, name="名单.docx"),)
    assert (three.recalled, three.text) == (True, "发错了")


def test_chatlogs_csv_and_json_give_the_same_keys(keep: Keep) -> None:
    row = {
        "seq": 1,
        "time": "2024-05-01T17:00:05+08:00",
        "talker": "1@chatroom",
        "talkerName": "云岭区值班群",
        "sender": "wxid_a",
        "senderName": "王明远",
        "isSelf": False,
        "type": 49,
        "subType": 57,
        "content": "收到",
        "contents": {"refer": {"senderName": "李婷", "type": 1, "content": "速报\n名单"}},
    }
    data = (
        f"MessageID,{CHATLOG}\n1,2024-05-01 17:00:05,王明远,wxid_a,云岭区值班群,1@chatroom,"
        '"> 李婷(wxid_b) 05-01 16:00:00\n> 速报\n> 名单\n收到"\n'
    )
    one = _messages(keep, data)[0]
    other = next(chatlog.read(keep("f.json", json.dumps([row]).encode()), Alone()))
    assert isinstance(other, Message)
    assert (one.key, one.quoted) == (other.key, other.quoted)
    assert one.quoted == Quote(sender="李婷", text="速报\n名单")


@pytest.mark.parametrize(
    "header",
    [
        "消息发送时间,消息发送者,消息体",
        "聊天时间,聊天人,聊天内容",
        "時間,傳送者,訊息內容",
        "发送日期时间,发送者名称,消息详情",
        "消息时间,用户姓名,会话内容",
    ],
)
def test_the_columns_of_audit_consoles_are_known_in_their_own_words(keep: Keep, header: str) -> None:
    file = keep("导出.csv", f"{header}\n2024-05-01 17:00:05,王明远,收到\n".encode())
    assert reader_for(file) is table
    (found,) = [one for one in table.read(file, Alone()) if isinstance(one, Message)]
    assert (found.sender, found.sent_at, found.text) == ("王明远", AT, "收到")


@pytest.mark.parametrize(
    "header", ["记录时间,记录人,记录内容", "值班时间,值班人,值班内容", "訂單時間,訂貨人,品名"]
)
def test_the_columns_of_a_log_are_no_chats(keep: Keep, header: str) -> None:
    assert reader_for(keep("导出.csv", f"{header}\n2024-05-01 17:00:05,王明远,收到\n".encode())) is None


def test_memotraces_table_of_all_chats_has_an_id_more_than_its_header(keep: Keep) -> None:
    rows = (
        "2,3,1,0,0,1714554005,,各位早上好,2024-05-01 17:00:05,7000000000000000001,,云岭群,王明远\n"
        '3,3,1,0,0,1714554005,,"收,到",2024-05-01 17:00:05,7000000000000000002,老李,李婷,\n'
    )
    found = _messages(keep, f"{MEMOTRACE_1}\n{rows}", "messages.csv")

    assert [(item.chat.name, item.sender, item.text, item.id) for item in found] == [
        ("云岭群", "王明远", "各位早上好", "7000000000000000001"),
        ("老李", "", "收,到", "7000000000000000002"),
    ]


def test_ciphertalk_lists_what_a_forward_holds_in_a_column_of_its_own(keep: Keep) -> None:
    header = (
        "序号 时间 日期 时刻 星期 发送者 微信ID 消息类型 消息内容 原始类型代码 时间戳 聊天记录详情".split()
    )
    time = ["2024/05/01 17:00:05", "2024/5/1", "17:00:05", "三", "王明远", "wxid_a"]
    listed = "1. [李婷] 2024-05-01 15:00:00 文本: 机密\n第二行\n2. [老王] 2024-05-01 15:00:01 文件: [文件] 值班表.docx"
    rows = [
        [1, *time, "文本消息", "收到", 1, 1714554005, ""],
        [2, *time, "聊天记录", "[聊天记录] 群聊的聊天记录", 49, 1714554005, listed],
    ]
    first, second = _messages(keep, _workbook(("云岭群", [header, *rows])), "云岭群.xlsx")

    assert (first.sender, first.sender_id, first.text, first.sent_at) == ("王明远", "wxid_a", "收到", AT)
    assert [(inner.sender, inner.text) for inner in second.forwarded] == [
        ("李婷", "机密\n第二行"),
        ("老王", ""),
    ]
    assert second.forwarded[1].attachments[0].name == "值班表.docx"
    assert not second.summary_only


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("7000000000000000001", "7000000000000000001"),
        ("7.00E+18", None),
        ("7E+18", None),
        ("7000000000000000000", None),
        ("120000000000000", "120000000000000"),
    ],
)
def test_an_id_that_excel_rounded_is_none(keep: Keep, written: str, kept: str | None) -> None:
    row = f"1,{written},文本,FALSE,wxid_a,1@chatroom,收到,,2024/5/1 17:00\n"

    assert [found.id for found in _messages(keep, f"{PYWXDUMP}\n{row}")] == [kept]


@pytest.mark.parametrize("source", ["{'datalist': '" + "机" * (1 << 20) + "'}", "机密文件在别处"])
def test_what_a_forward_holds_is_kept_as_text_where_it_cannot_be_taken_apart(keep: Keep, source: str) -> None:
    row = f'1,7,合并转发的聊天记录,0,wxid_a,1@chatroom,[聊天记录]群聊,"{source}",2024-05-01 17:00:05\n'
    found = _messages(keep, f"{PYWXDUMP}\n{row}")[0]

    assert (found.text, found.forwarded, found.summary_only) == (f"[聊天记录]群聊\n{source}", (), False)


@pytest.mark.parametrize(
    ("tail", "is_cut"),
    [
        ('2031-05-06 08:02:00,李青,"没写完\n第二行', True),
        ('2031-05-06 08:02:00,李青,买 5" 的管子\n2031-05-06 08:03:00,李青,好\n', False),
        ('2031-05-06 08:02:00,李青,"写完了\n第二行"\n', False),
    ],
)
def test_a_table_that_ends_inside_a_cell_is_said(keep: Keep, tail: str, is_cut: bool) -> None:
    text = f"时间,发送人,消息内容\n2031-05-06 08:01:00,王明远,早\n{tail}"
    items = list(table.read(keep("a.csv", text.encode()), Alone()))
    assert any(isinstance(item, Skipped) for item in items) is is_cut


def test_tabs_in_a_csv_are_a_table_and_no_copied_chat(keep: Keep) -> None:
    header = "id\tMsgSvrID\ttype_name\tis_sender\ttalker\troom_name\tmsg\tsrc\tCreateTime\n"
    rows = "".join(f"{n}\t7{n}\t文本\t0\twxid_a\t1@chatroom\t好\t\t2031-05-06 08:0{n}:00\n" for n in range(3))
    assert reader_for(keep("a.csv", (header + rows).encode("gb18030"))) is table


def test_a_utf_16_file_is_known_by_the_same_keys(keep: Keep) -> None:
    text = "时间,发送人,消息内容\n2031-05-06 08:01:00,王明远,早\n"
    assert reader_for(keep("a.csv", text.encode("utf-16"))) is table


def test_a_message_that_an_exporter_took_for_a_formula_is_kept(keep: Keep) -> None:
    rows = [("时间", "发送人", "消息内容"), (45413.7084, "王明远", "==机密★10年==")]
    (message,) = _messages(keep, _workbook(("聊天", rows)))
    assert (message.text, message.sent_at) == (
        "==机密★10年==",
        datetime(2024, 5, 1, 17, 0, 6, tzinfo=SHANGHAI),
    )


def test_the_session_above_a_header_names_the_chat_in_a_csv_too(keep: Keep) -> None:
    above = "会话信息,,,,\n微信ID,1@chatroom,昵称,云岭区工作群,\n导出工具,WeFlow,,,\n"
    data = f"{above}序号,时间,发送者身份,消息类型,内容\n1,2024/5/1 17:00,王明远,文本消息,收到\n"
    assert [(one.chat.name, one.sender, one.text) for one in _messages(keep, data)] == [
        ("云岭区工作群", "王明远", "收到")
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("photo.jpg", MessageKind.IMAGE), ("语音.m4a", MessageKind.VOICE), ("启明方案.docx", MessageKind.FILE)],
)
def test_a_file_name_in_a_column_of_attachments_is_one(keep: Keep, name: str, kind: MessageKind) -> None:
    header = "Chat Session,Message Date,Delivered Date,Sender Name,Sender ID,Status,Text,Attachment,Attachment type"
    rows = f"值班群,2024-05-01 17:00:05,,王明远,+86,Delivered,,{name},image"
    (found,) = _messages(keep, f"{header}\n{rows}\n")
    assert (found.chat.name, found.sender, found.text, found.kind) == ("值班群", "王明远", "", kind)
    assert [one.name for one in found.attachments] == [name]


def test_words_in_a_column_of_attachments_stay_words(keep: Keep) -> None:
    (found,) = _messages(keep, "时间,发送人,内容,附件\n2024-05-01 17:00:05,王明远,见附件,名单 终稿\n")
    assert (found.text, found.attachments) == ("见附件\n名单 终稿", ())
