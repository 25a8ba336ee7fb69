"""allowed.toml → what a person answers for leaving alone, with reason and day of expiry."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from leakwatch.errors import RulesError
from leakwatch.rules.entries import AllowedEntry, AllowedFile, table
from leakwatch.text import fold, tight

_SHA256 = re.compile("[0-9a-f]{64}")


class Scope(StrEnum):
    """What an entry names."""

    WORD = "word"
    PHRASE = "phrase"
    NUMBER = "number"
    DOCUMENT = "document"
    GROUP = "group"
    CONTENT = "content"
    """One finding that a reviewer looked at; made by the review, never written by hand."""


_NAMES = {
    Scope.WORD: "词语",
    Scope.PHRASE: "语句",
    Scope.NUMBER: "文号",
    Scope.DOCUMENT: "文件",
    Scope.GROUP: "群",
    Scope.CONTENT: "已核内容",
}
WRITTEN = tuple(scope for scope in Scope if scope is not Scope.CONTENT)
"""Those that clerks write into the lists."""
_PASSING = frozenset({Scope.DOCUMENT, Scope.GROUP})
"""Scopes that hide what nobody has read yet: only until a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """One entry of the allow-list."""

    scope: Scope
    text: str
    """As written: a word, a number, the sha256 of a file, the name of a chat, the words of a finding."""
    owner: str
    reason: str
    since: date
    expires: date | None
    """The last day on which it applies; None: for good."""
    applies_to: frozenset[str]
    """Ids or categories of rules; empty: all of them."""
    folded: str
    """`text` as it is compared: folded, for a number without brackets and blanks; for content its fingerprint."""
    within: str = ""
    """The only chat in which it applies; empty: everywhere."""

    @property
    def title(self) -> str:
        """What is allowed, who answers for it and how long (Chinese)."""
        until = f"{self.expires} 到期" if self.expires else "长期"
        where = f"，限“{self.within}”" if self.within else ""
        return f"{_NAMES[self.scope]}“{self.text}”（{self.owner}，{until}{where}）"

    def is_valid(self, today: date) -> bool:
        """Whether it applies on that day."""
        return self.since <= today and (self.expires is None or today <= self.expires)


def load_allowed(path: Path, rule_names: Collection[str]) -> tuple[Allowed, ...]:
    """The entries of the file; rule_names: ids and categories that `applies_to` may name."""
    entries = tuple(_allowed(path, entry, rule_names) for entry in table(path, AllowedFile).allowed)
    twins = [key for key, count in Counter((one.scope, one.folded) for one in entries).items() if count > 1]
    if twins:
        raise RulesError(f"{path.name}：重复的条目：{'、'.join(text for _, text in twins)}")
    return entries


def _allowed(path: Path, entry: AllowedEntry, rule_names: Collection[str]) -> Allowed:
    for why in _faults(entry, rule_names):
        raise RulesError(f"{path.name}：“{entry.text}”：{why}")
    scope = Scope(entry.scope)
    return Allowed(
        scope=scope,
        text=entry.text,
        owner=entry.owner.strip(),
        reason=entry.reason.strip(),
        since=entry.since,
        expires=entry.expires,
        applies_to=frozenset(entry.applies_to),
        folded=(tight if scope is Scope.NUMBER else fold)(entry.text).text,
    )


def _faults(entry: AllowedEntry, rule_names: Collection[str]) -> Iterator[str]:
    if entry.scope not in WRITTEN:
        yield f"scope 不认识“{entry.scope}”，可用：{'、'.join(WRITTEN)}"
    if not tight(entry.text).text:
        yield "没有写 text"
    if not entry.owner.strip():
        yield "没有写 owner（谁对这一条负责）"
    if not entry.reason.strip():
        yield "没有写 reason（为什么放行）"
    if unknown := [name for name in entry.applies_to if name not in rule_names]:
        yield f"applies_to 里没有这样的规则或类别：{'、'.join(unknown)}"
    if entry.expires and entry.expires < entry.since:
        yield "expires 早于 since"
    if entry.scope in _PASSING and not entry.expires:
        yield "整个文件或群放行，须写明到期日 expires"
    if entry.scope == Scope.GROUP and not entry.applies_to:
        yield "按群放行须写明 applies_to，不能放行全部类别"
    if entry.scope == Scope.DOCUMENT and not _SHA256.fullmatch(entry.text):
        yield "文件应写 sha256（64 位小写十六进制）"
