"""What `doctor` says of keys, clock, database and rights: what is wrong, and how to mend it."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from leakwatch.cli.checks import keeping_checks
from leakwatch.config import Config, Inbox, Limits, Ocr, Paths, Store
from leakwatch.keeping import KEYS, prepare
from leakwatch.vault.keys import make_key


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Of a machine on which nothing ran yet."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LEAKWATCH_KEY", raising=False)
    (tmp_path / "data").mkdir(mode=0o700)
    return Config(
        paths=Paths(
            data_dir=tmp_path / "data", drafts_dir=tmp_path / "drafts", keyword_lists=tmp_path / "lists"
        ),
        store=Store(key_file=tmp_path / "leakwatch.key"),
        inbox=(Inbox(path=tmp_path / "inbox"),),
        ocr=Ocr(engine="none"),
        limits=Limits(file_mib=1),
    )


def said(config: Config, name: str) -> tuple[bool, str]:
    """Whether it is well, and the sentence."""
    (check,) = (check for check in keeping_checks(config) if check.name == name)
    return check.is_ok, check.detail


def logged(config: Config, at: datetime) -> None:
    """A database with a row of that time in its log."""
    with closing(sqlite3.connect(config.paths.data_dir / "leakwatch.sqlite3")) as database, database:
        database.execute("CREATE TABLE store_logentry (at TEXT)")
        database.execute("INSERT INTO store_logentry VALUES (?)", (f"{at:%Y-%m-%d %H:%M:%S}",))


def used(config: Config) -> None:
    """A key, and what it opens."""
    prepare(config, {}, lambda _said: None)
    logged(config, datetime.now(UTC))


def test_a_new_machine_is_well(config: Config) -> None:
    assert [check.name for check in keeping_checks(config) if not check.is_ok and check.is_needed] == []
    assert said(config, "主密钥") == (True, "还没有，第一次运行时生成")
    assert said(config, "数据库") == (True, "还没有，第一次运行时建立")


def test_room_for_the_largest_file_is_spoken_of(config: Config) -> None:
    asked = structs.replace(config, limits=Limits(file_mib=1 << 20))
    is_ok, detail = said(asked, "磁盘")
    assert (is_ok, "约需 2097152 MiB" in detail) == (True, True)


@pytest.mark.parametrize(("hours", "is_ok"), [(-1, True), (2, False)])
def test_a_clock_behind_what_is_written_was_set_back(config: Config, hours: int, is_ok: bool) -> None:
    logged(config, datetime.now(UTC) + timedelta(hours=hours))
    found, detail = said(config, "时钟")
    assert (found, "请校准系统时间" in detail) == (is_ok, not is_ok)


def test_a_key_that_is_gone_is_told_from_one_that_never_was(config: Config) -> None:
    used(config)
    assert said(config, "主密钥")[0]
    config.store.key_file.unlink()
    assert said(config, "主密钥") == (False, f"{config.store.key_file} 不见了，请从另存的备份放回")


def test_a_key_that_opens_nothing_of_what_is_there_is_told(config: Config) -> None:
    used(config)
    config.store.key_file.unlink()
    make_key(config.store.key_file, [config.paths.data_dir])
    is_ok, detail = said(config, "主密钥")
    assert (is_ok, detail.startswith("主密钥不对")) == (False, True)


def test_data_keys_that_are_gone_are_told_and_not_made_anew(config: Config) -> None:
    used(config)
    shutil.rmtree(config.paths.data_dir / KEYS)
    is_ok, detail = said(config, "主密钥")
    assert (is_ok, "数据密钥不见了" in detail, (config.paths.data_dir / KEYS).exists()) == (
        False,
        True,
        False,
    )


def test_a_database_that_is_gone_or_empty_is_told_where_originals_are(config: Config) -> None:
    used(config)
    folder = config.paths.data_dir / "evidence" / "0a" / "ab"
    folder.mkdir(parents=True)
    (folder / "abcd").touch()
    place = config.paths.data_dir / "leakwatch.sqlite3"
    place.write_bytes(b"")
    assert not said(config, "数据库")[0]
    place.unlink()
    assert not said(config, "数据库")[0]


def test_an_inbox_that_is_there_is_well(config: Config) -> None:
    config.inbox[0].path.mkdir()
    assert said(config, "收件箱") == (True, "1 个")


def test_a_key_that_others_can_read_is_refused(config: Config) -> None:
    make_key(config.store.key_file, [config.paths.data_dir])
    config.store.key_file.chmod(0o644)
    assert not said(config, "主密钥")[0]


@pytest.mark.parametrize(("content", "is_ok"), [(None, True), (b"no database" * 1_000, False)])
def test_a_database_that_is_damaged_is_restored(config: Config, content: bytes | None, is_ok: bool) -> None:
    logged(config, datetime.now(UTC))
    if content is not None:
        (config.paths.data_dir / "leakwatch.sqlite3").write_bytes(content)
    found, detail = said(config, "数据库")
    assert (found, "leakwatch restore" in detail) == (is_ok, not is_ok)


def test_what_the_daemon_would_not_start_with_is_told_before(config: Config) -> None:
    asked = structs.replace(config, inbox=(Inbox(path=config.paths.data_dir / "inbox"),))
    is_ok, detail = said(asked, "文件夹和权限")
    assert (is_ok, detail.startswith("1 处，常驻程序不会启动；第一处：")) == (False, True)
