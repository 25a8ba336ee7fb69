"""`rules list|check|test|measure`: the rules, their own proof, why a text hits, how well they do."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import click

from leakwatch.cli import output, settings
from leakwatch.cli.chinese import Command, Group
from leakwatch.cli.measure import measure
from leakwatch.cli.road import Road
from leakwatch.config import load
from leakwatch.errors import RulesError
from leakwatch.findings import LEAD, REVIEW
from leakwatch.model import Finding, Mark, Mode, Rule
from leakwatch.reports.words import CATEGORIES, OUTCOMES

_MODES: Mapping[Mode, str] = MappingProxyType({Mode.ACTIVE: "正式", Mode.SHADOW: "试行"})


@click.group(cls=Group, help="查看、检查、试用和衡量规则")
def rules() -> None:
    """The group of the four commands."""


rules.add_command(measure)


@rules.command("list", cls=Command, help="列出全部规则：编号、类别、密级、分值、状态、负责人、起用日、名称")
@settings.option
@click.pass_obj
def list_(road: Road, /, config_file: Path | None) -> None:
    """One rule a line, fields parted by tabs."""
    book = road.load_rules(load(config_file, os.environ).paths.keyword_lists)
    output.write("".join(map(_line, book.rules)), None)
    click.echo(f"共 {len(book.rules)} 条规则，版本 {book.version}", err=True)


@rules.command(cls=Command, help="用规则自带的正例和反例检验规则")
@settings.option
@click.pass_obj
def check(road: Road, /, config_file: Path | None) -> None:
    """Says that all is well; RulesError lists every example that goes wrong."""
    book = road.load_rules(load(config_file, os.environ).paths.keyword_lists)
    if problems := road.check_rules(book):
        raise RulesError("\n".join(problems))
    examples = sum(len(rule.examples) + len(rule.non_examples) for rule in book.rules)
    output.write(f"规则没有问题：{len(book.rules)} 条规则，{examples} 个例句全部符合。\n", None)


@rules.command(cls=Command, help="试一段文字：命中哪条规则，为什么")
@click.argument("text", metavar="文字")
@settings.option
@click.pass_obj
def test(road: Road, /, text: str, config_file: Path | None) -> None:
    """Each finding with rule, score, all weights and bounds, the values of its mark, and clauses."""
    findings = road.explain(text, load(config_file, os.environ))
    output.write("\n".join(map(_explained, findings)) or "没有命中任何规则。\n", None)


def _line(rule: Rule) -> str:
    level, since = rule.level or "-", str(rule.since or "-")
    cells = (CATEGORIES[rule.category], level, f"{rule.score:.2f}", _MODES[rule.mode], rule.owner, since)
    return "\t".join((rule.id, *cells, rule.name)) + "\n"


def _explained(finding: Finding) -> str:
    rule = finding.rule
    level = f"，{finding.level}" if finding.level else ""
    lines = [
        f"{OUTCOMES[finding.outcome]}{level}  {rule.id}  {rule.name}（{CATEGORIES[rule.category]}）",
        f"  原文 {'、'.join(dict.fromkeys(hit.quote for hit in finding.hits))}",
        f"  分值 {finding.score:.2f}（{LEAD} 起为线索，{REVIEW} 起为待审）",
        *(f"  理由 {reason}" for reason in finding.reasons),
        *(f"  标志 {said}" for hit in finding.hits if hit.mark for said in _said(hit.mark)),
        *(f"  依据 {clause}" for clause in rule.clauses),
        f"  规则 {_MODES[rule.mode]}，{rule.owner} 负责，{rule.since or '-'} 起用",
    ]
    return "\n".join(lines) + "\n"


def _said(mark: Mark) -> Iterator[str]:
    """What a classification mark says, as far as it says it."""
    if mark.term:
        months = f"（{mark.months} 个月）" if mark.months is not None else ""
        yield f"期限 {mark.term}{months}"
    if mark.until:
        yield f"解密日 {mark.until}"
    yield from mark.anomalies
