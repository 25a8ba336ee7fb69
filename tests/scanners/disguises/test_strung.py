"""Characters on one sign, or one a line, come out together; sentences and lists stay."""

from __future__ import annotations

import pytest

from leakwatch.scanners.disguises.strung import unstrung
from leakwatch.text import fold


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("中！办！发！二〇三〇！五十八！", "中办发 二〇三〇 五十八"),
        ("机，密，★，十，年", "机密★十年"),
        ("中\n办\n发\n8号", "中 办 发 8号"),
        ("看：标 的 底 数 是 伍 佰，别说", "看:标的底数是伍佰,别说"),
        ("机o密o★o1o0o年", "机密★10年"),
        ("内丶部丶资丶料", "内部资料"),
        ("第1章1节", "第1章1节"),
        ("姓 名 王明远", "姓 名 王明远"),
        ("好，明天见，谢谢", "好,明天见,谢谢"),
        ("一、二、三", "一、二、三"),
        ("第5、6、7号", "第5、6、7号"),
        ("开机\n密★10年", "开机\n密★10年"),
    ],
)
def test_what_is_strung_on_a_sign_is_taken_off(text: str, plain: str) -> None:
    assert unstrung(fold(text)).text.strip("! ") == plain


def test_the_way_back_to_the_raw_text_is_kept() -> None:
    plain = unstrung(fold("看：机，密，★，十，年"))
    start = plain.text.index("机密")
    assert plain.span(start, start + 2) == (2, 5)
