"""The pictures in the folder image/ that MemoTrace v3 puts beside all its formats.

They are called `image/2024-05/20240501_170020_730000_0.jpg` by time, head of the message's id and who sent
it; `_t` at the end is the preview. The JSON names them without the extension, tables and texts not at all.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from msgspec.structs import replace

from leakwatch.chats.beside import Beside
from leakwatch.model import SHANGHAI, Attachment, AttachmentKind, Message


class Pictures:
    """What was really exported."""

    def __init__(self, beside: Beside) -> None:
        self._beside = beside
        self._endings = {
            PurePosixPath(file.name).stem.casefold(): PurePosixPath(file.name).suffix
            for file in beside.within("image")
        }

    def find(self, path: str, preview: str) -> Attachment | None:
        """The picture in full, its preview taken so that nobody reads it again, or else the preview."""
        ending = self._ending(preview)
        if self._ending(path) is not None:
            if ending is not None:
                self._beside.take(preview + ending)
            return Attachment(kind=AttachmentKind.IMAGE, path=path)
        if ending is None:
            return None
        return Attachment(kind=AttachmentKind.IMAGE, path=preview + ending, thumbnail=True)

    def joined(self, message: Message) -> Message:
        """The message with the picture that its time and id belong to, in the place of a mere placeholder."""
        if not self._endings or message.sent_at is None or not message.id:
            return message
        moment = message.sent_at.astimezone(SHANGHAI)
        stem = f"image/{moment:%Y-%m}/{moment:%Y%m%d_%H%M%S}_{message.id[:6]}"
        names = (f"{stem}_{is_own}" for is_own in (0, 1))
        found = next(filter(None, (self.find(name, f"{name}_t") for name in names)), None)
        files = tuple(
            found if found and each.kind is found.kind and not each.path else each
            for each in message.attachments
        )
        return replace(message, attachments=files) if files != message.attachments else message

    def _ending(self, path: str) -> str | None:
        return self._endings.get(PurePosixPath(path).name.casefold()) if path else None
