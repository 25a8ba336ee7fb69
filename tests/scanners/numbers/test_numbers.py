"""Document numbers: where the code begins, which series it belongs to, what counts as one document."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leakwatch.model import Hit, Origin

Hits = Callable[..., list[Hit]]


def _numbers(found: list[Hit]) -> list[tuple[str, str, str]]:
    return [(hit.rule.id, hit.quote, hit.document) for hit in found if hit.document]


@pytest.mark.parametrize(
    ("text", "rule", "quote", "key"),
    [
        ("中办发〔2031〕45号", "dn.jiyao", "中办发〔2031〕45号", "中办发〔2031〕45号"),
        ("请按中发[2030]12号执行", "dn.jiyao", "中发[2030]12号", "中发〔2030〕12号"),
        ("收到厅字﹝2031﹞3号了吗", "dn.jiyao", "厅字﹝2031﹞3号", "厅字〔2031〕3号"),
        ("沪委密办【2031】12号", "dn.sec", "沪委密办【2031】12号", "沪委密办〔2031〕12号"),
        ("国保发（2031）2号要清退", "dn.sec", "国保发（2031）2号", "国保发〔2031〕2号"),
        ("青委办明电〔2031〕第8号", "dn.tele", "青委办明电〔2031〕第8号", "青委办明电〔2031〕8号"),
        ("中办发 〔２０３１〕 ４５ 号", "dn.jiyao", "中办发 〔２０３１〕 ４５ 号", "中办发〔2031〕45号"),
        ("中办发2031年45号", "dn.jiyao", "中办发2031年45号", "中办发〔2031〕45号"),
        ("中发〔❷⓿❸❶〕❶❷号", "dn.jiyao", "中发〔❷⓿❸❶〕❶❷号", "中发〔2031〕12号"),
        ("中发〔2.0.3.1〕1.2号", "dn.jiyao", "中发〔2.0.3.1〕1.2号", "中发〔2031〕12号"),
        ("厅字〔2031〕ⅩⅡ号", "dn.jiyao", "厅字〔2031〕ⅩⅡ号", "厅字〔2031〕12号"),
        ("青委密(2031)2我发你了", "dn.sec", "青委密(2031)2", "青委密〔2031〕2号"),
        ("中办发，贰零叁壹，叁拾柒", "dn.jiyao", "中办发，贰零叁壹，叁拾柒", "中办发〔2031〕37号"),
        ("GBF〔2031〕2号", "dn.initials", "GBF〔2031〕2号", "国保发〔2031〕2号"),
        ("青纪发〔2031〕29年度考核.pdf", "dn.intern", "青纪发〔2031〕29", "青纪发〔2031〕29号"),
        (
            "《局党组会议纪要》〔2031〕12号",
            "dn.minutes",
            "局党组会议纪要》〔2031〕12号",
            "局党组会议纪要〔2031〕12号",
        ),
        ("“中办发”〔2031〕22号", "dn.jiyao", "中办发”〔2031〕22号", "中办发〔2031〕22号"),
        ("常务会议纪要（第35次）", "dn.minutes", "常务会议纪要（第35次）", "常务会议纪要〔年份未写〕35次"),
        ("云委办发〔2031〕8号", "dn.intern", "云委办发〔2031〕8号", "云委办发〔2031〕8号"),
        ("根据国发〔2030〕3号", "dn.public", "国发〔2030〕3号", "国发〔2030〕3号"),
        ("依据是云国保局函〔2031〕4号", "dn.sec", "云国保局函〔2031〕4号", "云国保局函〔2031〕4号"),
        ("秘密★10年\n云委办字〔2031〕30号", "dn.intern", "云委办字〔2031〕30号", "云委办字〔2031〕30号"),
        ("青密局〔2031〕检字第2号", "dn.sec", "青密局〔2031〕检字第2号", "青密局〔2031〕2号"),
        ("岭府办传〔2031〕7号", "dn.tele", "岭府办传〔2031〕7号", "岭府办传〔2031〕7号"),
        ("岭委网办发〔2031〕7号", "dn.intern", "岭委网办发〔2031〕7号", "岭委网办发〔2031〕7号"),
        ("照岭委组字2031-16来", "dn.intern", "岭委组字2031-16", "岭委组字〔2031〕16号"),
        ("岭委组〔2031〕待编号", "dn.intern", "岭委组〔2031〕待编号", "岭委组〔2031〕号"),
        ("岭委密办〔2031〕多少号来着", "dn.sec", "岭委密办〔2031〕多少号", "岭委密办〔2031〕号"),
        ("岭委密办〔2031〕后面忘了", "dn.sec", "岭委密办〔2031〕后面忘", "岭委密办〔2031〕号"),
        ("岭委发31年12号里说了", "dn.intern", "岭委发31年12号", "岭委发〔2031〕12号"),
        ("岭办通报〔2031〕5期", "dn.intern", "岭办通报〔2031〕5期", "岭办通报〔2031〕5期"),
        ("岭政密传〔2031〕1号", "dn.tele", "岭政密传〔2031〕1号", "岭政密传〔2031〕1号"),
        ("那个明电19号传了没", "dn.tele", "明电19号", "明电〔年份未写〕19号"),
        ("青政干〔2031〕未编号", "dn.intern", "青政干〔2031〕未编号", "青政干〔2031〕号"),
        ("中办发两千零三十一之四十五", "dn.jiyao", "中办发两千零三十一之四十五", "中办发〔2031〕45号"),
        ("厅字三一年幺二", "dn.jiyao", "厅字三一年幺二", "厅字〔2031〕12号"),
        ("国明电2031杠8，照念", "dn.jiyao", "国明电2031杠8", "国明电〔2031〕8号"),
        (
            "中 / 办 / 发 / 二〇三一 / 九，数着看",
            "dn.jiyao",
            "中 / 办 / 发 / 二〇三一 / 九",
            "中办发〔2031〕9号",
        ),
        ("这段出自中办四十六号文", "dn.jiyao", "中办四十六号文", "中办〔年份未写〕46号"),
        ("“中办46号”读了没", "dn.jiyao", "中办46号", "中办〔年份未写〕46号"),
        ("符合青府规〔2030〕1号", "dn.public", "青府规〔2030〕1号", "青府规〔2030〕1号"),
        ("中办发〔二〇三一〕四十五号", "dn.jiyao", "中办发〔二〇三一〕四十五号", "中办发〔2031〕45号"),
        ("中 办 发 【2031】 45 号", "dn.jiyao", "中 办 发 【2031】 45 号", "中办发〔2031〕45号"),
        ("中*办*发〔2 0 3 1〕4 5 号", "dn.jiyao", "中*办*发〔2 0 3 1〕4 5 号", "中办发〔2031〕45号"),
        ("发中办发2031-45给你", "dn.jiyao", "中办发2031-45", "中办发〔2031〕45号"),
        ("对照沪委密办〔2031〕2号自查", "dn.sec", "沪委密办〔2031〕2号", "沪委密办〔2031〕2号"),
        ("市财政局沪委发〔2031〕2号", "dn.intern", "沪委发〔2031〕2号", "沪委发〔2031〕2号"),
        ("你看下浦科经委规〔2031〕7号", "dn.public", "浦科经委规〔2031〕7号", "浦科经委规〔2031〕7号"),
        ("中办45号文到了没", "dn.jiyao", "中办45号文", "中办〔年份未写〕45号"),
        ("中央办公厅四十五号文", "dn.jiyao", "中央办公厅四十五号文", "中办〔年份未写〕45号"),
        ("今年中办发的12号传达了", "dn.jiyao", "中办发的12号", "中办〔年份未写〕12号"),
        ("省委密办9号要回执", "dn.sec", "省委密办9号", "省委密办〔年份未写〕9号"),
        ("上海市委密办〔2031〕9号", "dn.sec", "上海市委密办〔2031〕9号", "沪委密办〔2031〕9号"),
        ("中发 2025 9号先别学", "dn.jiyao", "中发 2025 9号", "中发〔2025〕9号"),
        ("国参阅第41期放桌上", "dn.jiyao", "国参阅第41期", "国参阅〔年份未写〕41期"),
        ("岚委组[2025]3 说的", "dn.intern", "岚委组[2025]3", "岚委组〔2025〕3号"),
        ("柏委政法〔2021〕12号之一", "dn.intern", "柏委政法〔2021〕12号之一", "柏委政法〔2021〕12之1号"),
        (
            "水务局第2023年第7期局长办公会议纪要",
            "dn.minutes",
            "水务局第2023年第7期局长办公会议纪要",
            "水务局局长办公会议纪要〔2023〕7期",
        ),
        (
            "催第12次局长办公会议纪要〔2025〕12号",
            "dn.minutes",
            "第12次局长办公会议纪要〔2025〕12号",
            "局长办公会议纪要〔2025〕12号",
        ),
        ("党组会议纪要第2025-17期", "dn.minutes", "党组会议纪要第2025-17期", "党组会议纪要〔2025〕17期"),
        ("工作简报第12期", "dn.bulletin", "工作简报第12期", "工作简报〔年份未写〕12期"),
        ("督查通报第14期", "dn.minutes", "督查通报第14期", "督查通报〔年份未写〕14期"),
        ("请检查简报第12期", "dn.bulletin", "简报第12期", "简报〔年份未写〕12期"),
        ("铁警电传〔2031〕17号", "dn.tele", "铁警电传〔2031〕17号", "铁警电传〔2031〕17号"),
        ("见国务院令第588号", "dn.public", "国务院令第588号", "国务院令〔年份未写〕588号"),
        ("财政部公告2031年第39号", "dn.public", "财政部公告2031年第39号", "财政部公告〔2031〕39号"),
        ("青机发 2038号", "dn.tele", "青机发 2038号", "青机发〔年份未写〕2038号"),
        ("ZBF〔2031〕45号", "dn.initials", "ZBF〔2031〕45号", "中办发〔2031〕45号"),
        ("财税(2031)16之二号", "dn.public", "财税(2031)16之二号", "财税〔2031〕16之2号"),
        ("与苏政复〔2031〕71号之一一致", "dn.public", "苏政复〔2031〕71号之一", "苏政复〔2031〕71之1号"),
        (
            "财政部公告（2031年第72号）适用",
            "dn.public",
            "财政部公告（2031年第72号）",
            "财政部公告〔2031〕72号",
        ),
        ("按国务院令721号办", "dn.public", "国务院令721号", "国务院令〔年份未写〕721号"),
        ("交通运输部令（第7号）", "dn.public", "交通运输部令（第7号）", "交通运输部令〔年份未写〕7号"),
        ("（国保发〔203187号）", "dn.sec", "国保发〔203187号", "国保发〔2031〕87号"),
        ("厅字【】203173号", "dn.jiyao", "厅字【】203173号", "厅字〔2031〕73号"),
        ("刚到的冀委明电〔2031〕3号", "dn.tele", "冀委明电〔2031〕3号", "冀委明电〔2031〕3号"),
        ("鲁教基发〔2031〕3号", "dn.public", "鲁教基发〔2031〕3号", "鲁教基发〔2031〕3号"),
        ("国卫辦發〔2031〕3號", "dn.public", "国卫辦發〔2031〕3號", "国卫办发〔2031〕3号"),
    ],
)
def test_a_number_is_cut_at_its_code_and_classed(
    hits: Hits, text: str, rule: str, quote: str, key: str
) -> None:
    assert _numbers(hits(text)) == [(rule, quote, key)]


@pytest.mark.parametrize(
    "text",
    [
        "（2024）沪0115行初123号",
        "订单号2031045号",
        "GB/T 9704-2012",
        "云岭路2031号",
        "合同〔2031〕45号",
        "青纪发〔2031〕2030年度考核",
        "2031年5月6日",
        "第45号台风",
        "密云路45号文化广场",
        "中办3号楼开会",
        "青规划〔2031〕  号",
        "青规划〔2031〕多少号忘了",
        "发电2号机组检修",
        "区委办31年12号楼",
        "云岭路2031杠3",
        "学费两千零五十之三",
        "年中办45号事项",
        "中午办发工资卡，2031年入职的19号前去领",
        "合同编号ZBF〔2031〕45号",
        "报修单编号ZF〔2031〕30",
        "绝密★30年\n第3号",
        "情况汇报（2031年二季度）",
        "家长会纪要第2期",
        "群中发2号的那份",
        "其中发2031-12批次",
        "集中办2031年12号的件",
        "用手机发1234号",
        "学习到2031年3期",
        "中办2031年5月印发",
    ],
)
def test_other_numbers_are_none(hits: Hits, text: str) -> None:
    assert _numbers(hits(text)) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("云委密办〔2031〕", [("dn.begun", "云委密办〔2031〕号")]),
        ("要的是中办发〔2031〕第", [("dn.begun", "中办发〔2031〕号")]),
        ("〔2031〕9号", [("dn.ended", "〔2031〕9号")]),
        ("〔2031〕四十四，照这个领", [("dn.ended", "〔2031〕44号")]),
        ("青府规〔2031〕", []),
        ("云委密办〔2031〕那年的", []),
        ("房号〔2031〕9栋", []),
    ],
)
def test_half_a_number_is_kept_for_what_its_sender_says_next(
    hits: Hits, text: str, found: list[tuple[str, str]]
) -> None:
    assert [(hit.rule.id, hit.document) for hit in hits(text) if hit.document] == found


def test_a_guessed_code_is_doubtful(hits: Hits) -> None:
    (found,) = hits("云岭区文件\n云委办南（2035）166号\n关于会议的报告", Origin.OCR)

    assert (found.document, found.is_doubtful) == ("云委办密〔2035〕166号", True)


@pytest.mark.parametrize(
    ("text", "origin", "is_doubtful"),
    [
        ("中办发2031年45呈", Origin.OCR, False),
        ("中办发2031年45呈", Origin.MESSAGE, True),
        ("中办发〔2031〕45呈", Origin.MESSAGE, False),
        ("青委密办〔2031〕45弓", Origin.MESSAGE, False),
    ],
)
def test_a_misread_last_sign_is_believed_on_photos_and_behind_brackets(
    hits: Hits, text: str, origin: Origin, is_doubtful: bool
) -> None:
    (found,) = hits(text, origin)

    assert (found.quote, found.is_doubtful) == (text, is_doubtful)
    assert found.document.endswith("〔2031〕45号")


@pytest.mark.parametrize(
    ("text", "origin", "signals"),
    [
        ("云委组〔2031〕8号，老周去开发区，小李接他", Origin.MESSAGE, ["number_told"]),
        ("云委组〔2031〕8号", Origin.MESSAGE, []),
        ("云委组〔2031〕8号在谁那里压着呢，有没有人知道", Origin.MESSAGE, []),
        ("云委组〔2031〕8号你那边都收到了没", Origin.MESSAGE, []),
        ("云委组〔2031〕8号.pdf", Origin.FILENAME, ["number_file"]),
        ("云委组〔2031〕8号\n任命周某为开发区主任", Origin.OCR, ["number_told"]),
        ("云委组〔2031〕8号\n任命周某为开发区主任", Origin.DOCUMENT, []),
        ("国发〔2031〕8号，老周去开发区，小李接他", Origin.MESSAGE, []),
    ],
)
def test_what_is_said_beside_an_internal_number_is_told_from_asking_for_it(
    hits: Hits, text: str, origin: Origin, signals: list[str]
) -> None:
    found = [hit for hit in hits(text, origin) if hit.document]

    assert [[signal.id for signal in hit.signals] for hit in found] == [signals]


@pytest.mark.parametrize(
    ("read", "key"),
    [
        ("中办发(2031]45号", "中办发〔2031〕45号"),
        ("中办发[2031}45号", "中办发〔2031〕45号"),
        ("中办友〔2031〕45号", "中办发〔2031〕45号"),
        ("厅宇〔2031〕12号", "厅字〔2031〕12号"),
        ("沪委密力〔2031〕12号", "沪委密办〔2031〕12号"),
        ("中办发〔203l〕45号", "中办发〔2031〕45号"),
        ("中办发〔2O31〕4S号", "中办发〔2031〕45号"),
        ("根据中办\n发〔2031〕45号", "中办发〔2031〕45号"),
        ("青委办明电\n〔2031〕 12 号", "青委办明电〔2031〕12号"),
    ],
)
def test_what_ocr_makes_of_a_confidential_number_is_repaired(hits: Hits, read: str, key: str) -> None:
    assert [document for _, _, document in _numbers(hits(read, Origin.OCR))] == [key]


def test_several_numbers_of_one_message_are_all_found(hits: Hits) -> None:
    found = _numbers(hits("贯彻中办发〔2031〕45号、沪委密办〔2031〕9号\n附国发〔2030〕3号"))

    assert [rule for rule, _, _ in found] == ["dn.jiyao", "dn.sec", "dn.public"]


def test_each_serial_of_a_list_is_a_number(hits: Hits) -> None:
    found = _numbers(hits("中办发〔2031〕3、5、7号和〔2030〕9号"))

    assert found == [
        ("dn.jiyao", "中办发〔2031〕3", "中办发〔2031〕3号"),
        ("dn.jiyao", "5", "中办发〔2031〕5号"),
        ("dn.jiyao", "7号", "中办发〔2031〕7号"),
        ("dn.jiyao", "〔2030〕9号", "中办发〔2030〕9号"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "中办发[2031]45号", "中办发(2031)第045号", "中办发2031年45号", "中办发【二〇三一】四十五号", "中办发2031-45",
        "中 办 发 〔２０３１〕 ４５號", "中办发〔31〕45号", "中办发〔贰零叁壹〕肆拾伍号", "ZBF〔2031〕45号",
    ],
)  # fmt: skip
def test_all_ways_of_writing_one_number_have_one_key(hits: Hits, text: str) -> None:
    assert {document for _, _, document in _numbers(hits(text))} == {"中办发〔2031〕45号"}


@pytest.mark.parametrize(
    ("page", "key"),
    [
        ("望海区人力资源和社会\n障\n局\n望水发〔2018〕79号\n关于调整经费的意见", "望水发〔2018〕79号"),
        ("云委密办\n〔2031〕9号", "云委密办〔2031〕9号"),
    ],
)
def test_a_number_on_a_line_of_its_own_takes_nothing_from_the_line_above(
    hits: Hits, page: str, key: str
) -> None:
    assert [document for _, _, document in _numbers(hits(page, Origin.OCR))] == [key]
