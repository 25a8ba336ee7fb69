"""A finished scan as text: for clerks (table, csv) and for programs (jsonl, sarif). Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from leakwatch.model import Scan
from leakwatch.reports import csv, jsonl, sarif, table
from leakwatch.reports.view import View

__all__ = ["FORMATS", "View"]

FORMATS: Mapping[str, Callable[[Scan, View], str]] = MappingProxyType(
    {"table": table.render, "jsonl": jsonl.render, "csv": csv.render, "sarif": sarif.render}
)
