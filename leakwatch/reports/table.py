"""What a clerk reads on the screen: findings gravest first, what was not read, coverage, one sentence."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from leakwatch.model import Conversation, Finding, Level, Outcome, Scan, Skipped
from leakwatch.reports import words
from leakwatch.reports.view import View, counts
from leakwatch.text import printable

_HEADINGS = (
    (Outcome.LEAD, "线索（应填写线索报告表）", "bold red"),
    (Outcome.REVIEW, "待审（由保密办判断）", "bold yellow"),
    (Outcome.NOTE, "备查（只作统计）", "bold"),
)
_GRAVE = (Level.JUEMI, Level.JIMI, Level.MIMI)
_MOST_PLACES = 3
_MOST_NAMES = 5


def render(scan: Scan, view: View) -> str:
    """The report in `view.width` columns; nothing from the evidence reaches the terminal as a command."""
    file = io.StringIO()
    # Height, too: without it rich takes the size from the environment where TERM=dumb.
    console = Console(
        file=file,
        width=view.width,
        height=25,
        force_terminal=view.has_colour,
        color_system="standard" if view.has_colour else None,
        no_color=not view.has_colour,
        highlight=False,
    )
    for part in _parts(scan, view):
        console.print(part, soft_wrap=False)
    return "\n".join(line.rstrip() for line in file.getvalue().strip("\n").split("\n")) + "\n"


def _parts(scan: Scan, view: View) -> Iterator[RenderableType]:
    number = 0
    shown = view.shown(scan)
    for outcome, heading, style in _HEADINGS:
        here = [finding for finding in shown if finding.outcome is outcome]
        if here:
            yield _heading(f"{heading} {len(here)} 件", style)
        for finding in here:
            number += 1
            yield _finding(number, finding, view)
    if scan.skipped:
        yield _heading(f"未能读取 {len(scan.skipped)} 处", "bold magenta")
        yield from (_unread(alike, view) for alike in _alike(scan.skipped))
    if scan.conversations:
        yield _heading(f"会话 {len(scan.conversations)} 个", "bold")
        yield from (_conversation(conversation, view) for conversation in scan.conversations)
    yield Text()
    yield from map(Text, _closing(scan, view))


def _heading(title: str, style: str) -> Text:
    return Text(f"\n{title}", style)


def _finding(number: int, finding: Finding, view: View) -> RenderableType:
    first = finding.hits[0]
    place, file = words.place(first), first.piece.evidence.inner_path
    rows = [
        ("原文", _line(view.quote(first.quote))),
        ("位置", view.place(_line(place))),
        ("文件", "" if file in place else view.place(_line(file))),
        ("另见", view.place(_others(finding))),
        ("理由", view.without(_line("；".join(finding.reasons)), _secrets(finding))),
        ("依据", _line("；".join(map(str, finding.rule.clauses)))),
    ]
    title = Text(f"\n{number}. ")
    if finding.level:
        title.append(f"{finding.level} ", "bold red" if finding.level in _GRAVE else "bold")
    title.append(_line(finding.rule.name), "bold")
    title.append(f"  {finding.rule.id}  {finding.id[:8]}", "dim")
    return Group(title, _rows(rows))


def _secrets(finding: Finding) -> set[str]:
    return {text for hit in finding.hits for text in (hit.document, hit.quote)}


def _rows(rows: Iterable[tuple[str, str]]) -> Table:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for label, content in rows:
        if content:
            grid.add_row(f"   {label}", Text(content))
    return grid


def _others(finding: Finding) -> str:
    places = list(dict.fromkeys(_line(words.place(hit)) for hit in finding.hits[1:]))
    more = f"；等 {len(places)} 处" if len(places) > _MOST_PLACES else ""
    return "；".join(places[:_MOST_PLACES]) + more


def _alike(skipped: Iterable[Skipped]) -> list[list[Skipped]]:
    """Those of one file with one cause together: an export may lack a thousand pictures."""
    groups: dict[tuple[str, str, str], list[Skipped]] = {}
    for part in skipped:
        groups.setdefault((part.reason, part.detail, part.evidence.inner_path), []).append(part)
    return list(groups.values())


def _unread(alike: list[Skipped], view: View) -> RenderableType:
    first = alike[0]
    names = [_unread_name(part) for part in alike]
    more = f"……等 {len(names)} 处，全部列在 --format csv 里" if len(names) > _MOST_NAMES else ""
    rows = [
        ("名称", view.place("、".join(names[:_MOST_NAMES])) + more),
        (
            "位置",
            view.place(_line(words.speaker(first.message))) if first.message and len(alike) == 1 else "",
        ),
        ("原因", view.place(_line(first.detail))),
    ]
    title = Text(f"\n · {words.REASONS[first.reason]}", "bold")
    title.append(f"  {view.place(_line(first.evidence.inner_path))}")
    return Group(title, _rows(rows))


def _unread_name(part: Skipped) -> str:
    where = f"（第{part.message.number}条）" if part.message else ""
    return (_line(part.name) or "（无名称）") + where


def _conversation(conversation: Conversation, view: View) -> RenderableType:
    declared = f" / 应有 {conversation.declared} 条" if conversation.declared is not None else ""
    name = view.place(_line(conversation.chat.name)) or "（未命名会话）"
    title = Text(f"\n · {name}", "bold")
    title.append(f"  {conversation.format}，{conversation.encoding}，消息 {conversation.parsed} 条{declared}")
    if conversation.is_incomplete:
        title.append("  不完整", "bold magenta")
    rows = [
        ("缺漏", "，".join(words.gaps(conversation))),
        ("说明", view.place("；".join(map(_line, conversation.lossy)))),
    ]
    return Group(title, _rows(rows)) if any(content for _, content in rows) else title


def _closing(scan: Scan, view: View) -> Iterator[str]:
    if not scan.files:
        yield "没有可扫描的文件。"
    elif not scan.findings:
        yield "没有发现问题" + ("，但有内容没有读到，不能据此认定没有问题。" if scan.skipped else "。")
    yield words.summary(scan)
    hidden = sum(counts(scan).values()) - len(view.shown(scan))
    if hidden:
        yield f"另有 {hidden} 件未列出，加 --outcome note 可全部列出。"
    if scan.allowed_unused:
        yield f"白名单有 {len(scan.allowed_unused)} 条没有起作用，请核对是否还需要："
        yield from (f" · {_line(sentence)}" for sentence in scan.allowed_unused)
    if scan.findings and view.is_masked:
        yield "原文已遮盖，加 --no-redact 可显示。"


def _line(text: str) -> str:
    """On one line and without control characters, which could move the cursor or hide text."""
    return printable(" ".join(text.split()))
