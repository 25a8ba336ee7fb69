"""Every change of a rule is seen in review: the list of all rules as `leakwatch rules list` prints it.

After a change: .venv/bin/leakwatch rules list > tests/rules/rules_list.txt
"""

from __future__ import annotations

from pathlib import Path

import pytest

from leakwatch.cli import run
from leakwatch.cli.road import Road

SNAPSHOT = Path(__file__).with_name("rules_list.txt")


def test_the_rules_are_those_that_were_reviewed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["rules", "list"], Road()) == 0

    listed = capsys.readouterr().out.splitlines()
    assert listed == SNAPSHOT.read_text("utf-8").splitlines(), (
        "请核对改动，再运行 leakwatch rules list > tests/rules/rules_list.txt"
    )
