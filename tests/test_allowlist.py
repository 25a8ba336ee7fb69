"""What is allowed becomes a note that names who allowed it; nothing else is touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from msgspec import structs

from leakwatch.allowlist import fingerprint, is_covered, sift, too_broad, unused
from leakwatch.findings import Weighed
from leakwatch.model import SHANGHAI, Chat, Evidence, Hit, Kind, Message, Origin, Outcome, Rule, TextPiece
from leakwatch.rules.allowed import Allowed, Scope

TODAY = date(2031, 5, 6)
SHA256 = "d" * 64
RULE = Rule(id="mk.state.head", name="密级", kind=Kind.MARKING, category="mk.state", score=0.9)
EVIDENCE = Evidence(
    sha256=SHA256,
    size=1,
    name="a",
    inner_path="a",
    path=Path("a"),
    taken_at=datetime(2031, 5, 6, tzinfo=SHANGHAI),
)
CHAT = Chat(name="影迷群", platform="wechat")


def entry(scope: Scope, text: str, *applies_to: str) -> Allowed:
    """Allowed for good, as the loader would give it."""
    return Allowed(
        scope=scope,
        text=text,
        owner="区保密办",
        reason="片名",
        since=date(2031, 1, 1),
        expires=None,
        applies_to=frozenset(applies_to),
        folded=text,
    )


def hit(text: str, quote: str, document: str = "") -> Hit:
    """The rule on that part of the text, posted in a chat."""
    start = text.index(quote)
    message = Message(chat=CHAT, number=1, sender="甲", text=text)
    piece = TextPiece(text=text, origin=Origin.MESSAGE, evidence=EVIDENCE, message=message)
    return Hit(
        rule=RULE, piece=piece, start=start, end=start + len(quote), reason="有密级", document=document
    )


@pytest.mark.parametrize(
    ("scope", "allowed", "text", "quote", "expected"),
    [
        (Scope.WORD, "绝密营救", "昨晚看了绝密营救", "绝密", True),
        (Scope.WORD, "绝密营救", "昨晚看了《絕密营救》", "絕密", True),
        (Scope.WORD, "绝密营救", "绝密，营救方案在此", "绝密", False),
        (Scope.WORD, "绝密营救", "绝密\n营救方案", "绝密", False),
        (Scope.WORD, "绝密营救", "绝 密 营 救", "绝 密", False),
        (Scope.WORD, "绝密营救", "绝密营救之后是绝密", "绝密营救之后是绝密", False),
        (Scope.WORD, "绝密", "绝密文件", "绝密", False),
        (Scope.PHRASE, "绝密", "绝密文件", "绝密", True),
        (Scope.PHRASE, "严禁传送机密★文件", "通知：严禁传送机密★文件！", "机密★", True),
        (Scope.PHRASE, "严禁传送机密★文件", "通知：传送机密★文件！", "机密★", False),
    ],
)
def test_a_word_covers_what_is_shorter_and_a_phrase_what_is_inside(
    scope: Scope, allowed: str, text: str, quote: str, expected: bool
) -> None:
    assert is_covered(hit(text, quote), entry(scope, allowed)) is expected


def test_only_the_place_that_is_covered_is_allowed() -> None:
    text = "绝密营救好看，另外这份是绝密"
    first, second = hit(text, "绝密"), replace(hit(text, "绝密"), start=12, end=14)

    assert [is_covered(one, entry(Scope.WORD, "绝密营救")) for one in (first, second)] == [True, False]


@pytest.mark.parametrize(
    ("document", "expected"),
    [("云办〔2031〕3号", True), ("云办〔2031〕33号", False), ("青办〔2031〕3号", False), ("", False)],
)
def test_a_number_is_compared_without_its_brackets(document: str, expected: bool) -> None:
    number = replace(entry(Scope.NUMBER, "云办[2031] 3号"), folded="云办20313号")

    assert is_covered(hit("云办〔2031〕3号", "3号", document), number) is expected


def test_a_document_covers_its_pages_but_an_export_not_its_messages() -> None:
    said = hit("机密★10年", "机密")
    other = replace(EVIDENCE, sha256="e" * 64)
    page, picture = (
        replace(said, piece=piece)
        for piece in (
            TextPiece(text=said.piece.text, origin=Origin.DOCUMENT, evidence=EVIDENCE),
            TextPiece(text=said.piece.text, origin=Origin.OCR, evidence=other, whole=SHA256),
        )
    )
    document = entry(Scope.DOCUMENT, SHA256)

    assert [is_covered(one, document) for one in (said, page, picture)] == [False, True, True]


@pytest.mark.parametrize(
    ("name", "applies_to", "expected"),
    [
        ("影迷群", "mk.state", True),
        ("影迷群", "mk.state.head", True),
        ("影迷群", "ws.hr", False),
        ("影迷群二", "mk.state", False),
    ],
)
def test_a_group_covers_its_own_category_only(name: str, applies_to: str, expected: bool) -> None:
    assert is_covered(hit("绝密营救", "绝密"), entry(Scope.GROUP, name, applies_to)) is expected


def test_what_is_allowed_becomes_a_note_that_says_by_whom() -> None:
    film, paper = (
        Weighed(hit=hit(text, "绝密"), score=0.9, reasons=("有密级",)) for text in ("绝密营救", "绝密文件")
    )
    used, idle = entry(Scope.WORD, "绝密营救"), entry(Scope.WORD, "绝密追踪")
    sifted = sift([film, paper], [idle, used], TODAY)

    assert [one.outcome for one in sifted.weighed] == [Outcome.NOTE, Outcome.LEAD]
    assert sifted.weighed[0].reasons == ("有密级", "在白名单中：词语“绝密营救”（区保密办，长期），片名")
    assert sifted.weighed[1] == paper
    assert sifted.unused == ("词语“绝密追踪”（区保密办，长期）没有用到",)


def test_what_has_expired_or_not_begun_allows_nothing_and_is_said() -> None:
    film = Weighed(hit=hit("绝密营救", "绝密"), score=0.9, reasons=("有密级",))
    expired = replace(entry(Scope.WORD, "绝密营救"), expires=date(2031, 5, 5))
    future = replace(entry(Scope.PHRASE, "绝密营救"), since=date(2031, 5, 7))
    sifted = sift([film], [expired, future], TODAY)

    assert sifted.weighed == (film,)
    assert sifted.unused == (
        "词语“绝密营救”（区保密办，2031-05-05 到期）已经到期，没有放行",
        "语句“绝密营救”（区保密办，长期）还没有起用，没有放行",
    )


def reviewed(one: Hit, within: str = "", expires: date | None = None) -> Allowed:
    """What a reviewer leaves alone from now on."""
    looked_at = entry(Scope.CONTENT, one.quote, one.rule.category)
    return replace(looked_at, folded=fingerprint(one), within=within, expires=expires)


FILM = hit("昨晚看了绝密飞行", "绝密")


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (FILM, True),
        (hit("昨晚  看了絕密飛行！", "絕密"), True),
        (hit("昨晚看了绝密飞行，材料在绝密柜", "绝密"), False),
        (replace(FILM, start=4, end=8), False),
        (hit("昨晚看了机密飞行", "机密"), False),
        (replace(FILM, rule=replace(RULE, category="mk.said")), False),
    ],
)
def test_reviewed_content_is_known_by_its_words_and_rule(other: Hit, expected: bool) -> None:
    assert is_covered(other, reviewed(FILM)) is expected


def test_reviewed_content_of_a_file_is_known_by_the_file() -> None:
    page = TextPiece(text="机密★10年", origin=Origin.OCR, evidence=EVIDENCE, message=FILM.piece.message)
    on_page = replace(FILM, piece=page, start=0, end=6)
    other = replace(on_page, piece=structs.replace(page, evidence=replace(EVIDENCE, sha256="e" * 64)))
    assert [is_covered(one, reviewed(on_page)) for one in (on_page, other)] == [True, False]


@pytest.mark.parametrize(("within", "expected"), [("", True), ("影迷群", True), ("防汛群", False)])
def test_an_entry_may_apply_within_one_chat_only(within: str, expected: bool) -> None:
    assert is_covered(FILM, reviewed(FILM, within)) is expected


def test_reviewed_content_becomes_a_note_and_tells_where_it_applies() -> None:
    allowed = reviewed(FILM, "影迷群", date(2031, 8, 1))
    sifted = sift([Weighed(hit=FILM, score=0.9, reasons=())], [allowed], TODAY)
    assert sifted.weighed[0].reasons == (
        "在白名单中：已核内容“绝密”（区保密办，2031-08-01 到期，限“影迷群”），片名",
    )
    assert FILM.piece.message is not None
    assert sifted.uses == {allowed: {FILM.piece.message.key}}


def test_reviewed_content_that_lies_in_other_chats_is_not_told_by_a_scan() -> None:
    idle, expired = reviewed(FILM), reviewed(FILM, expires=date(2031, 5, 5))
    assert sift([], [idle, expired], TODAY).unused == (
        "已核内容“绝密”（区保密办，2031-05-05 到期）已经到期，没有放行",
    )
    assert list(unused([idle], {}, TODAY)) == ["已核内容“绝密”（区保密办，长期）没有用到"]


def test_what_covers_more_than_anybody_has_looked_at_is_told() -> None:
    wide, narrow = entry(Scope.WORD, "绝密飞行"), entry(Scope.WORD, "绝密营救")
    group = entry(Scope.GROUP, "影迷群", "mk.state")
    many = frozenset(map(str, range(21)))
    assert list(too_broad({wide: many, narrow: frozenset("ab"), group: frozenset("a")})) == [
        "词语“绝密飞行”（区保密办，长期）放行了21处，范围可能过宽，请核对",
        "群“影迷群”（区保密办，长期）不看内容即放行了1处，请核对",
    ]
