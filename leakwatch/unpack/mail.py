"""Mails (.eml): headers, bodies and attachments as files of their own.

Parsed with the compat32 policy: policy.default raises IndexError, ValueError, AttributeError and more on
malformed headers. compat32 raises nothing on broken input but RecursionError (thousands of nested parts);
what a codec, a header or a parameter still raises is caught where it is asked for.
"""

from __future__ import annotations

import email
import email.errors
import email.header
import email.policy
import mimetypes
import re
from collections.abc import Iterator
from email.message import Message

from lxml import etree, html

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped
from leakwatch.text import decode
from leakwatch.unpack.drop import MIB, Drop
from leakwatch.unpack.names import cleaned, text_of

_MOST_BYTES = 256 * MIB
_HEADER = re.compile(rb"^(from|to|subject|date|mime-version|content-type|received):", re.I | re.M)
_FIRST_LINE = re.compile(rb"\A(\xef\xbb\xbf)?(From [^\n]*\n)?[A-Za-z][A-Za-z0-9-]*:")
_SHOWN = (("主题", "subject"), ("发件人", "from"), ("收件人", "to"), ("抄送", "cc"), ("日期", "date"))
_BLOCKS = {*"p div tr li br table ul ol h1 h2 h3 h4 h5 h6 pre blockquote hr dt dd section article".split()}
_UNSEEN = {"script", "style", "head", "title"}
_LOOKS = {"style", "class", "face", "lang"}
_HIDDEN_WORDS = re.compile(
    r"[\u3400-\u9fff\U00020000-\U0003ffff]|[0-9]{11}|%[c-f][0-9a-f]%|\\u[0-9a-f]{4}", re.I
)


class _RawHeaders(email.policy.Compat32):
    """Headers as they stand: unencoded GBK bytes stay surrogates instead of becoming U+FFFD."""

    def header_fetch_parse(self, name: str, value: str) -> str:  # noqa: ARG002
        return value


def is_mail(head: bytes) -> bool:
    """At least two mail headers in the first KiB; those of a web archive are the same."""
    start = head[:1024]
    kinds = {match.group(1).lower() for match in _HEADER.finditer(start)}
    return len(kinds) >= 2 and _FIRST_LINE.match(start) is not None


def mail_parts(file: Evidence, drop: Drop) -> Iterator[Evidence | Skipped]:
    """邮件头.txt, 邮件正文.txt and every attachment; the mail itself if it cannot be taken apart."""
    if file.size > _MOST_BYTES:
        detail = f"邮件大于 {_MOST_BYTES // MIB} MiB，未拆开附件；请在邮件软件里另存附件后放入"
        yield Skipped(evidence=file, name=file.name, reason=Reason.TOO_BIG, detail=detail)
        yield file
        return
    try:
        with file.path.open("rb") as opened:
            message = email.message_from_binary_file(opened, policy=_RawHeaders())
        parts = list(message.walk())
    except RecursionError:
        detail = "邮件嵌套层数异常，未拆开附件，仅按文本检查；请在邮件软件里另存附件后放入"
        yield Skipped(evidence=file, name=file.name, reason=Reason.TOO_DEEP, detail=detail)
        yield file
        return
    yield from kept(file, [*_texts(parts), *_attachments(parts)], drop)


def kept(file: Evidence, contents: list[tuple[str, bytes]], drop: Drop) -> Iterator[Evidence | Skipped]:
    """The parts of a mail (name, content) as evidence, within the limits."""
    for number, (name, data) in enumerate(contents):
        if not drop.entries_left or drop.is_full:
            sentence = drop.total_sentence() if drop.is_full else drop.entries_sentence()
            detail = f"{sentence}；此邮件还有 {len(contents) - number} 个部分未读"
            yield Skipped(evidence=file, name=file.name, reason=Reason.TOO_BIG, detail=detail)
            return
        drop.entries += 1
        try:
            yield drop.keep(drop.metered([data], 0), f"{file.inner_path}!{name}", file)
        except Unreadable as why:
            yield Skipped(evidence=file, name=name, reason=why.reason, detail=why.detail)


def _texts(parts: list[Message]) -> Iterator[tuple[str, bytes]]:
    headers = "\n\n".join(filter(None, map(_header_text, parts)))
    bodies = [part for part in parts if _is_body(part)]
    plain = "\n\n".join(_decoded(part) for part in bodies if part.get_content_type() != "text/html")
    pages = [_decoded(part) for part in bodies if part.get_content_type() == "text/html"]
    yield from body_texts(headers, plain, pages)


def body_texts(headers: str, plain: str, pages: list[str]) -> Iterator[tuple[str, bytes]]:
    """邮件头.txt and 邮件正文.txt; HTML as text where it says more, as 邮件正文.html if it hides anything."""
    rich = "\n\n".join(map(_html_text, pages))
    said = "".join(plain.split())
    texts = [("邮件头.txt", headers), ("邮件正文.txt", plain)]
    if "".join(rich.split()) not in said:
        texts.append(("邮件正文（网页）.txt" if said else "邮件正文.txt", rich))
    hiding = [page for page in pages if _hides(page)]
    texts += [(f"邮件正文{number if number > 1 else ''}.html", page) for number, page in enumerate(hiding, 1)]
    for name, text in texts:
        if text.strip():
            yield name, text.encode("utf-8", "replace")


def _attachments(parts: list[Message]) -> Iterator[tuple[str, bytes]]:
    number = 0
    for part in parts:
        if part.is_multipart() or _is_body(part):
            continue
        number += 1
        suffix = mimetypes.guess_extension(part.get_content_type()) or ""
        yield cleaned(_file_name(part) or f"附件{number}{suffix}").rsplit("/", 1)[-1], _payload(part)


def _is_body(part: Message) -> bool:
    is_text = part.get_content_type() in ("text/plain", "text/html")
    return is_text and part.get_content_disposition() != "attachment" and not _file_name(part)


def _header_text(part: Message) -> str:
    """The headers a reader of the mail sees, decoded; empty for parts that are no message."""
    if not (part.get("from") or part.get("subject")):
        return ""
    return "\n".join(f"{label}：{_words(str(part[key]))}" for label, key in _SHOWN if part.get(key))


def _file_name(part: Message) -> str:
    """RFC 2231, RFC 2047 and raw GBK file names; empty if there is none."""
    try:
        name = part.get_filename("")
        name.encode("utf-8", "surrogateescape")  # RFC 2231 with utf-7 can forge lone surrogates
    except (LookupError, ValueError, TypeError):  # a forged charset or number in an RFC 2231 parameter
        name = ""
    return _words(name)


def _words(raw: str) -> str:
    """A header value with its encoded words decoded."""
    text = raw if raw.isascii() else text_of(raw.encode("utf-8", "surrogateescape"))
    text = re.sub(r"\r?\n[ \t]*", " ", text)
    try:
        chunks = email.header.decode_header(text)
    except (email.errors.HeaderParseError, ValueError):
        return text
    return "".join(
        chunk if isinstance(chunk, str) else _in_charset(chunk, charset or "") for chunk, charset in chunks
    )


def _decoded(part: Message) -> str:
    try:
        charset = part.get_content_charset("")
    except (LookupError, ValueError, TypeError):
        charset = ""
    return _in_charset(_payload(part), charset)


def _in_charset(data: bytes, charset: str) -> str:
    """By the declared charset if it fits; gb2312 is declared where GBK is meant."""
    charset = "gb18030" if charset.lower() in ("gb2312", "gbk", "gb_2312-80", "x-gbk") else charset
    try:
        return data.decode(charset)
    except (LookupError, ValueError):
        return decode(data)[0]


def _payload(part: Message) -> bytes:
    """The decoded bytes; a broken transfer encoding gives what can be decoded of it."""
    try:
        payload = part.get_payload(decode=True)
    except (LookupError, ValueError, TypeError):
        payload = part.get_payload()
    if isinstance(payload, bytes):
        return payload
    return str(payload).encode("utf-8", "surrogateescape") if payload else b""


def _tree(source: str) -> etree._Element | None:
    """None if it is not whole: a page of nothing but comments, or deeper than the 2,048 tags libxml2 takes."""
    page = re.sub(r"\A\s*<\?xml[^>]*>", "", source).replace("\0", " ")
    parser = html.HTMLParser(huge_tree=True, no_network=True)
    try:
        root = html.document_fromstring(page, parser=parser)
    except (etree.LxmlError, ValueError):
        return None
    return None if parser.error_log.filter_from_fatals() else root


def _hides(source: str) -> bool:
    """Whether pictures or words lie where `_html_text` does not look: comments, scripts, attributes."""
    root = _tree(source)
    if root is None or "base64," in source.lower():
        return True
    for element in root.iter():
        values = [str(value) for name, value in element.items() if name not in _LOOKS]
        if not isinstance(element.tag, str) or element.tag in ("script", "title"):
            values.append(element.text or "")
        if any(map(_HIDDEN_WORDS.search, values)):
            return True
    return False


def _html_text(source: str) -> str:
    """What a browser would show, one line a block; chats of WeChat's mails are recognised in it."""
    root = _tree(source)
    if root is None:
        return source
    lines: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _BLOCKS:
            lines.append("\n")
        if event == "start" and tag and tag not in _UNSEEN:
            lines.append(" ".join((element.text or "").split()))
        if event == "end":
            lines.append("\t" if tag in ("td", "th") else "")
            lines.append(" ".join((element.tail or "").split()))
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(lines)).strip()
