"""Databases of chat clients, recognised and given up with the advice which export to make instead.

Written by: WeChat, QQ, WeCom and DingTalk on a computer, and the tools that decrypt them.
Tell-tales: `SQLite format 3\\0`, and the names of the tables in the first pages; still encrypted: the names
that these clients give their files, or `.db`, on content that is neither text nor anything known.
leakwatch reads no database: taking one from a computer and extracting its key is not lawful for a bureau to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason, Skipped, TextPiece
from leakwatch.vault import Vault

NAME = "database"

_MAGIC = b"SQLite format 3\0"
_HEAD_BYTES = 1 << 20
_SIDE_MAGIC = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83", b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7")
"""Of write-ahead logs and rollback journals."""
_RANDOM_BYTES = 4096
_FEWEST_VALUES = 200
"""Different values among 4096 random bytes: always above 250; a page of anything that is not encrypted has fewer."""
_WECHAT_ADVICE = (
    "请在手机微信里打开这个群，用“邮件发送聊天记录”，或在电脑上多选消息后复制成文字，连同图片和文件一并放入"
)
_CLIENTS = (
    (
        "微信",
        re.compile(
            rb"CREATE TABLE [\"'`]?(?:MSG|Msg_[0-9a-f]{32}|msg_[0-9a-f]{32}|Name2Id|ChatCRMsg|FTSContact)(?!\w)"
        ),
        re.compile(
            r"(?:de_?)?(?:(?:MSG|message_|biz_message_|MediaMSG|FTSMSG|media_)\d*|MicroMsg|EnMicroMsg|ChatMsg|contact"
            r"|session|message_fts|message_resource|head_image|MM|WCDB_Contact)(?:_\w+)?",
            re.I,
        ),
        _WECHAT_ADVICE,
    ),
    (
        "QQ",
        re.compile(
            rb"CREATE TABLE [\"'`]?(?:c2c_msg_table|group_msg_table|nt_uid_mapping_table|buddy_list)(?!\w)"
        ),
        re.compile(r"nt_msg|nt_qq\w*|Msg3\.0|profile_info|group_info|files_in_chat|Info", re.I),
        "请在 QQ 电脑版的消息管理器里把这个群导出为 MHT 或文本，连同图片和文件一并放入",
    ),
    (
        "钉钉",
        re.compile(rb"CREATE TABLE [\"'`]?(?:tbmsg_\d{3}|tbconversation|tbuser_profile_v2)(?!\w)"),
        re.compile(r"dingtalk(?:_\w+)?|im_\w+", re.I),
        "请向单位的钉钉管理员申请消息审计导出（Excel），或逐屏截图后放入",
    ),
    (
        "企业微信",
        re.compile(rb"CREATE TABLE [\"'`]?(?:message_table|conversation_table|wework_\w+)(?!\w)"),
        re.compile(r"wework\w*|wxwork\w*", re.I),
        "请向单位的企业微信管理员申请会话内容存档的解密导出（JSON 或 JSONL）后放入",
    ),
)
_SUFFIXES = (".db", ".sqlite", ".sqlite3", ".db3", ".db-wal", ".db-shm", ".db-journal")


def is_mine(head: bytes, name: str) -> bool:
    """An SQLite file of any sort, or encrypted content under a database's name."""
    if head.startswith((_MAGIC, *_SIDE_MAGIC)):
        return True
    return name.lower().endswith(_SUFFIXES) and _is_random(head)


def read(file: Evidence, vault: Vault) -> Iterator[TextPiece | Skipped | Evidence]:  # noqa: ARG001
    """Always Unreadable, with what it is and what to export instead."""
    with file.path.open("rb") as opened:
        head = opened.read(_HEAD_BYTES)
    is_plain = head.startswith((_MAGIC, *_SIDE_MAGIC))
    what = "数据库文件" if is_plain else "加密的数据库文件"
    client, advice = _client(head, file.name) or ("", f"如果是聊天记录，{_WECHAT_ADVICE}")
    raise Unreadable(
        Reason.UNSUPPORTED,
        f"这是{client}{what}，不是导出的聊天记录；leakwatch 不读数据库，也不提取密钥，内容未检查。{advice}",
    )


def _client(head: bytes, name: str) -> tuple[str, str] | None:
    """Whose database it is, and the advice: by its tables, else by its name."""
    for client, tables, _, advice in _CLIENTS:
        if tables.search(head):
            return client, advice
    stem = name.lower()
    while stem.endswith(_SUFFIXES):
        stem = stem.rpartition(".")[0]
    return next(((client, advice) for client, _, names, advice in _CLIENTS if names.fullmatch(stem)), None)


def _is_random(head: bytes) -> bool:
    page = head[:_RANDOM_BYTES]
    return len(page) == _RANDOM_BYTES and len(set(page)) >= _FEWEST_VALUES
