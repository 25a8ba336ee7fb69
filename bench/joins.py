"""How often a picture that was changed joins its own document by print or by words, and how often another's.

    python -m bench.joins [--documents 10] [--queries 5] [--changes 裁边10% 另拍一张] [--seed 1]

The documents are those of bench/prints.py: within a family all share one head or form and must not meet.
Numbers, which alone would decide most pairs, are kept out.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from PIL import Image

from bench import corpus
from bench.prints import CHANGES, FAMILIES, FROM_SHEET, photo, random_of
from leakwatch.images.prints import print_of
from leakwatch.ocr.rapid import Rapid
from leakwatch.spread import Posting, TextPrint, join

_ROADS: dict[str, Callable[[Posting], Posting]] = {
    "图": lambda posting: replace(posting, text=None),
    "文": lambda posting: replace(posting, picture=None),
    "合": lambda posting: posting,
}
"""What each road sees of a posting."""


def main() -> None:
    """Prints recall and false joins by family and change, for either road and for both."""
    parser = argparse.ArgumentParser(prog="python -m bench.joins", description=__doc__)
    parser.add_argument("--documents", type=int, default=10, help="每一类画多少份文件，默认 10")
    parser.add_argument("--queries", type=int, default=5, help="其中多少份再作改动，默认 5")
    parser.add_argument(
        "--changes", nargs="+", choices=CHANGES, default=["裁边10%", "旋转5度", "另拍一张", "手机截屏"]
    )
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    engine = Rapid()
    total: Counter[tuple[str, str]] = Counter()
    for family in FAMILIES:
        known = [_posting(engine, picture, f"{n}") for n, (_, picture) in enumerate(_drawn(family, chosen))]
        print(f"\n{family}：{len(known)} 份，彼此误并 {_strangers(known)} 对")
        for change in chosen.changes:
            asked = [
                _posting(engine, one, f"{n} 改") for n, one in enumerate(_changed(family, change, chosen))
            ]
            seen = Counter(found for n, one in enumerate(asked) for found in _found(one, known, n))
            total += seen
            _report(change, seen, len(asked))
    _report("全部", total, len(FAMILIES) * len(chosen.changes) * chosen.queries)


def _drawn(family: str, chosen: argparse.Namespace) -> Iterator[tuple[Image.Image, Image.Image]]:
    """Each sheet and a photo of it."""
    words = iter("".join(corpus.messages(chosen.documents * 400)))
    for number in range(chosen.documents):
        sheet = FAMILIES[family](random_of(chosen.seed, family), words)
        yield sheet, photo(sheet, random_of(chosen.seed, family, number))


def _changed(family: str, change: str, chosen: argparse.Namespace) -> Iterator[Image.Image]:
    for number, (sheet, picture) in zip(range(chosen.queries), _drawn(family, chosen), strict=False):
        source = sheet if change in FROM_SHEET else picture
        yield CHANGES[change](source, random_of(chosen.seed, change, number))


def _posting(engine: Rapid, picture: Image.Image, place: str) -> Posting:
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        picture.save(file.name, "JPEG", quality=90)
        text = "\n".join(line.text for line in engine.read(Path(file.name)))
    return Posting(
        place=place, carrier=place, document=place, picture=print_of(picture), text=TextPrint.of(text),
        is_recognised=True,
    )  # fmt: skip


def _strangers(known: Sequence[Posting]) -> int:
    """How many pairs of different documents are joined."""
    sizes = [len(matter.postings) for matter in join(known)]
    return sum(size * (size - 1) // 2 for size in sizes)


def _found(asked: Posting, known: Sequence[Posting], own: int) -> Iterator[tuple[str, str]]:
    """By which roads it is found, and by which it meets another document."""
    for road, seen in _ROADS.items():
        one, others = seen(asked), [seen(other) for other in known]
        met = {posting.place for matter in join([one], others) for posting in matter.postings} - {one.place}
        if f"{own}" in met:
            yield road, "own"
        if met - {f"{own}"}:
            yield road, "other"


def _report(name: str, seen: Counter[tuple[str, str]], count: int) -> None:
    roads = "  ".join(f"{road} {seen[road, 'own'] / count:4.0%}" for road in _ROADS)
    wrong = " ".join(f"{seen[road, 'other']}" for road in _ROADS)
    print(f"  {name:<8} 认出 {roads}  误认 {wrong} / {count}")


if __name__ == "__main__":
    main()
