"""What leakwatch wrote itself is known by place and name; rules that fail their examples stop a scan."""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from leakwatch.config import Config, Paths
from leakwatch.errors import RulesError
from leakwatch.kit import Judge, Places, build_kit, own_files
from leakwatch.rules import RuleBook
from leakwatch.scanners import Matcher

LISTS = Path(__file__).parents[1] / "keyword_lists"


@pytest.fixture
def is_own(tmp_path: Path) -> Callable[[Path], bool]:
    """A scan whose data folder is reached through a link too."""
    for name in (
        "data/ocr/0123456789abcdef",
        "data/leakwatch-scan-7-abc_1234",
        "tmp/leakwatch-scan-9-zyxwvuts",
    ):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to("data")
    config = Config(paths=Paths(data_dir=tmp_path / "link", drafts_dir=tmp_path / "drafts"))
    return own_files(config, tmp_path / "data" / "private", tmp_path / "表", tmp_path / "报告.csv")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("data", False),
        ("data/群聊.txt", False),
        ("data/private", True),
        ("link/private", True),
        ("drafts/../data/private", True),
        ("data/leakwatch-scan-7-abc_1234", True),
        ("tmp/leakwatch-scan-9-zyxwvuts", True),
        ("tmp/leakwatch-scan-9-abcdefgh", False),  # not there: a file of that name is no folder of ours
        ("tmp/leakwatch-scan-notes", False),
        ("data/ocr/0123456789abcdef", True),
        ("data/ocr/照片.jpg", False),
        ("ocr/0123456789abcdef", False),
        (f"data/evidence/{'ab' * 16}", True),
        (f"link/evidence/{'ab' * 16}", True),
        ("data/evidence", False),
        ("data/evidence/群聊", False),
        (f"data/{'ab' * 16}", False),
        ("报告.csv", True),
        ("data/报告.csv", False),
        ("drafts", False),
        ("drafts/XS-20310506-3f2a9c.docx", True),
        ("drafts/XS-20310506-3f2a9c-2.docx", True),
        ("drafts/XS-20310506-3f2a9c-泄密事件报告表.docx", True),
        ("drafts/XS-20310506-3f2a9c-2-旧稿-2.docx", True),
        ("drafts/XS-20310506-3f2a9c-2-改动说明.txt", True),
        ("drafts/XS-20310506-3f2a9c.pdf", True),
        ("drafts/XS-20310506-3f2a9c-附件.pdf", False),
        ("表/XS-20310506-3f2a9c.docx", True),
        ("drafts/XS-20310506-3f2a9c（定稿）.docx", False),
        ("drafts/会议纪要.docx", False),
        ("收件/XS-20310506-3f2a9c.docx", False),
    ],
)
def test_only_what_leakwatch_names_is_its_own(
    is_own: Callable[[Path], bool], tmp_path: Path, name: str, expected: bool
) -> None:
    assert is_own(tmp_path / name) is expected


def test_relative_paths_are_known_too(
    is_own: Callable[[Path], bool], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert is_own(Path("报告.csv"))


def test_a_rule_that_fails_its_own_example_stops_the_scan(tmp_path: Path) -> None:
    lists = Path(shutil.copytree(LISTS, tmp_path / "lists"))
    marks = (lists / "marks.toml").read_text("utf-8")
    (lists / "marks.toml").write_text(marks.replace('examples = ["', 'examples = ["中午吃面", "', 1), "utf-8")
    config = Config(paths=Paths(keyword_lists=lists))

    with (
        pytest.raises(RulesError, match=r"没有开始扫描；第一处：mk\.state\.term：正例没有命中：中午吃面"),
        build_kit(config, 1, Places(private=tmp_path)),
    ):
        pass


def test_what_is_no_garbage_while_a_kit_is_used_may_be_some_afterwards(
    book: RuleBook, matcher: Matcher, tmp_path: Path
) -> None:
    with build_kit(Config(), 1, Places(private=tmp_path), Judge(book=book, matcher=matcher)):
        assert gc.get_freeze_count() > 0
    assert gc.get_freeze_count() == 0


def test_a_scan_loads_no_cryptography() -> None:
    command = [sys.executable, "-c", "import sys, leakwatch.kit; print('cryptography' in sys.modules)"]
    assert subprocess.run(command, check=True, capture_output=True).stdout.strip() == b"False"
