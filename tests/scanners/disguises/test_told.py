"""Characters, brackets and syllables that are told come out written; ordinary sentences stay."""

from __future__ import annotations

import pytest

from leakwatch.scanners.disguises.told import untold
from leakwatch.text import fold


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("机器的机 密码的密 十年", "机密 十年"),
        ("绝对的绝，密码的密，三十年", "绝密,三十年"),
        ("中国的中、办公的办、发展的发 2031", "中办发 2031"),
        ("中办函 左括 2031 右括 71号", "中办函 [ 2031 ] 71号"),
        ("左方括号2031右方括号6号", "[2031]6号"),
        ("ㄐㄧ ㄇㄧˋ★15年", "ji mi★15年"),
        ("ㄐㄩㄝˊ ㄇㄧˋ", "jue mi"),
        ("ㄋㄟˋ ㄅㄨˋ ㄨㄣˊ ㄐㄧㄢˋ", "nei bu wen jian"),
        ("ㄓ ㄧㄣ ㄩㄥ", "zhi yin yong"),
        ("ㄐ密★十年", "j密★十年"),
        ("机·丶·密·丶★", "机···密··★"),
        ("口丨办", "口丨办"),
        ("机丨密丨★丨壹拾年", "机·密·★·壹拾年"),
        ("司机的第二个字加稠密的第二个字", "机密"),
        ("“机场”头一个字和“秘密”后一个字", "机密"),
        ("会议的第一个字是会", "会议的第一个字是会"),
        ("机器的机油该换了", "机器的机油该换了"),
        ("书记的记性好", "书记的记性好"),
        ("左边那栋，右转", "左边那栋,右转"),
        ("总括起来三条", "总括起来三条"),
        ("主丶客", "主丶客"),
    ],
)
def test_what_is_told_is_written(text: str, plain: str) -> None:
    written = untold(fold(text))

    assert written.text == plain
    assert len(written.at) == len(plain)


def test_the_way_back_to_the_raw_text_is_kept() -> None:
    plain = untold(fold("看：机器的机 密码的密★10年"))
    start = plain.text.index("机密")

    assert plain.span(start, start + 2) == (2, 11)
