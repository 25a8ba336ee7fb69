"""How well picture prints know a picture again, and how often they take two documents for one.

    python -m bench.prints [--documents 40] [--queries 20] [--seed 1]

All documents of a family share one red head, one letter paper or one form and differ in what is written
below: these must not meet. Each is photographed in simulation and handed on in the ways that chat programs and
people do.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance

from bench import corpus
from bench.photos.camera import HELD_OUT, compressed, lit, screened, shot
from bench.photos.heads import HEADS
from bench.photos.ink import BLACK, Random, Sheet
from leakwatch.images.prints import BITS, NEAR, PicturePrint, distance, print_of
from leakwatch.spread.likeness import SURE_BITS

_LEFT, _RIGHT, _FOOT = 28.0, 184.0, 262.0
_TYPE_MM, _PITCH_MM = 5.4, 9.6

Change = Callable[[Image.Image, Random], Image.Image]


def main() -> None:
    """Prints recall by change and false pairs by family."""
    parser = argparse.ArgumentParser(prog="python -m bench.prints", description=__doc__)
    parser.add_argument("--documents", type=int, default=40, help="每一类画多少份文件，默认 40")
    parser.add_argument("--queries", type=int, default=20, help="其中多少份再作各种改动，默认 20")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    for family in FAMILIES:
        _measure(family, chosen)


def _measure(family: str, chosen: argparse.Namespace) -> None:
    words = iter("".join(corpus.messages(chosen.documents * 400)))
    sheets = [FAMILIES[family](random_of(chosen.seed, family), words) for _ in range(chosen.documents)]
    photos = [photo(sheet, random_of(chosen.seed, family, n)) for n, sheet in enumerate(sheets)]
    kept = [print_of(one) for one in photos]
    found = sum(one is not None and one.page is not None for one in kept)
    print(f"\n{family}：{len(kept)} 份，其中 {found} 份找到纸张边界")
    _report("（原照片之间）", _apart(kept, kept))
    for name, change in CHANGES.items():
        sources = (sheets if name in FROM_SHEET else photos)[: chosen.queries]
        changed = [change(one, random_of(chosen.seed, name, n)) for n, one in enumerate(sources)]
        _report(name, _apart([print_of(one) for one in changed], kept))


def _apart(
    queries: list[PicturePrint | None], kept: list[PicturePrint | None]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Distances of each query to its own document, and to all others; what has no print is far from all."""
    table = np.array([[distance(one, other) if one and other else BITS for other in kept] for one in queries])
    is_own = np.eye(*table.shape) > 0
    return table[is_own], table[~is_own]


def _report(name: str, distances: tuple[NDArray[np.int64], NDArray[np.int64]]) -> None:
    mine, others = distances
    sure, near = (f"{np.mean(mine <= bits):4.0%}" for bits in (SURE_BITS, NEAR))
    wrong = " ".join(str(int((others <= bits).sum())) for bits in (SURE_BITS, NEAR))
    print(
        f"  {name:<10} 认出 ≤{SURE_BITS} {sure} ≤{NEAR} {near}  自身中位 {np.median(mine):3.0f}"
        f"  他件最近 {others.min():3d}  误认 {wrong} / {others.size}"
    )


def random_of(seed: int, name: str, number: int = 0) -> Random:
    """The same numbers each run."""
    return np.random.default_rng(crc32(f"{seed} {name} {number}".encode()))


def photo(sheet: Image.Image, random: Random) -> Image.Image:
    """The sheet as a phone takes it."""
    return compressed(lit(shot(sheet, random, HELD_OUT), random, HELD_OUT), 85)


def _below(sheet: Sheet, y: float, words: Iterator[str], foot: float = _FOOT) -> None:
    """Paragraphs of everyday text down to the foot."""
    room, indent, left_in_paragraph = int((_RIGHT - _LEFT) / _TYPE_MM), 2, 0
    while y + _TYPE_MM < foot:
        if left_in_paragraph <= 0:
            left_in_paragraph, indent = 40 + 30 * (ord(next(words)) % 5), 2
        length = min(room - indent, left_in_paragraph)
        line = "".join(next(words) for _ in range(length)).replace("\n", "　")
        sheet.text((_LEFT + indent * _TYPE_MM, y), line, ("song", _TYPE_MM, BLACK))
        y, left_in_paragraph, indent = y + _PITCH_MM, left_in_paragraph - length, 0


def _headed(kind: str) -> Callable[[Random, Iterator[str]], Image.Image]:
    def draw(random: Random, words: Iterator[str]) -> Image.Image:
        head = HEADS[kind](random)  # the same head for all: the generator starts anew
        _below(head.sheet, head.y + 14, words)
        return head.sheet.image

    return draw


def _second_page(_: Random, words: Iterator[str]) -> Image.Image:
    sheet = Sheet.of((210, 297), (246, 244, 240))
    _below(sheet, 37, words)
    return sheet.image


def _table(_: Random, words: Iterator[str]) -> Image.Image:
    """One form, other figures."""
    sheet = Sheet.of((210, 297), (246, 244, 240))
    sheet.text((105, 30), "防汛物资情况日报表", ("bold", 8, BLACK), "ma")
    for row in range(18):
        y = 50 + 12 * row
        sheet.rule((_LEFT, _RIGHT, y), 0.4, BLACK)
        sheet.text((_LEFT + 4, y + 3), f"第{row + 1}仓库", ("song", _TYPE_MM, BLACK))
        for column in range(3):
            figure = sum(ord(next(words)) for _ in range(3)) % 9000
            sheet.text((90 + 34 * column, y + 3), f"{figure}", ("song", _TYPE_MM, BLACK))
    return sheet.image


FAMILIES: dict[str, Callable[[Random, Iterator[str]], Image.Image]] = {
    "同一红头": _headed("common"),
    "同一函头": _headed("letter"),
    "无红头的续页": _second_page,
    "同一表格不同数字": _table,
}


def _shrunk(picture: Image.Image, side_px: int, quality: int) -> Image.Image:
    small = picture.copy()
    small.thumbnail((side_px, side_px))
    return compressed(small, quality)


def _handed_on(picture: Image.Image, _: Random) -> Image.Image:
    return _shrunk(picture, 1080, 60)


def _thrice(picture: Image.Image, _: Random) -> Image.Image:
    for _again in range(3):
        picture = _shrunk(picture, 1080, 55)
    return picture


def _bright(picture: Image.Image, random: Random) -> Image.Image:
    bright = ImageEnhance.Brightness(picture).enhance(float(random.uniform(0.6, 1.4)))
    return compressed(ImageEnhance.Contrast(bright).enhance(float(random.uniform(0.7, 1.3))), 70)


def _marked_up(picture: Image.Image, random: Random) -> Image.Image:
    marked = picture.copy()
    x, y = random.uniform(0.2, 0.7, 2) * picture.size
    box = (x, y, x + 0.2 * picture.width, y + 0.06 * picture.height)
    ImageDraw.Draw(marked).ellipse(box, outline=(255, 40, 40), width=8)
    return _handed_on(marked, random)


def _cropped(share: float) -> Change:
    def crop(picture: Image.Image, random: Random) -> Image.Image:
        x, y = round(share / 2 * picture.width), round(share / 2 * picture.height)
        return _handed_on(picture.crop((x, y, picture.width - x, picture.height - y)), random)

    return crop


def _turned(degrees: float) -> Change:
    def turn(picture: Image.Image, random: Random) -> Image.Image:
        return _handed_on(picture.rotate(degrees, Image.Resampling.BICUBIC, expand=degrees % 90 == 0), random)

    return turn


def _rephotographed(sheet: Image.Image, random: Random) -> Image.Image:
    return _handed_on(photo(sheet, random), random)


CHANGES: dict[str, Change] = {
    "转发压缩": _handed_on,
    "三次压缩": _thrice,
    "缩略图240": lambda picture, _: _shrunk(picture, 240, 60),
    "明暗": _bright,
    "圈画": _marked_up,
    "裁边5%": _cropped(0.05),
    "裁边10%": _cropped(0.10),
    "旋转2度": _turned(2),
    "旋转5度": _turned(5),
    "旋转90度": _turned(90),
    "手机截屏": lambda picture, random: _handed_on(screened(picture, random), random),
    "另拍一张": _rephotographed,
    "扫描件": lambda sheet, random: _handed_on(
        sheet.rotate(float(random.uniform(-1, 1)), fillcolor="white"), random
    ),
}
FROM_SHEET = frozenset({"另拍一张", "扫描件"})

if __name__ == "__main__":
    main()
