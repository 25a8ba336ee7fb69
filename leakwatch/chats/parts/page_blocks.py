"""A page of any size, element by element: the ones a format asks for, each as a small tree of its own.

libxml2 hands over its events; only the element that is being read is in memory.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO
from xml.etree.ElementTree import Element, TreeBuilder

from lxml import etree

_CHUNK_CHARACTERS = 1 << 18
_DEEPEST = 200
# Closes the tag, quoted value or comment in which a cut file ends, which would be lost; else an empty <i>.
_CLOSE_ALL = b" <i \"'-->"
# libxml2 2.14 keeps all that one parser was fed. The next one takes over between two blocks, where a tag is a
# tag and no part of a script or a comment.
_MOST_FED_BYTES = 1 << 24
_HTML, _END = re.compile(rb"<html[\s>]", re.IGNORECASE), re.compile(rb"</(?:html|body)\s*>", re.IGNORECASE)
_ENDS_WITHIN = 1 << 12
_DIV = re.compile(rb"(?<=[>\n])<div[\s>]", re.IGNORECASE)
_PROBE = "leakwatch"
_ENDING_LINES = frozenset(
    "address blockquote div dd dl dt h1 h2 h3 h4 h5 h6 li ol p pre table td tr ul".split()
)
_UNSEEN = frozenset({"script", "style", "svg"})


class Page:
    """An open page; `replacements` counts the characters that could not be decoded so far."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.replacements = 0
        self._tail = b""
        self._is_document = False

    @property
    def is_cut(self) -> bool:
        """Whether a page that was opened is never closed; known once all blocks are read."""
        return self._is_document and _END.search(self._tail) is None

    def blocks(self, is_block: Callable[[str, Mapping[str, str]], bool]) -> Iterator[Element]:
        """The outermost elements whose tag and attributes are asked for, in the order of the page."""
        builder = _Builder(is_block)
        parser = _parser(builder)
        for data, is_before_div in self._parts():
            try:
                parser.feed(data)
                if is_before_div and builder.is_idle:
                    parser = _renewed(parser, builder)
            except etree.LxmlError:  # the parser has given up: the next one goes on behind the spot
                builder.finish()
                parser = _parser(builder)
            yield from builder.taken()
        try:
            parser.feed(_CLOSE_ALL)
            parser.close()
        except etree.LxmlError:  # nothing but blanks
            pass
        builder.finish()
        yield from builder.taken()

    def _parts(self) -> Iterator[tuple[bytes, bool]]:
        """The page for the parser, and now and then whether the next part begins with a <div>."""
        fed = 0
        while chunk := self._stream.read(_CHUNK_CHARACTERS):
            self.replacements += chunk.count("\ufffd")
            data = chunk.replace("\0", " ").encode("utf-8", "replace")
            self._is_document |= not self._tail and _HTML.search(data) is not None
            self._tail = (self._tail + data)[-_ENDS_WITHIN:]
            fed += len(data)
            if fed > _MOST_FED_BYTES and (div := _DIV.search(data)) is not None:
                yield data[: div.start()], True
                data, fed = data[div.start() :], 0
            yield data, False


def has_class(element: Element, name: str) -> bool:
    """Whether the element bears the CSS class."""
    return name in (element.get("class") or "").split()


def all_of(element: Element, *names: str) -> list[Element]:
    """The elements within that bear one of the CSS classes, in their order."""
    return [
        one for one in element.iter() if one is not element and any(has_class(one, name) for name in names)
    ]


def text_of(element: Element | None) -> str:
    """What the element shows: <br> and blocks end lines, no blanks around it."""
    return "".join(_shown(element)).replace("\xa0", " ").strip() if element is not None else ""


def text_within(element: Element, name: str) -> str:
    """What the first element with that CSS class shows; empty if there is none."""
    return text_of(next(iter(all_of(element, name)), None))


def put_text(element: Element, text: str) -> None:
    """Makes the element say that text and nothing else; what follows it stays."""
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = "span", text, tail


def _shown(element: Element) -> Iterator[str]:
    if element.tag in _UNSEEN:
        return
    ends_line = element.tag in _ENDING_LINES
    yield "\n" if element.tag == "br" else element.text or ""
    for child in element:
        yield from _shown(child)
        yield child.tail or ""
    if ends_line:
        yield "\n"


def _parser(builder: _Builder) -> etree.HTMLParser:
    return etree.HTMLParser(
        target=builder,  # type: ignore[arg-type]  # the stubs promise bytes too; lxml hands over str
        encoding="utf-8",
        no_network=True,
        huge_tree=True,
    )


def _renewed(parser: etree.HTMLParser, builder: _Builder) -> etree.HTMLParser:
    """A fresh parser, or the same one if it is inside a script or a comment."""
    builder.latest_tag = ""
    parser.feed(f"<{_PROBE}>".encode())
    if builder.latest_tag != _PROBE:
        return parser
    parser.close()  # else its memory would stay
    return _parser(builder)


class _Builder:
    """Takes the events of the parser and builds a tree of each block."""

    def __init__(self, is_block: Callable[[str, Mapping[str, str]], bool]) -> None:
        self._is_block = is_block
        self._blocks: list[Element] = []
        self._tree = TreeBuilder()
        self._open: list[str] = []
        """The tags around the next event, from the block inwards."""
        self._below = 0
        """How many elements deeper we are than any tree is built."""
        self.latest_tag = ""

    def taken(self) -> list[Element]:
        """The blocks since the last call."""
        blocks, self._blocks = self._blocks, []
        return blocks

    @property
    def is_idle(self) -> bool:
        """Whether no block is open."""
        return not self._open

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.latest_tag = tag
        if not self._open and not self._is_block(tag, attributes):
            return
        if len(self._open) >= _DEEPEST:
            self._below += 1
            return
        self._open.append(tag)
        self._tree.start(tag, dict(attributes))  # unlike lxml's, this one takes any name that a page makes up

    def end(self, tag: str) -> None:
        if self._below:
            self._below -= 1
        elif self._open and self._open[-1] == tag:
            self._end()

    def data(self, text: str) -> None:
        if self._open:
            self._tree.data(text)

    def close(self) -> None:
        """Called by lxml; `finish` does the work, also where lxml gave up."""

    def finish(self) -> None:
        """No more events: a block that is still open ends."""
        self._below = 0
        while self._open:
            self._end()

    def _end(self) -> None:
        self._tree.end(self._open.pop())
        if not self._open:
            self._blocks.append(self._tree.close())
            self._tree = TreeBuilder()
