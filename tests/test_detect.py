"""What becomes of whole messages: drafted, reviewed or only counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from leakwatch.detect import detect, judge
from leakwatch.findings import merge
from leakwatch.model import Chat, Evidence, Message, Origin, Outcome, Precision, Said, TextPiece
from leakwatch.scanners import Matcher


@pytest.fixture
def outcome(matcher: Matcher, keep: Callable[[str, bytes], Evidence]) -> Callable[[str], Outcome]:
    """The gravest outcome of a text."""

    def of(text: str) -> Outcome:
        findings = judge(text, matcher, keep("a", b"a"))
        return findings[0].outcome if findings else Outcome.NOTE

    return of


@pytest.mark.parametrize(
    "text",
    [
        "通知已下，机密★5年，培训方案在后面附着",
        "关于举办保密培训的通知 秘密★1年 下午三点开会",
        "网站公告发了没？机密★5年那份的链接别放上去",
        "机密★10年\n云岭区人民政府办公室\n关于做好防汛调度的通知",
        "1、（秘密）我区现有储备库三处，分别位于北部山区。",
        "公示链接在网站，低保复核：110105199003078713",
        "笑死，卡纸正好卡在机密★15年那行，剩下半张都是库容",
        "我儿子拿秘密★3年那份垫了桌脚，快来取",
        "秘密★1年 关于招聘面试题命制的说明，新闻稿别提",
        "封面有“机密★10年”字样，答案在最后一页",
        "麻将三缺一，老地方茶馆\n经济形势分析 机密★10年",
        "孩子小升初摇号没摇上，晚上喝点。测绘成果是机密★10年的，我发你",
        "密级：机密 期限：5年 春季演练保障方案",
        "低保户吴浩联系电话13912345678",
        "行政处罚当事人就是闵建国，欠的罚款他媳妇来交",
    ],
)
def test_no_word_beside_it_lowers_a_mark_or_a_checked_number(
    outcome: Callable[[str], Outcome], text: str
) -> None:
    assert outcome(text) is Outcome.LEAD


@pytest.mark.parametrize(
    "text",
    [
        "判断题：机密★20年的文件可以在家处理（ ）",
        "下列标注正确的是：\nA. 机密★20年\nB. 秘密★20年",
        "国家秘密标志形式为“密级★保密期限”，如机密★10年",
        "绝密★资料 考研押题 扫码领",
        "骗子发的假公函，左上角还印着机密★5年",
        "「秘密★3年」分三部分，★叫标识符，要考的",
        "闺女月考卷子抬头印着绝密★考试结束前",
        "剧本杀拼人！《绝密★启用前》五人本",
        "有密级的顶格写在左上第二行，像“机密★×年”这样",
        "演练用的假文件，封面写机密★10年",
        "麻将馆的抽奖券。追剧追到一集叫机密★10年",
    ],
)
def test_a_specimen_stays_a_matter_for_a_person(outcome: Callable[[str], Outcome], text: str) -> None:
    assert outcome(text) is Outcome.REVIEW


@pytest.mark.parametrize(
    "text",
    [
        "方案发群里了，大家提意见",
        "今天有居民投诉楼上噪音",
        "体检时间改到周三",
        "疫情期间记得戴口罩",
        "招标公告挂网了",
        "领导批了假条",
        "严禁用微信传机密级文件，请大家自查",
        "值班表\n5月1日 王明远 13812345678\n5月2日 李云 13912345678",
        "我们守着这个秘密十年了",
        "内部食堂周五停餐",
        "商业秘密三要件，采取保密措施排第三",
        "业委会换物业，底价每平一块八，先别跟老物业说",
        "招采公告编号QSCG-0417，3日开标，网上报名，预算150万元",
    ],
)
def test_ordinary_office_talk_is_only_counted(outcome: Callable[[str], Outcome], text: str) -> None:
    assert outcome(text) is Outcome.NOTE


def test_a_law_on_secrets_gives_notes_only(matcher: Matcher, keep: Callable[[str, bytes], Evidence]) -> None:
    text = "保密条例\n" + "\n".join(
        f"第{number}条　国家秘密分为绝密、机密、秘密三级。机密级文件应当依法保管；发生泄露、伤亡、举报的，"
        "由有关部门立案调查，依照本法给予处分，并不得公开举报人的姓名。"
        for number in ("十", "十一", "十二", "十三", "十四")
    )
    piece = TextPiece(text=text, origin=Origin.DOCUMENT, evidence=keep("法.txt", b"law"))

    assert {one.outcome for one in detect([piece], matcher, timedelta(0))} == {Outcome.NOTE}


def test_what_the_same_sender_said_beside_it_counts(
    matcher: Matcher, keep: Callable[[str, bytes], Evidence]
) -> None:
    export = keep("群.txt", b"x")

    def score(pieces: list[TextPiece]) -> float:
        return max(one.score for one in detect(pieces, matcher, timedelta(minutes=5)))

    secret, hush = _said(export, 1, "甲", "标底是420万"), _said(export, 2, "甲", "看完删")
    assert score([secret, hush]) > score([secret])
    assert score([secret, _said(export, 2, "乙", "看完删")]) == score([secret])


@pytest.mark.parametrize(
    ("first", "second", "sender", "outcome"),
    [
        ("云委密办〔2031〕", "9号", "甲", Outcome.LEAD),
        ("云委密办〔2031〕", "9号", "乙", Outcome.REVIEW),
        ("要的那份是中办发", "〔2031〕9号", "甲", Outcome.LEAD),
        ("要的那份是中办发", "〔2031〕9号", "乙", Outcome.NOTE),
        ("要的那份是青府规", "〔2031〕9号", "甲", Outcome.NOTE),
        ("明天开会", "〔2031〕9号", "甲", Outcome.NOTE),
    ],
)
def test_a_number_in_two_messages_of_one_sender_is_one(
    first: str,
    second: str,
    sender: str,
    outcome: Outcome,
    matcher: Matcher,
    keep: Callable[[str, bytes], Evidence],
) -> None:
    export = keep("群.txt", b"x")
    pieces = [_said(export, 1, "甲", first), _said(export, 2, sender, second)]

    found = merge(detect(pieces, matcher, timedelta(minutes=5)))
    assert (found[0].outcome if found else Outcome.NOTE) is outcome


@pytest.mark.parametrize(
    ("before", "word"),
    [*((before, "收到") for before in (0, 4_999, 5_000, 5_199, 5_200)), (201, "嗯" * 5_000)],
    ids=lambda value: str(value)[:6],
)
def test_it_does_not_matter_where_a_batch_is_cut(
    before: int, word: str, matcher: Matcher, keep: Callable[[str, bytes], Evidence]
) -> None:
    chat, export = Chat(name="群", platform="wechat"), keep("群.txt", b"x")
    said = [word] * before + ["看完删", "标底是420万", "看完删"]

    def piece(number: int, text: str) -> TextPiece:
        message = Message(chat=chat, number=number, sender="甲", text=text)
        return TextPiece(text=text, origin=Origin.MESSAGE, evidence=export, message=message)

    def reasons(pieces: list[TextPiece]) -> list[tuple[str, ...]]:
        return [one.reasons for one in detect(pieces, matcher, timedelta(minutes=5))]

    assert reasons([piece(number, text) for number, text in enumerate(said)]) == reasons(
        [piece(number, text) for number, text in enumerate(said[before:])]
    )


def test_what_was_said_around_a_hit_is_shown_with_it(
    matcher: Matcher, keep: Callable[[str, bytes], Evidence]
) -> None:
    export, group = keep("群.txt", b"a"), Chat(name="青石群", platform="wechat")
    pieces = [
        TextPiece(
            text="机密★10年" if number == 8 else f"第{number}句",
            origin=Origin.MESSAGE,
            evidence=export,
            message=Message(chat=group, number=number, sender="王明远", text=f"第{number}句"),
        )
        for number in range(1, 11)
    ]
    one = max(detect(pieces, matcher, timedelta()), key=lambda one: one.score)
    assert [said.text for said in one.hit.talk.before] == [f"第{number}句" for number in (3, 4, 5, 6, 7)]
    assert one.hit.talk.after == tuple(
        Said(sender="王明远", text=f"第{number}句", sent_at=None, precision=Precision.NONE)
        for number in (9, 10)
    )


def test_of_long_words_around_a_hit_the_beginning_is_kept(
    matcher: Matcher, keep: Callable[[str, bytes], Evidence]
) -> None:
    export = keep("群.txt", b"a")
    pieces = [_said(export, 1, "王明远", "汛" * 9000), _said(export, 2, "王明远", "机密★10年")]
    one = max(detect(pieces, matcher, timedelta()), key=lambda one: one.score)
    assert [said.text for said in one.hit.talk.before] == ["汛" * 500]


def test_halves_of_surrogate_pairs_around_a_hit_are_shown_as_question_marks(
    matcher: Matcher, keep: Callable[[str, bytes], Evidence]
) -> None:
    export = keep("群.txt", b"a")
    pieces = [_said(export, 1, "王\ud83d", "\ud83d汛"), _said(export, 2, "王明远", "机密★10年")]
    one = max(detect(pieces, matcher, timedelta()), key=lambda one: one.score)
    assert [(said.sender, said.text) for said in one.hit.talk.before] == [("王?", "?汛")]


def _said(export: Evidence, number: int, sender: str, text: str) -> TextPiece:
    message = Message(chat=Chat(name="群", platform="wechat"), number=number, sender=sender, text=text)
    return TextPiece(text=text, origin=Origin.MESSAGE, evidence=export, message=message)
