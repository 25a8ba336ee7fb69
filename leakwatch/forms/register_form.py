"""The groups of one unit → 《微信工作群报备表》 as .docx (微信使用保密管理工作规范, 附件1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from docx.shared import Length, Mm

from leakwatch.forms import drawing
from leakwatch.forms.drawing import MOST_OF_A_NAME, Drawn, Heading
from leakwatch.forms.places import one_line
from leakwatch.register import PLATFORMS, Group, Unit

_FORM = "微信工作群报备表"
_FOOTNOTE = "备注：本表每年 6 月 15 日前，经单位（部门）主要领导审核同意，报送局保密办。"
_COLUMNS: tuple[tuple[str, Length], ...] = (
    ("序号", Mm(18)),
    ("微信工作群名称", Mm(70)),
    ("群主", Mm(30)),
    ("备注", Mm(38)),
)
_PT = 14
_LEAST_ROWS = 12
"""Blank ones are left for groups that a person adds by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What one unit files in one year."""

    bureau: str
    """Stands before the form's name."""
    unit: Unit
    groups: tuple[Group, ...]
    drawn_at: datetime


def draw_register_form(filing: Filing) -> Drawn:
    """The form; a dissolved group is not on it, and a group of another platform says so in its remark."""
    heading = Heading(form=_FORM, id="", lines=(), drawn_at=filing.drawn_at)
    document = drawing.blank(heading)
    drawing.add_title(document, filing.bureau[:MOST_OF_A_NAME], _FORM)
    for line in (
        f"单位（部门）：{one_line(filing.unit.name)}",
        f"联系人：{one_line(filing.unit.contact)}",
        f"联系电话：{one_line(filing.unit.telephone)}",
    ):
        drawing.add_line(document, line, _PT)
    drawing.add_list(document, _COLUMNS, _rows(filing), _PT)
    drawing.add_line(document, _FOOTNOTE, 12, before_pt=6)
    return Drawn(form=_FORM, document=document)


def _rows(filing: Filing) -> Iterator[tuple[str, ...]]:
    groups = [group for group in filing.groups if group.dissolved_at is None]
    for number, group in enumerate(groups, 1):
        other = PLATFORMS.get(group.platform, "") if group.platform not in ("", "wechat") else ""
        remark = "；".join(filter(None, (other, one_line(group.remarks))))
        yield str(number), one_line(group.name), one_line(group.owner), remark
    yield from (("", "", "", ""),) * (_LEAST_ROWS - len(groups))
