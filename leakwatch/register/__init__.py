"""The register of work groups: who owns which group, filed once a year (微信使用保密管理工作规范, 第四条（一）)."""

from leakwatch.register.filing import FilingYear, Standing, due, standing
from leakwatch.register.matching import Silent, name_key, silent, unregistered
from leakwatch.register.sheet_reader import Imported, read_filing
from leakwatch.register.sheet_writer import workbook
from leakwatch.register.values import PLATFORMS, Group, Register, Unit

__all__ = [
    "PLATFORMS",
    "FilingYear",
    "Group",
    "Imported",
    "Register",
    "Silent",
    "Standing",
    "Unit",
    "due",
    "name_key",
    "read_filing",
    "silent",
    "standing",
    "unregistered",
    "workbook",
]
