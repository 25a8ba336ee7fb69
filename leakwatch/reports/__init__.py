"""A finished scan as text: for clerks (table, csv) and for programs (jsonl, sarif). Pure.

In parts, so that the lines of a big scan are never held together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from leakwatch.model import Scan
from leakwatch.reports import csv, jsonl, sarif, table
from leakwatch.reports.view import View

__all__ = ["FORMATS", "View"]

FORMATS: Mapping[str, Callable[[Scan, View], Iterable[str]]] = MappingProxyType(
    {
        "table": lambda scan, view: (table.render(scan, view),),
        "jsonl": jsonl.render,
        "csv": csv.render,
        "sarif": lambda scan, view: (sarif.render(scan, view),),
    }
)
