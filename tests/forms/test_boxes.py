"""Findings of one case → the words for the boxes of the form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from leakwatch.forms.boxes import Case, conduct, documents_and_levels, facts, remark, remedy
from leakwatch.forms.places import places
from leakwatch.model import (
    SHANGHAI,
    Chat,
    Clause,
    Conversation,
    Coverage,
    Evidence,
    Finding,
    Hit,
    Kind,
    Level,
    Message,
    Origin,
    Outcome,
    Precision,
    Reason,
    Rule,
    Scan,
    Skipped,
    TextPiece,
    digest,
)

NOON = datetime(2031, 5, 6, 12, 0, tzinfo=SHANGHAI)
AT = datetime(2031, 5, 4, 9, 12, 3, tzinfo=SHANGHAI)
GROUP = Chat(name="防汛群", platform="wechat", is_group=True)
OTHER = Chat(name="值班群", platform="wecom", is_group=True)
CLAUSE = Clause(document="微信使用保密管理工作规范", article="第四条（二）2")
NUMBER = "青办发〔2031〕45号"
OCR_TEXT = f"机密★10年\n{NUMBER}\n关于水库调度的通知"


def file(name: str, parent: str | None = None) -> Evidence:
    return Evidence(
        sha256=digest(name) * 2,
        size=1,
        name=name,
        inner_path=f"收件/{name}",
        path=Path(name),
        taken_at=NOON,
        parent=parent,
    )


EXPORT, PHOTO = file("防汛群.json"), file("1.jpg")
FIRST = Message(
    chat=GROUP,
    number=8,
    sender="王明远",
    text="[图片]",
    id="8808",
    sent_at=AT,
    precision=Precision.SECOND,
)
SECOND = Message(
    chat=OTHER,
    number=3,
    sender="陈雨",
    text="[图片]",
    sent_at=AT + timedelta(hours=1),
    precision=Precision.MINUTE,
    recalled=True,
)


def rule(kind: Kind, category: str, name: str) -> Rule:
    return Rule(id=category, name=name, kind=kind, category=category, score=0.9, clauses=(CLAUSE,))


STATE = rule(Kind.MARKING, "mk.state", "国家秘密标志")
SAID = rule(Kind.MARKING, "mk.said", "自称涉密")
NUMBERED = rule(Kind.DOCNUMBER, "dn.jiyao", "机要文号")
SHOWN = rule(Kind.IMAGE, "im.redhead", "红头文件图片")
STAFF = rule(Kind.WORKSECRET, "ws.hr", "机构人事")


def photo(words: str, rule: Rule, message: Message | None = FIRST) -> Hit:
    piece = TextPiece(text=OCR_TEXT, origin=Origin.OCR, evidence=PHOTO, message=message)
    start = OCR_TEXT.index(words)
    level = Level.JIMI if rule.kind is Kind.MARKING else None
    return Hit(
        rule=rule,
        piece=piece,
        start=start,
        end=start + len(words),
        reason=f"{rule.name}连写",
        level=level,
    )


def typed(text: str, rule: Rule) -> Hit:
    message = structs.replace(FIRST, text=text, number=9, id=None)
    piece = TextPiece(text=text, origin=Origin.MESSAGE, evidence=EXPORT, message=message)
    level = Level.JIMI if rule.kind is Kind.MARKING else None
    return Hit(rule=rule, piece=piece, start=0, end=len(text), reason=f"{rule.name}连写", level=level)


def found(document: str, *hits: Hit) -> Finding:
    return Finding(
        id=digest(document, hits[0].rule.id, hits[0].quote),
        rule=hits[0].rule,
        level=hits[0].level,
        score=0.9,
        outcome=Outcome.LEAD,
        document=document,
        reasons=(),
        hits=hits,
    )


MARK = found(NUMBER, photo("机密★10年", STATE), photo("机密★10年", STATE, SECOND))


def case(
    findings: Sequence[Finding],
    skipped: tuple[Skipped, ...] = (),
    conversations: tuple[Conversation, ...] = (),
) -> Case:
    scan = Scan(
        findings=tuple(findings),
        skipped=skipped,
        conversations=conversations,
        files=2,
        messages=9,
        pieces=9,
        rules_version="9f3c",
        started_at=NOON - timedelta(minutes=4),
        ended_at=NOON,
    )
    return Case(
        findings=tuple(findings),
        related=(),
        places=tuple(places(findings)),
        marked={Level.JIMI: 1},
        scan=scan,
        found_at=NOON,
    )


def test_the_conduct_names_channel_carrier_and_clause_and_leaves_the_law_to_people() -> None:
    assert conduct(case([MARK])) == (
        "微信群「防汛群」：在1处（图片）出现密级或内部标志字样。\n"
        "企业微信群「值班群」：在1处（图片）出现密级或内部标志字样。\n"
        "供对照的条款：《微信使用保密管理工作规范》第四条（二）2。\n"
        "是否构成泄密违规及其性质由人工依法认定，本栏不作定性。"
    )


def test_a_document_is_listed_once_with_number_mark_file_and_hash() -> None:
    number = found(NUMBER, photo(NUMBER, NUMBERED))
    assert documents_and_levels(case([MARK, number])) == (
        f"1. 文号{NUMBER}；原文写作“{NUMBER}”；标注为“机密★10年”；载体：图片；「1.jpg」sha256：{PHOTO.sha256}\n"
        "合计1件：机密1件。\n"
        "以上密级为载体标注或文字所称，密级未经核定。"
    )


def test_a_red_head_that_cannot_be_read_is_told_as_it_is_seen() -> None:
    text = "图片版式：红色标题、红色分隔线；文字无法辨读"
    piece = TextPiece(text=text, origin=Origin.IMAGE, evidence=PHOTO, message=FIRST)
    seen = Hit(rule=SHOWN, piece=piece, start=0, end=15, reason="版式")

    assert documents_and_levels(case([found(PHOTO.sha256, seen)])).splitlines()[0] == (
        f"1. 未见文号；未见密级标志；{text}；载体：图片；「1.jpg」sha256：{PHOTO.sha256}"
    )


def test_a_document_known_by_its_hash_alone_has_no_number() -> None:
    text = documents_and_levels(case([found(PHOTO.sha256, photo("机密★10年", STATE))]))
    assert text.startswith("1. 未见文号；标注为“机密★10年”；载体：图片；「1.jpg」sha256：")


@pytest.mark.parametrize(
    ("hit", "words"),
    [
        (typed("机密★10年", STATE), "标注为“机密★10年”；"),
        (typed("JM★10", STATE), "标注为“JM★10”（机密）；"),
        (typed("那份是机密件", SAID), "文字所称“那份是机密件”；"),
    ],
)
def test_a_level_is_given_as_marked_or_as_said(hit: Hit, words: str) -> None:
    assert words in documents_and_levels(case([found("甲", hit)]))


def test_documents_without_a_state_mark_are_counted_apart() -> None:
    other = found("青环请〔2031〕12号", typed("青环请〔2031〕12号", NUMBERED))
    assert "合计2件：机密1件，未见国家秘密标志1件。" in documents_and_levels(case([MARK, other]))


def test_words_that_are_no_document_are_listed_apart_and_not_counted() -> None:
    assert documents_and_levels(case([found("甲", typed("二把手另有任用", STAFF))])) == (
        "其他涉及内容：\n1. 机构人事：“二把手另有任用”（文字消息）\n以上密级为载体标注或文字所称，密级未经核定。"
    )


def test_the_facts_are_a_timeline_without_a_cause() -> None:
    assert facts(case([MARK])) == (
        "时间：见下列各项，均为北京时间；发送人为导出记录中的显示名称，未经核实。\n"
        "原因：（由人工填写）\n"
        "经过：\n"
        "1. 2031年5月4日09:12:03，微信群「防汛群」，“王明远”发送（第8条，消息编号8808）：图片「1.jpg」"
        f"（文字为自动识别）：“机密★10年 {NUMBER} 关于水库调度的通知”。\n"
        "2. 2031年5月4日10:12，企业微信群「值班群」，“陈雨”发送（第3条）：图片「1.jpg」"
        f"（文字为自动识别）：“机密★10年 {NUMBER} 关于水库调度的通知”。"
        "导出记录显示该消息已撤回。与第1项为同一文件。\n"
        "发现时间：2031年5月6日12:00。聊天记录的扫描和图片文字识别于2031年5月6日11:56开始、2031年5月6日12:00结束。"
    )


def test_a_file_without_a_message_stands_in_the_facts_by_its_place_in_the_drop() -> None:
    text = facts(case([found("甲", photo("机密★10年", STATE, None))]))
    assert "1. 时间未知，材料「收件/1.jpg」（未对应到消息）中：图片「1.jpg」" in text


def test_the_facts_are_capped_with_a_count_of_the_rest() -> None:
    many = [
        found(
            f"{n}号",
            replace(
                hit, piece=structs.replace(hit.piece, message=structs.replace(FIRST, number=n, text=f"{n}"))
            ),
        )
        for n in range(61)
        for hit in (typed("机密★10年", STATE),)
    ]
    assert "\n另有1项，见扫描结果\n" in facts(case(many))


def test_the_remedy_says_only_what_was_done() -> None:
    assert remedy(case([MARK])) == (
        "已对所涉文件计算校验值（请妥善保存原件，不要改动）：\n"
        f"1. 「1.jpg」sha256：{PHOTO.sha256}\n"
        "已列出待撤回消息1条：\n"
        "1. 微信群「防汛群」第8条，消息编号8808（2031年5月4日09:12:03）\n"
        "导出记录显示已撤回的消息1条。\n"
        "单位采取的措施：（由人工填写）"
    )


def test_the_remark_says_why_and_what_could_not_be_read() -> None:
    gaps = Conversation(
        chat=GROUP, format="weflow", declared=1200, parsed=1180, coverage=Coverage(images_missing=3, voice=5)
    )
    whole = Conversation(chat=OTHER, format="weflow", parsed=400)
    skipped = Skipped(
        evidence=EXPORT,
        name="附件.zip",
        reason=Reason.PASSWORD,
        detail="压缩包有密码，没有读取",
        message=FIRST,
    )
    assert remark(case([MARK], (skipped,), (whole, gaps))) == (
        "比对依据及标注异常：\n"
        "1. 国家秘密标志连写\n"
        "聊天记录的完整程度：\n"
        "1. 「防汛群」：导出文件声明1200条，实际读出1180条，消息不完整；3张图片缺失；5条语音未转写\n"
        "同一来源中未能读取的部分：\n"
        "1. 「附件.zip」：压缩包有密码，没有读取\n"
        "规则版本：9f3c\n"
        "本表由 leakwatch 依据导出的聊天记录自动起草，结论由人工填写。"
    )


def test_the_names_of_other_groups_and_files_of_the_same_drop_are_not_told() -> None:
    far = [
        Skipped(evidence=file(f"{n}.bin"), name=f"机密 {n}.bin", reason=Reason.DAMAGED, detail="坏了")
        for n in range(30)
    ]
    near = Skipped(
        evidence=file("x.zip"), name="x.zip", reason=Reason.PASSWORD, detail="有密码", message=FIRST
    )
    cut = Conversation(chat=OTHER, format="weflow", declared=10, parsed=4, coverage=Coverage(voice=5))
    alone = found(NUMBER, photo("机密★10年", STATE))
    assert remark(case([alone], (*far, near), (cut,))) == (
        "比对依据及标注异常：\n"
        "1. 国家秘密标志连写\n"
        "同一来源中未能读取的部分：\n"
        "1. 「x.zip」：有密码\n"
        "同批其他材料：1个会话消息不完整，30项未能读取，见扫描结果。\n"
        "规则版本：9f3c\n"
        "本表由 leakwatch 依据导出的聊天记录自动起草，结论由人工填写。"
    )


@pytest.mark.parametrize(
    ("evidence", "is_told"),
    [
        (PHOTO, True),
        (file("内页.jpg", PHOTO.sha256), True),
        (file("收件.zip"), True),
        (file("别的.jpg", file("收件.zip").sha256), False),
    ],
)
def test_what_is_unread_of_a_file_of_the_case_or_of_its_archive_is_told(
    evidence: Evidence, is_told: bool
) -> None:
    held = replace(PHOTO, parent=file("收件.zip").sha256)
    hit = typed("机密★10年", STATE)
    alone = found(NUMBER, replace(hit, piece=structs.replace(hit.piece, evidence=held, message=None)))
    skipped = Skipped(evidence=evidence, name="一部分", reason=Reason.DAMAGED, detail="坏了")
    assert ("1. 「一部分」：坏了" in remark(case([alone], (skipped,)))) is is_told


def test_what_is_unread_in_the_cases_own_chat_is_capped() -> None:
    near = [
        Skipped(evidence=file(f"{n}"), name=f"{n}.jpg", reason=Reason.DAMAGED, detail="坏了", message=FIRST)
        for n in range(31)
    ]
    assert "\n20. 「19.jpg」：坏了\n另有11项，见扫描结果\n" in remark(case([MARK], tuple(near)))
