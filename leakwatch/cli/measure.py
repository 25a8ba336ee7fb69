"""`rules measure CORPUS`: how well the rules do on labelled messages, as a table."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from leakwatch.api import existing
from leakwatch.cli import output, settings
from leakwatch.cli.chinese import Command
from leakwatch.cli.road import Road
from leakwatch.config import load

if TYPE_CHECKING:
    from leakwatch.measure import Figures, Row, Share

_WIDTH = 200
"""Columns; the table takes about 110 and must never be squeezed."""
_HEADINGS = ("类别", "线索", "线索或待审", "准确", "密级", "原文")


@click.command(cls=Command, help="用标注过的消息（.jsonl）衡量规则")
@click.argument("corpus", metavar="语料")
@click.option("--against", metavar="DIR", help="与另一套规则（keyword_lists 文件夹）比较")
@click.option("--texts/--no-texts", default=False, help="比较时列出消息原文，默认只列出处")
@settings.option
@click.pass_obj
def measure(road: Road, /, corpus: str, config_file: Path | None, **comparison: Any) -> None:
    """The figures; the exit code is 0 whatever they are."""
    config = load(config_file, os.environ)
    (path,) = existing([corpus])
    against = existing([comparison["against"]])[0] if comparison["against"] is not None else None
    labels = road.read_corpus(path)
    figures = road.measure(labels, config.paths.keyword_lists, against)
    texts = {label.place: label.text for label in labels} if comparison["texts"] else {}
    output.write("".join(f"{part}\n" for part in _parts(figures, texts)), None)


def _parts(figures: Figures, texts: Mapping[str, str]) -> Iterator[str]:
    yield _table(figures.rows)
    yield f"线索中确属泄密的 {_share(figures.leads)}；线索和待审中应当给人看的 {_share(figures.found)}"
    yield "准确：本类规则列为线索或待审的消息中应当给人看的；括号内为 95% 置信区间（Wilson）。"
    yield from (f"白名单：{sentence}。" for sentence in figures.allowed_unused)
    if figures.against is not None:
        yield from _listed("新查出", figures.against.new, texts)
        yield from _listed("不再查出", figures.against.lost, texts)
        yield from _listed("结果或类别有变", figures.against.changed, texts)


def _listed(heading: str, places: Sequence[str], texts: Mapping[str, str]) -> Iterator[str]:
    yield f"{heading} {len(places)} 条{'：' if places else '。'}"
    yield from (f"  {place}  {texts.get(place, '')!r}" if texts else f"  {place}" for place in places)


def _table(rows: Sequence[Row]) -> str:
    table = Table(box=None, pad_edge=False)
    for heading in _HEADINGS:
        table.add_column(heading, justify="left" if heading == _HEADINGS[0] else "right", no_wrap=True)
    for row in rows:
        shares = (row.lead, row.found, row.precision, row.level, row.span)
        table.add_row(row.name, *map(_share, shares))
    file = io.StringIO()
    Console(file=file, width=_WIDTH, color_system=None, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in file.getvalue().splitlines())


def _share(share: Share) -> str:
    if not share.whole:
        return "-"
    low, high = share.interval
    return f"{share.part}/{share.whole} {share.part / share.whole:.0%}({100 * low:.0f}–{100 * high:.0f})"
