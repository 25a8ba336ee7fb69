"""What a notice says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from leakwatch.model import SHANGHAI

_MOST = 20
"""Numbers of leads that are listed; the page shows the rest."""


class Subject(StrEnum):
    """What a notice is about; the value is its title."""

    AT_ONCE = "有线索须立即报告"
    NEW_LEADS = "有新线索"
    DUE = "线索快到报告期限"
    OVERDUE = "线索已超过报告期限"
    UNREAD = "有内容没有读到"
    NIGHT = "夜间扫描结束"
    NIGHT_MISSED = "夜间扫描没有做完"
    SILENT = "收件箱没有回音"
    REGISTER = "工作群登记表快到报备期限"
    FAULT = "运行出错"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that people are to know."""

    subject: Subject
    at: datetime
    lead_ids: tuple[str, ...] = ()
    figures: tuple[tuple[str, int], ...] = ()
    """What was counted (Chinese) and how many."""
    link: str = ""

    @property
    def title(self) -> str:
        """The subject line."""
        count = f"（{len(self.lead_ids)} 件）" if self.lead_ids else ""
        return f"保密检查：{self.subject.value}{count}"

    @property
    def text(self) -> str:
        """All of it, a line each."""
        lines = [self.title, f"时间：{self.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"]
        lines += [f"{what}：{count}" for what, count in self.figures]
        lines += [f"线索编号：{lead_id}" for lead_id in self.lead_ids[:_MOST]]
        if (rest := len(self.lead_ids) - _MOST) > 0:
            lines.append(f"另有 {rest} 件，见审核页面")
        if self.link:
            lines.append(f"请打开：{self.link}")
        return "\n".join(lines) + "\n"


_JUDGES = frozenset({"reviewer", "office"})
_KEEPERS = frozenset({"office", "admin"})
AUDIENCE: Mapping[Subject, frozenset[str]] = MappingProxyType(
    {
        Subject.AT_ONCE: _JUDGES | {"owner"},
        Subject.NEW_LEADS: _JUDGES | {"owner"},
        Subject.DUE: _JUDGES,
        Subject.OVERDUE: _JUDGES,
        Subject.UNREAD: frozenset({"office"}),
        Subject.NIGHT: frozenset({"office"}),
        Subject.NIGHT_MISSED: _KEEPERS,
        Subject.SILENT: _KEEPERS,
        Subject.REGISTER: frozenset({"office"}),
        Subject.FAULT: _KEEPERS,
    }
)
"""Which roles are told of what."""
