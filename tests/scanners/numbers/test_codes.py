"""Where an agency code begins in running text."""

from __future__ import annotations

import pytest

from leakwatch.rules import RuleBook
from leakwatch.rules.series import Risk
from leakwatch.scanners.numbers.codes import Codes, Reading


@pytest.fixture(scope="module")
def codes(book: RuleBook) -> Codes:
    """A reader of the shipped series."""
    return Codes(book.series, book.spelling)


@pytest.mark.parametrize(
    ("text", "code", "risk"),
    [
        ("根据国发", "国发", Risk.PUBLIC),
        ("参考京财采购", "京财采购", Risk.PUBLIC),
        ("依发改办法规", "发改办法规", Risk.PUBLIC),
        ("按照国卫办妇幼发", "国卫办妇幼发", Risk.PUBLIC),
        ("转发鲁自然资规", "鲁自然资规", Risk.PUBLIC),
        ("根据建住房", "建住房", Risk.PUBLIC),
        ("见赣府厅字", "赣府厅字", Risk.PUBLIC),
        ("符合食药监药化监", "食药监药化监", Risk.PUBLIC),
        ("依据安委办", "安委办", Risk.PUBLIC),
        ("参考青安委办", "青安委办", Risk.INTERNAL),
        ("按农机发", "农机发", Risk.PUBLIC),
        ("按蒙委办明电", "蒙委办明电", Risk.TELEGRAM),
        ("自渝人社规", "渝人社规", Risk.PUBLIC),
        ("经财企", "财企", Risk.PUBLIC),
        ("依沪经信规范", "沪经信规范", Risk.PUBLIC),
        ("自然资办发", "自然资办发", Risk.PUBLIC),
        ("请查阅沪府规", "沪府规", Risk.PUBLIC),
        ("对青委密办", "青委密办", Risk.SECRECY),
        ("接沪委密办", "沪委密办", Risk.SECRECY),
        ("今天下午学晋委密办", "晋委密办", Risk.SECRECY),
        ("转发给大家看看财税", "财税", Risk.PUBLIC),
        ("按冀财税", "冀财税", Risk.PUBLIC),
        ("于2031年1月5日国科发计字", "国科发计字", Risk.PUBLIC),
        ("市财政局沪府发", "沪府发", Risk.PUBLIC),
        ("工业和信息化部信管函", "信管函", Risk.PUBLIC),
        ("青石市人民政府公告", "青石市人民政府公告", Risk.PUBLIC),
        ("工业和信息化部令", "工业和信息化部令", Risk.PUBLIC),
        ("下周检查按云岭密办", "云岭密办", Risk.SECRECY),
        ("记得回复岑阳委组", "岑阳委组", Risk.INTERNAL),
        ("依据湖口区委密办", "湖口区委密办", Risk.SECRECY),
        ("青环保委", "青环保委", Risk.PUBLIC),
        ("桐委保办发", "桐委保办发", Risk.SECRECY),
        ("桐委巡办发", "桐委巡办发", Risk.INTERNAL),
        ("桐委宣函", "桐委宣函", Risk.INTERNAL),
        ("桐纪监察室函", "桐纪监察室函", Risk.INTERNAL),
        ("桐审经责意", "桐审经责意", Risk.INTERNAL),
        ("桐督办单", "桐督办单", Risk.INTERNAL),
        ("桐卫健委函", "桐卫健委函", Risk.PUBLIC),
        ("桐环审", "桐环审", Risk.PUBLIC),
        ("特急·明电  青委发电", "青委发电", Risk.TELEGRAM),
        ("中 办 发", "中办发", Risk.CENTRAL),
        ("清/组/干", "清组干", Risk.INTERNAL),
        ("采购合同", "采购合同", Risk.NONE),
        ("情况汇报", "情况汇报", Risk.PUBLIC),
    ],
)
def test_a_code_is_cut_out_of_what_is_glued_to_it(codes: Codes, text: str, code: str, risk: Risk) -> None:
    found = codes.before(text, len(text), is_page=False)

    assert found is not None
    assert (found.text, found.risk, found.reading) == (code, risk, Reading.PLAIN)


@pytest.mark.parametrize(
    ("read", "code"),
    [("云卫办画", "云卫办函"), ("望交规亟", "望交规函"), ("云环成", "云环发"), ("云政办度", "云政办发")],
)
def test_the_letter_that_ends_a_code_is_known_on_pages_only(codes: Codes, read: str, code: str) -> None:
    on_page = codes.before(read, len(read), is_page=True)
    in_chat = codes.before(read, len(read), is_page=False)

    assert on_page is not None and in_chat is not None
    assert (on_page.text, on_page.reading) == (code, Reading.BLURRED)
    assert in_chat.text == read


@pytest.mark.parametrize("said", ["计画", "国画", "制度", "建成"])
def test_a_word_that_ends_like_a_misread_letter_stays(codes: Codes, said: str) -> None:
    found = codes.before(said, len(said), is_page=True)

    assert found is not None and found.text == said


@pytest.mark.parametrize(("read", "code"), [("中力友", "中办发"), ("厅宇", "厅字"), ("桐委密力", "桐委密办")])
def test_near_shapes_are_read_on_pages_and_guessed_in_messages(codes: Codes, read: str, code: str) -> None:
    on_page = codes.before(read, len(read), is_page=True)
    in_chat = codes.before(read, len(read), is_page=False)

    assert on_page is not None
    assert (on_page.text, on_page.reading) == (code, Reading.BLURRED)
    assert in_chat is not None
    assert (in_chat.text, in_chat.reading) == (code, Reading.GUESSED)


@pytest.mark.parametrize(
    ("read", "code"),
    [("云委办南", "云委办密"), ("青班度", "青密发"), ("云水密话", "云水密函"), ("青委办度", "青委办发")],
)
def test_what_is_hardly_legible_is_guessed_on_pages_only(codes: Codes, read: str, code: str) -> None:
    on_page = codes.before(read, len(read), is_page=True)
    in_chat = codes.before(read, len(read), is_page=False)

    assert on_page is not None
    assert (on_page.text, on_page.reading) == (code, Reading.GUESSED)
    assert in_chat is None or in_chat.risk is Risk.PUBLIC


@pytest.mark.parametrize("code", ["国新出发", "济南发", "街发", "发改委规", "市地发", "云国电发"])
def test_codes_that_look_like_misread_ones_are_what_they_say(codes: Codes, code: str) -> None:
    found = codes.before(code, len(code), is_page=True)

    assert found is None or found.reading is not Reading.GUESSED


def test_initials_are_made_from_the_codes_themselves(codes: Codes) -> None:
    found = codes.before("找一下zbf", 6, is_page=False)

    assert found is not None
    assert (found.text, found.start, found.reading) == ("中办发", 3, Reading.INITIALS)


@pytest.mark.parametrize("text", ["", "，", "abc", "2031"])
def test_there_may_be_no_code(codes: Codes, text: str) -> None:
    assert codes.before(text, len(text), is_page=False) is None


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("上海市委密办", "沪委密办"),
        ("中央办公厅", "中办"),
        ("青委密办", "青委密办"),
        ("吉林市委", "吉林市委"),
    ],
)
def test_spelled_bodies_are_counted_by_their_short_form(codes: Codes, code: str, key: str) -> None:
    assert codes.key(code) == key
