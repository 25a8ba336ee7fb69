"""Rows of the tables as a scan would have recorded them; everything in them is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from leakwatch.model import Chat, Level, Message, Precision, Said
from leakwatch.store.contents import (
    FindingContent,
    LeadContent,
    PlaceContent,
    ReceivedContent,
    UnreadContent,
    pack,
)
from leakwatch.store.models import Finding, Group, Lead, Place, Received, Scan, Unread
from leakwatch.store.sealing import KeySealer
from tests.web.people import NOON

SEALER = KeySealer(b"k" * 32)
NUMBER = "XS-20310506-3f2a9c"
CANARY = "云岭区第七号预案"
"""Words of a message, which must stand nowhere but on the page of who asked to see them."""
TEXT = f"王主任，{CANARY}机密★10年那份我拍给你看"
HIT = (TEXT.index("机密"), TEXT.index("那份"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One place of a lead."""

    group: str = "青石市应急工作群"
    sender: str = "王明远"
    text: str = TEXT
    spans: tuple[tuple[int, int], ...] = (HIT,)
    origin: str = "message"
    sha256: str = "ab" * 32
    inner_path: str = "收件/青石市应急工作群.txt"
    number: int = 17
    spot: str | None = None
    boxes: tuple[tuple[tuple[float, float], ...], ...] = ()
    sent_at: datetime | None = NOON - timedelta(hours=30)
    precision: Precision = Precision.SECOND
    document: str = ""


def scan(**changed: Any) -> Scan:
    """A run of last night."""
    values: dict[str, Any] = {
        "kind": "nightly",
        "started_at": NOON - timedelta(hours=10),
        "ended_at": NOON - timedelta(hours=9, minutes=50),
        "rules_version": "00ff",
        "files": 312,
        "messages": 48_210,
        "pieces": 50_000,
    }
    counts = dict.fromkeys(("unread", "notes", "new", "known", "reactivated", "gone"), 0)
    made: Scan = Scan.objects.create(**(values | counts | changed))
    return made


def lead(id: str = NUMBER, *places: Posted, **changed: Any) -> Lead:
    """A lead with one finding, at one place if no others are given."""
    values: dict[str, Any] = {
        "is_draft": True,
        "level": Level.JIMI,
        "category": "mk.state",
        "rule_name": "密级标志",
        "found_at": NOON - timedelta(hours=2),
        "due_at": NOON + timedelta(hours=22),
        "changed_at": NOON - timedelta(hours=2),
    }
    values |= changed
    made: Lead = Lead.objects.create(pk=id, sealed=pack(_boxes(), SEALER, f"lead:{id}"), **values)
    found = finding(made, f"f-{id}")
    for number, posted in enumerate(places or (Posted(),)):
        place(found, posted, f"p{number}")
    return made


def finding(lead: Lead, id: str, fingerprint: str = "") -> Finding:
    """A finding of that lead, at no place yet."""
    run = Scan.objects.first() or scan()
    content = FindingContent(id=id, document="", reasons=(f"{CANARY}旁有密级标志“机密★10年”",))
    row: Finding = Finding.objects.create(
        pk=id,
        lead=lead,
        rule=lead.category,
        rule_name=lead.rule_name,
        kind="worksecret" if lead.category.startswith("ws.") else "marking",
        category=lead.category,
        level=lead.level,
        outcome="lead",
        score=0.95,
        document="d" * 64,
        fingerprint=fingerprint or f"print of {lead.pk}",
        clauses=[["微信使用保密管理工作规范", "第四条（二）"]],
        first_scan=run,
        last_scan=run,
        found_at=lead.found_at,
        sealed=pack(content, SEALER, f"finding:{id}"),
    )
    return row


def place(finding: Finding, posted: Posted, key: str) -> Place:
    """A place of that finding."""
    group, _ = Group.objects.get_or_create(name=posted.group, platform="wechat")
    finding.lead.groups.add(group)
    chat = Chat(name=posted.group, platform="wechat", is_group=True)
    message = Message(
        chat=chat,
        number=posted.number,
        sender=posted.sender,
        text=posted.text,
        sent_at=posted.sent_at,
        precision=posted.precision,
    )
    content = PlaceContent(
        text=posted.text,
        spans=posted.spans,
        boxes=posted.boxes,
        spot=posted.spot,
        confidence=1.0,
        whole="",
        reason="密级标志“机密★10年”，有★和保密期限",
        level=Level.JIMI,
        document=posted.document,
        mark=None,
        message=message,
        before=tuple(_said(number, posted.sent_at or NOON) for number in range(5, 0, -1)),
        after=tuple(_said(-number, posted.sent_at or NOON) for number in range(1, 6)),
        name=posted.inner_path.rsplit("/", 1)[-1],
        inner_path=posted.inner_path,
        size=4_096,
        parent="cd" * 32,
        taken_at=NOON,
    )
    row: Place = Place.objects.create(
        finding=finding,
        key=key,
        sha256=posted.sha256,
        origin=posted.origin,
        group=group,
        sent_at=posted.sent_at,
        precision=posted.precision,
        sealed=pack(content, SEALER, f"place:{finding.pk}:{key}"),
    )
    return row


def received(sha256: str, inner_path: str) -> Received:
    """Where a file lay when a scan met it."""
    run = scan()
    sealed = pack(ReceivedContent(inner_path=inner_path), SEALER, f"received:{run.pk}:{sha256}")
    made: Received = Received.objects.create(scan=run, sha256=sha256, sealed=sealed)
    return made


def unread(name: str = "附件.zip", detail: str = "压缩包有密码，请解开后再导入", **changed: Any) -> Unread:
    """A part that was not read."""
    values: dict[str, Any] = {"sha256": "ab", "reason": "password", "part": SEALER.blind("unread", name)}
    row = Unread(**({"scan": changed.pop("scan", None) or scan()} | values | changed))
    content = UnreadContent(name=name, detail=detail)
    row.sealed = pack(content, SEALER, f"unread:{row.scan_id}:{row.sha256}:{row.part}")
    row.save()
    return row


def _said(minutes: int, at: datetime) -> Said:
    return Said(
        sender="李小梅",
        text=f"{CANARY}的材料几点交" if minutes > 0 else "收到",
        sent_at=at - timedelta(minutes=minutes),
        precision=Precision.MINUTE,
    )


def _boxes() -> LeadContent:
    return LeadContent(
        reporting_unit="青石市云岭区应急管理局",
        incident_unit="",
        conduct="通过微信群「青石市应急工作群」发送含密级标志字样的文字消息。\n是否构成泄密违规及其性质由人工依法认定，本栏不作定性。",
        documents_and_levels=f"1. 《{CANARY}》，标注“机密★10年”\n以上密级为载体标注或文字所称，密级未经核定。",
        facts="2031年5月5日06:00:00，微信群「青石市应急工作群」，显示名“王明远”发送（第17条）：文字消息。",
        remedy="已固定证据；已列出待撤回的消息。",
        remark="语音 3 条未转写。",
    )
