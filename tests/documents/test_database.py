"""Databases of chat clients."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from leakwatch.documents import database, reader_for
from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason
from leakwatch.vault import Vault

Keep = Callable[[str, bytes], Evidence]
NOISE = b"".join(sha256(bytes([number])).digest() for number in range(256))


def _sqlite(tmp_path: Path, table: str) -> bytes:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE {table} (a TEXT)")
    connection.close()
    return path.read_bytes()


def _advice(keep: Keep, vault: Vault, name: str, data: bytes) -> str:
    file = keep(name, data)
    assert reader_for(data, name) is database
    with pytest.raises(Unreadable) as why:
        list(database.read(file, vault))
    assert why.value.reason is Reason.UNSUPPORTED
    return why.value.detail


@pytest.mark.parametrize(
    ("table", "client", "export"),
    [
        ("MSG", "微信数据库", "邮件发送聊天记录"),
        ("Msg_0123456789abcdef0123456789abcdef", "微信数据库", "邮件发送聊天记录"),
        ("group_msg_table", "QQ数据库", "消息管理器"),
        ("tbmsg_007", "钉钉数据库", "管理员"),
        ("notes", "这是数据库", "邮件发送聊天记录"),
    ],
)
def test_a_database_is_known_by_its_tables(
    keep: Keep, vault: Vault, tmp_path: Path, table: str, client: str, export: str
) -> None:
    detail = _advice(keep, vault, "a.db", _sqlite(tmp_path, table))
    assert client in detail
    assert export in detail


@pytest.mark.parametrize(
    ("name", "client"),
    [
        ("MSG0.db", "微信加密"),
        ("message_0.db", "微信加密"),
        ("MicroMsg.db", "微信加密"),
        ("EnMicroMsg.db", "微信加密"),
        ("message_0.db-wal", "微信加密"),
        ("nt_msg.db", "QQ加密"),
        ("dingtalk.db", "钉钉加密"),
        ("notes.db", "这是加密"),
    ],
)
def test_an_encrypted_database_is_known_by_its_name(keep: Keep, vault: Vault, name: str, client: str) -> None:
    assert client in _advice(keep, vault, name, NOISE)


def test_a_write_ahead_log_is_known_too(keep: Keep, vault: Vault) -> None:
    assert "微信数据库" in _advice(keep, vault, "MSG0.db-wal", b"\x37\x7f\x06\x82" + bytes(100))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("未知.dat", NOISE),
        ("空.db", b""),
        ("说明.db", "青石市值班表\n".encode() * 999),
        ("短.db", NOISE[:999]),
        ("MSG0.db", bytes(8192)),
    ],
)
def test_other_files_are_left_alone(name: str, data: bytes) -> None:
    assert not database.is_mine(data, name)
