"""Disguised key words come out in plain writing; words that only look so stay what they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Evidence, Origin, TextPiece
from leakwatch.rules import RuleBook
from leakwatch.scanners.disguises.disguise import Disguises
from leakwatch.scanners.disguises.unmasked import Unmasked
from leakwatch.text import fold_each, tight


@pytest.fixture(scope="module")
def disguises(book: RuleBook) -> Disguises:
    """The words of the shipped list."""
    return Disguises(book.disguised)


@pytest.fixture
def unmask(disguises: Disguises, keep: Callable[[str, bytes], Evidence]) -> Callable[..., Unmasked]:
    """One text, folded as the sieve does."""

    def of(text: str, origin: Origin = Origin.MESSAGE) -> Unmasked:
        ((folded, _),) = fold_each([text])
        piece = TextPiece(text=text, origin=origin, evidence=keep("a", b"a"))
        tightened = tight(text).text
        seen = {literal for literal in disguises.literals if literal in tightened}
        return next(disguises.unmask([(piece, folded, seen)]))

    return of


def seen(unmasked: Unmasked) -> list[tuple[str, list[str], bool]]:
    """Word, ways and certainty of each disguise."""
    return [(one.reading.word.word, sorted(one.reading.ways), one.is_sure) for one in unmasked.disguises]


@pytest.mark.parametrize(
    ("text", "word", "way"),
    [
        ("封面标着木几必山★20年", "机密", "split"),
        ("木 几 宀 必 山 ★ 20 年", "机密", "split"),
        ("丝色宓 启用前 的卷子", "绝密", "split"),
        ("禾必 ★ 3 年，打字打不全", "秘密", "split"),
        ("请勿夕卜传", "请勿外传", "split"),
        ("内部资米斗 注意保管", "内部资料", "split"),
        ("㊙️五年，水闸电源", "秘密", "seal"),
        ("机㊙件在我包里", "机密", "seal"),
        ("㊙级材料在柜里", "秘密", "seal"),
        ("机mi★10年", "机密", "pinyin"),
        ("m.i.m.i*5n 的那本册子", "秘密", "pinyin"),
        ("JIMI★15年", "机密", "pinyin"),
        ("mì mì★2年，收文章已盖", "秘密", "pinyin"),
        ("机👉密★10年", "机密", "gap"),
        ("机1密★10年", "机密", "gap"),
        ("机/密★1 0年", "机密", "gap"),
        ("机*\n*密\n★10年", "机密", "gap"),
        ("密　　级：机密\n保密期限：20年", "密级", "gap"),
        ("秘 密 10年", "秘密", "gap"),
        ("中扌办发〔2024〕18号", "中办发", "gap"),
        ("zhong ban fa 2021 7 hao", "中办发", "pinyin"),
        ("陇委zu〔2030〕3号", "委组", "pinyin"),
        ("禾必、宀必山，五年头，正文在我这", "秘密", "split"),
        ("木几，宀必山★五年", "机密", "split"),
        ("机蜜★10年", "机密", "sound"),
        ("杌密★10年", "机密", "shape"),
        ("秘.m!.★.伍年 底册", "秘密", "pinyin"),
        ("云委fa电(2O31)1十1号", "发电", "pinyin"),
        ("秘mi★5年", "秘密", "pinyin"),
        ("密机★10年，倒着念", "机密", "reversed"),
        ("年十★密机，懂了吧", "机密", "reversed"),
        ("密机★年十，倒着念", "机密", "reversed"),
        ("禾必宀心山★3年", "秘密", "split"),
        ("那份机\n密★10年", "机密", "gap"),
        ("机，密★10年", "机密", "gap"),
        ("封面写着绝~密，我遮了", "绝密", "gap"),
        ("厅！字〔2031〕46号", "厅字", "gap"),
        ("（中）（发）〔2031〕8号", "中发", "gap"),
        ("密[捂脸]电【2031】2号", "密电", "gap"),
        ("云委\n组〔2031〕3号", "委组", "gap"),
        ("依申请gongkai的那个，正文先给你", "依申请公开", "pinyin"),
        ("发至县团ji，看完收", "发至县团级", "pinyin"),
    ],
)
def test_a_writing_that_means_nothing_else_is_sure(
    unmask: Callable[..., Unmasked], text: str, word: str, way: str
) -> None:
    assert seen(unmask(text)) == [(word, [way], True)]


@pytest.mark.parametrize(
    ("text", "word", "way"),
    [
        ("鸡蜜☆拾年，传完收走", "机密", "sound"),
        ("桌上那份鸡米的谁收走了", "机密", "sound"),
        ("鸡蜜五角星拾年，正文七页", "机密", "sound"),
        ("机蜜十年的那本，晚上翻拍", "机密", "sound"),
        ("封面写着“几米★10年”，第一页红头", "机密", "sound"),
        ("🐔🍯的件刚到，校长签收了", "机密", "shape"),
        ("这份是觅觅级，就印了八份，我拍了三页给你", "秘密", "sound"),
        ("🐔🔒⭐8🈶年那份收好", "机密", "shape"),
        ("附件是mì☆3Y，拍你", "秘密", "initial"),
        ("射蜜那摞图我扫了，看完删", "涉密", "sound"),
        ("juemi的到了，封皮拍你", "绝密", "pinyin"),
        ("几宓级，按普通件走", "机密", "sound"),
        ("绝祕🌟长期", "绝密", "sound"),
        ("JM 10年，红头那份", "机密", "initial"),
        ("J M ★ 10年，红头首页", "机密", "initial"),
        ("Ⓙ Ⓜ ✪ 10 年", "机密", "initial"),
        ("中B·F2031·0045", "中办发", "initial"),
        ("秘M件看完删", "秘密", "initial"),
        ("NB资料，懂的都懂", "内部资料", "initial"),
        ("首页顶上标 ji mi 15年，一共印12份", "机密", "pinyin"),
        ("老任抱走那摞是jué mì的", "绝密", "pinyin"),
        ("J1MI-15N_首页", "机密", "pinyin"),
        ("肉部文件传阅，看完删", "内部文件", "shape"),
        ("密绝，长期，倒着读", "绝密", "reversed"),
        ("厅z〔2030〕3号", "厅字", "initial"),
        ("机x密件拍给你", "机密", "gap"),
        ("封面写着绝x密，我遮了", "绝密", "gap"),
        ("封面写着JM，我遮了", "机密", "initial"),
        ("密绝文件我扫描了发你", "绝密", "reversed"),
        ("钟伴罚〔2031〕6号", "中办发", "sound"),
        ("青委阻〔2031〕2号", "委组", "sound"),
        ("中为犮【2031】217号", "中办发", "shape"),
        ("觅密的，红头", "秘密", "sound"),
        ("青尾阻〔2031〕2号", "委组", "sound"),
        ("工做秘蜜 不要外传", "工作秘密", "sound"),
        ("JM文件在我这，要看的私我", "机密", "initial"),
        ("文件左上角绝密20载", "绝密", "term"),
        ("机密十nian\n关于储备点的通知", "机密", "term"),
        ("秘密 期限５Y，红头那份", "秘密", "term"),
        ("青委寻〔2031〕2号", "委巡", "sound"),
    ],
)
def test_what_only_sounds_or_looks_so_is_doubtful(
    unmask: Callable[..., Unmasked], text: str, word: str, way: str
) -> None:
    assert seen(unmask(text)) == [(word, [way], False)]


@pytest.mark.parametrize(
    "text",
    [
        "那本几米的绘本谁借走了",
        "那份咪咪的简历在桌上",
        "新房要几米宽的柜子，文件放得下",
        "这本书是几米★3年前画的",
        "小米★5年老店",
        "我家住射蜜湖那边",
        "必，山上见",
        "我家猫叫咪咪★5岁★绝育",
        "蜜蜜10年店庆，第二杯半价",
        "咪咪文件袋买两个",
        "我家🐔🐤的窝该扫了",
        "蜜蜜级别的甜",
        "鸡米花还剩两盒",
        "蜜蜂文件夹，红头文件用的",
        "秘书处文件已发，机要室来领",
        "这台手机密封件换了",
        "有机密植苹果示范园",
        "涉及文件资料及密级照说明填",
        "以及密件登记簿",
        "MM们周六徒步记得防晒",
        "MM★3年陪伴，谢谢大家安慰",
        "10MM文件夹要两百个",
        "JM-20轴承四个，签收单在门卫",
        "JM论坛打不开",
        "NB的资料啊",
        "jimi2010年建的老号",
        "jimi和mimi俩双胞胎今天来单位",
        "拼音作业：jī mì 写三遍",
        "木几两张、藤椅四把",
        "蜂蜜★★★★☆ 10年老店",
        "机蜜★☆☆ 这首新歌",
        "奶奶的㊙️酱料配方",
        "内部装修，内存部件",
        "青机发1147号",
        "青政秘发〔2031〕5号",
        "机x密封 5年",
        "这个手机。密件在柜里★",
        "一级密封文件袋",
        "秘密花园读完了，机密文件长什么样",
        "青石一中法〔2031〕3号",
        "守了这个秘密十载，没人知道",
        "这是我们的秘密 3y",
        "机密，保密期限二十年，文件先传着看",
        "青卫组〔2031〕3号",
        "青建函〔2031〕3号",
        "青政发〔2031〕17号",
        "青租房函2号",
        "种花2棵",
        "打不开手机\n密★10年",
        "保密机件已入库，文件收好",
        "封面写着MM，照片拍给你",
        "附件里面，字〔2031〕的那份",
    ],
)
def test_words_that_happen_to_look_so_stay(unmask: Callable[..., Unmasked], text: str) -> None:
    assert seen(unmask(text)) == []


@pytest.mark.parametrize(
    ("text", "plain", "raw"),
    [
        ("看，木几宓 ★ 贰拾 年！", "看,机密★20年!", "木几宓 ★ 贰拾 年"),
        ("mimi★3nian 图", "秘密★3年 图", "mimi★3nian"),
        ("内部资米斗，别传", "内部资料,别传", "内部资米斗"),
        ("【mi mi】★【五】年", "[秘密★5年", "mi mi】★【五】年"),
    ],
)
def test_the_plain_text_keeps_the_way_back(
    unmask: Callable[..., Unmasked], text: str, plain: str, raw: str
) -> None:
    unmasked = unmask(text)
    (one,) = unmasked.disguises
    assert unmasked.folded.text == plain
    assert text[one.start : one.end] == raw
    length = len(one.reading.word.word + one.reading.tail.plain)
    assert unmasked.folded.span(one.position, one.position + length) == (one.start, one.end)


def test_a_text_without_disguises_is_left_as_it_is(unmask: Callable[..., Unmasked]) -> None:
    unmasked = unmask("明天九点开会，机密★10年的件带来")
    assert (unmasked.folded.text, unmasked.disguises) == ("明天九点开会,机密★10年的件带来", ())


@pytest.mark.parametrize("text", ["秘 密 ★ 6 个 月", "机 密\n★\n2\n0\n年", "秘 密 ★ 2 0 3 5 年 1 月 1 日"])
def test_a_term_behind_a_level_that_is_only_spaced_is_left_alone(
    unmask: Callable[..., Unmasked], text: str
) -> None:
    unmasked = unmask(text, Origin.OCR)
    assert unmasked.folded.text.endswith(text[text.index("★") :])


@pytest.mark.parametrize(
    ("text", "origin", "words"),
    [
        ("开机\n密★10年", Origin.MESSAGE, []),
        ("开机\n密★10年", Origin.OCR, ["机密"]),
        ("机\n密★10年", Origin.MESSAGE, ["机密"]),
    ],
)
def test_a_line_breaks_a_word_on_photos_or_where_it_stands_alone(
    unmask: Callable[..., Unmasked], text: str, origin: Origin, words: list[str]
) -> None:
    assert [one.reading.word.word for one in unmask(text, origin).disguises] == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("校纪wei那边", ["纪委"]),
        ("沈鸡的人", ["审计"]),
        ("氵世氵屚四吨", ["泄漏"]),
        ("标d出来了", ["标底"]),
        ("到🏥十分钟", ["医院"]),
        ("底💰两千", ["底价"]),
        ("纪 委 来了", []),
        ("15寸键位更多", []),
        ("整改及为您服务", []),
        ("今天很开心🏥", []),
    ],
)
def test_words_of_what_is_kept_quiet_are_read_too(
    unmask: Callable[..., Unmasked], text: str, words: list[str]
) -> None:
    assert [one.reading.word.word for one in unmask(text).disguises] == words


@pytest.mark.parametrize(
    "text",
    [
        "木几宓★10年",
        "鸡蜜件",
        "JM10年",
        "nb资料",
        "m.i.m.i★5年",
        "jué mì",
        "机x密件",
        "㊙三年",
        "密机★10年",
        "请勿夕卜传",
        "此丨件丨不丨公丨开",
        "此件不gk",
        "核心伤蜜",
    ],
)
def test_the_sieve_knows_a_literal_of_each_disguise(disguises: Disguises, text: str) -> None:
    tightened = tight(text).text
    assert any(literal in tightened for literal in disguises.literals)


@pytest.mark.parametrize("text", ["今晚七点开会", "要几个人", "蜜桃到了", "秘书", "5mm的螺丝"])
def test_ordinary_words_are_no_literals(disguises: Disguises, text: str) -> None:
    tightened = tight(text).text
    assert not any(literal in tightened for literal in disguises.literals)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("收wang定在礼拜五", "收网定在礼拜五"),
        ("tong报怎么写的", "通报怎么写的"),
        ("统计jú放的", "统计jú放的"),
        ("shou到网上的", "shou到网上的"),
        ("收网定在礼拜五", "收网定在礼拜五"),
    ],
)
def test_topics_of_other_rules_are_read_where_one_character_is_spelt(
    book: RuleBook, keep: Callable[[str, bytes], Evidence], text: str, plain: str
) -> None:
    disguises = Disguises(book.disguised, ["收网", "通报", "统计局"])
    ((folded, dense),) = fold_each([text])
    piece = TextPiece(text=text, origin=Origin.MESSAGE, evidence=keep("a", b"a"))
    literals = {literal for literal in disguises.literals if literal in dense.text}

    (unmasked,) = disguises.unmask([(piece, folded, literals)])

    assert unmasked.folded.text == plain
    assert not any(one.is_sure for one in unmasked.disguises)
