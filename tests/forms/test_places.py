"""Hits → places: once a message, in time order, with words for where, when and what."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from leakwatch.forms.places import (
    channel,
    document_of,
    key_of,
    moment,
    one_line,
    places,
    posted,
    quote,
    reference,
)
from leakwatch.model import (
    SHANGHAI,
    Attachment,
    AttachmentKind,
    Chat,
    Evidence,
    Finding,
    Hit,
    Kind,
    Message,
    MessageKind,
    Origin,
    Outcome,
    Precision,
    Rule,
    TextPiece,
    digest,
)

AT = datetime(2031, 5, 4, 9, 12, 3, tzinfo=SHANGHAI)
GROUP = Chat(name="青石市防汛联络群", platform="wechat", is_group=True)
RULE = Rule(id="mk.state", name="密级标志", kind=Kind.MARKING, category="mk.state", score=0.9)


def file(name: str) -> Evidence:
    return Evidence(
        sha256=digest(name) * 2, size=1, name=name, inner_path=f"收件/{name}", path=Path(name), taken_at=AT
    )


def said(number: int, at: datetime | None = AT, precision: Precision = Precision.SECOND) -> Message:
    return Message(
        chat=GROUP, number=number, sender="王明远", text=f"第{number}条", sent_at=at, precision=precision
    )


def hit(text: str, words: str, message: Message | None = None, origin: Origin = Origin.MESSAGE) -> Hit:
    piece = TextPiece(text=text, origin=origin, evidence=file("1.jpg"), message=message)
    start = text.index(words)
    return Hit(rule=RULE, piece=piece, start=start, end=start + len(words), reason="★标志")


def found(*hits: Hit) -> Finding:
    return Finding(
        id="甲",
        rule=RULE,
        level=None,
        score=0.9,
        outcome=Outcome.LEAD,
        document="甲",
        reasons=(),
        hits=hits,
    )


@pytest.mark.parametrize(
    ("at", "precision", "words"),
    [
        (AT, Precision.MILLISECOND, "2031年5月4日09:12:03"),
        (AT, Precision.SECOND, "2031年5月4日09:12:03"),
        (AT.astimezone(UTC), Precision.SECOND, "2031年5月4日09:12:03"),
        (AT, Precision.MINUTE, "2031年5月4日09:12"),
        (AT, Precision.DAY, "2031年5月4日（时刻未知）"),
        (AT, Precision.NONE, "时间未知"),
        (None, Precision.NONE, "时间未知"),
        (None, Precision.SECOND, "时间未知"),
    ],
)
def test_a_moment_says_no_more_than_the_export(at: datetime | None, precision: Precision, words: str) -> None:
    assert moment(said(1, at, precision)) == words


@pytest.mark.parametrize(
    ("platform", "name", "words"),
    [
        ("wechat", "防汛群", "微信群「防汛群」"),
        ("qq", "防汛群", "QQ群「防汛群」"),
        ("wecom", "防汛群", "企业微信群「防汛群」"),
        ("other", "防汛群", "聊天群「防汛群」"),
        ("dingtalk", " ", "钉钉群（导出文件未载名称）"),
        ("wechat", "a\u202eb\nc", "微信群「ab c」"),
    ],
)
def test_a_channel_is_platform_and_group(platform: str, name: str, words: str) -> None:
    assert channel(structs.replace(said(1), chat=Chat(name=name, platform=platform, is_group=True))) == words


def test_a_file_without_message_has_no_channel() -> None:
    assert channel(None) == "未对应到消息的文件"


def test_a_message_is_referred_to_by_number_and_the_exporters_id() -> None:
    assert [reference(said(7)), reference(structs.replace(said(7), id="8807"))] == [
        "第7条",
        "第7条，消息编号8807",
    ]


def test_places_stand_in_time_order_with_unknown_times_and_loose_files_last() -> None:
    late, early, never = said(1, AT + timedelta(hours=1)), said(2), said(3, None, Precision.NONE)
    hits = [hit("机密", "机密", message) for message in (None, never, late, early)]
    assert [place.message for place in places([found(*hits)])] == [early, late, never, None]


def test_hits_of_one_message_are_one_place() -> None:
    (place,) = places([found(hit("机密", "机密", said(1))), found(hit("密件", "密件", said(1)))])
    assert [one.quote for one in place.hits] == ["机密", "密件"]


def photo(number: int, text: str = "", *, id: str | None = None, path: str = "", md5: str = "") -> Message:
    attachments = (
        Attachment(kind=AttachmentKind.IMAGE, name="图片.jpg" if path else "", path=path, md5=md5),
    )
    return structs.replace(said(number), text=text, kind=MessageKind.IMAGE, id=id, attachments=attachments)


def key(message: Message) -> str:
    return key_of(hit("机密", "机密", message, Origin.OCR).piece)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (photo(1), photo(2)),
        (photo(1, " \n"), photo(2, " \n")),
        (photo(1, "[图片]"), photo(2, "[图片]")),
        (photo(1, id="8807"), photo(2, id="8808")),
        (photo(1, path="图/图片.jpg"), photo(2, path="图/2/图片.jpg")),
        (photo(1, path="图片.jpg", md5="0a"), photo(2, path="图片.jpg", md5="0b")),
        (
            structs.replace(photo(1), kind=MessageKind.OTHER, attachments=()),
            structs.replace(photo(2), attachments=()),
        ),
        (photo(1), said(1)),
    ],
)
def test_photos_of_one_second_are_told_apart(one: Message, other: Message) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (photo(1, id="8807"), photo(9, id="8807")),
        (photo(1, path="图片.jpg"), photo(9, path="图片.jpg")),
        (structs.replace(said(1), id="8807"), structs.replace(said(1), number=9)),
        (structs.replace(said(1), precision=Precision.MINUTE), structs.replace(said(1), number=9)),
    ],
)
def test_overlapping_exports_of_a_message_meet(one: Message, other: Message) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("inner_path", "document"),
    [
        ("收件/通知.pdf!第1页.png", "whole"),
        ("收件/群.zip!通知.DOCX!image1.png", "whole"),
        ("收件/公文.ofd!第1页.png", "whole"),
        ("收件/表.xlsm!image1.png", "whole"),
        ("收件/聊天记录.eml!1.png", None),
        ("收件/聊天记录.msg!1.png", None),
        ("收件/网页.mht!1.png", None),
        ("收件/网页.html!1.png", None),
        ("收件/图片.zip!1.png", None),
        ("收件/通知.pdf", None),
    ],
)
def test_pages_belong_to_documents_but_not_to_mails_archives_or_web_pages(
    inner_path: str, document: str | None
) -> None:
    assert document_of(replace(file("1.png"), inner_path=inner_path, parent="whole")) == document


def test_a_recall_in_one_export_counts_for_the_message_of_the_other() -> None:
    shown, recalled = (
        hit("机密", "机密", said(1)),
        hit("机密", "机密", structs.replace(said(1), recalled=True)),
    )
    (place,) = places([found(shown), found(recalled)])
    assert place.is_recalled


def test_an_excerpt_keeps_at_most_200_characters_around_a_quote() -> None:
    text = "水" * 5_000 + "机密★10年" + "库" * 5_000
    (place,) = places([found(hit(text, "机密★10年", said(1)))])
    assert posted(place) == f"文字消息：“…{'水' * 40}机密★10年{'库' * 40}…”"


def test_a_quote_beyond_200_characters_is_cut() -> None:
    long = "密" * 1_000
    (place,) = places([found(hit(long, long, said(1)))])
    assert posted(place) == f"文字消息：“{'密' * 199}…”"
    assert quote(place.hits[0]) == "密" * 199 + "…"


def test_hits_close_together_share_an_excerpt() -> None:
    text = "机密★10年 青办发〔2031〕45号"
    (place,) = places([found(hit(text, "机密★10年", said(1)), hit(text, "青办发〔2031〕45号", said(1)))])
    assert posted(place) == f"文字消息：“{text}”"


def test_more_hits_than_fit_are_counted() -> None:
    text = "机密" + "。" * 100 + "机密" + "，" * 100 + "机密" + "、" * 100 + "机密"
    starts = [0, 102, 204, 306]
    hits = [replace(hit(text, "机密", said(1)), start=start, end=start + 2) for start in starts]
    (place,) = places([found(*hits)])
    assert posted(place).endswith("”等4处")


def test_a_picture_is_named_and_its_text_called_recognised() -> None:
    (place,) = places([found(hit("机密★10年", "机密★10年", said(1), Origin.OCR))])
    assert posted(place) == "图片「1.jpg」（文字为自动识别）：“机密★10年”"


def test_a_forwarded_message_says_where_it_stood() -> None:
    inner = hit("机密★10年", "机密★10年", said(1), Origin.FORWARD)
    (place,) = places([found(replace(inner, piece=structs.replace(inner.piece, spot="转发第2条")))])
    assert posted(place) == "转发的聊天记录（转发第2条）：“机密★10年”"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("机\u200b密\x00\n\t件", "机密 件"),
        ("\ud800机密", "机密"),
        ("{{ 7*7 }}<w:p>", "{{ 7*7 }}<w:p>"),
        ("长" * 500, "长" * 119 + "…"),
        ("\u200b" * 50_000 + "密", "…"),
        ("", ""),
    ],
)
def test_strangers_words_come_out_on_one_short_line(text: str, words: str) -> None:
    assert one_line(text) == words


@pytest.mark.parametrize(("is_group", "words"), [(False, "QQ私聊「周文」"), (None, "QQ会话「周文」")])
def test_no_chat_is_called_a_group_unless_the_export_says_so(is_group: bool | None, words: str) -> None:
    assert (
        channel(structs.replace(said(1), chat=Chat(name="周文", platform="qq", is_group=is_group))) == words
    )


def test_a_clock_without_a_date_is_told_as_written() -> None:
    message = structs.replace(said(1), sent_at=None, precision=Precision.TIME_ONLY, clock="9:05:00 AM")

    assert moment(message) == "9:05:00 AM（日期未知）"
