"""Hits are weighed by their surroundings and merged into facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from leakwatch import findings as findings_room
from leakwatch.cues import Cues
from leakwatch.findings import Weighed, merge
from leakwatch.model import (
    SHANGHAI,
    Chat,
    Evidence,
    Hit,
    Kind,
    Level,
    Message,
    Origin,
    Outcome,
    Rule,
    TextPiece,
    Window,
)

CHAT = Chat(name="工作群", platform="wechat")
RULE = Rule(
    id="mk.said.paper",
    name="谈到机密件",
    kind=Kind.MARKING,
    category="mk.said",
    score=0.4,
    near=(Window(terms=("看完删",), within=10, weight=0.4, why="要求删除"),),
    unless=(Window(terms=("培训",), within=10, weight=-0.3, why="是培训"),),
)
NUMBER = Rule(id="dn.jiyao", name="机要", kind=Kind.DOCNUMBER, category="dn.jiyao", score=0.9)


def weigh(hit: Hit, neighbours: str) -> Weighed:
    """The hit beside what was said around it."""
    cues = Cues([hit.rule])
    here, there = cues.look([hit.piece.text, neighbours])
    return findings_room.weigh(hit, here, there if neighbours else None)


@pytest.fixture
def say(keep: Callable[[str, bytes], Evidence]) -> Callable[..., Hit]:
    """A hit on the word 机密件 (or another) in a message or a file."""
    export = keep("群.txt", b"export")

    def hit(
        text: str, rule: Rule = RULE, word: str = "机密件", origin: Origin = Origin.MESSAGE, **changes: object
    ) -> Hit:
        message = Message(
            chat=CHAT,
            number=1,
            sender="王明远",
            text=text,
            sent_at=datetime(2031, 5, 6, 9, 0, tzinfo=SHANGHAI),
        )
        piece = TextPiece(text=text, origin=origin, evidence=export, message=message)
        start = text.index(word)
        whole = Hit(rule=rule, piece=piece, start=start, end=start + len(word), reason="命中")
        return replace(whole, **changes)  # type: ignore[arg-type]

    return hit


def test_each_weight_is_listed_with_its_reason(say: Callable[..., Hit]) -> None:
    weighed = weigh(say("机密件看完删"), "")

    assert (weighed.score, weighed.outcome) == (0.8, Outcome.LEAD)
    assert weighed.reasons == ("命中（0.40）", "要求删除（+0.40）")


def test_cues_count_only_within_their_distance(say: Callable[..., Hit]) -> None:
    assert weigh(say("机密件" + "一" * 20 + "看完删"), "").score == 0.4


def test_a_neighbouring_message_counts_less(say: Callable[..., Hit]) -> None:
    assert weigh(say("机密件"), "看 完 删").score == pytest.approx(0.72)


def test_talk_about_training_lowers(say: Callable[..., Hit]) -> None:
    assert weigh(say("培训：机密件"), "").outcome is Outcome.NOTE


def test_a_longer_phrase_that_raises_is_no_phrase_that_lowers(say: Callable[..., Hit]) -> None:
    rule = replace(
        RULE,
        near=(Window(terms=("还没公示",), weight=0.4, why="未公开", hushes=True),),
        unless=(Window(terms=("公示",), weight=-0.3, why="公开"),),
    )

    assert weigh(say("机密件还没公示", rule), "").reasons == ("命中（0.40）", "未公开（+0.40）")
    assert weigh(say("机密件公示", rule), "").outcome is Outcome.NOTE


def test_a_hit_that_is_part_of_a_lowering_word_is_lowered(say: Callable[..., Hit]) -> None:
    rule = replace(RULE, near=(), unless=(Window(terms=("机密件公告",), weight=-0.3, why="公开"),))

    assert weigh(say("机密件公告", rule), "").reasons == ("命中（0.40）", "公开（-0.30）")
    assert weigh(say("机密件", rule), "").reasons == ("命中（0.40）",)


def test_a_work_secret_without_a_hush_is_never_drafted(say: Callable[..., Hit]) -> None:
    weak, hush = (
        Window(terms=("局长",), weight=0.1, why="职务"),
        Window(terms=("别说",), weight=0.2, why="别说", hushes=True),
    )
    rule = replace(RULE, kind=Kind.WORKSECRET, category="ws.hr", score=0.8, near=(weak, hush), unless=())

    assert weigh(say("局长的机密件", rule), "").outcome is Outcome.REVIEW
    assert weigh(say("机密件先别说", rule), "").outcome is Outcome.LEAD


def test_what_stands_between_person_and_deed_lowers_too(say: Callable[..., Hit]) -> None:
    told = replace(RULE, id="pd.case", category="pd.case", kind=Kind.PERSONAL)

    assert weigh(say("证人在培训里是老李", told, "证人在培训里是老李"), "").score == 0.1


def test_surroundings_never_cancel_a_formal_mark(say: Callable[..., Hit]) -> None:
    assert weigh(say("培训：机密件", is_formal=True), "").outcome is Outcome.REVIEW


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("机密件甲乙丙丁戊己庚辛，培训", 0.45),
        ("机密件甲乙丙丁戊己庚辛。培训", 0.9),
        ("机密件甲乙丙丁戊己庚辛\n培训", 0.9),
        ("机密件甲乙丙丁戊己庚。培训讲", 0.45),
    ],
)
def test_one_word_of_another_sentence_does_not_lower_a_formal_mark(
    say: Callable[..., Hit], text: str, score: float
) -> None:
    window = Window(terms=("培训", "讲"), within=15, weight=-0.5, why="是培训")
    rule = replace(RULE, score=0.9, unless=(window,))

    assert weigh(say(text, rule, is_formal=True), "").score == score


@pytest.mark.parametrize(
    ("text", "score"), [("机密件\n值班一律双人", 0.9), ("值班一律双人，机密件不例外", 0.4)]
)
def test_one_word_of_the_text_does_not_lower_a_work_mark_on_a_line_of_its_own(
    say: Callable[..., Hit], text: str, score: float
) -> None:
    window = Window(terms=("一律",), within=15, weight=-0.5, why="是规定")
    rule = replace(RULE, id="mk.work.mark", category="mk.work", score=0.9, unless=(window,))

    assert weigh(say(text, rule), "").score == score


def test_the_same_message_of_two_exports_is_one_finding(say: Callable[..., Hit]) -> None:
    first, again = weigh(say("机密件"), ""), weigh(say("机密件"), "")

    (finding,) = merge([first, again])
    assert len(finding.hits) == 2
    assert finding.id == merge([first])[0].id


def test_a_quote_of_what_was_found_is_no_second_fact(say: Callable[..., Hit]) -> None:
    said = weigh(say("机密件"), "")
    answered = weigh(say("原话：机密件", origin=Origin.QUOTE), "")

    assert len(merge([said, answered])) == 1
    assert len(merge([answered])) == 1


def test_a_photo_is_told_by_its_content_not_by_who_posts_it(say: Callable[..., Hit]) -> None:
    one, other = say("机密件 甲", origin=Origin.OCR), say("机密件 乙", origin=Origin.OCR)

    assert len(merge([weigh(one, ""), weigh(other, "")])) == 1


def test_a_mark_and_the_number_beside_it_are_one_document(say: Callable[..., Hit]) -> None:
    text = "机密件 中办发〔2031〕45号"
    mark = weigh(say(text, level=Level.JIMI), "")
    number = weigh(say(text, NUMBER, "中办发〔2031〕45号", document="中办发〔2031〕45号"), "")

    assert {finding.document for finding in merge([mark, number])} == {"中办发〔2031〕45号"}


def test_of_two_marks_on_one_spot_the_stronger_stays(say: Callable[..., Hit]) -> None:
    strong = replace(RULE, id="mk.state.term", category="mk.state", score=0.97)
    weak = say("机密件")
    findings = merge([weigh(weak, ""), weigh(replace(weak, rule=strong), "")])

    assert [finding.rule.id for finding in findings] == ["mk.state.term"]


@pytest.mark.parametrize(("score", "kept"), [(0.8, "pd.roster"), (0.5, "pd.phone")])
def test_a_roster_covers_its_rows_unless_one_of_them_weighs_more(
    say: Callable[..., Hit], score: float, kept: str
) -> None:
    text = "网格员：张青 13812345678（举报人）"
    roster = replace(RULE, id="pd.roster", category="pd.roster", kind=Kind.PERSONAL, score=score)
    phone = replace(RULE, id="pd.phone", category="pd.phone", kind=Kind.PERSONAL, score=0.9)
    rows = say(text, roster, "张青 13812345678")
    row = replace(rows, rule=phone, start=rows.start + len("张青 "))

    assert [finding.rule.id for finding in merge([weigh(row, ""), weigh(rows, "")])] == [kept]


def test_the_gravest_comes_first(say: Callable[..., Hit]) -> None:
    strong = replace(RULE, category="mk.state", score=0.9)
    mild = weigh(say("看机密件甲", strong, level=Level.MIMI), "")
    grave = weigh(say("看机密件乙", strong, level=Level.JUEMI), "")

    assert [finding.level for finding in merge([mild, grave])] == [Level.JUEMI, Level.MIMI]


def test_the_pages_of_a_scanned_document_are_one_document(
    keep: Callable[[str, bytes], Evidence],
) -> None:
    pages = [
        TextPiece(text="机密件", origin=Origin.OCR, evidence=keep(f"{page}.png", page.encode()), whole="pdf")
        for page in ("1", "2")
    ]
    marks = [Hit(rule=RULE, piece=page, start=0, end=3, reason="命中") for page in pages]

    assert {finding.document for finding in merge([weigh(mark, "") for mark in marks])} == {"pdf"}


@pytest.mark.parametrize(
    ("picture_of", "outcome"), [("1.png", Outcome.LEAD), ("2.png", Outcome.REVIEW)], ids=["same", "other"]
)
def test_a_red_head_joins_the_mark_that_is_read_on_its_picture(
    keep: Callable[[str, bytes], Evidence], picture_of: str, outcome: Outcome
) -> None:
    marked, shown = (keep(name, name.encode()) for name in ("1.png", picture_of))
    mark = TextPiece(text="机密件", origin=Origin.OCR, evidence=marked)
    layout = TextPiece(text="图片版式：红色标题", origin=Origin.IMAGE, evidence=shown)
    strong = replace(RULE, category="mk.state", score=0.97)
    image = replace(RULE, id="im.redhead", kind=Kind.IMAGE, category="im.redhead", score=0.55)
    hits = [
        Hit(rule=strong, piece=mark, start=0, end=3, reason="命中"),
        Hit(rule=image, piece=layout, start=0, end=9, reason="命中"),
    ]

    findings = merge([weigh(hit, "") for hit in hits])

    assert [finding.outcome for finding in findings if finding.rule is image] == [outcome]
