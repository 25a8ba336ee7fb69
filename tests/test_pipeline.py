"""The whole road with a blind engine: what comes in is either a piece or a `Skipped`."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from leakwatch import chats
from leakwatch.chats.beside import Beside
from leakwatch.config import Limits
from leakwatch.errors import Stopped
from leakwatch.intake import Intake
from leakwatch.model import (
    SHANGHAI,
    Chat,
    Conversation,
    Evidence,
    Level,
    Message,
    Origin,
    Outcome,
    Progress,
    Reason,
    Scan,
    Skipped,
)
from leakwatch.ocr import Line
from leakwatch.ocr.blind import Blind, Off
from leakwatch.ocr.cache import Cached
from leakwatch.ocr.pool import ReadAhead
from leakwatch.pipeline import Kit, explain, scan
from leakwatch.rules import RuleBook
from leakwatch.rules.allowed import Allowed, Scope
from leakwatch.scanners import Matcher
from leakwatch.vault import Vault
from tests.conftest import NOON, Here

PAGE = Line(text="机密★10年", box=((0, 0), (9, 0), (9, 9), (0, 9)), confidence=0.9)


@pytest.fixture
def kit(vault: Vault, book: RuleBook, matcher: Matcher) -> Iterator[Kit]:
    """The shipped rules and an engine that sees the same mark in every picture."""
    with ReadAhead([Cached(Blind([PAGE]), "blind", None)]) as photos:
        yield Kit(
            intake=Intake(
                vault=vault,
                sandbox=Here(),
                limits=Limits(),
                photos=photos,
                is_own=lambda _path: False,
            ),
            matcher=matcher,
            rules_version=book.version,
            neighbours_within=timedelta(minutes=5),
            clock=lambda: NOON,
        )


@pytest.fixture
def run(kit: Kit, tmp_path: Path) -> Callable[[dict[str, bytes]], Scan]:
    """Scans a folder that holds the given files."""

    def of(files: dict[str, bytes]) -> Scan:
        drop = tmp_path / "drop"
        for name, data in files.items():
            (drop / name).parent.mkdir(parents=True, exist_ok=True)
            (drop / name).write_bytes(data)
        return scan([drop], kit, lambda _progress: None)

    return of


def _jpeg(side: int = 400) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (side, side), "white").save(data, "JPEG")
    return data.getvalue()


def _chatlab(*messages: dict[str, object], name: str = "云岭工作群") -> bytes:
    export = {
        "chatlab": {"version": "0.0.2", "exportedAt": 1935000000, "generator": "example"},
        "meta": {"name": name, "platform": "wechat", "type": "group"},
        "members": [],
        "messages": [
            {
                "sender": "u1",
                "accountName": "王明远",
                "timestamp": 1935000000 + 60 * number,
                "type": 0,
                **message,
            }
            for number, message in enumerate(messages)
        ],
    }
    return json.dumps(export, ensure_ascii=False).encode()


def _leads(result: Scan) -> list[tuple[str, str, str | None]]:
    return [
        (finding.rule.category, finding.hits[0].quote, getattr(finding.hits[0].piece.message, "sender", None))
        for finding in result.findings
        if finding.outcome is Outcome.LEAD
    ]


def test_a_photo_is_read_with_the_message_that_posts_it(run: Callable[[dict[str, bytes]], Scan]) -> None:
    result = run({"群.json": _chatlab({"type": 1, "content": "images/1.jpg"}), "images/1.jpg": _jpeg()})

    assert _leads(result) == [("mk.state", "机密★10年", "王明远")]
    assert result.findings[0].level is Level.JIMI
    piece = result.findings[0].hits[0].piece
    assert (piece.origin, piece.lines[0].box) == (Origin.OCR, PAGE.box)
    assert {file.name: file.sha256 for file in result.received}["群.json"] == piece.export
    assert result.conversations[0].coverage.images_present == 1


def test_a_photo_that_no_message_speaks_of_is_read_too(run: Callable[[dict[str, bytes]], Scan]) -> None:
    assert _leads(run({"散件/1.jpg": _jpeg()})) == [("mk.state", "机密★10年", None)]


def test_an_archive_is_opened_and_its_chat_joined_to_its_files(
    run: Callable[[dict[str, bytes]], Scan],
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("导出/群.json", _chatlab({"type": 1, "content": "images\\1.jpg"}))
        archive.writestr("导出/images/1.jpg", _jpeg())

    result = run({"导出.zip": packed.getvalue()})

    assert _leads(result) == [("mk.state", "机密★10年", "王明远")]
    assert result.findings[0].hits[0].piece.evidence.inner_path == "drop/导出.zip!导出/images/1.jpg"


def test_an_overlapping_export_gives_the_same_finding(run: Callable[[dict[str, bytes]], Scan]) -> None:
    first: dict[str, object] = {"content": "中办发〔2031〕45号到了"}

    result = run({"五月.json": _chatlab(first), "六月.json": _chatlab(first, {"content": "好的"})})

    assert [len(finding.hits) for finding in result.findings] == [2]


def test_a_missing_attachment_is_said(run: Callable[[dict[str, bytes]], Scan]) -> None:
    result = run({"群.json": _chatlab({"type": 1, "content": "images/9.jpg"})})

    assert [(item.reason, item.name) for item in result.skipped] == [(Reason.MISSING_ATTACHMENT, "9.jpg")]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("空.txt", b"", Reason.DAMAGED),
        ("空.jpg", b"", Reason.DAMAGED),
        ("未知.bin", bytes(range(256)) * 4, Reason.UNKNOWN_FORMAT),
        ("坏.jpg", b"\xff\xd8\xff\xe0", Reason.DAMAGED),
        ("坏.pdf", b"%PDF-1.4\n%%EOF", Reason.DAMAGED),
        ("语音.amr", b"#!AMR\n\x3c\x91\x17" * 9, Reason.UNSUPPORTED),
        ("录音.mp4", b"\0\0\0\x18ftypM4A " + bytes(64), Reason.UNSUPPORTED),
        ("旧.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), Reason.DAMAGED),
    ],
)
def test_what_cannot_be_read_is_a_value(
    run: Callable[[dict[str, bytes]], Scan], name: str, data: bytes, reason: Reason
) -> None:
    assert [(item.name, item.reason) for item in run({name: data}).skipped] == [(name, reason)]


def test_an_engine_that_is_missing_leaves_a_row_for_each_photo(kit: Kit, tmp_path: Path) -> None:
    for name in ("1.jpg", "2.jpg"):
        (tmp_path / name).write_bytes(_jpeg() + name.encode())

    with ReadAhead([Cached(Off(), "off", None)]) as photos:
        blind = replace(kit, intake=replace(kit.intake, photos=photos))
        result = scan([tmp_path / "1.jpg", tmp_path / "2.jpg"], blind, lambda _progress: None)

    assert [(item.name, item.reason) for item in result.skipped] == [
        ("1.jpg", Reason.NO_ENGINE),
        ("2.jpg", Reason.NO_ENGINE),
    ]


class _Crashing:
    """A chat reader that breaks in the middle of a file."""

    NAME = "crashing"

    def is_mine(self, head: bytes, name: str) -> bool:
        return name == "坏.chat"

    def read(self, file: Evidence, beside: Beside) -> Iterator[Message | Skipped | Conversation]:
        yield Message(chat=Chat(name="群", platform="other"), number=1, sender="李云", text="机密★1年")
        raise ZeroDivisionError


def test_a_reader_that_crashes_costs_the_rest_of_one_file(
    run: Callable[[dict[str, bytes]], Scan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chats, "READERS", (_Crashing(), *chats.READERS))

    result = run({"坏.chat": b"x", "好.txt": "秘密★1年".encode()})

    assert [item.reason for item in result.skipped] == [Reason.CRASHED]
    assert {quote for _, quote, _ in _leads(result)} == {"机密★1年", "秘密★1年"}


def test_quote_forward_and_file_names_are_read(run: Callable[[dict[str, bytes]], Scan]) -> None:
    record = {
        "sender": "u2",
        "accountName": "李云",
        "timestamp": 1935000000,
        "type": 0,
        "content": "机密★3年",
    }
    export = _chatlab(
        {"type": 26, "content": "[聊天记录]", "chatRecords": [record]},
        {"type": 4, "content": "（机密）专项行动方案.docx"},
    )

    origins = {finding.hits[0].piece.origin for finding in run({"群.json": export}).findings}

    assert origins == {Origin.FORWARD, Origin.FILENAME}


def test_work_secrets_on_a_marked_carrier_are_only_noted(run: Callable[[dict[str, bytes]], Scan]) -> None:
    text = "机密★5年\n拟任王明远为云岭局副局长，还没公示，别外传"

    outcomes = {finding.rule.category: finding.outcome for finding in run({"a.txt": text.encode()}).findings}

    assert outcomes["mk.state"] is Outcome.LEAD
    assert outcomes["ws.hr"] is Outcome.NOTE


def test_a_text_is_judged_as_a_message(kit: Kit) -> None:
    (finding,) = explain("秘 密★10年", kit)

    assert (finding.outcome, finding.level) == (Outcome.LEAD, Level.MIMI)


def test_exports_in_folders_of_one_name_are_all_read(kit: Kit, tmp_path: Path) -> None:
    for month, text in (("1月", "普通"), ("2月", "机密★2年")):
        folder = tmp_path / month / "导出"
        folder.mkdir(parents=True)
        (folder / "群.json").write_bytes(_chatlab({"content": text}))

    result = scan([tmp_path / "1月/导出", tmp_path / "2月/导出"], kit, lambda _progress: None)

    assert _leads(result) == [("mk.state", "机密★2年", "王明远")]
    assert result.findings[0].hits[0].piece.evidence.inner_path == "2月/导出/群.json"
    assert len(result.conversations) == 2


def test_what_a_forward_lacks_is_said(run: Callable[[dict[str, bytes]], Scan]) -> None:
    inner = {
        "sender": "u2",
        "accountName": "李云",
        "timestamp": 1935000000,
        "type": 1,
        "content": "images/7.jpg",
    }

    result = run({"群.json": _chatlab({"type": 26, "content": "[聊天记录]", "chatRecords": [inner]})})

    assert [(item.reason, item.name) for item in result.skipped] == [(Reason.MISSING_ATTACHMENT, "7.jpg")]


def test_a_cue_beside_a_lead_is_only_noted(run: Callable[[dict[str, bytes]], Scan]) -> None:
    result = run({"群.json": _chatlab({"content": "省里来文中办发〔2031〕45号，请勿外传"})})

    outcomes = {finding.rule.category: finding.outcome for finding in result.findings}
    assert outcomes == {"dn.jiyao": Outcome.LEAD, "mk.cue": Outcome.NOTE}


def test_a_second_export_of_the_same_chat_changes_no_verdict(run: Callable[[dict[str, bytes]], Scan]) -> None:
    said: list[dict[str, object]] = [{"content": "红头件拍给大家"}, {"content": "看完删，别外传"}]
    may, june = _chatlab(*said), _chatlab({"content": "早"}, {"content": "好"}, {"content": "散会"})

    alone = {finding.id: finding.outcome for finding in run({"五月.json": may}).findings}
    both = {finding.id: finding.outcome for finding in run({"五月.json": may, "六月.json": june}).findings}

    assert both == alone


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_it_does_not_matter_where_a_batch_is_cut(
    run: Callable[[dict[str, bytes]], Scan], monkeypatch: pytest.MonkeyPatch, cut: int
) -> None:
    said: list[dict[str, object]] = [{"content": "红头件拍给大家"}, {"content": "看完删，别外传"}]
    filler: list[dict[str, object]] = [{"content": f"收到{number}"} for number in range(4 + cut)]
    monkeypatch.setattr("leakwatch.detect._BATCH", 3)

    cut_up = {finding.score for finding in run({"群.json": _chatlab(*filler, *said, *filler)}).findings}
    monkeypatch.setattr("leakwatch.detect._BATCH", 1000)
    whole = {finding.score for finding in run({"群.json": _chatlab(*filler, *said, *filler)}).findings}

    assert cut_up == whole


def test_what_is_allowed_is_only_noted_and_what_did_nothing_is_named(kit: Kit, tmp_path: Path) -> None:
    entry = Allowed(
        scope=Scope.GROUP,
        text="云岭工作群",
        owner="区保密办",
        reason="演练用群",
        since=NOON.date(),
        expires=NOON.date(),
        applies_to=frozenset({"mk.state"}),
        folded="云岭工作群",
    )
    allowed = (entry, replace(entry, text="食堂群", folded="食堂群"))
    (tmp_path / "群.json").write_bytes(_chatlab({"content": "机密★10年"}))
    made = scan([tmp_path / "群.json"], replace(kit, allowed=allowed), lambda _progress: None)

    assert [finding.outcome for finding in made.findings] == [Outcome.NOTE]
    assert made.allowed_unused == ("群“食堂群”（区保密办，2031-05-06 到期）没有用到",)


def test_progress_tells_of_files_and_within_a_long_one(kit: Kit, tmp_path: Path) -> None:
    (tmp_path / "甲.txt").write_text("\n\n".join(f"第{number}段" for number in range(11_000)), "utf-8")
    (tmp_path / "乙.txt").write_text("乙", "utf-8")
    told: list[Progress] = []

    made = scan([tmp_path / "甲.txt", tmp_path / "乙.txt"], kit, told.append)

    assert [now.files_done for now in told] == sorted(now.files_done for now in told)
    assert told[-1].files_done == 2
    assert {now.files for now in told} == {2}
    assert sum(now.files_done == 1 for now in told) >= made.pieces // 5_000


def test_a_scan_that_is_stopped_reports_what_it_knows_and_lists_the_rest(kit: Kit, tmp_path: Path) -> None:
    (tmp_path / "群.json").write_bytes(_chatlab({"content": "机密★10年"}))
    (tmp_path / "通知.txt").write_text("绝密★启用前", "utf-8")
    (tmp_path / "绝密★10年.txt").write_text("值班表", "utf-8")
    told: list[Progress] = []

    made = scan([tmp_path], kit, told.append, lambda: made_pieces(told) > 0)

    assert {part.name: part.reason for part in made.skipped} == {
        "通知.txt": Reason.PENDING,
        "绝密★10年.txt": Reason.PENDING,
    }
    assert made.pending == 2
    assert sorted(finding.hits[0].quote for finding in made.findings) == ["机密★10年", "绝密★10年"]


def made_pieces(told: list[Progress]) -> int:
    return told[-1].pieces if told else 0


def test_a_scan_that_is_stopped_before_it_knows_its_files_says_so(kit: Kit, tmp_path: Path) -> None:
    (tmp_path / "通知.txt").write_text("绝密★启用前", "utf-8")
    with pytest.raises(Stopped):
        scan([tmp_path], kit, lambda _progress: None, lambda: True)


def test_a_preview_in_the_place_of_a_picture_is_a_gap(run: Callable[[dict[str, bytes]], Scan]) -> None:
    chat = _chatlab({"type": 1, "content": "media/1.jpg"}, {"type": 1, "content": "media/2.jpg"})

    result = run({"群.json": chat, "media/1.jpg": _jpeg(200), "media/2.jpg": _jpeg(800)})

    assert result.conversations[0].coverage.images_present == 2
    assert result.conversations[0].coverage.images_thumbnail == 1
    assert [(item.reason, "缩略图" in item.detail) for item in result.skipped] == [(Reason.INCOMPLETE, True)]


def _memotrace(*rows: tuple[int, str]) -> dict[str, bytes]:
    """One chat in two formats, the poorer one complete."""
    common = {"type": "1", "is_send": False, "server_id": "7", "display_name": "王明远"}
    best = [{**common, "timestamp": 1935000000 + second, "text": text} for second, text in rows]
    header = "消息ID,类型,发送人,时间,内容,备注,昵称,更多信息\r\n"
    lines = [
        f"7,文本,王明远,{datetime.fromtimestamp(1935000000 + second, SHANGHAI):%Y-%m-%d %H:%M:%S},{text},王明远,王明远,more\r\n"
        for second, text in rows
    ]
    return {
        "群(1@chatroom)/群.html.json": json.dumps(best).encode(),
        "群(1@chatroom)/群.csv": (header + "".join(lines)).encode("utf-8-sig"),
    }


def test_a_twin_that_holds_nothing_more_is_named_and_not_read_again(
    run: Callable[[dict[str, bytes]], Scan],
) -> None:
    result = run(_memotrace((0, "收到"), (9, "机密★10年")))

    assert [(found.format, found.parsed, found.twins) for found in result.conversations] == [
        ("memotrace-json", 2, ("drop/群(1@chatroom)/群.csv",))
    ]
    assert _leads(result) == [("mk.state", "机密★10年", "王明远")]


def test_a_twin_that_holds_more_is_read_as_well_and_the_same_leak_found_once(
    run: Callable[[dict[str, bytes]], Scan],
) -> None:
    files = _memotrace((0, "收到"), (9, "机密★10年"))
    more = _memotrace((0, "收到"), (9, "机密★10年"), (18, "见青政办密〔2031〕7号"))
    result = run({**more, "群(1@chatroom)/群.html.json": files["群(1@chatroom)/群.html.json"]})

    assert [(found.format, found.parsed, found.twins) for found in result.conversations] == [
        ("memotrace-json", 2, ()),
        ("table", 3, ()),
    ]
    assert [quote for _, quote, _ in _leads(result)].count("机密★10年") == 1
    assert any("青政办密" in quote for _, quote, _ in _leads(result))


def test_names_of_chats_exports_folders_and_archives_are_read(
    run: Callable[[dict[str, bytes]], Scan],
) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("机密★6年/a.txt", "a")
    export = _chatlab({"content": "收到"}, name="秘密★7年 筹备群")

    result = run(
        {
            "秘密★2年.json": export,
            "机密★3年/a.txt": b"a",
            "媒体/b.txt": b"b",
            "机密★5年.zip": archive.getvalue(),
        }
    )

    assert {quote for _, quote, _ in _leads(result)} == {
        "秘密★2年",
        "机密★3年",
        "机密★5年",
        "机密★6年",
        "秘密★7年",
    }


def test_one_page_posted_as_two_pictures_is_one_document(run: Callable[[dict[str, bytes]], Scan]) -> None:
    result = run({"甲/1.jpg": _page(90), "乙/2.jpg": _page(40), "乙/3.jpg": _jpeg()})
    leads = [one for one in result.findings if one.outcome is Outcome.LEAD]

    assert len(leads) == 3
    assert len({one.document for one in leads}) == 2
    assert len(result.picture_prints) == 2


def _page(quality: int) -> bytes:
    """Bars in the place of print."""
    sheet = Image.new("RGB", (420, 594), "white")
    for row in range(20):
        sheet.paste("black", (40, 40 + 26 * row, 60 + 37 * (row * 7 % 10), 54 + 26 * row))
    opened = io.BytesIO()
    sheet.save(opened, "JPEG", quality=quality)
    return opened.getvalue()
