"""Template filters: times, names, levels and what people did, as a clerk reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from django import template

from leakwatch.model import SHANGHAI, Precision, Reason
from leakwatch.reports.words import CATEGORIES, REASONS
from leakwatch.store.models import LeadState, Role
from leakwatch.web.looking import PURPOSES

register = template.Library()

_ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "lead.opened": "系统生成线索",
        "lead.created": "扫描生成线索",
        "lead.joined": "扫描归入本线索",
        "lead.grown": "扫描发现新的出处",
        "lead.escalated": "升级为立即报告",
        "lead.merged": "并入另一条线索",
        "lead.took_over": "另一条线索并入",
        "lead.looked_at": "打开线索",
        "lead.unmasked": "查看原文",
        "lead.form_taken": "下载报告表",
        "lead.claimed": "认领",
        "lead.released": "退回",
        "lead.reopened": "重新打开",
        "lead.reported": "登记已上报",
        "lead.handed_over": "制作交接包",
        "lead.purged": "清除原文和原件",
        "lead.met_again": "已清除的内容在扫描中再次出现",
        "content.suppressed": "同样内容暂不再生成线索",
        "lead.second_look": "提出结论，等待另一人复核",
        "lead.confirmed": "结论：确认",
        "lead.dismissed": "结论：非泄密",
        "lead.unclear": "结论：待查明",
        "scan.recorded": "记录扫描结果",
        "upload.received": "上传聊天记录",
        "upload.sealed": "封存上传的内容",
        "check.made": "发前自查",
        "check.form_taken": "下载保密审查表",
        "unread.settled": "说明未读内容",
        "unread.unmasked": "查看未读文件的名称",
        "suppression.ended": "提前结束“暂不生成线索”",
        "group.changed": "修改工作群登记",
        "register.imported": "导入报备表",
        "register.taken": "导出登记表",
        "log.verified": "核对日志",
        "log.anchored": "取走日志校验值",
        "login": "登录",
        "login.locked": "连续输错密码，账号锁定",
        "logout": "退出",
        "password.change": "修改自己的密码",
        "user.create": "新建账号",
        "user.change": "修改账号",
        "user.password": "重设账号密码",
    }
)
_FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "files": "文件",
        "bytes": "字节",
        "new": "新",
        "known": "已知",
        "reactivated": "重现",
        "gone": "消失",
        "notes": "只作统计",
        "unread": "未读",
        "leads": "线索",
        "findings": "发现",
        "problems": "问题",
        "anchored": "有库外校验值",
        "scan": "扫描",
        "at_once": "立即报告",
        "level": "标注",
        "purpose": "目的",
        "units": "单位",
        "changed": "更新",
        "owners": "群主账号",
        "unit": "单位",
        "is_active": "可用",
        "is_registered": "已登记",
        "is_dissolved": "已解散",
        "role": "角色",
        "was": "原为",
        "now": "现为",
        "verdict": "结论",
        "verdict_id": "结论编号",
        "reason_hash": "理由的校验值",
        "because_sha256": "理由的校验值",
        "suppression": "暂不生成第",
        "form": "表",
        "forms": "表格",
        "sha256": "SHA-256",
        "sm3": "SM3",
        "originals": "原件",
        "absent": "没有保存的原件",
        "sealed": "新封存",
        "places": "出处",
        "left": "留下的原件",
        "state": "状态",
        "into": "并入",
        "from": "来自",
        "again": "再次出现",
        "elsewhere": "在别处出现",
    }
)
_VALUES: Mapping[str, str] = MappingProxyType(
    {
        **dict(LeadState.choices),
        **dict(Role.choices),
        **PURPOSES,
        "lead": "线索报告表",
        "incident": "泄密事件报告表",
    }
)
_SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "arrival": "收到的内容",
        "scan": "扫描",
        "unread": "未读内容",
        "group": "工作群",
        "unit": "单位",
        "suppression": "暂不生成",
        "register": "登记表",
        "log": "日志",
    }
)
_MOST_DIGITS = 12
"""Of a check value; the whole of it stands in the database."""
_DAYS_FROM_H = 72
_MORNING = 6
"""Before this hour a scan of today was one of last night."""
_CHECK_VALUE = re.compile("[0-9a-f]{64}")
_STATE_LEVELS = ("绝密", "机密", "秘密")
_CLOCKS: Mapping[str, str] = MappingProxyType({Precision.DAY: "%Y-%m-%d", Precision.MINUTE: "%Y-%m-%d %H:%M"})


@register.filter
def moment(at: datetime | None) -> str:
    """2031-05-06 12:00, Shanghai."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


@register.filter
def since(now: datetime, then: datetime) -> str:
    """3 小时 20 分: how long ago a moment was."""
    return _hours(now - then)


@register.filter
def remaining(left: timedelta) -> str:
    """还剩 3 小时 20 分, 已超期 2 小时."""
    return f"已超期 {_hours(left)}" if left < timedelta() else f"还剩 {_hours(left)}"


def _hours(length: timedelta) -> str:
    minutes = int(abs(length).total_seconds() // 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= _DAYS_FROM_H:
        return f"{hours // 24} 天"
    return f"{hours} 小时" + (f" {minutes} 分" if minutes else "") if hours else f"{minutes} 分"


@register.filter
def masked(name: str) -> str:
    """王**: the first character alone."""
    return name[:1] + "*" * min(len(name) - 1, 2) if name else ""


@register.filter
def until(due: datetime, now: datetime) -> str:
    """还剩 3 小时 20 分: how long until a moment."""
    return remaining(due - now)


@register.filter
def sent(at: datetime | None, precision: str) -> str:
    """When a message was sent, no finer than the export says."""
    if at is None or precision == Precision.NONE:
        return "时间不详"
    return at.astimezone(SHANGHAI).strftime(_CLOCKS.get(precision, "%Y-%m-%d %H:%M:%S"))


@register.filter
def category(id: str) -> str:
    """国家秘密标志 for mk.state."""
    return CATEGORIES.get(id, id)


@register.filter
def state(id: str) -> str:
    """待复核 for second_look."""
    return str(LeadState(id).label)


@register.filter
def action(id: str) -> str:
    """What somebody did, of the log."""
    return _ACTIONS.get(id, id)


@register.filter
def who(actor: str) -> str:
    """Who did something: people by their account, programs by a word."""
    return {"shell": "命令行", "daemon": "常驻程序", "leakwatch": "系统"}.get(actor, actor)


@register.filter
def subject(id: str, accounts: Mapping[str, str]) -> str:
    """扫描 3 for scan:3; of an account its name. accounts: number → name."""
    kind, _, number = id.partition(":")
    if kind == "user":
        return f"账号 {accounts.get(number, number)}"
    return f"{_SUBJECTS[kind]} {number}".strip() if kind in _SUBJECTS else id


@register.filter
def unread_reason(id: str) -> str:
    """Why something was not read."""
    return REASONS.get(Reason(id), id) if id in set(Reason) else id


@register.filter
def gravity(level: str) -> str:
    """The class of a badge: red for state secrets, amber for the other levels."""
    return "red" if level in _STATE_LEVELS else "amber" if level else "grey"


@register.filter
def figure(name: str) -> str:
    """What a figure of the log counts."""
    return _FIGURES.get(name, name)


@register.filter
def plainly(value: object) -> object:
    """是 for True; — for nothing; 确认 for confirmed; how many, of a list; a check value by its first digits."""
    match value:
        case bool():
            return "是" if value else "否"
        case "" | None | []:
            return "—"
        case list() | tuple():
            return len(value)
        case dict():
            return "、".join(f"{figure(name)} {plainly(one)}" for name, one in value.items())
        case str() if _CHECK_VALUE.fullmatch(value):
            return f"{value[:_MOST_DIGITS]}…"
        case str():
            return _VALUES.get(value, value)
        case _:
            return value


@register.filter
def named(id: str, names: Mapping[str, str]) -> str:
    """微信 for wechat: its name, or the id where it has none."""
    return names.get(id, id)


@register.filter
def actions(_: object) -> list[tuple[str, str]]:
    """All that the log may tell of, and the words for it."""
    return sorted(_ACTIONS.items())


@register.filter
def number(count: int) -> str:
    """48,210."""
    return f"{count:,}"


@register.filter
def night(at: datetime, now: datetime) -> str:
    """昨晚 02:10, 今天 09:30, else the date: when a scan ended."""
    local, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    if local.date() == today:
        return f"{'昨晚' if local.hour < _MORNING else '今天'} {local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return f"昨天 {local:%H:%M}"
    return moment(at)
