"""What people drop or upload, at random: chats, documents, folders, archives, broken files, the same once more."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from time import sleep
from zipfile import ZIP_DEFLATED, ZipFile

from tests.daemon.house import mark

_BAR = "=" * 64
_MOST_MESSAGES = 400
_NAMES = ("王明远", "李青", "赵云岭", "孙石")


@dataclass(slots=True)
class Drops:
    """Drops one thing after the other into an inbox; each is complete when the call returns."""

    inbox: Path
    uploads: Path
    """Where the page puts what people bring."""
    kept: Path
    """A copy of what was uploaded: it is sealed once it was read."""
    dice: random.Random
    made: list[Path] = field(default_factory=list)

    def next(self) -> Path:
        """What was dropped now."""
        ways: tuple[Callable[[str], Path], ...] = (
            *(self._document, self._chat, self._folder, self._archive),
            *(self._slowly, self._broken, self._again, self._upload),
        )
        path = self.dice.choices(ways, weights=(4, 4, 1, 1, 1, 1, 1, 2))[0](f"{len(self.made) + 1:05}")
        self.made.append(path)
        return path

    def _document(self, name: str) -> Path:
        return self._moved_in(f"文件{name}.txt", mark(int(name)).encode())

    def _chat(self, name: str) -> Path:
        return self._moved_in(f"群{name}.txt", self._messages(name))

    def _archive(self, name: str) -> Path:
        whole = BytesIO()
        with ZipFile(whole, "w", ZIP_DEFLATED) as archive:
            archive.writestr(f"群{name}/群{name}.txt", self._messages(name))
            archive.writestr(f"群{name}/附件.txt", mark(int(name)).encode())
        return self._moved_in(f"导出{name}.zip", whole.getvalue())

    def _folder(self, name: str) -> Path:
        """File by file in its place, as a copy over the network would."""
        folder = self.inbox / f"批{name}"
        folder.mkdir()
        (folder / f"群{name}.txt").write_bytes(self._messages(name))
        sleep(0.3)
        (folder / "附件").mkdir()
        (folder / "附件" / "通知.txt").write_bytes(mark(int(name)).encode())
        return folder

    def _slowly(self, name: str) -> Path:
        """With a pause longer than the time that a file has to rest."""
        path, data = self.inbox / f"慢{name}.txt", mark(int(name)).encode()
        with path.open("wb") as file:
            file.write(data[:9])
            file.flush()
            sleep(1.5 + self.dice.random())
            file.write(data[9:])
        return path

    def _broken(self, name: str) -> Path:
        head = self.dice.choice(
            (b"PK\x03\x04", b"%PDF-1.7\n", b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c")
        )
        return self._moved_in(f"坏{name}.zip", head + self.dice.randbytes(self.dice.randrange(1, 20_000)))

    def _again(self, name: str) -> Path:
        """An earlier file under the name that a system gives to a second one."""
        files = [path for path in self.made if path.is_file() and "(" not in path.name]
        if not files:
            return self._document(name)
        first = self.dice.choice(files)
        return self._moved_in(f"{first.stem} ({len(self.made) % 900 + 2}){first.suffix}", first.read_bytes())

    def _upload(self, name: str) -> Path:
        """In one step, as the page does it."""
        folder = self.kept / f"{int(name):016x}"
        folder.mkdir(parents=True)
        (folder / "通知.txt").write_bytes(mark(int(name)).encode())
        (folder / "家常.txt").write_text(f"第{name}次：晚饭吃什么", "utf-8")
        part = self.kept.with_name("part") / folder.name
        shutil.copytree(folder, part)
        self.uploads.mkdir(parents=True, exist_ok=True)
        return part.rename(self.uploads / folder.name)

    def _moved_in(self, name: str, data: bytes) -> Path:
        part = self.inbox / f"{name}.part"
        part.write_bytes(data)
        return part.rename(self.inbox / name)

    def _messages(self, name: str) -> bytes:
        """As QQ writes a group; one message in it is a leak."""
        count = self.dice.randrange(5, _MOST_MESSAGES)
        leak, at = self.dice.randrange(count), datetime(2031, 5, 6, 8)  # noqa: DTZ001 - as QQ writes it
        lines = []
        for number in range(count):
            at += timedelta(seconds=self.dice.randrange(1, 90))
            text = mark(int(name)).replace("\n", "，") if number == leak else f"收到，第{number}项已办"
            lines.append(f"{at:%Y-%m-%d %H:%M:%S} {self.dice.choice(_NAMES)}(10001)\n{text}\n")
        head = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n"
        head += f"{_BAR}\n消息分组:我的群聊\n{_BAR}\n消息对象:云岭区防汛群{name}\n{_BAR}\n\n"
        return (head + "\n".join(lines)).encode("utf-8-sig")


def copied(inbox: Path, other: Path) -> None:
    """All that was dropped, dropped again at once."""
    for path in sorted(inbox.iterdir()):
        if path.name.endswith(".reason.txt"):
            continue
        if path.is_dir():
            shutil.copytree(path, other / path.name)
        else:
            shutil.copy2(path, other / path.name)
