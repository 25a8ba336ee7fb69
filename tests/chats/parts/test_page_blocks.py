"""Pages, element by element."""

from __future__ import annotations

import io

import pytest

from leakwatch.chats.parts.page_blocks import Page, text_of


def _texts(html: str) -> list[str]:
    return [text_of(one) for one in Page(io.StringIO(html)).blocks(lambda tag, names: tag == "p")]


@pytest.mark.parametrize(
    ("html", "texts"),
    [
        ("<p>一</p>x<p>二</p>", ["一", "二"]),
        ("<p>一<br>二<b>三</b>四</p>", ["一\n二三四"]),
        ("<p>&lt;p&gt;&nbsp;一</p>", ["<p> 一"]),
        ("<p>一<script>var a='<p>二</p>'</script></p>", ["一"]),
        ("<p>一<p>二", ["一", "二"]),
        ("<p>机密", ["机密"]),
        ("<p title='机密", [""]),
        ("<p><机密 a<b='1'>x</p>", ["<机密 ax"]),
        ("<p>a\0b</p>", ["a b"]),
        ("", []),
    ],
)
def test_each_block_is_a_tree_of_its_own(html: str, texts: list[str]) -> None:
    assert _texts(html) == texts


def test_a_bottomless_block_is_shown_as_far_as_trees_go() -> None:
    assert _texts("<p>" + "<i>" * 5000 + "底" + "</i>" * 5000 + "面</p>") == ["底面"]


def test_a_page_of_many_mebibytes_is_read_as_if_by_one_parser() -> None:
    filler = "x" * 20_000
    script = f"<script>\nvar a = `\n<div><p>{filler}</p></div>`</script>"
    blocks = (
        f"<div title='>\n<div >'>{script}<p>机<b>密</b>{number}\n<div >甲</p></div>\n"
        for number in range(500)
    )
    assert _texts("".join(blocks)) == [f"机密{number}" for number in range(500)]


@pytest.mark.parametrize(
    ("html", "is_cut"),
    [
        ("<html><body><p>一</p></body></html>", False),
        ("<HTML><p>一</p></BODY >" + "\n" * 4000, False),
        ("<html><body><p>一</p>", True),
        ("<html><p>一</html>" + "x" * 5000, True),
        ("<p>一</p>", False),
        ("", False),
    ],
)
def test_a_page_that_is_opened_and_never_closed_is_cut(html: str, is_cut: bool) -> None:
    page = Page(io.StringIO(html))
    assert not page.is_cut
    list(page.blocks(lambda tag, names: tag == "p"))
    assert page.is_cut is is_cut
