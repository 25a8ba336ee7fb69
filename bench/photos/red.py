"""Draws red-head pages and what looks like them, photographed in simulation; the same bytes each run.

    python -m bench.photos.red FOLDER tuning|held-out COUNT

COUNT of each kind. A name begins with what the picture shows: red-, redseal-, seal-, none-. Every unit, number
and word is invented. Needs NumPy, Pillow and the CJK fonts of Debian.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import numpy as np
from PIL import Image

from bench.photos.alikes import PAPER
from bench.photos.camera import HELD_OUT, TUNING, Camera, compressed, handed_on, lit
from bench.photos.heads import HEADS, last_page, red_head
from bench.photos.ink import Random
from bench.photos.scenes import SCENES

_KINDS = {"none": (*PAPER, *SCENES), "red": tuple(HEADS), "seal": ("last",)}
_TIMES = {"red": 3, "seal": 4, "none": 1}
"""Red heads and sealed pages come in fewer kinds than their look-alikes."""


def picture(label: str, kind: str, random: Random, camera: Camera) -> tuple[str, Image.Image]:
    """The picture and its label: a red head may bear a seal."""
    if label == "red":
        sheet, has_seal = red_head(random, kind)
        photo = handed_on(sheet, random, camera)
        return "redseal" if has_seal and photo.height >= photo.width else "red", photo
    if label == "seal":
        return label, handed_on(last_page(random), random, camera)
    if kind in PAPER:
        return label, handed_on(PAPER[kind](random), random, camera)
    scene = SCENES[kind](random)
    is_screen = kind in ("packet", "app")
    photo = scene if is_screen else lit(scene, random, camera)
    photo.thumbnail((int(random.choice(camera.sides_px)),) * 2)
    return label, compressed(photo, int(random.integers(*camera.quality)))


def pictures(half: str, count: int) -> Iterator[tuple[str, Image.Image]]:
    """Each with its file name."""
    camera = {"tuning": TUNING, "held-out": HELD_OUT}[half]
    for label, kinds in _KINDS.items():
        for kind in kinds:
            for number in range(count * _TIMES[label]):
                random = np.random.default_rng(crc32(f"{half} {kind} {number}".encode()))
                shown, photo = picture(label, kind, random, camera)
                yield f"{shown}-{kind}-{number:03d}.jpg", photo


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, photo in pictures(sys.argv[2], int(sys.argv[3])):
        photo.save(folder / name, "JPEG", quality=90)
