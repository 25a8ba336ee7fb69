"""The Chinese words and short sentences that table, csv and sarif share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from leakwatch.model import (
    SHANGHAI,
    Conversation,
    Hit,
    Message,
    Origin,
    Outcome,
    Precision,
    Progress,
    Reason,
    Scan,
)
from leakwatch.reports.view import counts

OUTCOMES: Mapping[Outcome, str] = MappingProxyType(
    {Outcome.LEAD: "线索", Outcome.REVIEW: "待审", Outcome.NOTE: "备查"}
)

ORIGINS: Mapping[Origin, str] = MappingProxyType(
    {
        Origin.MESSAGE: "消息",
        Origin.QUOTE: "引用",
        Origin.FORWARD: "转发",
        Origin.FILENAME: "文件名",
        Origin.OCR: "图片文字",
        Origin.DOCUMENT: "文件内容",
        Origin.IMAGE: "图片",
    }
)

REASONS: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.PASSWORD: "有密码",
        Reason.TOO_BIG: "太大",
        Reason.TOO_DEEP: "层数太多",
        Reason.UNKNOWN_FORMAT: "格式不认识",
        Reason.DAMAGED: "损坏",
        Reason.INCOMPLETE: "不完整",
        Reason.TIMED_OUT: "超时",
        Reason.NO_ENGINE: "缺少识别引擎",
        Reason.MISSING_ATTACHMENT: "附件缺失",
        Reason.NOT_PERMITTED: "没有权限",
        Reason.UNSUPPORTED: "不支持",
        Reason.CRASHED: "读取时出错",
        Reason.PENDING: "待读",
    }
)

CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "mk.state": "国家秘密标志",
        "mk.said": "谈及密级",
        "mk.work": "工作秘密标志",
        "mk.nopub": "不予公开标志",
        "mk.com": "商业秘密标志",
        "mk.cue": "保密提示语",
        "dn.jiyao": "机要文件号",
        "dn.sec": "保密部门文号",
        "dn.tele": "电报文号",
        "dn.intern": "内部文号",
        "dn.public": "公开文号",
        "ws.draft": "起草讨论中的事项",
        "ws.hr": "机构编制和人事",
        "ws.audit": "审计和巡视巡察",
        "ws.disc": "纪检办案",
        "ws.data": "商业信息和汇总数据",
        "ws.emerg": "未公开的突发事件",
        "ws.trip": "领导活动安排",
        "ws.ctrl": "其他控制知悉范围的事项",
        "ws.fin": "预决算和收入",
        "ws.site": "要害部门部位",
        "ws.state": "谈及国家秘密事项",
        "ws.act": "拍摄、识别、转存涉密文件",
        "pd.id": "身份证件号码",
        "pd.phone": "手机号码",
        "pd.bank": "银行卡号",
        "pd.roster": "人员名册",
        "pd.health": "健康信息",
        "pd.case": "办案和信访人员信息",
        "im.redhead": "红头文件图片",
        "im.seal": "印章图片",
    }
)

_CLOCKS: Mapping[Precision, str] = MappingProxyType(
    {Precision.DAY: "%Y-%m-%d", Precision.MINUTE: "%Y-%m-%d %H:%M"}
)


def moment(message: Message) -> str:
    """When it was sent, no finer than the export says."""
    if message.sent_at is None or message.precision is Precision.NONE:
        return f"{message.clock}（日期不详）" if message.clock else "时间不详"
    return message.sent_at.astimezone(SHANGHAI).strftime(_CLOCKS.get(message.precision, "%Y-%m-%d %H:%M:%S"))


def speaker(message: Message) -> str:
    """Chat, sender, time and number in the export, on one line."""
    sender = message.sender or message.sender_id or "（未署名）"
    return f"{message.chat.name or '（未命名会话）'} · {sender} · {moment(message)} · 第{message.number}条"


def place(hit: Hit) -> str:
    """Where a hit stands: message and file, as far as there are any."""
    piece = hit.piece
    parts = [speaker(piece.message)] if piece.message else []
    if not piece.message or piece.origin in (Origin.OCR, Origin.DOCUMENT, Origin.IMAGE):
        parts.append(piece.evidence.inner_path)
    return " · ".join([*parts, piece.spot or ORIGINS[piece.origin]])


def gaps(conversation: Conversation) -> list[str]:
    """What of a conversation was not there to be read, as far as anything was not."""
    coverage = conversation.coverage
    named = (
        ("图片缺 {} 张", coverage.images_missing),
        ("图片只有缩略图 {} 张", coverage.images_thumbnail),
        ("文件缺 {} 个", coverage.files_missing),
        ("语音 {} 条未听", coverage.voice),
        ("视频 {} 条未看", coverage.video),
        ("合并转发 {} 条只有摘要", coverage.forwards_summary),
        ("撤回 {} 条", coverage.recalled),
        ("跳过 {} 行", coverage.skipped_lines),
        ("乱码 {} 处", coverage.decode_replacements),
    )
    return [words.format(number) for words, number in named if number]


def pictures_left(progress: Progress) -> str:
    """How many pictures are still to be recognised and how long that takes; empty for none."""
    if not progress.pictures_left:
        return ""
    many = f"图片待识别 {progress.pictures_left:,} 张"
    if progress.left_s is None:
        return many
    minutes = progress.left_s / 60
    return f"{many}，预计还要 {minutes:.0f} 分钟" if minutes >= 1 else f"{many}，预计不到 1 分钟"


def summary(scan: Scan) -> str:
    """One sentence: what was scanned and what came of it."""
    seconds = (scan.ended_at - scan.started_at).total_seconds()
    pending = f"（其中 {scan.pending} 处待读：扫描中途停下，请再次扫描）" if scan.pending else ""
    found = "、".join(f"{OUTCOMES[Outcome(outcome)]} {number} 件" for outcome, number in counts(scan).items())
    return (
        f"扫描了 {scan.files} 个文件、{len(scan.conversations)} 个会话、{scan.messages} 条消息、"
        f"{scan.pieces} 段文字，用时 {seconds:.1f} 秒：{found}，未能读取 {len(scan.skipped)} 处{pending}。"
    )
