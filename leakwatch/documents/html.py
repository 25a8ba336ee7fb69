"""Web pages: what a browser shows, what it keeps from sight, and what its scripts carry.

Written by: chat exporters, browsers (保存网页), Word and WPS (另存为网页), mail programs. Tell-tales: the
first tag. Field map: block elements end lines, cells end with a tab, inline elements join (机<b>密</b>);
comments, title, alt and every attribute with Han follow their line; of <script> what holds Han or long
numbers (exporters keep messages there as JSON), <style> only for its pictures; `data:` addresses come out
as evidence. Nothing is fetched. libxml2 hands over its events and builds no tree: 46 MiB of chat in 3.7 s and 51 MB.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from lxml import etree

from leakwatch.documents.ooxml.package import grouped
from leakwatch.documents.source import (
    LINE_CHARACTERS,
    OVERLAP_CHARACTERS,
    InlineFiles,
    Source,
    cut,
    decoded_points,
    said,
    seam,
)
from leakwatch.model import Evidence, Origin, Skipped, TextPiece
from leakwatch.text import detect, looks_like_text
from leakwatch.vault import Vault

NAME = "html"

_HEAD_BYTES = 1 << 13
_SCRIPT_CHARACTERS = 1 << 20
_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml", ".hta", ".mht", ".mhtml")
_OPENING = re.compile(
    rb"<(?:!doctype\s+html|(?:html|head|body|table|div|meta|title|link|script|style|center|font|span|p|h[1-6])[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(rb"</?[a-z][a-z0-9]*[\s/>]|<!--|&#[0-9]+;|&#x[0-9a-f]+;", re.IGNORECASE)
_COMMENT = re.compile(rb"\s*(?:<!--.*?-->|<\?xml[^>]*>)", re.DOTALL)
_BIG5 = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?big5", re.IGNORECASE)
_BLOCKS = frozenset(
    "address article aside blockquote body br caption center dd details div dl dt fieldset figcaption figure"
    " footer form frame h1 h2 h3 h4 h5 h6 head header hr html iframe legend li main nav ol option p pre"
    " section select summary table tbody textarea tfoot thead title tr ul video".split()
)
_KEPT_AS_TYPED = ("pre", "textarea")
_CELLS = ("td", "th")
_ENDS_LINES = _BLOCKS | {*_CELLS}
_SHOWN = ("title", "alt", "value", "placeholder", "label", "srcdoc")
_LOOKS = ("style", "class", "face", "font", "lang")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SPEAKS = re.compile(rf"{_HAN.pattern}|[0-9]{{11}}")
_BLANKS = re.compile(r"\s+")
_TAG = re.compile(r"<[^<>]*>")
# libxml2 2.14 keeps all that one parser was fed: 0.8 GB for a page of 1 GiB.
_MOST_FED_BYTES = 1 << 22
_BLOCK = re.compile(rb"(?<=[>\n])<(?:div|p|tr|table|ul|li|section|article)[\s>]", re.IGNORECASE)
# Closes the tag, quoted value or comment in which a cut file ends, which would be lost; else an empty <i>.
_CLOSE_ALL = b" <i \"'-->"
_REMAINS_OF_CLOSE_ALL = re.compile(" <i \"?'?$")


def is_mine(head: bytes, name: str) -> bool:
    """Text that opens with a tag of a page, or that is named a page and holds any markup."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe").replace(b"\0", b"")
    is_named = name.lower().endswith(_SUFFIXES) and _MARKUP.search(start, 0, _HEAD_BYTES) is not None
    return (is_named or _OPENING.match(_behind_comments(start)) is not None) and looks_like_text(head)


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:
    """The text of the page, and the pictures that lie in it."""
    source, files = Source(file, _declared(file)), InlineFiles(file, vault)
    for first, last, text in grouped(_lines(source, _Page(files))):
        spot = f"第{first}段" if first == last else f"第{first}-{last}段"
        yield TextPiece(text=text, origin=Origin.DOCUMENT, evidence=file, spot=spot)
        yield from files.waiting()
    yield from files.rest()
    yield from source.damage()


def _behind_comments(start: bytes) -> bytes:
    end = 0
    while (comment := _COMMENT.match(start, end)) is not None:
        end = comment.end()
    return start[end:].lstrip()


def _declared(file: Evidence) -> str:
    """Big5 if the page says so and is not UTF-8; every other declaration is wrong as often as of use."""
    with file.path.open("rb") as opened:
        is_big5 = _BIG5.search(opened.read(_HEAD_BYTES)) is not None
    if not is_big5 or detect(file.path).name.startswith("utf"):
        return ""
    try:
        with file.path.open(encoding="big5hkscs") as text:
            while text.read(1 << 20):
                pass
    except UnicodeDecodeError:
        return ""
    return "big5hkscs"


def _lines(source: Source, page: _Page) -> Iterator[str]:
    parser = _parser(page)
    for data, is_before_block in _parts(source):
        try:
            parser.feed(data)
        except etree.LxmlError:  # the parser has given up: the next one goes on behind the spot
            parser = _parser(page)
        if is_before_block and page.is_plain:
            page.ended.clear()
            _end(parser)
            parser = _parser(page)
            parser.feed("".join(f"<{tag}>" for tag in reversed(page.ended) if tag in _ENDS_LINES).encode())
        yield from page.taken()
    _end(parser)
    page.finish()
    yield from page.taken()


def _parts(source: Source) -> Iterator[tuple[bytes, bool]]:
    """The page for the parser, and now and then whether the next part begins with a block, as a page may."""
    fed = 0
    for chunk in source.chunks():
        data = chunk.replace("\0", " ").encode("utf-8", "replace")
        fed += len(data)
        if fed > _MOST_FED_BYTES and (block := _BLOCK.search(data)) is not None:
            yield data[: block.start()], True
            data, fed = data[block.start() :], 0
        yield data, False


def _end(parser: etree.HTMLParser) -> None:
    try:
        parser.feed(_CLOSE_ALL)
        parser.close()
    except etree.LxmlError:  # nothing but blanks
        pass


def _parser(page: _Page) -> etree.HTMLParser:
    return etree.HTMLParser(
        target=page,  # type: ignore[arg-type]  # the stubs promise bytes too; lxml hands over str
        encoding="utf-8",
        no_network=True,
        huge_tree=True,
    )


class _Page:
    """Takes the events of the parser and makes lines of them."""

    def __init__(self, files: InlineFiles) -> None:
        self._files = files
        self.ended: list[str] = []
        """The elements that ended since the last call of `taken`."""
        self._lines: list[str] = []
        self._line: list[str] = []
        self._beside: list[str] = []
        self._code: list[str] = []
        self._inside = ""
        """script or style, whose text is no text."""
        self._size = 0
        self._typed = 0
        """How many <pre> and <textarea> we are in."""

    @property
    def is_plain(self) -> bool:
        """Whether nothing is open that changes how text is read."""
        return not self._inside and not self._typed

    def taken(self) -> list[str]:
        """The lines since the last call."""
        self.ended.clear()
        lines, self._lines = self._lines, []
        return lines

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _BLOCKS:
            self._end_line()
        if tag in ("script", "style"):
            self._inside = tag
        self._typed += tag in _KEPT_AS_TYPED
        for name, value in attributes.items():
            self._attribute(name, value)

    def end(self, tag: str) -> None:
        self.ended.append(tag)
        self._typed -= tag in _KEPT_AS_TYPED
        if tag == self._inside:
            self._end_code()
        elif tag in _BLOCKS:
            self._end_line()
        elif tag in _CELLS:
            self._line.append("\t")

    def data(self, text: str) -> None:
        self._size += len(text)
        if not self._inside:
            self._line.append(text if self._typed else _BLANKS.sub(" ", text))
            if self._size > LINE_CHARACTERS:
                joined = "".join(self._line)
                self._end_line()
                self._line = [joined[-OVERLAP_CHARACTERS:]]
            return
        self._code.append(text)
        if self._size > _SCRIPT_CHARACTERS:
            self._shorten_code()

    def comment(self, text: str) -> None:
        self._add(_without_tags(self._files.taken_out(text)))

    def close(self) -> None:
        """Called by lxml; `finish` does the work, also where lxml gave up."""

    def finish(self) -> None:
        """No more events: what is still open becomes lines."""
        self._end_code()
        self._end_line()

    def _attribute(self, name: str, value: str) -> None:
        is_address = value.lstrip()[:5].lower() == "data:"  # may be wrapped into lines
        value = self._files.taken_out("".join(value.split()) if is_address else value)
        text = decoded_points(unquote(value) if "%" in value else value)
        is_shown = name in _SHOWN or (name not in _LOOKS and _HAN.search(text) is not None)
        if is_shown or _HAN.search(name):  # `a<机密 …>` is a tag to the parser
            said_by_name = name if _HAN.search(name) else ""
            self._add(said_by_name + (_without_tags(text) if name == "srcdoc" else text))

    def _add(self, text: str) -> None:
        for line in _REMAINS_OF_CLOSE_ALL.sub("", text).split("\n"):
            if line.strip():
                self._beside.extend(cut(line.strip()))

    def _end_line(self) -> None:
        lines = "".join(self._line).splitlines()
        self._lines.extend(line.strip() for line in lines if line.strip())
        self._lines.extend(self._beside)
        self._line, self._beside, self._size = [], [], 0

    def _shorten_code(self) -> None:
        code = "".join(self._code)
        end = seam(code)
        self._code = [code[end:]]
        self._size = 0
        self._speak(code[:end])

    def _end_code(self) -> None:
        code, self._code = "".join(self._code), []
        self._speak(code)
        self._inside, self._size = "", 0

    def _speak(self, code: str) -> None:
        """The lines of a script that say anything; of a style sheet only its pictures are taken."""
        if self._inside == "style":
            self._files.taken_out(code)
            return
        lines = [line.strip() for line in said(code, self._files) if line.strip()]
        if any(map(_SPEAKS.search, lines)):
            self._lines.extend(lines)


def _without_tags(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup))
