"""Chunks of QQ Chat Exporter's big exports: what is said of one that is missing or holds too little."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from leakwatch.chats.parts.json_stream import as_object, as_text
from leakwatch.chats.parts.tally import Tally
from leakwatch.chats.qq.qce_names import declared_of
from leakwatch.model import Evidence, Message, Reason, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A chunk that a manifest lists."""

    path: str
    """Relative to the manifest."""
    count: int | None = None
    """How many messages the manifest says it holds."""

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.replace("\\", "/").rpartition("/")[2]


def listed(rows: object) -> Iterator[Chunk]:
    """The chunks of a manifest: `relativePath` (V5.5), `file` (V5.0, viewer) or `fileName`, `count` or `messages`."""
    for row in rows if isinstance(rows, list) else []:
        fields: Mapping[str, object] = as_object(row)
        if path := as_text(fields.get("relativePath") or fields.get("file") or fields.get("fileName")):
            yield Chunk(path=path, count=declared_of(fields.get("count", fields.get("messages"))))


def missing(chunk: Chunk, tally: Tally) -> Skipped:
    """The row for a chunk that is not in the drop."""
    held = "" if chunk.count is None else f"其中的 {chunk.count} 条消息"
    detail = f"导出的分块文件 {chunk.name} 不在所放的文件中，{held}未能检查；请把整个导出文件夹一起放入"
    return Skipped(evidence=tally.file, name=chunk.name, reason=Reason.INCOMPLETE, detail=detail)


def verified(
    rows: Iterator[Message | Skipped], chunk: Chunk, file: Evidence, tally: Tally
) -> Iterator[Message | Skipped]:
    """The same rows, what was skipped laid to the chunk, and a row if it held less than the manifest says."""
    before = tally.messages
    for row in rows:
        yield replace(row, evidence=file, name=file.name) if isinstance(row, Skipped) else row
    read = tally.messages - before
    if chunk.count is not None and read < chunk.count:
        detail = f"分块文件 {chunk.name} 应有 {chunk.count} 条消息，只读出 {read} 条；请重新导出"
        yield Skipped(evidence=file, name=file.name, reason=Reason.INCOMPLETE, detail=detail)
