"""The columns of the sheet: the four of the official form, then ours; and what units call them."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from types import MappingProxyType


class Column(StrEnum):
    """A column by what we print above it, in the order of the sheet."""

    NUMBER = "序号"
    NAME = "微信工作群名称"
    OWNER = "群主"
    REMARKS = "备注"
    PLATFORM = "平台"
    CONTACT = "联系人"
    TELEPHONE = "电话"
    UNIT = "单位"
    PARENT = "上级单位"
    ALIASES = "曾用名"
    FILED_AT = "报备日期"
    DISSOLVED_AT = "解散日期"


_WORDS = {
    Column.NUMBER: "编号 No",
    Column.NAME: "工作群名称 微信群名称 微信群名 群名称 群名 群聊名称 群组名称 工作群 微信工作群",
    Column.OWNER: "群主姓名 群主名称 建群人 群负责人 负责人 群管理员 管理员",
    Column.REMARKS: "说明 用途 群用途",
    Column.PLATFORM: "所属平台 使用平台 软件 应用 即时通讯工具",
    Column.CONTACT: "联络人 联系人姓名",
    Column.TELEPHONE: "联系电话 联系方式 电话号码 手机 手机号 手机号码 联系人电话",
    Column.UNIT: "单位(部门) 部门 部门(单位) 处室 处室(单位) 所属单位 所在单位 群主单位 单位名称",
    Column.PARENT: "主管单位 上级部门",
    Column.ALIASES: "别名 原名 原群名",
    Column.FILED_AT: "备案日期 报备时间 备案时间",
    Column.DISSOLVED_AT: "解散时间",
}
_NAMES = MappingProxyType(
    {name.casefold(): column for column, words in _WORDS.items() for name in (column.value, *words.split())}
)


def column(text: str) -> Column | None:
    """Which column that is the name of, if any; blanks, width and a colon at its end do not matter."""
    bare = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).rstrip(":").casefold()
    return _NAMES.get(bare)
