"""`rules list|check|test`: the rules, their own proof, and why a text hits."""

from __future__ import annotations

import os
from pathlib import Path

import click

from leakwatch.cli import output, settings
from leakwatch.cli.chinese import Command, Group
from leakwatch.cli.road import Road
from leakwatch.config import load
from leakwatch.errors import RulesError
from leakwatch.model import Finding
from leakwatch.reports.words import CATEGORIES, OUTCOMES


@click.group(cls=Group, help="查看、检查和试用规则")
def rules() -> None:
    """The group of the three commands."""


@rules.command("list", cls=Command, help="列出全部规则：编号、类别、密级、分值、名称")
@settings.option
@click.pass_obj
def list_(road: Road, /, config_file: Path | None) -> None:
    """One rule a line, fields parted by tabs."""
    book = road.load_rules(load(config_file, os.environ).paths.keyword_lists)
    lines = [
        "\t".join((rule.id, CATEGORIES[rule.category], rule.level or "-", f"{rule.score:.2f}", rule.name))
        for rule in book.rules
    ]
    output.write("\n".join(lines) + "\n", None)
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
    """Each finding with rule, score, reasons and clauses."""
    findings = road.explain(text, load(config_file, os.environ))
    output.write("\n".join(map(_explained, findings)) or "没有命中任何规则。\n", None)


def _explained(finding: Finding) -> str:
    rule = finding.rule
    level = f"，{finding.level}" if finding.level else ""
    lines = [
        f"{OUTCOMES[finding.outcome]}{level}  {rule.id}  {rule.name}（{CATEGORIES[rule.category]}）",
        f"  原文 {'、'.join(dict.fromkeys(hit.quote for hit in finding.hits))}",
        f"  分值 {finding.score:.2f}",
        *(f"  理由 {reason}" for reason in finding.reasons),
        *(f"  依据 {clause}" for clause in rule.clauses),
    ]
    return "\n".join(lines) + "\n"
