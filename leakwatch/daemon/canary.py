"""Our own harmless export: laid into each inbox once a day, it must come back as read.

It holds nothing that a rule speaks of, is recorded nowhere and opens no lead; silence is the alarm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from leakwatch.errors import LeakwatchError
from leakwatch.model import SHANGHAI, Scan
from leakwatch.store import arrivals
from leakwatch.store.models import Arrival, ArrivalState, ScanKind

_PREFIX = "leakwatch-自检-"
_MOMENT = "%Y%m%d-%H%M%S"
_NAME = re.compile(rf"{_PREFIX}(\d{{8}}-\d{{6}})\.txt")
_MESSAGES = 3


def is_one(path: Path) -> bool:
    """Whether it is ours to the last byte: under its name alone anything could pass unread."""
    if not (named := _NAME.fullmatch(path.name)):
        return False
    try:
        moment = datetime.strptime(named[1], _MOMENT).replace(tzinfo=SHANGHAI)
        return not path.is_symlink() and path.is_file() and _holds(path, _text(moment).encode())
    except (OSError, ValueError):
        return False


def lay(roots: Sequence[Path], now: datetime) -> int:
    """How many inboxes have a new one; a root that is not there gets none, which will be heard."""
    count = 0
    for root in roots:
        moment = now.astimezone(SHANGHAI).replace(microsecond=0)
        with suppress(OSError):
            (root / f"{_PREFIX}{moment:{_MOMENT}}.txt").write_bytes(_text(moment).encode())
            count += 1
    return count


def check(scan: Scan) -> None:
    """LeakwatchError unless every message of it was read."""
    if scan.messages != _MESSAGES or scan.skipped or scan.findings:
        raise LeakwatchError("自检文件没有完整读出，请运行 leakwatch doctor 检查，并告诉管理员")


def unanswered(roots: Sequence[Path], since: datetime) -> list[Path]:
    """The inboxes from which none came back since then."""
    came = Arrival.objects.filter(kind=ScanKind.CANARY, state=ArrivalState.DONE, ended_at__gte=since)
    heard = set(came.values_list("root", flat=True))
    return [root for root in roots if str(root) not in heard]


def clear(roots: Sequence[Path]) -> None:
    """Takes those away that came back."""
    came = Arrival.objects.filter(kind=ScanKind.CANARY).exclude(state__in=arrivals.OPEN)
    for row in came.filter(root__in=[str(root) for root in roots]):
        with suppress(OSError):
            (Path(row.root) / (arrivals.place_of(row) or arrivals.name_of(row))).unlink(missing_ok=True)


def forget(now: datetime) -> int:
    """How many of more than a week ago are known no longer."""
    old = Arrival.objects.filter(kind=ScanKind.CANARY, arrived_at__lt=now - timedelta(days=7))
    return int(old.delete()[0])


def _holds(path: Path, data: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(data) + 1) == data


def _text(moment: datetime) -> str:
    """As QQ writes it; the moment in it makes each one new."""
    lines = (
        f"{moment:%Y-%m-%d} 08:00:0{n} leakwatch自检(10001)\n自检第{n}条，{moment:%H:%M:%S}\n"
        for n in (1, 2, 3)
    )
    bar = "=" * 64
    head = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"
    return f"{head}{bar}\n消息分组:自检\n{bar}\n消息对象:leakwatch自检\n{bar}\n\n" + "\n".join(lines)
