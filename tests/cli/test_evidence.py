"""The master key and packages from others, on the command line."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leakwatch.config import load
from leakwatch.keeping import evidence_vault
from leakwatch.vault.handover import Case, Package, pack
from leakwatch.vault.passphrases import Stretching
from leakwatch.vault.suites import SM
from tests.conftest import NOON

Call = Callable[..., int]
MakeRoad = Callable[..., Any]
PASSPHRASE = "云岭区-交接-2031-0506"  # noqa: S105 - invented


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A hand-over without originals."""
    path = tmp_path / "交接.lwjj"
    stretching = Stretching(passes=1, lanes=1, memory_kib=8, salt=b"s" * 16)
    case = Case(number="XS-20310506-00ff", forms=(), items=(), open=lambda _item: io.BytesIO())
    pack(case, Package(path=path, passphrase=PASSPHRASE, suite=SM, stretching=stretching, made_at=NOON))
    return path


def test_a_new_key_is_made_once_and_says_what_to_do_with_it(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert call(road(), "evidence", "make-key", "主密钥") == 0
    out = capsys.readouterr().out
    assert f'key_file = "{tmp_path / "主密钥"}"' in out
    assert (tmp_path / "主密钥").read_text().strip() not in out

    assert call(road(), "evidence", "make-key", "主密钥") == 9
    assert "没有覆盖" in capsys.readouterr().err


def test_a_key_is_not_made_beside_the_evidence(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    assert call(road(), "evidence", "make-key", "data/主密钥") == 9
    assert "主密钥不能放在" in capsys.readouterr().err
    assert list((tmp_path / "data").iterdir()) == []


def test_after_a_rotation_the_new_key_opens_the_evidence(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    for name in ("旧", "新"):
        assert call(road(), "evidence", "make-key", name) == 0
    config.write_text('[store]\nkey_file = "旧"\n', "utf-8")
    key_id = evidence_vault(load(config, {}), {}).new_batch()

    assert call(road(), "evidence", "rotate", "新") == 0
    assert "已有 1 批证据换用主密钥" in capsys.readouterr().out
    config.write_text('[store]\nkey_file = "新"\n', "utf-8")
    assert evidence_vault(load(config, {}), {}).keys.lock(key_id).key_id == key_id


def test_without_a_key_nothing_is_sealed(
    call: Call, road: MakeRoad, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert call(road(), "evidence", "make-key", "新") == 0
    assert call(road(), "evidence", "rotate", "新") == 9
    assert "没有这个主密钥文件" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_package_is_opened_with_the_passphrase_of_standard_input(
    call: Call,
    road: MakeRoad,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    package: Path,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSPHRASE}\n"))
    assert call(road(), "evidence", "open", package.name, "收到") == 0

    names = ["说明.txt", "证据清单.csv", "SHA256.txt", "SM3.txt"]
    said = capsys.readouterr()
    assert said.out.splitlines() == [str(Path("收到") / name) for name in names]
    assert "共 4 个文件，校验值全部相符" in said.err
    assert sorted(path.name for path in (tmp_path / "收到").iterdir()) == sorted(names)


def test_a_wrong_passphrase_opens_nothing(
    call: Call,
    road: MakeRoad,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    package: Path,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("别的口令"))
    assert call(road(), "evidence", "open", package.name, "收到") == 2
    assert "口令不对" in capsys.readouterr().err
    assert not (tmp_path / "收到").exists()
