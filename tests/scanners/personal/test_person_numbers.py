"""Which numbers are a person's."""

from __future__ import annotations

import pytest

from leakwatch.scanners.personal.person_numbers import GRAMMARS, find, is_card, is_identity, is_old_identity
from leakwatch.text import fold

ALL = frozenset(grammar.pattern for grammar in GRAMMARS)


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        ("110105199003078713", True),
        ("110105199003078714", False),  # check digit
        ("990105199003078713", False),  # region
        ("110105199013078713", False),  # month 13
        ("11010519900307871", False),
    ],
)
def test_identity_numbers_are_checked(number: str, holds: bool) -> None:
    assert is_identity(number) is holds


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        ("110105680307871", True),
        ("659001680307871", True),
        ("110105681307871", False),
        ("156000800324177", False),
        ("110105000324177", False),
    ],
)
def test_old_identity_numbers_need_a_county_and_the_birthday_of_somebody_alive(
    number: str, holds: bool
) -> None:
    assert is_old_identity(number) is holds


@pytest.mark.parametrize(
    ("number", "holds"),
    [
        ("6222021234567890128", True),
        ("6222021234567890129", False),
        ("1222021234567890128", False),
        ("0" * 16, False),
    ],
)
def test_card_numbers_need_issuer_and_luhn(number: str, holds: bool) -> None:
    assert is_card(number) is holds


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("前面110105199，后一半 003078713", [("personal.id", "110105199003078713")]),
        ("壹壹零壹零伍 壹玖玖零 零叁零柒 捌柒壹叁", [("personal.id", "110105199003078713")]),
        ("11O1O5l99OO3O787l3", [("personal.id", "110105199003078713")]),
        ("11o1o5/1990/o3o7/8713", [("personal.id", "110105199003078713")]),
        ("110105199003O7871三", [("personal.id", "110105199003078713")]),
        ("倒着发 317870300991501011", [("personal.id", "317870300991501011")]),
        ("1101/0519/9003/078714", []),
        ("yi san ba 1234 wu liu qi ba", [("personal.phone", "13812345678")]),
        ("yao san ba yi er san si wu liu guai ba", [("personal.phone", "13812345678")]),
        ("yi er san，木头人", []),
        ("证号110105199003078714", [("personal.id.wrong", "110105199003078714")]),
        ("编号110105199003078714", []),
        ("农行 6222021234567890129", [("personal.bank.wrong", "6222021234567890129")]),
        ("条码 6222021234567890129", []),
        ("她证号后六位21402x", [("personal.id.part", "21402x")]),
        ("密码是身份证后六位", []),
        ("1❤3❤8❤1❤2❤3❤4❤5❤6❤7❤8", [("personal.phone", "13812345678")]),
        ("138 1234 5678", [("personal.phone", "13812345678")]),
        ("13 8123 45 678", []),
        ("2031.5.6 12:30 共138元", []),
        ("车次G12345678", []),
        ("护照 EB1234567", [("personal.paper", "eb1234567")]),
    ],
)
def test_numbers_are_read_with_their_cue_and_their_shape(text: str, found: list[tuple[str, str]]) -> None:
    assert [(number.grammar, number.value) for number in find(fold(text).text, ALL)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("前六位 330782，中间生日 19850312，后四位 4417", ["personal.id.part"]),
        ("身份证最后一位是X，前面33078219850312441", ["personal.id.part"]),
        ("前半截 330782 19850312，跟下一条连着", ["personal.id.part"]),
        ("33o7/82/l985/o3l2/o4l5", ["personal.id.wrong"]),
        ("幺三九 洞四两两 拐六九五", ["personal.phone"]),
        ("前半截 330782 19859912", []),
        ("33/82/1985/03/12", []),
        ("洞里两三个人，拐角一勾", []),
        ("电话139 然后 5566 然后 7788", ["personal.phone"]),
        ("手机是幺三七八零零六六九一四二", ["personal.phone"]),
        ("卡号分两截，先 62122612，再 08019345675", ["personal.bank"]),
        ("139 5566 7788 件包裹", ["personal.phone"]),
        ("前六 341225 生日写成数 19880119 后四分两次 11 再来 8X", ["personal.id"]),
        ("证号分三截 3 7 1 3 2 7 ／ 一九八八 〇五一四 ／ 五二三叉", ["personal.id"]),
        ("430998A1972B0826C441D6", ["personal.id"]),
        ("341225 19880119 项 11 栏 8X", []),
        ("前六 341225 生日 19880119 后四 11 再来 83", []),
        ("型号430998A1972B0826C441D", []),
        ("转1388停车场，车牌3456", []),
        ("前六位是邮编，后面随便填", []),
        ("房号一三七八零零六六九一", []),
    ],
)
def test_a_number_given_in_pieces_is_one(text: str, found: list[str]) -> None:
    assert [number.grammar for number in find(fold(text).text, ALL)] == found
