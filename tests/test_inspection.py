"""The road over what is to be published: as a scan, and nothing of it stays."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from leakwatch.config import Ocr, Paths, load
from leakwatch.inspection import LOCK, Inspection
from leakwatch.model import Reason


@pytest.fixture(scope="module")
def inspection(tmp_path_factory: pytest.TempPathFactory) -> Inspection:
    """Blind to pictures."""
    config = load(None, {})
    paths = Paths(data_dir=tmp_path_factory.mktemp("data"), keyword_lists=config.paths.keyword_lists)
    return Inspection(msgspec.structs.replace(config, paths=paths, ocr=Ocr(engine="none")))


def test_what_a_scan_would_find_is_found(inspection: Inspection, tmp_path: Path) -> None:
    (tmp_path / "稿.txt").write_text("附件：机密★10年", "utf-8")
    scan = inspection([tmp_path])
    assert [finding.rule.category for finding in scan.findings] == ["mk.state"]


def test_what_cannot_be_read_is_said(inspection: Inspection, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x00\x01\x02\x03" * 100)
    assert [skipped.reason for skipped in inspection([tmp_path]).skipped] == [Reason.UNKNOWN_FORMAT]


def test_the_rules_are_loaded_once_and_nothing_stays(inspection: Inspection, tmp_path: Path) -> None:
    (tmp_path / "稿.txt").write_text("收到", "utf-8")
    inspection([tmp_path])
    judge = inspection._judge
    inspection([tmp_path])
    assert inspection._judge is judge
    assert [path.name for path in inspection._config.paths.data_dir.iterdir()] == [LOCK]
