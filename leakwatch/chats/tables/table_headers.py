"""What the columns of an exported chat table hold, told by the header row alone.

Known to the word: MemoTrace v1 and v3, PyWxDump/WeClone (9 columns), WeFlow (CSV of 8, XLSX of 5, 8 or 9),
chatlog (6), CipherTalk XLSX, QQ Chat Exporter XLSX; anything else by synonyms, with a time and a content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from leakwatch.chats.parts.moments import parse_moment
from leakwatch.model import Precision
from leakwatch.text import fold


class Role(StrEnum):
    """What a column is for."""

    TIME = "time"
    SENDER = "sender"
    SENDER_ID = "sender_id"
    CONTENT = "content"
    CHAT = "chat"
    CHAT_ID = "chat_id"
    KIND = "kind"
    SUBKIND = "subkind"
    ID = "id"
    SOURCE = "source"
    RECALLED = "recalled"
    BOOKKEEPING = "bookkeeping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A recognised header: the columns of each role, best first, and the names of the others."""

    exporter: str
    """Empty for a table known by synonyms alone."""
    platform: str
    width: int
    columns: Mapping[Role, tuple[int, ...]]
    others: Mapping[int, str]
    is_sure: bool
    """Whether the header alone says chat; else the rows must show clock times too."""

    def cells(self, row: Sequence[str], role: Role) -> list[str]:
        """What the row says in that role, best column first, blanks left out."""
        found = (row[column].strip() for column in self.columns.get(role, ()) if column < len(row))
        return [cell for cell in found if cell]

    def cell(self, row: Sequence[str], role: Role) -> str:
        """The first of `cells`, empty if there is none."""
        # A dozen of these a row: three times as fast as the list.
        for column in self.columns.get(role, ()):
            if column < len(row) and (cell := row[column].strip()):
                return cell
        return ""


# Best first: the exact epoch before its local text, the group's own name for a person before all others.
_SYNONYMS = {
    Role.TIME: "createtime timestamp 时间戳 时间 发送时间 消息时间 聊天时间 发言时间 记录时间 日期时间 strtime time "
    "datetime sendtime msgtime messagetime messagedate createdat sentat timestr formattedtime 日期 发送日期 date 时刻 ts",
    Role.SENDER: "群昵称 发送者群昵称 发送者备注 发送人备注 remark 发送人 发送者 发送方 发言人 发送人姓名 发送者姓名 发信人 "
    "发件人 聊天人 说话人 发送用户 发送成员 sendername senderdisplayname sendmembername sendernickname sendnickname 发送者昵称 发送人昵称 昵称 用户昵称 nickname "
    "sender from fromuser fromname author speaker 显示名称 姓名 用户 用户姓名 成员姓名 用户名 username name 成员 联系人 "
    "talker 发送者身份",
    Role.SENDER_ID: "发送者微信id 发送者账号id 发送人id 发送者id 发送人账号 发送者账号 微信id 微信号 发送者qq号 qq号 qq "
    "senderid senderusername senderqq senderqqnum senderwxid senderuid fromid wxid userid 账号 工号 用户id 发送人工号 发送者工号 发送人userid",
    Role.CONTENT: "消息内容 聊天内容 内容 发言内容 发送内容 信息内容 消息正文 消息详情 消息文本 消息体 "
    "会话内容 对话内容 strcontent content msg message msgcontent text displaycontent snippet elements rawmessage "
    "正文 消息 聊天记录 body",
    Role.CHAT: "群名称 群名 微信群名称 群聊名称 群聊 群 群组 群组名称 会话 会话名称 所属群 聊天名称 聊天对象 talkername chat chatname group "
    "groupname room chatroom chatsession conversation conversationname 接收人 接收者 接收方 接收人姓名",
    Role.CHAT_ID: "roomname 群id 群号 会话id chatid groupid roomid conversationid",
    Role.KIND: "类型 消息类型 消息类别 内容类型 typename type msgtype messagetype kind",
    Role.SUBKIND: "subtype",
    Role.ID: "消息id 消息编号 msgsvrid messageid msgid serverid platformmessageid",
    Role.SOURCE: "src 文件路径 附件路径 附件 媒体路径 路径 path filepath mediapath localpath "
    "文件名 文件名称 附件名 附件名称 聊天记录详情 imagepath attachment mediafiles",
    Role.RECALLED: "是否撤回 recalled isrecalled deleted",
    Role.BOOKKEEPING: "序号 编号 id localid talkerid msgseq messageseq issender isself issend status 状态码 资源数量 原始类型代码 头像链接 "
    "头像 avatar 星期 seq no index 会话类型 聊天类型 终端 终端类型 ip ip地址 消息方向 方向 主号 系统工号 service "
    "attachmenttype delivereddate readdate editeddate sentdate",
}
_ROLES = {name: (role, rank) for role, names in _SYNONYMS.items() for rank, name in enumerate(names.split())}
# Each is a set of columns that no table but this exporter's has; the first that is contained wins.
_EXPORTERS = (
    ("MemoTrace", "wechat", "消息id 类型 发送人 时间 内容 备注 昵称 更多信息"),
    ("MemoTrace v1", "wechat", "localid talkerid type subtype issender createtime strcontent strtime"),
    ("PyWxDump", "wechat", "id msgsvrid typename issender talker roomname msg src createtime"),
    ("WeFlow", "wechat", "id msgsvrid typename issender talker msg src createtime"),
    ("chatlog", "wechat", "time sendername sender talkername talker content"),
    ("CipherTalk", "wechat", "序号 时间 发送者 微信id 消息类型 消息内容"),
    ("WeFlow", "wechat", "序号 时间 发送者身份 消息类型 内容"),
    ("QQChatExporter", "qq", "序号 时间 发送者 发送者qq号 消息类型 消息内容"),
)
_OF_ALL_CHATS = (
    "localId TalkerId Type SubType IsSender CreateTime Status StrContent StrTime MsgSvrID 群名称 会话名称 发送人"
).split()
_SURE_SENDERS = set(
    "发送人 发送者 发送方 发言人 聊天人 发送用户 发送成员 发送者昵称 发送人昵称 发送人姓名 发送者姓名 群昵称 sender sendername senderdisplayname talker "
    "fromuser".split()
)
_SURE_CONTENTS = set(
    "消息内容 聊天内容 发言内容 消息详情 消息文本 消息体 会话内容 对话内容 strcontent msg msgcontent 聊天记录 消息".split()
)
_OTHER_WORDS = (("讯息", "消息"), ("传送", "发送"), ("日期时间", "时间"))
_OF_A_MESSAGE = re.compile("^(?:消息|聊天|会话)(?=发送|发言)")
_OF_A_PERSON = re.compile("(?<=[者人方])名称$")
_FEWEST_CLOCKS = 0.5


def layout_of(header: Sequence[str]) -> Layout | None:
    """The layout of a header row; None if it is no header of a chat."""
    names = [_plain(re.sub(r"[\s_\-:：\ufeff()（）]", "", cell).lower()) for cell in header]
    columns, others = _columns(names, header)
    if not {Role.TIME, Role.CONTENT} <= columns.keys() or len(set(names)) < len([n for n in names if n]):
        return None
    exporter, platform = _exporter(names)
    if exporter == "chatlog":
        columns = {
            **columns,
            Role.CHAT_ID: (names.index("talker"),),
            Role.SENDER_ID: (names.index("sender"),),
        }
        columns[Role.SENDER] = (names.index("sendername"), names.index("sender"))
    elif exporter and "talker" in names:
        columns[Role.SENDER_ID] = (names.index("talker"),)
    elif "strcontent" in names and "sender" in names:
        columns[Role.SENDER_ID] = (names.index("sender"),)
    if exporter == "MemoTrace":
        others.pop(names.index("备注"))  # the sender's name again
    has_sender = Role.SENDER in columns
    is_sure = bool(exporter) or (has_sender and bool(set(names) & (_SURE_SENDERS | _SURE_CONTENTS)))
    if not is_sure and not (has_sender or set(names) & _SURE_CONTENTS):
        return None
    return Layout(
        exporter=exporter,
        platform=platform,
        width=len(header),
        columns=columns,
        others=others,
        is_sure=is_sure,
    )


def _plain(name: str) -> str:
    """The known name of a column that is said in other words: 訊息傳送者名稱 → 发送者姓名."""
    if name in _ROLES or name.isascii():
        return name
    plain = fold(name).text
    for word, known in _OTHER_WORDS:
        plain = plain.replace(word, known)
    plain = _OF_A_PERSON.sub("姓名", _OF_A_MESSAGE.sub("", plain))
    return plain if plain in _ROLES else name


def of_all_chats(layout: Layout, rows: Iterable[Sequence[str]]) -> Layout:
    """The layout that the rows really have.

    MemoTrace v1's `messages.csv` of all chats has the header of one chat, but a message id before the name of
    the chat, which stands where the sender's should: 13 cells under 12 names.
    """
    if layout.exporter != "MemoTrace v1" or not any(len(row) > 11 and _is_id(row[9]) for row in rows):
        return layout
    return layout_of(_OF_ALL_CHATS) or layout


def _is_id(cell: str) -> bool:
    return cell.isascii() and cell.isdigit() and len(cell) > 14


def shows_clocks(layout: Layout, rows: Iterable[Sequence[str]]) -> bool:
    """Whether the rows carry dates with clock times, as chats do and rosters and budgets do not."""
    total = found = 0
    for row in rows:
        if any(cell.strip() for cell in row):
            total += 1
            precisions = {parse_moment(cell).precision for cell in layout.cells(row, Role.TIME)}
            found += bool(precisions & {Precision.MILLISECOND, Precision.SECOND, Precision.MINUTE})
    return found > 0 and found >= total * _FEWEST_CLOCKS


def _columns(
    names: Sequence[str], header: Sequence[str]
) -> tuple[dict[Role, tuple[int, ...]], dict[int, str]]:
    ranked: dict[Role, list[tuple[int, int]]] = {}
    others: dict[int, str] = {}
    for column, name in enumerate(names):
        if name in _ROLES:
            role, rank = _ROLES[name]
            ranked.setdefault(role, []).append((rank, column))
        else:
            others[column] = header[column].strip()
    return {role: tuple(column for _, column in sorted(found)) for role, found in ranked.items()}, others


def _exporter(names: Sequence[str]) -> tuple[str, str]:
    for exporter, platform, wanted in _EXPORTERS:
        if set(wanted.split()) <= set(names):
            return exporter, platform
    return "", "other"
