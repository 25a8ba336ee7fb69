"""What is put behind a form: the list of evidence, the head of the record chain, how the thing spread.

The list has what 最高人民法院、最高人民检察院、公安部《关于办理刑事案件收集提取和审查判断电子数据若干问题的
规定》（法发〔2016〕22号）第十四条 asks for: kind, format, check values, time, method, and room for signatures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from docx.document import Document as DocxDocument
from docx.shared import Length, Mm

from leakwatch.forms import drawing
from leakwatch.forms.drawing import Heading
from leakwatch.forms.fields import CHAIN_HEAD
from leakwatch.forms.places import day, one_line
from leakwatch.model import SHANGHAI, EvidenceItem

EVIDENCE = "电子数据证据清单"
SPREAD = "传播时间线"
_MOST_ROWS = 1_000
"""Of a list: some eighty pages. A thousand rows take 1.5 s."""
_LIST_PT, _LINE_PT = 9, 12
_EVIDENCE_COLUMNS: tuple[tuple[str, Length], ...] = (
    ("编号", Mm(11)),
    ("名称", Mm(36)),
    ("类别", Mm(13)),
    ("文件格式", Mm(17)),
    ("大小\n（字节）", Mm(18)),
    ("校验值 SHA-256", Mm(40)),
    ("校验值 SM3", Mm(40)),
    ("提取时间", Mm(24)),
    ("提取方法", Mm(20)),
    ("来源", Mm(28)),
)
_SPREAD_COLUMNS: tuple[tuple[str, Length], ...] = (
    ("序号", Mm(14)),
    ("时间", Mm(48)),
    ("群（会话）", Mm(70)),
    ("发送人", Mm(45)),
    ("关联依据", Mm(70)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """The last record of the chain when the form was drawn."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadRow:
    """One place where the same thing turned up, in words."""

    time: str
    group: str
    sender: str
    joined_by: str
    """How it was known to be the same (Chinese): 文件校验值相同, 图片近似."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Annexes:
    """What the caller knows besides the draft; empty: no page is added."""

    evidence: tuple[EvidenceItem, ...] = ()
    chain_head: ChainHead | None = None
    spread: tuple[SpreadRow, ...] = ()


def add_annexes(document: DocxDocument, heading: Heading, annexes: Annexes) -> tuple[str, ...]:
    """Adds the pages; sentences on what of the lists stands on none."""
    if not (annexes.evidence or annexes.chain_head or annexes.spread):
        return ()
    drawing.turn_page(document, heading)
    notes: list[str] = []
    if annexes.evidence or annexes.chain_head:
        notes += _add_evidence(document, annexes)
    if annexes.spread:
        notes += _add_spread(document, annexes.spread)
    return tuple(notes)


def _add_evidence(document: DocxDocument, annexes: Annexes) -> Iterator[str]:
    items = annexes.evidence
    drawing.add_title(document, EVIDENCE)
    if annexes.chain_head:
        head = annexes.chain_head
        drawing.add_line(document, f"{CHAIN_HEAD}：第{head.sequence}条，{head.hash}", _LINE_PT)
    size = sum(item.size for item in items)
    drawing.add_line(document, f"共{len(items)}项，合计{size:,}字节。时间均为北京时间。", _LINE_PT)
    if items:
        numbers = {item.sha256: item.number for item in items}
        rows = [_evidence_row(item, numbers) for item in items[:_MOST_ROWS]]
        drawing.add_list(document, _EVIDENCE_COLUMNS, rows, _LIST_PT)
    yield from _add_rest(document, EVIDENCE, items)
    drawing.add_blanks(
        document,
        (
            "提取人（签名）：　　　　　　持有人（提供人）（签名）：　　　　　　见证人（签名）：　　　　　　",
            14,
            Mm(0),
        ),
        ("年　　月　　日", 6, Mm(8)),
    )


def _evidence_row(item: EvidenceItem, numbers: Mapping[str, int]) -> tuple[str, ...]:
    return (
        str(item.number),
        one_line(item.name),
        item.kind,
        one_line(item.format, 20),
        f"{item.size:,}",
        item.sha256,
        item.sm3,
        f"{day(item.taken_at)}{item.taken_at.astimezone(SHANGHAI):%H:%M:%S}",
        one_line(item.method),
        one_line(item.origin) + _taken_from(item.parent_sha256, numbers),
    )


def _taken_from(parent: str | None, numbers: Mapping[str, int]) -> str:
    if parent is None:
        return ""
    return f"（取自第{numbers[parent]}项）" if parent in numbers else f"（取自 {parent}）"


def _add_spread(document: DocxDocument, spread: Sequence[SpreadRow]) -> Iterator[str]:
    drawing.add_title(document, SPREAD)
    document.paragraphs[-1].paragraph_format.page_break_before = True
    drawing.add_line(document, "时间均为北京时间；发送人为导出记录中的显示名称，未经核实。", _LINE_PT)
    rows = [
        (str(number), one_line(row.time), one_line(row.group), one_line(row.sender), one_line(row.joined_by))
        for number, row in enumerate(spread[:_MOST_ROWS], 1)
    ]
    drawing.add_list(document, _SPREAD_COLUMNS, rows, 10.5)
    yield from _add_rest(document, SPREAD, spread)


def _add_rest(document: DocxDocument, name: str, items: Sequence[object]) -> Iterator[str]:
    if len(items) > _MOST_ROWS:
        drawing.add_line(document, f"以下略，共{len(items)}项，此处列出前{_MOST_ROWS}项。", _LINE_PT)
        yield f"《{name}》共 {len(items)} 项，表中只列出前 {_MOST_ROWS} 项，其余请见证据库。"
