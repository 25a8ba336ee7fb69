"""A form that new facts make anew, without touching what a person has written in the old one.

The form at its path is put aside for the new one only where no person has changed a word of it. Where one
has, it stays, the new one lies beside it, and what differs is told box by box.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile
from pathlib import Path

from leakwatch.errors import LeakwatchError, Unreadable
from leakwatch.forms import fields, saving
from leakwatch.forms.drawing import Drawn
from leakwatch.forms.fields import CHAIN_HEAD, TRACES, Fields, digest

_HEAD = "本说明由 leakwatch 自动写成，下次重新起草时会被替换，请不要在这里写字。"


class Outcome(StrEnum):
    """What became of a form that was made anew."""

    NEW = "new"
    """There was none."""
    SAME = "same"
    """It would say the same: nothing was written."""
    REPLACED = "replaced"
    """Nobody had changed the old one, which is kept as name-旧稿."""
    BESIDE = "beside"
    """A person has changed the old one, which stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One box in which the person's form and the new one differ."""

    name: str
    theirs: str
    """What stands in the person's form."""
    ours: str
    """What the machine would write now."""
    is_edited: bool
    """The person has changed it."""
    is_news: bool
    """The machine would write something else than last time."""

    @property
    def sentence(self) -> str:
        """What to do about it (Chinese)."""
        match self.is_edited, self.is_news:
            case True, True:
                todo = "人工改过，系统依据新情况也有改动，请对照后合并"
            case True, False:
                todo = "人工改过，系统内容没有变化，以人工修改为准"
            case _:
                todo = "人工没有改过，系统依据新情况有改动，请抄入人工修改的表"
        return f"“{self.name}”一栏：{todo}。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """What became of a form, and where what lies now."""

    outcome: Outcome
    path: Path
    """The form as the machine writes it now."""
    kept: Path | None = None
    """The old one: put aside, or left to the person."""
    differences: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()
    """Chinese sentences for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Old:
    """A form that lies there."""

    path: Path
    fields: Fields
    """Empty if it cannot be read."""
    record: Mapping[str, str]
    is_open: bool
    """Someone has it on the screen."""

    @property
    def is_untouched(self) -> bool:
        now = {name: digest(text) for name, text in self.fields.items()}
        return bool(now) and now == self.record and not self.is_open

    def is_edited(self, name: str) -> bool:
        return self.written(name) != digest(self.fields.get(name, ""))

    def written(self, name: str) -> str:
        """Digest of what the machine wrote there."""
        return self.record.get(name, digest(""))


def remake(drawn: Drawn, path: Path) -> Remade:
    """The form anew: at `path`, or beside what a person has changed there (name-2.docx).

    LeakwatchError if the system does not let us write.
    """
    olds = [_old(place) for place in takewhile(Path.exists, saving.beside(path))]
    if not olds:
        saving.save(drawn, path)
        return Remade(outcome=Outcome.NEW, path=path, notes=drawn.notes)
    news = fields.of_document(drawn.document)
    edited = max((number for number, old in enumerate(olds) if not old.is_untouched), default=-1)
    last = olds[min(edited + 1, len(olds) - 1)]
    if _is_same(last.record, news):
        note = f"{last.path.name} 之后没有新情况，没有重新写入。"
        return Remade(outcome=Outcome.SAME, path=last.path, notes=(note,))
    if edited < 0:
        return _replaced(drawn, last.path)
    if last is olds[edited]:
        place = next(free for free in saving.beside(path) if not free.exists())
        saving.save(drawn, place)
    else:
        place = last.path
        saving.replace(drawn, place)
    return _beside(drawn, place, olds[edited], news)


def note_path(path: Path) -> Path:
    """Where the differences of the form at `path` from the person's are told, for who has no other screen."""
    return path.with_name(f"{path.stem}-改动说明.txt")


def _replaced(drawn: Drawn, path: Path) -> Remade:
    """In the place of one that nobody has changed."""
    kept = saving.replace(drawn, path)
    note = f"{path.name} 已按新情况重新起草；原稿没有人工改动，另存为 {kept.name}。"
    return Remade(outcome=Outcome.REPLACED, path=path, kept=kept, notes=(*drawn.notes, note))


def _beside(drawn: Drawn, place: Path, theirs: _Old, news: Fields) -> Remade:
    """What differs from a person's form, which is also written down beside the new one."""
    differences = tuple(_differences(theirs, news))
    why = (
        f"{theirs.path.name} 正在被打开"
        if theirs.is_open
        else f"{theirs.path.name} 有人工改动"
        if theirs.fields
        else f"{theirs.path.name} 打不开，无法判断有没有人工改动"
    )
    told = note_path(place)
    note = f"{why}，没有覆盖；新稿写入 {place.name}，逐栏差别见 {told.name}。"
    lines = (_HEAD, "", note, "", *(line for item in differences for line in _told(item)))
    try:
        # Notepad of Windows 7 takes UTF-8 without the mark for GBK.
        told.write_text("\r\n".join(lines), "utf-8-sig", newline="")
        told.chmod(0o600)
    except OSError as why_not:
        raise LeakwatchError(
            f"改动说明写不进 {told}（{why_not.strerror}），新稿已写入 {place.name}，请与人工修改的表逐栏核对"
        ) from why_not
    return Remade(
        outcome=Outcome.BESIDE,
        path=place,
        kept=theirs.path,
        differences=differences,
        notes=(*drawn.notes, note, *(item.sentence for item in differences)),
    )


def _differences(theirs: _Old, news: Fields) -> Iterator[Difference]:
    for name in dict.fromkeys((*news, *theirs.fields)):
        ours, said = news.get(name, ""), theirs.fields.get(name, "")
        if ours != said and name != CHAIN_HEAD:
            yield Difference(
                name=name,
                theirs=said,
                ours=ours,
                is_edited=theirs.is_edited(name),
                is_news=theirs.written(name) != digest(ours),
            )


def _told(item: Difference) -> Iterator[str]:
    """The sentence, then the lines that only one of the two has."""
    yield item.sentence
    if item.name == TRACES:
        yield f"    人工修改的表中有：{item.theirs}"
        return
    theirs, ours = item.theirs.splitlines(), item.ours.splitlines()
    for label, lines, others in (("仅人工修改的表有", theirs, ours), ("仅系统新稿有", ours, theirs)):
        known = set(others)
        yield from (f"    {label}：{line}" for line in lines if line not in known)
    yield ""


def _old(path: Path) -> _Old:
    is_open = any(path.with_name(name).exists() for name in _locks(path.name))
    try:
        said, record = fields.read(path)
    except Unreadable:
        said, record = {}, {}
    return _Old(path=path, fields=said, record=record, is_open=is_open)


def _locks(name: str) -> tuple[str, ...]:
    """What Word, WPS and LibreOffice put beside a file that they have open."""
    return f"~${name}", f"~${name[2:]}", f".~{name}", f".~lock.{name}#"


def _is_same(record: Mapping[str, str], news: Fields) -> bool:
    """Whether the machine wrote the same the last time; the chain goes on whatever the form says."""
    said = {name: digest(text) for name, text in news.items() if name != CHAIN_HEAD}
    return said == {name: value for name, value in record.items() if name != CHAIN_HEAD}
