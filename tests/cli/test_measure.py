"""`rules measure`: the figures as a table, the differences by place, texts only when asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., int]
MakeRoad = Callable[..., Any]
LINE = '{"text":"机密★10年","sort":"mark","category":"mk.state","expect":"lead"}\n'


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two labelled messages and another set of rules beside them."""
    (tmp_path / "旧规则").mkdir()
    (tmp_path / "a.jsonl").write_text(LINE * 2, "utf-8")
    return tmp_path


def test_the_figures_are_a_table_with_intervals(
    call: Call, road: MakeRoad, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here = road()
    assert call(here, "rules", "measure", "a.jsonl") == 0
    header, *lines = capsys.readouterr().out.splitlines(keepends=True)
    assert header.split() == ["类别", "线索", "线索或待审", "准确", "密级", "原文"]
    assert "".join(lines) == (
        "mark  1/2 50%(9–91)  2/2 100%(34–100)  1/2 50%(9–91)  1/2 50%(9–91)     -\n"
        "线索中确属泄密的 1/2 50%(9–91)；线索和待审中应当给人看的 1/2 50%(9–91)\n"
        "准确：本类规则列为线索或待审的消息中应当给人看的；括号内为 95% 置信区间（Wilson）。\n"
        "白名单：甲没有用到。\n"
    )
    assert [against for _, against in here.measured] == [None]


@pytest.mark.parametrize(
    ("options", "line"), [([], "  a.jsonl:2\n"), (["--texts"], "  a.jsonl:2  '机密★10年'\n")]
)
def test_differences_are_listed_by_place_and_with_texts_when_asked_for(
    call: Call,
    road: MakeRoad,
    corpus: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    line: str,
) -> None:
    here = road()
    assert call(here, "rules", "measure", "a.jsonl", "--against", "旧规则", *options) == 0
    assert f"新查出 1 条：\n{line}不再查出 0 条。\n结果或类别有变 0 条。\n" in capsys.readouterr().out
    assert here.measured[0][1] == Path("旧规则")


def test_what_is_not_there_is_named(
    call: Call, road: MakeRoad, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(road(), "rules", "measure", "没有.jsonl") == 2
    assert call(road(), "rules", "measure", "a.jsonl", "--against", "没有") == 2
    assert (
        capsys.readouterr().err
        == "找不到：没有.jsonl，请检查路径和权限后重试\n找不到：没有，请检查路径和权限后重试\n"
    )
