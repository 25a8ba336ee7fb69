"""The same made-up messages as five kinds of export."""

from __future__ import annotations

import csv
import html
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench import export

_BEGUN = datetime(2030, 11, 4, 2, 40, tzinfo=UTC)
_SENDERS = ("王明远", "李青", "张望川", "陈屿", "白云舒")


def chatlab_jsonl(texts: Sequence[str], path: Path) -> None:
    """ChatLab's exchange format, a line a message."""
    with path.open("w", encoding="utf-8") as file:
        header = {"version": "0.0.2", "exportedAt": 1_920_000_000, "generator": "bench"}
        meta = {"name": "云岭区值班群", "platform": "wechat", "type": "group"}
        file.write(
            json.dumps({"_type": "header", "chatlab": header, "meta": meta}, ensure_ascii=False) + "\n"
        )
        for row in _chatlab_rows(texts):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def qq_txt(texts: Sequence[str], path: Path) -> None:
    """What the old QQ desktop client writes."""
    rule = "=" * 64
    with path.open("w", encoding="utf-8-sig", newline="\r\n") as file:
        file.write(f"消息记录（此消息记录为文本格式，不支持重新导入）\n\n{rule}\n消息分组:我的群\n")
        file.write(f"{rule}\n消息对象:云岭区值班群\n{rule}\n\n")
        for number, text in enumerate(texts):
            sender = number * 7919 % len(_SENDERS)
            file.write(f"{_clock(number)} {_SENDERS[sender]}({10_000 + sender})\n{text}\n\n")


def memotrace_csv(texts: Sequence[str], path: Path) -> None:
    """MemoTrace's table, version 3."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow("消息ID 类型 发送人 时间 内容 备注 昵称 更多信息".split())
        for number, text in enumerate(texts):
            sender = _SENDERS[number * 7919 % len(_SENDERS)]
            table.writerow([10**18 + number, "文本", sender, _clock(number), text, sender, sender, ""])


def plain_html(texts: Sequence[str], path: Path) -> None:
    """A page that nobody knows: a block with name, time and words for each message."""
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "<!DOCTYPE html>\n<html><head><meta charset='utf-8'><title>云岭区值班群</title></head><body>\n"
        )
        for number, text in enumerate(texts):
            sender = _SENDERS[number * 7919 % len(_SENDERS)]
            file.write(
                f'<div class="message"><span class="name">{sender}</span><span class="time">{_clock(number)}</span>'
                f'<div class="text">{html.escape(text)}</div></div>\n'
            )
        file.write("</body></html>\n")


def _chatlab_rows(texts: Sequence[str]) -> Iterator[dict[str, object]]:
    for number, sender in enumerate(_SENDERS):
        yield {"_type": "member", "platformId": f"wxid_{number}", "accountName": sender}
    for number, text in enumerate(texts):
        author = number * 7919 % len(_SENDERS)
        yield {
            "_type": "message",
            "sender": f"wxid_{author}",
            "accountName": _SENDERS[author],
            "timestamp": 1_920_000_000 + number * 20,
            "type": 0,
            "content": text,
            "platformMessageId": str(7_000_000_000_000_000_000 + number),
        }


def _clock(number: int) -> str:
    return (_BEGUN + timedelta(hours=8, seconds=number * 20)).strftime("%Y-%m-%d %H:%M:%S")


SHAPES: Mapping[str, tuple[str, Callable[[Sequence[str], Path], None]]] = {
    "WeFlow JSON": ("a.json", export.write),
    "ChatLab JSONL": ("a.jsonl", chatlab_jsonl),
    "QQ TXT": ("a.txt", qq_txt),
    "MemoTrace CSV": ("a.csv", memotrace_csv),
    "HTML": ("a.html", plain_html),
}
"""File name and writer of each."""
