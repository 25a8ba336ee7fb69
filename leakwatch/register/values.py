"""What the register holds; frozen, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

PLATFORMS = MappingProxyType(
    {
        "wechat": "微信",
        "qq": "QQ",
        "wecom": "企业微信",
        "dingtalk": "钉钉",
        "feishu": "飞书",
        "welink": "WeLink",
        "other": "其他",
    }
)
"""`Chat.platform` → its name on the sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A 处室 or 单位 that files its groups."""

    name: str
    contact: str = ""
    telephone: str = ""
    parent: str = ""
    """Name of the unit above it; empty: the bureau itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A work group; its owner answers for what is posted there."""

    name: str
    platform: str = ""
    """As `Chat.platform`; empty where the sheet does not say, which then stands for any."""
    owner: str = ""
    unit: str = ""
    """Name of the owner's unit."""
    remarks: str = ""
    filed_at: date | None = None
    dissolved_at: date | None = None
    aliases: tuple[str, ...] = ()
    """Names that the group had before, or has in an export."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """All units and groups."""

    units: tuple[Unit, ...] = ()
    groups: tuple[Group, ...] = ()
