"""The four exclusions of work secrets stand before the confirmation of such a lead."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from leakwatch.forms.exclusions import EXCLUSIONS, exclusions
from leakwatch.model import SHANGHAI, Evidence, Finding, Hit, Kind, Origin, Outcome, Rule, TextPiece

FILE = Evidence(
    sha256="a" * 64,
    size=1,
    name="群.txt",
    inner_path="群.txt",
    path=Path("群.txt"),
    taken_at=datetime(2031, 5, 6, tzinfo=SHANGHAI),
)


def found(kind: Kind) -> Finding:
    rule = Rule(id="r", name="规则", kind=kind, category="c", score=0.8)
    hit = Hit(
        rule=rule,
        piece=TextPiece(text="内部方案", origin=Origin.MESSAGE, evidence=FILE),
        start=0,
        end=2,
        reason="",
    )
    return Finding(
        id="f",
        rule=rule,
        level=None,
        score=0.8,
        outcome=Outcome.LEAD,
        document="d",
        reasons=(),
        hits=(hit,),
    )


def test_the_four_are_those_of_the_regulation_in_its_order() -> None:
    assert [(str(one.clause), one.sentence) for one in EXCLUSIONS] == [
        ("《工作秘密管理制度》二（二）1", "依法应当确定为国家秘密的"),
        (
            "《工作秘密管理制度》二（二）2",
            "党内法规、法律、行政法规、规章和国家有关规定明确要求公开的",
        ),
        ("《工作秘密管理制度》二（二）3", "需要社会公众广泛知晓或者参与的"),
        ("《工作秘密管理制度》二（二）4", "已经依法公开的"),
    ]
    assert len({one.id for one in EXCLUSIONS}) == 4


@pytest.mark.parametrize(
    ("kinds", "count"),
    [
        ([Kind.WORKSECRET], 4),
        ([Kind.MARKING, Kind.WORKSECRET], 4),
        ([Kind.MARKING, Kind.PERSONAL, Kind.DOCNUMBER, Kind.IMAGE], 0),
        ([], 0),
    ],
)
def test_they_are_asked_of_work_secrets_only(kinds: list[Kind], count: int) -> None:
    assert len(exclusions(map(found, kinds))) == count
