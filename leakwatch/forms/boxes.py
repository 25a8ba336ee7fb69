"""Findings of one case → the words for the boxes of 《微信泄密违规案件（事件）线索报告表》.

Facts only: cause, fault, harm and what the law says of them are left to people (domain rule: a draft that
concludes would be signed unread).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from leakwatch.forms import places
from leakwatch.forms.places import Place
from leakwatch.model import (
    Chat,
    Conversation,
    Coverage,
    Evidence,
    Finding,
    Hit,
    Kind,
    Level,
    Message,
    Scan,
    Skipped,
)

_CONTENTS = {
    Kind.MARKING: "密级或内部标志字样",
    Kind.DOCNUMBER: "文件编号",
    Kind.WORKSECRET: "工作秘密类内容",
    Kind.PERSONAL: "个人信息",
    Kind.IMAGE: "红头或印章图样",
}
_OF_DOCUMENTS = (Kind.MARKING, Kind.DOCNUMBER, Kind.IMAGE)
_HASH = re.compile(r"[0-9a-f]{32}|[0-9a-f]{64}")
_MOST_LINES = 20
_MOST_PLACES = 60
_MOST_DOCUMENTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One 事: what one form speaks of."""

    findings: tuple[Finding, ...]
    related: tuple[Finding, ...]
    """Left to a person's decision, on the same document, file or message."""
    places: tuple[Place, ...]
    """Where the findings were hit, in time order."""
    marked: Mapping[Level, int]
    """How many 件 bear which state level, gravest first."""
    scan: Scan
    found_at: datetime


def conduct(case: Case) -> str:
    """泄密违规行为: which carriers went through which channel, and the clauses to compare with."""
    there: dict[str, list[Place]] = {}
    for place in case.places:
        there.setdefault(places.channel(place.message), []).append(place)
    lines = [_conduct_in(channel, found) for channel, found in there.items()]
    clauses = _unique(str(clause) for finding in case.findings for clause in finding.rule.clauses)
    if clauses:
        lines.append("供对照的条款：" + "；".join(clauses) + "。")
    lines.append("是否构成泄密违规及其性质由人工依法认定，本栏不作定性。")
    return "\n".join(lines)


def documents_and_levels(case: Case) -> str:
    """涉及文件资料及密级: each 件 with number, mark, file and sha256, all as seen."""
    documents: dict[str, list[Finding]] = {}
    others = []
    for finding in case.findings:
        if finding.rule.kind in _OF_DOCUMENTS:
            documents.setdefault(finding.document or finding.id, []).append(finding)
        else:
            others.append(finding)
    lines = _numbered([_document(key, found) for key, found in documents.items()], _MOST_DOCUMENTS, "件")
    if documents:
        lines.append(_count(case.marked, len(documents)))
    if others:
        lines.append("其他涉及内容：")
        lines += _numbered(_unique(map(_content, others)), _MOST_LINES, "项")
    lines.append("以上密级为载体标注或文字所称，密级未经核定。")
    return "\n".join(lines)


def facts(case: Case) -> str:
    """事实经过: the timeline of what was posted, by whom as displayed, and when it was found."""
    first_at: dict[str, int] = {}
    events = []
    for number, place in enumerate(case.places, 1):
        again = sorted({first_at[file.sha256] for file in place.files if file.sha256 in first_at})
        events.append(_event(place) + "".join(f"与第{earlier}项为同一文件。" for earlier in again))
        for file in place.files:
            first_at.setdefault(file.sha256, number)
    return "\n".join(
        [
            "时间：见下列各项，均为北京时间；发送人为导出记录中的显示名称，未经核实。",
            "原因：（由人工填写）",
            "经过：",
            *_numbered(events, _MOST_PLACES, "项"),
            f"发现时间：{places.clock(case.found_at)}。聊天记录的扫描和图片文字识别于"
            f"{places.clock(case.scan.started_at)}开始、{places.clock(case.scan.ended_at)}结束。",
        ]
    )


def remedy(case: Case) -> str:
    """补救及整改措施情况: only what leakwatch itself did, and a line for people."""
    evidence = {hit.piece.evidence.sha256: hit.piece.evidence for f in case.findings for hit in f.hits}
    standing = [place.message for place in case.places if place.message and not place.is_recalled]
    recalled = sum(place.is_recalled for place in case.places)
    lines = ["已对所涉文件计算校验值（请妥善保存原件，不要改动）："]
    lines += _numbered([_fingerprint(file) for file in evidence.values()], _MOST_LINES, "个文件")
    if standing:
        lines.append(f"已列出待撤回消息{len(standing)}条：")
        lines += _numbered([_address(message) for message in standing], _MOST_LINES, "条")
    if recalled:
        lines.append(f"导出记录显示已撤回的消息{recalled}条。")
    lines.append("单位采取的措施：（由人工填写）")
    return "\n".join(lines)


def remark(case: Case) -> str:
    """备注: why it was found, what else hangs on it, what could not be read."""
    chats = {hit.piece.message.chat for f in case.findings for hit in f.hits if hit.piece.message}
    carriers = [hit.piece.evidence for f in case.findings for hit in f.hits]
    files = {file.sha256 for file in carriers}
    whole = files | {file.parent for file in carriers if file.parent}
    reasons = _unique(places.one_line(hit.reason, 200) for f in case.findings for hit in f.hits)
    related = _unique(f"{places.one_line(f.rule.name)}：“{places.quote(f.hits[0])}”" for f in case.related)
    # 一事一报: other groups and files of the same drop are counted, their names are no business of the reader.
    gaps = [text for c in case.scan.conversations if c.chat in chats and (text := _gaps(c))]
    unread = [_unread(skipped) for skipped in case.scan.skipped if _is_near(skipped, chats, files, whole)]
    parts = (
        ("比对依据及标注异常：", _numbered(reasons, _MOST_LINES, "项")),
        ("相关待核线索（未列入上表，由人工判断）：", _numbered(related, _MOST_LINES, "项")),
        ("聊天记录的完整程度：", _numbered(gaps, _MOST_LINES, "项")),
        ("同一来源中未能读取的部分：", _numbered(unread, _MOST_LINES, "项")),
    )
    lines = [line for title, found in parts if found for line in (title, *found)]
    lines += _elsewhere(case.scan, chats, len(case.scan.skipped) - len(unread))
    lines.append(f"规则版本：{places.one_line(case.scan.rules_version)}")
    lines.append("本表由 leakwatch 依据导出的聊天记录自动起草，结论由人工填写。")
    return "\n".join(lines)


def _conduct_in(channel: str, found: Sequence[Place]) -> str:
    hits = [hit for place in found for hit in place.hits]
    carriers = "、".join(_unique(places.carrier(hit.piece) for hit in hits))
    contents = "、".join(_unique(_CONTENTS[hit.rule.kind] for hit in hits))
    return f"{channel}：在{len(found)}处（{carriers}）出现{contents}。"


def _document(key: str, findings: Sequence[Finding]) -> str:
    """One 件; `key` is its number, or the hash of its carrier, which stands with the file."""
    hits = [hit for finding in findings for hit in finding.hits]
    named = _unique([key, *(hit.document for hit in hits)])
    numbers = [name for name in named if name and not _HASH.fullmatch(name)]
    seen = [f"“{places.quote(hit)}”" for hit in hits if hit.rule.kind is Kind.DOCNUMBER]
    marks = _unique(_mark(hit) for hit in hits if hit.rule.kind is Kind.MARKING)
    # Whole: where the page cannot be read, 未见 alone would say too much.
    shown = _unique(places.one_line(hit.piece.text) for hit in hits if hit.rule.kind is Kind.IMAGE)
    files = {file.sha256: file for hit in hits if (file := places.file_of(hit.piece))}
    parts = [
        "文号" + "、".join(places.one_line(number) for number in numbers[:5]) if numbers else "未见文号",
        "原文写作" + "、".join(_unique(seen)[:5]) if seen else "",
        "，".join(marks[:5]) or "未见密级标志",
        "，".join(shown[:5]),
        "载体：" + "、".join(_unique(places.carrier(hit.piece) for hit in hits)),
        *[_fingerprint(file) for file in list(files.values())[:5]],
        f"另有同一文件资料的载体{len(files) - 5}个，见扫描结果" if len(files) > 5 else "",
    ]
    return "；".join(part for part in parts if part)


def _mark(hit: Hit) -> str:
    """The mark as seen; a disguised one with the level it stands for."""
    verb = "文字所称" if hit.rule.category == "mk.said" else "标注为"
    level = f"（{hit.level}）" if hit.level and hit.level not in hit.quote else ""
    return f"{verb}“{places.quote(hit)}”{level}"


def _count(marked: Mapping[Level, int], total: int) -> str:
    counts = [f"{level}{count}件" for level, count in marked.items()]
    unmarked = total - sum(marked.values())
    if unmarked:
        counts.append(f"未见国家秘密标志{unmarked}件")
    return f"合计{total}件：{'，'.join(counts)}。"


def _content(finding: Finding) -> str:
    hit = finding.hits[0]
    return f"{places.one_line(finding.rule.name)}：“{places.quote(hit)}”（{places.carrier(hit.piece)}）"


def _event(place: Place) -> str:
    message = place.message
    if message is None:
        where = places.one_line(place.hits[0].piece.evidence.inner_path)
        return f"时间未知，材料「{where}」（未对应到消息）中：{places.posted(place)}。"
    sender = f"“{places.one_line(message.sender)}”" if message.sender else "（未载发送人）"
    when, channel, number = places.moment(message), places.channel(message), places.reference(message)
    recalled = "导出记录显示该消息已撤回。" if place.is_recalled else ""
    return f"{when}，{channel}，{sender}发送（{number}）：{places.posted(place)}。{recalled}"


def _address(message: Message) -> str:
    return f"{places.channel(message)}{places.reference(message)}（{places.moment(message)}）"


def _fingerprint(file: Evidence) -> str:
    return f"「{places.one_line(file.name)}」sha256：{file.sha256}"


def _elsewhere(scan: Scan, chats: Set[Chat], unread: int) -> list[str]:
    """How much of the same drop, in other groups and files, was not read whole."""
    cut = sum(c.is_incomplete for c in scan.conversations if c.chat not in chats)
    counts = [f"{cut}个会话消息不完整"] if cut else []
    counts += [f"{unread}项未能读取"] if unread else []
    return [f"同批其他材料：{'，'.join(counts)}，见扫描结果。"] if counts else []


def _gaps(conversation: Conversation) -> str:
    """What of a chat was not there."""
    declared = conversation.declared
    missing = []
    if conversation.is_incomplete:
        said = f"导出文件声明{declared}条，" if declared is not None else ""
        missing.append(f"{said}实际读出{conversation.parsed}条，消息不完整")
    missing += [f"{count}{what}" for count, what in _uncovered(conversation.coverage) if count]
    missing += [places.one_line(sentence, 200) for sentence in conversation.lossy]
    name = places.one_line(conversation.chat.name)
    return f"「{name}」：{'；'.join(missing)}" if missing else ""


def _uncovered(coverage: Coverage) -> tuple[tuple[int, str], ...]:
    return (
        (coverage.images_missing, "张图片缺失"),
        (coverage.images_thumbnail, "张图片只有缩略图"),
        (coverage.files_missing, "个文件缺失"),
        (coverage.voice, "条语音未转写"),
        (coverage.video, "段视频未读取"),
        (coverage.forwards_summary, "条合并转发只有摘要"),
        (coverage.skipped_lines, "行未能解析"),
        (coverage.decode_replacements, "个字节无法解码"),
    )


def _is_near(skipped: Skipped, chats: Set[Chat], files: Set[str], whole: Set[str]) -> bool:
    """Whether something unread belongs to a chat or a file of the case; whole: those files and their archives."""
    if skipped.message is not None and skipped.message.chat in chats:
        return True
    return skipped.evidence.sha256 in whole or skipped.evidence.parent in files


def _unread(skipped: Skipped) -> str:
    return f"「{places.one_line(skipped.name)}」：{places.one_line(skipped.detail, 200)}"


def _numbered(items: Sequence[str], most: int, unit: str) -> list[str]:
    """One line an item; over the cap a last line says how many are left."""
    lines = [f"{number}. {item}" for number, item in enumerate(items[:most], 1)]
    if len(items) > most:
        lines.append(f"另有{len(items) - most}{unit}，见扫描结果")
    return lines


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))
