"""Marks are told from talk about marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest

from leakwatch.findings import LEAD
from leakwatch.model import SHANGHAI, Chat, Evidence, Hit, Level, Mark, Message, Origin, TextPiece
from leakwatch.scanners import Matcher

Hits = Callable[..., list[Hit]]


def _marks(found: list[Hit]) -> list[tuple[str, str, Level | None]]:
    return [(hit.rule.id, hit.quote, hit.level) for hit in found if hit.rule.id.startswith("mk.state")]


@pytest.mark.parametrize(
    ("text", "quote", "level"),
    [
        ("机密★1年", "机密★1年", Level.JIMI),
        ("秘 密★10年", "秘 密★10年", Level.MIMI),
        ("秘　密 ★ １０ 年 特急", "秘　密 ★ １０ 年", Level.MIMI),
        ("首页标着機密☆十年，收好", "機密☆十年", Level.JIMI),
        ("绝密★长期", "绝密★长期", Level.JUEMI),
        ("机密★", "机密★", Level.JIMI),
        ("秘密级★5年 关于点位的通知", "秘密级★5年", Level.MIMI),
        ("机密*5年", "机密*5年", Level.JIMI),
        ("秘密★2031年5月6日", "秘密★2031年5月6日", Level.MIMI),
        ("机\u200b密★3个月", "机\u200b密★3个月", Level.JIMI),
        ("机.密★3年", "机.密★3年", Level.JIMI),
        ("机(jī)密★5年", "机(jī)密★5年", Level.JIMI),
        ("机密(jīmì)★5年", "机密(jīmì)★5年", Level.JIMI),
        ("机[捂脸]密★5年", "机[捂脸]密★5年", Level.JIMI),
        ("秘密\n★5年", "秘密\n★5年", Level.MIMI),
        ("秘密★至2030年6月", "秘密★至2030年6月", Level.MIMI),
    ],
)
def test_a_level_with_separator_and_term_is_a_mark(hits: Hits, text: str, quote: str, level: Level) -> None:
    assert _marks(hits(text)) == [("mk.state.term", quote, level)]


@pytest.mark.parametrize("text", ["绝密★启用前", "绝密★启用前\n一、选择题", "绝密女启用前", "绝密 考试前"])
def test_a_paper_that_is_not_in_use_yet_bears_a_mark_of_its_own(hits: Hits, text: str) -> None:
    assert [(rule, level) for rule, _, level in _marks(hits(text))] == [("mk.state.exam", Level.JUEMI)]


@pytest.mark.parametrize(
    ("text", "quote", "level"),
    [
        ("机密10年", "机密10年", Level.JIMI),
        ("秘密 3 年 关于储备点的函", "秘密 3 年", Level.MIMI),
        ("左上角“机密（长期）”黑体三号", "机密（长期）", Level.JIMI),
        ("封面定的秘密五年", "秘密五年", Level.MIMI),
        ("右下角：秘密　至2031年6月30日　总布置", "秘密　至2031年6月30日", Level.MIMI),
        ("机密二十年", "机密二十年", Level.JIMI),
        ("绝密30年\n青石市接待方案", "绝密30年", Level.JUEMI),
        ("《物资库布局（秘密，10年）》", "秘密，10年", Level.MIMI),
        ("那栏写的“机密级，十年”", "机密级，十年", Level.JIMI),
        ("省里回函定的机密，十年，内容就俩字", "机密，十年", Level.JIMI),
    ],
)
def test_level_and_term_are_a_mark_without_a_star(hits: Hits, text: str, quote: str, level: Level) -> None:
    assert _marks(hits(text)) == [("mk.state.plain", quote, level)]


@pytest.mark.parametrize(
    "text",
    [
        "这个秘密3年了没人知道",
        "藏了的秘密10年后才揭开",
        "绝密30年、机密20年、秘密10年，背下来",
        "保密法：绝密不超过三十年",
        "手机密码10年没换",
        "商业秘密3年",
        "守了这个秘密，10年没说",
        "他定的目标是机密，10年后再说",
    ],
)
def test_a_level_and_a_time_in_a_sentence_are_no_mark(hits: Hits, text: str) -> None:
    assert _marks(hits(text)) == []


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("资产标签 YL-0412 涉密笔记本 机密级 责任人 赵云山 存放 三楼", Level.JIMI),
        ("设备编号：042\n秘密\n责任人：李静", Level.MIMI),
    ],
)
def test_a_level_among_the_fields_of_a_label_is_a_mark(hits: Hits, text: str, level: Level) -> None:
    assert [hit.level for hit in hits(text) if hit.rule.id == "mk.state.label"] == [level]


@pytest.mark.parametrize(
    ("text", "signals"),
    [
        ("机密★20年 已解密", [["mark_lifted"]]),
        ("原来是机密★15年，划掉改成秘密★5年了", [["mark_changed"], []]),
        ("机密★20年", [[]]),
        ("机密★（以后再说）", [[]]),
        ("机密★后面再说", [["mark_in_talk"]]),
        ("像“机密★×年”这样", [["mark_in_talk"]]),
        ("《绝密★启用前》五人本", [["mark_titled"]]),
        ("《机密★10年》", [["mark_titled"]]),
        ("《储备方案》机密★10年", [[]]),
    ],
)
def test_what_was_seen_at_a_mark_is_named(hits: Hits, text: str, signals: list[list[str]]) -> None:
    assert [[signal.id for signal in hit.signals] for hit in hits(text) if hit.mark] == signals


def test_of_several_levels_on_one_carrier_the_gravest_says_so(hits: Hits) -> None:
    grave, light = (hit for hit in hits("机密★10年\n正文\n秘密★5年") if hit.mark)

    assert grave.mark is not None and light.mark is not None
    assert grave.mark.anomalies == ("同一载体上有机密、秘密几种密级，按最高的机密计",)
    assert light.mark.anomalies == ()


def test_a_term_that_had_run_out_when_it_was_sent_is_said(
    matcher: Matcher, keep: Callable[[str, bytes], Evidence]
) -> None:
    sent = datetime(2031, 5, 6, 9, 0, tzinfo=SHANGHAI)
    message = Message(
        chat=Chat(name="云岭区工作群", platform="wechat"), number=1, sender="王明远", text="", sent_at=sent
    )
    piece = TextPiece(
        text="秘密★至2030年1月1日", origin=Origin.MESSAGE, evidence=keep("a", b"a"), message=message
    )
    (hit,) = (hit for hit in matcher.match([piece]) if hit.mark)

    assert hit.mark == Mark(
        term="至2030年1月1日",
        until=date(2030, 1, 1),
        anomalies=("按所标期限已于2030-01-01届满，须核实是否已解密",),
    )


def _said(found: list[Hit]) -> set[str]:
    return {hit.rule.id for hit in found if hit.rule.category == "mk.said"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("那摞东西定的是绝密，你叫了个闪送", "mk.said.level"),
        ("上午收的那份是机密的，放你抽屉了", "mk.said.level"),
        ("封皮上写着绝密呢，咱几个看看", "mk.said.written"),
        ("右下角戳子盖的是秘密俩字", "mk.said.written"),
        ("别问份数，绝密的，全市就两本", "mk.said.bare"),
        ("标的机密，十年期", "mk.said.bare"),
        ("涉密的，别问来源，表在下一条", "mk.said.bare"),
        ("这份记录定密责任人核的秘密五年", "mk.said.level"),
        ("人家送来的时候说是绝密级，两个人跟着", "mk.said.level"),
        ("谁拿走了那本机密文件", "mk.said.paper"),
        ("三级里中间那级，拿的时候看着点", "mk.said.hint"),
        ("那本带角标的放门卫了", "mk.said.hint"),
        ("盖了帽子的那份，摘了再传", "mk.said.hint"),
        ("木字旁带个几，接着宝盖头，二十年", "mk.said.glyph"),
        ("比秘密高一级的那种", "mk.said.hint"),
        ("飞机的机，蜂蜜的蜜改个字，后头一颗星", "mk.said.glyph"),
        ("左上角两行我裁掉了才敢发", "mk.said.hidden"),
        ("“秘 密”那两个字切掉再发", "mk.said.written"),
        ("红章刻的是“机密”", "mk.said.written"),
        ("盖了涉密章的两页", "mk.said.written"),
        ("档案盒外面标了绝密二字", "mk.said.written"),
        ("图上右下角“秘密”没遮", "mk.said.written"),
        ("这是定了密的，回家再看", "mk.said.level"),
        ("刚才那张图涉密了，撤回", "mk.said.level"),
        ("红头带密级，我转成文字", "mk.said.level"),
        ("附的那张表是密的", "mk.said.level"),
        ("传一份标密的名册", "mk.said.paper"),
        ("密级文件我收藏了", "mk.said.paper"),
        ("那份带星的拿回家看", "mk.said.hint"),
        ("都说这个机密得很", "mk.said.word"),
        ("木几必★10年", "mk.said.starred"),
        ("首页剩个★五年，拍你", "mk.said.starred"),
        ("帽子上一颗五角星带个拾", "mk.said.hint"),
    ],
)
def test_who_says_that_a_carrier_is_classified_is_heard(hits: Hits, text: str, rule: str) -> None:
    assert rule in _said(hits(text))


@pytest.mark.parametrize(
    "text",
    [
        "冰箱贴写着“绝密配方”",
        "《机密档案馆》缺俩人",
        "三级台阶最高那级松了",
        "飞机的机翼结冰",
        "左上角的水印裁掉再发",
        "信封上写着秘书处收",
        "带星号的是必填项",
        "木字旁加个几念机，二年级生字",
        "带帽子的那件卫衣留着",
        "文件没定密，放心传",
        "这个不涉密了吧",
        "无密级文件走普通邮件",
        "保密章程修订稿",
        "手机密码谁改了",
        "《绝密飞行》好看",
        "小米★5年老店",
        "我家猫★5岁★绝育",
        "中间那一档风正好",
    ],
)
def test_words_that_sound_alike_say_nothing_of_a_carrier(hits: Hits, text: str) -> None:
    assert _said(hits(text)) == set()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("内部文件 严禁外泄", "mk.work.mark"),
        ("内部资料，请勿擅自复制", "mk.work.mark"),
        ("【工作秘密】干部监督科\n处理建议", "mk.work.mark"),
        ("水印打的“仅供内部参考”", "mk.work.label"),
        ("（内部掌握）测算.docx", "mk.work.label"),
        ("安置底数(仅供内部参考)_云岭.xlsx", "mk.work.mark"),
        ("内部传阅   份数：5\n调研要点", "mk.work.mark"),
        ("内部事项，就咱仨知道", "mk.work.mark"),
        ("商业秘密｜权利人：云岭药业", "mk.com.label"),
        ("（此件不予公开）", "mk.nopub.mark"),
        ("公开选项：不予公开", "mk.nopub.mark"),
        ("此件发至正科级", "mk.nopub.mark"),
        ("限县处级以上干部阅读", "mk.nopub.mark"),
        ("内部文件·阅后收回.pdf", "mk.work.mark"),
        ("内部材料，请勿带离会场", "mk.work.mark"),
        ("内部掌握\n一、南片 312户", "mk.work.mark"),
        ("核心商密▲5年", "mk.com.mark"),
        ("盛禾药业 商业秘密▲3年", "mk.com.mark"),
        ("【商业秘密】投标测算表", "mk.com.label"),
        ("看完各自删", "mk.cue.vanish"),
        ("三分钟我就撤", "mk.cue.vanish"),
        ("截🚫 转🚫，老规矩", "mk.cue.vanish"),
        ("封底小字“不予公开”我贴住了", "mk.nopub.mark"),
        ("名册换个名叫“菜单”发群里", "mk.cue.coded"),
        ("换人了，老大→邻县，老二→党校，老三不动", "mk.cue.coded"),
        ("老储关在老地方，手机都收了", "mk.cue.argot"),
        ("数都加了3，自己减回去", "mk.cue.coded"),
    ],
)
def test_other_restrictions_are_marks_too(hits: Hits, text: str, rule: str) -> None:
    assert rule in {hit.rule.id for hit in hits(text)}


@pytest.mark.parametrize(
    "text",
    [
        "内部装修停一天",
        "仅限内部员工优惠",
        "主动公开",
        "□予以公开 □部分公开 □不予公开",
        "核心商密管理办法",
        "普通商密和核心商密的区别",
        "内部使用说明书在抽屉里",
        "商业秘密三要素",
        "会我晚十五分钟，座签别撤",
    ],
)
def test_everyday_words_are_no_restriction(hits: Hits, text: str) -> None:
    families = {
        "mk.work.mark",
        "mk.work.label",
        "mk.nopub.mark",
        "mk.com.mark",
        "mk.com.label",
        "mk.cue.vanish",
    }

    assert families & {hit.rule.id for hit in hits(text)} == set()


@pytest.mark.parametrize(
    ("page", "rule"),
    [
        ("二、关于水源\n【秘密】备用井共五眼，分布在北滩一线。\n三、关于宣传", "mk.state.point"),
        ("【秘密】备用井共五眼，分布在北滩一线。", "mk.state.bracket"),
    ],
)
def test_a_level_before_a_paragraph_of_a_numbered_text_is_a_mark_of_its_own(
    hits: Hits, page: str, rule: str
) -> None:
    assert _marks(hits(page, Origin.DOCUMENT)) == [(rule, "【秘密】", Level.MIMI)]


def test_a_level_spaced_apart_at_the_head_of_a_page_stands_in_its_corner(hits: Hits) -> None:
    found = hits("            机  密\n战备桥梁登记\n竹山桥", Origin.OCR)

    assert "mark_corner" in {signal.id for hit in found for signal in hit.signals}


@pytest.mark.parametrize("stand_in", "太女妇友大文六犬")
def test_what_ocr_makes_of_the_star_still_separates(hits: Hits, stand_in: str) -> None:
    assert _marks(hits(f"机密{stand_in}10年\n云岭区文件", Origin.OCR)) == [
        ("mk.state.term", f"机密{stand_in}10年", Level.JIMI)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "手机密码是多少",
        "开机密码忘了",
        "主机密封圈换一个",
        "飞机密集起飞",
        "司机密切配合",
        "《秘密花园》第3章",
        "绝密飞行5月上映",
        "我们守着这个秘密10年了",
        "便秘密方",
        "密级分为绝密、机密、秘密三级",
        "标志形式为：绝密★、机密★、秘密★",
        "密级：□绝密 □机密 □秘密",
        "五星好评★★★★★",
        "商业秘密★★★",
    ],
)
def test_words_that_only_look_alike_are_no_marks(hits: Hits, text: str) -> None:
    assert _marks(hits(text)) == []


def test_a_level_alone_above_a_document_is_a_mark(hits: Hits) -> None:
    page = "000012\n机密\n特急\n云岭区生态环境局文件\n云环委〔2031〕8号\n关于开展专项检查的通知"

    assert _marks(hits(page, Origin.OCR)) == [("mk.state.head", "机密", Level.JIMI)]


@pytest.mark.parametrize("mark", ["机密*", "机密 ※", "机密·特急"])
def test_a_level_with_what_engines_make_of_a_star_is_a_mark_at_a_head(hits: Hits, mark: str) -> None:
    page = f"000012\n{mark}\n云岭区生态环境局文件\n关于开展专项检查的通知"

    (found,) = _marks(hits(page, Origin.OCR))

    assert (found[0], found[2]) == ("mk.state.head", Level.JIMI)


OTHER_SHEETS = (
    "监测和信息报送，严格请示报告\n工作推进不\n情况\n报送\n严格\n台账管理\n切实\n责任\n健全\n对\n部署\n"
)


@pytest.mark.parametrize(
    "below", ["丰泽县应急管理局文件", "丰应急〔2031〕8号", "部署\n加急\n丰泽县人民政府文件"]
)
def test_a_level_alone_is_a_mark_on_a_sheet_that_lies_on_others(hits: Hits, below: str) -> None:
    page = f"{OTHER_SHEETS}机密\n{below}\n关于开展专项检查的通知"
    assert _marks(hits(page, Origin.OCR)) == [("mk.state.head", "机密", Level.JIMI)]


@pytest.mark.parametrize(
    "page",
    [
        f"{OTHER_SHEETS}机密\n严禁用手机拍摄涉密文件\n保密工作基本要求",
        f"{OTHER_SHEETS}绝密\n机密\n秘密\n丰泽县应急管理局文件",
        f"{OTHER_SHEETS}机密\n关于开展专项检查的通知",
    ],
)
def test_a_level_among_other_words_without_a_head_below_is_no_mark(hits: Hits, page: str) -> None:
    assert _marks(hits(page, Origin.OCR)) == []


@pytest.mark.parametrize(
    ("page", "rule", "quote"),
    [
        ("机 密\n★\n10 年\n云岭区政府文件", "mk.state.term", "机 密\n★\n10 年"),
        ("机\n密\n★\n2\n0\n年\n云岭区政府办", "mk.state.term", "机\n密\n★\n2\n0\n年"),
        ("000012机密★1年特急\n云岭区委办公室文件", "mk.state.term", "机密★1年"),
        ("机密灭10年\n云岭区文件", "mk.state.term", "机密灭10年"),
        ("青石市人防办公室文件 机 密\n关于上报点位的通知", "mk.state.head", "机 密"),
    ],
)
def test_a_mark_that_a_photo_broke_is_one(hits: Hits, page: str, rule: str, quote: str) -> None:
    assert _marks(hits(page, Origin.OCR)) == [(rule, quote, Level.JIMI)]


def test_a_broken_mark_is_believed_on_photos_only(hits: Hits) -> None:
    assert _marks(hits("开机\n密★10年", Origin.MESSAGE)) == []


def test_levels_that_are_only_listed_are_no_marks_but_two_marks_are(hits: Hits) -> None:
    assert _marks(hits("绝密★、机密★和秘密★")) == []
    assert [quote for _, quote, _ in _marks(hits("机密★10年、秘密★5年各一份"))] == ["机密★10年", "秘密★5年"]


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isdigit() else c for c in text)


@pytest.mark.parametrize(
    "disguise",
    [
        lambda text: " ".join(text),
        lambda text: "\u3000".join(text),
        lambda text: "\u200b".join(text),
        lambda text: text.replace("机", "機").replace("绝", "絕").replace("秘", "祕"),
        _wide,
        lambda text: text.replace("★", "☆"),
        lambda text: text.replace("密", "密\ufe0f"),
    ],
)
@pytest.mark.parametrize("mark", ["机密★10年", "秘密★6个月", "绝密★长期", "绝密★启用前", "机密★2035年1月1日"])
def test_a_disguise_changes_neither_category_nor_level(
    hits: Hits, disguise: Callable[[str], str], mark: str
) -> None:
    plain = [(rule, level) for rule, _, level in _marks(hits(mark))]

    assert [(rule, level) for rule, _, level in _marks(hits(disguise(mark)))] == plain


@pytest.mark.parametrize("text", ["（机密）专项行动方案.docx", "机密_口岸.xlsx", "机密级点位.pdf"])
def test_a_level_in_a_file_name_is_a_mark(hits: Hits, text: str) -> None:
    (found,) = (hit for hit in hits(text, Origin.FILENAME) if hit.rule.id == "mk.state.filename")

    assert (found.level, found.score >= LEAD) == (Level.JIMI, True)


@pytest.mark.parametrize(("origin", "signals"), [(Origin.FILENAME, []), (Origin.MESSAGE, ["mark_in_talk"])])
def test_a_title_may_stand_right_behind_the_star_in_a_file_name(
    hits: Hits, origin: Origin, signals: list[str]
) -> None:
    (found,) = (hit for hit in hits("机密★港区测绘成果.wps", origin) if hit.mark)

    assert [signal.id for signal in found.signals] == signals


def test_a_restriction_on_the_carrier_weighs_more_than_one_that_is_spoken_of(hits: Hits) -> None:
    text = "仅供内部参考，第三稿"

    weights = [
        max(hit.score for hit in hits(text, origin) if hit.rule.id == "mk.work.label")
        for origin in (Origin.MESSAGE, Origin.OCR)
    ]

    assert weights == pytest.approx([0.6, 0.75])


def test_a_term_over_the_legal_maximum_is_said(hits: Hits) -> None:
    (mark,) = hits("秘密★30年")

    assert mark.mark == Mark(
        term="30年", months=360, anomalies=("期限30年超过秘密级最长10年的法定期限，标注有误，仍须报告",)
    )
    assert mark.reason.endswith("；期限30年超过秘密级最长10年的法定期限，标注有误，仍须报告")


def test_a_star_on_a_work_secret_is_said(hits: Hits) -> None:
    (mark,) = (hit for hit in hits("工作秘密★3年") if hit.rule.id == "mk.work.star")

    assert mark.level is Level.WORK
    assert mark.mark == Mark(term="3年", months=36, anomalies=("工作秘密不应使用★和密级期限，标注有误",))


@pytest.mark.parametrize(
    ("head", "rule", "level"),
    [
        ("机班★10年", "mk.state.term", Level.JIMI),
        ("通密★长期", "mk.state.term", None),
        ("机班", "mk.state.head", Level.JIMI),
        ("标密", "mk.state.head", Level.MIMI),
        ("绝地", "mk.state.head", None),
        ("机量★20年", "mk.state.term", Level.JIMI),
        ("结密★3年", "mk.state.term", None),
        ("标图★长期", "mk.state.term", Level.MIMI),
        ("图★5年", "mk.state.term", None),
    ],
)
def test_a_blurred_mark_on_a_photo_is_doubtful_and_never_the_gravest(
    hits: Hits, head: str, rule: str, level: Level | None
) -> None:
    page = f"000012\n{head}\n云岭区生态环境局文件\n关于青石水库点位的报告"
    (mark,) = [hit for hit in hits(page, Origin.OCR) if hit.rule.id.startswith("mk.state")]
    assert (mark.rule.id, mark.quote, mark.level, mark.is_doubtful) == (rule, head, level, True)
    assert mark.reason.endswith("密级待人工确认")


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("机电\n云岭区生态环境局文件\n关于青石水库点位的报告", Origin.OCR),
        ("机图\n今天真热", Origin.OCR),
        ("质保★3年\n今日特价\n送货上门", Origin.OCR),
        ("标图★5年\n云岭区生态环境局文件\n关于青石水库点位的报告", Origin.MESSAGE),
        ("机班上的同学\n云岭区生态环境局文件\n关于点位的报告", Origin.OCR),
        ("一\n二\n三\n四\n五\n六\n机班\n云岭区文件\n关于点位的报告\n通知", Origin.OCR),
        ("机班\n云岭区生态环境局文件\n关于青石水库点位的报告", Origin.MESSAGE),
    ],
)
def test_other_words_of_such_characters_are_no_mark(hits: Hits, text: str, origin: Origin) -> None:
    assert _marks(hits(text, origin)) == []


@pytest.mark.parametrize("origin", [Origin.OCR, Origin.DOCUMENT])
def test_a_mark_quoted_in_a_sentence_of_a_page_is_talk(hits: Hits, origin: Origin) -> None:
    found = hits("判新题：标有“绝密★30年”的文件可以通过普通快递寄送。", origin)

    assert _signals(found) == {"mark_in_talk"}


@pytest.mark.parametrize("page", ["“绝密★30年”", "密级：“绝密★30年”\n关于选址的请示"])
def test_a_quoted_mark_outside_of_sentences_is_one(hits: Hits, page: str) -> None:
    assert not _signals(hits(page, Origin.OCR))


def _signals(found: list[Hit]) -> set[str]:
    """Those of formal marks."""
    return {signal.id for hit in found if hit.rule.id == "mk.state.term" for signal in hit.signals}
