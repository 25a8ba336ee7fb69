"""Which reader a file goes to."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from leakwatch.chats import reader_for
from leakwatch.chats.beside import Alone
from leakwatch.chats.others import chatlab, chatlab_jsonl
from leakwatch.chats.qq import qq_txt
from leakwatch.chats.tables import table
from leakwatch.chats.wechat import weflow
from leakwatch.model import Conversation, Evidence, Message

Keep = Callable[[str, bytes], Evidence]
AVATARS = {f"wxid_{n}": "data:image/png;base64," + 'iVBORw\\"0K' * 5000 for n in range(40)}
SESSION = {"wxid": "1@chatroom", "displayName": "云岭区值班群"}
ROW = {"createTime": 1714554005, "localType": 1, "type": "文本消息", "content": "收到"}


def _json(*parts: dict[str, object]) -> bytes:
    return json.dumps({"avatars": AVATARS, **{k: v for part in parts for k, v in part.items()}}).encode()


JSON = {
    "weflow": (_json({"weflow": {}, "session": SESSION, "messages": [ROW]}), weflow),
    "echotrace": (_json({"session": SESSION, "messages": [ROW]}), weflow),
    "utf-16": (_json({"weflow": {}, "messages": [ROW]}).decode().encode("utf-16"), weflow),
    "chatlab": (_json({"chatlab": {}, "meta": {}, "messages": []}), chatlab),
    "jsonl": (
        b'{"_type":"header","icon":"' + b"A" * (3 << 20) + b'","chatlab":{}}\n{"_type":"message"}\n',
        chatlab_jsonl,
    ),
    "other": (_json({"rows": []}), None),
    "no json": (b"[" + b"A" * (3 << 20), None),
    "text": ("2024-05-06 9:05:00 甲(10001)\n好\n\n2024-05-06 9:06:00 乙(10002)\n好\n".encode(), qq_txt),
    "empty": (b"", None),
}


@pytest.mark.parametrize(("data", "reader"), JSON.values(), ids=JSON.keys())
def test_megabytes_of_avatars_before_the_signature_hide_no_chat(
    keep: Keep, data: bytes, reader: object
) -> None:
    assert reader_for(keep("f.json", data)) is reader


def test_the_dialect_behind_the_avatars_is_read(keep: Keep) -> None:
    senders = [{"senderID": 2, "accountId": "wxid_b", "displayName": "李思齐"}]
    data = _json(
        {"weflow": {"format": "arkme-json"}, "senders": senders, "messages": [{**ROW, "senderID": 2}]}
    )
    message, conversation = weflow.read(keep("f.json", data), Alone())
    assert isinstance(message, Message)
    assert isinstance(conversation, Conversation)
    assert (message.sender, conversation.lossy[0]) == ("李思齐", "WeFlow 导出不含被撤回消息的原文")


PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="甲" sheetId="1" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
    f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/sharedStrings" '
    'Target="sharedStrings.xml"/></Relationships>',
}


def _workbook(header: list[str], *, content_types_last: bool = False) -> bytes:
    """Two MiB of picture, then the sheet, then its strings, as some writers order them."""
    rows = [[f"2024-05-06 09:{n:02}:00", "王明远", f"第{n}条"] for n in range(20)]
    strings = [text for row in [["云岭区值班群"], header, *rows] for text in row]
    numbers = iter(range(len(strings)))
    cells = [f'<c t="s"><v>{next(numbers)}</v></c>' for _ in strings]
    sheet = [cells[0], *("".join(cells[n : n + 3]) for n in range(1, len(cells), 3))]
    parts = {
        "xl/media/image1.png": "x" * (2 << 20),
        **PARTS,
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>'
        + "".join(f"<row>{row}</row>" for row in sheet)
        + "</sheetData></worksheet>",
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">'
        + "".join(f"<si><r><t>{text[:1]}</t></r><r><t>{text[1:]}</t></r></si>" for text in strings)
        + "</sst>",
    }
    names = sorted(parts, key=lambda name: "Types" in name and (1 if content_types_last else -1))
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, parts[name])
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("header", "reader"),
    [
        (["时间", "发送人", "消息内容"], table),
        (["时间", "姓名", "内容"], table),
        (["月份", "姓名", "预算"], None),
    ],
)
@pytest.mark.parametrize("content_types_last", [False, True])
def test_a_big_workbook_is_looked_into(
    keep: Keep, header: list[str], reader: object, content_types_last: bool
) -> None:
    file = keep("导出.xlsx", _workbook(header, content_types_last=content_types_last))
    assert reader_for(file) is reader


def test_a_big_workbook_is_read_wherever_its_content_types_stand(keep: Keep) -> None:
    file = keep("导出.xlsx", _workbook(["时间", "发送人", "消息内容"], content_types_last=True))
    found = [m for m in table.read(file, Alone()) if isinstance(m, Message)]
    assert [m.text for m in found if m.sender][-1] == "第19条"


@pytest.mark.parametrize("tail", [b"", b"PK\x05\x06" + bytes(18)])
def test_a_broken_archive_is_nobodys_chat(keep: Keep, tail: bytes) -> None:
    whole = _workbook(["时间", "发送人", "消息内容"])
    assert reader_for(keep("文件.xlsx", whole[: 2 << 20] + tail)) is None
