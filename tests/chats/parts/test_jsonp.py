"""Values inside scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from leakwatch.chats.parts.json_stream import Cut
from leakwatch.chats.parts.jsonp import ScriptFile
from leakwatch.model import Evidence, Reason

Keep = Callable[[str, bytes], Evidence]
CALL = re.compile(r"call\(\s*")
ROWS = re.compile(r"rows:\s*\[")


@pytest.mark.parametrize(
    ("script", "value"),
    [
        ('x();call({"a":[1]});', {"a": [1]}),
        (" " * 3_000_000 + 'call({"a":1})', {"a": 1}),
        ('call({"a":', None),
        ("nothing", None),
        ("", None),
    ],
)
def test_the_argument_of_a_call_is_found(script: str, value: object, keep: Keep) -> None:
    assert ScriptFile(keep("a.js", script.encode()).path).argument(CALL) == value


@pytest.mark.parametrize(
    ("script", "records"),
    [
        ('f({rows:[{"a":1},\n{"a":2}]});f({rows:[{"a":3}]})', [{"a": 1}, {"a": 2}, {"a": 3}]),
        ('f({rows:[{"a":"rows:[ {} ]"}]})', [{"a": "rows:[ {} ]"}]),
        ('f({rows:[]});rows:[{"a":1}]' + " " * 3_000_000 + 'rows:[{"a":2}]', [{"a": 1}, {"a": 2}]),
        ('f({rows:[{"a":1},{"a":', [{"a": 1}, Cut(Reason.INCOMPLETE)]),
        ("nothing", []),
    ],
)
def test_all_arrays_are_read(script: str, records: list[object], keep: Keep) -> None:
    assert list(ScriptFile(keep("a.js", script.encode()).path).records(ROWS)) == records
