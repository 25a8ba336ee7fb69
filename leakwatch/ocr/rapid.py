"""RapidOCR (PP-OCRv6 small, ONNX, CPU) with the page turned upright by one vote.

Measured on 84 marks of generated photos: the stock pipeline reads 83, this one 84, in 0.56 of the time.
Only the models inside the wheel are used, by path and checked by SHA-256: with a path given, rapidocr
has no reason left to download anything.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from leakwatch.errors import Unreadable
from leakwatch.images.page import Pixels
from leakwatch.model import Reason
from leakwatch.ocr import Line, picture
from leakwatch.ocr.crops import black_alone, crops, has_red, padded, without_red
from leakwatch.ocr.layout import (
    Quads,
    by_rows,
    corners,
    elongation,
    from_top_left,
    is_known,
    short_sides,
    turned,
    windows,
)
from leakwatch.ocr.stamps import SURE_SCORE, Look, looks

if TYPE_CHECKING:
    from PIL import Image

Texts = list[tuple[str, float]]
_MODELS = {
    "Det": ("PP-OCRv6_det_small.onnx", "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f"),
    "Cls": (
        "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
        "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
    ),
    "Rec": ("PP-OCRv6_rec_small.onnx", "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"),
}
_PIPELINE = 6
"""Counts up with every change here that changes results: it is part of the cache's key."""
_MIN_SCORE = 0.4
_WEAK_SCORE = 0.6
_DET_SIDE_PX = 960
_DET_SHARE = 0.6
"""A flat 960 loses a photo inside a screenshot of 2340 px."""
_MAX_DET_PX = 960 * 960
"""The detector takes 0.4 KB for each, and a phone's photo of 12 MP has to fit beside them into 700 MB."""
_FEW_BOXES = 3
_SMALL_PX = 18
"""Height of most boxes as the detector sees them, under which it loses short lines: marks above all.

Its boxes are never lower than 13 px; those of a page that fills a photo are 23.
"""
_LEGIBLE_PX = 24
_AROUND = 0.25
"""Of the text's size: how far around it lines may have been lost."""
_MAX_ZOOM = 2.0
_WORTHWHILE = 1.2
_LEAST_STAMPED = 0.9
"""Score of a line that is added to those that were read."""
_BATCH = 64
"""Lines that are cut out at a time: those of a screenshot of 20,000 px take as much memory as the picture."""
_VOTERS = 12
_CROSSWISE = 0.4
"""Log of the elongation (1.5) from which a box reads across the page's direction."""
_LEAST_LINE_PX = 160
"""Shorter lines are filled up to that width; stock has 320, which most lines of a chat do not reach."""
_SETTINGS = {
    "Global.log_level": "critical",
    "Global.text_score": _MIN_SCORE,
    "Det.limit_type": "max",
    "Rec.rec_batch_num": 1,
    "Rec.rec_img_shape": [3, 48, _LEAST_LINE_PX],
    # On the engine: set on a model, rapidocr ignores it.
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
}
_ADVICE = "本机没有安装图片识别引擎 rapidocr，图片未读；请安装：pip install 'leakwatch[photos]'"


class Rapid:
    """The default engine; 1 thread, ~430 MB, ~1.4 s a page."""

    def version(self) -> str:
        versions = [f"{name} {_installed(name)}" for name in ("rapidocr", "onnxruntime")]
        return " ".join([*versions, "PP-OCRv6 small", f"pipeline {_PIPELINE}"])

    def warm_up(self) -> None:
        _ = self._det, self._cls, self._rec

    def read(self, image: Path) -> list[Line]:
        self.warm_up()
        return picture.lines(image, self._read_page)

    def _read_page(self, page: Image.Image) -> list[Line]:
        pixels = np.ascontiguousarray(np.asarray(page)[:, :, ::-1])  # the models were trained on BGR
        quads = self._upright(pixels, self._detect(pixels))
        texts = [
            text
            for at in range(0, len(quads), _BATCH)
            for text in self._texts(pixels, quads[at : at + _BATCH])
        ]
        self._second_look(pixels, quads, texts)
        for look in looks(pixels, quads, texts):
            quads, texts = self._under_stamp(pixels, look, (quads, texts))
        return [
            Line(text=text.strip() if score >= _MIN_SCORE else "", box=corners(quads[i]), confidence=score)
            for i in by_rows(quads)
            for text, score in (texts[i],)
        ]

    def _detect(self, pixels: Pixels) -> Quads:
        """All text boxes, as corners from the image's top left one clockwise."""
        found = np.zeros((0, 4, 2), np.float32)
        for window in windows(*pixels.shape[:2]):
            part = pixels[window.top : window.bottom, window.left : window.right]
            quads = self._closer(part, self._boxes(part, _det_scale(part)))
            quads += np.array([window.left, window.top], np.float32)
            found = _joined(found, quads[[window.owns(quad) for quad in quads]])
        height, width = pixels.shape[:2]
        return np.clip(found, 0, np.array([width, height], np.float32))

    def _closer(self, part: Pixels, quads: Quads) -> Quads:
        """The boxes, and those that show only from nearby where the print is small: a page from far away.

        Of 80 pages with marks of 8 to 12 px this finds 73 marks instead of 65, at 0.05 s a page.
        """
        if len(quads) < _FEW_BOXES:
            return quads
        scale = _det_scale(part)
        height_px = scale * float(np.median(short_sides(quads)))
        if height_px >= _SMALL_PX:
            return quads
        low, high = quads.min(axis=(0, 1)), quads.max(axis=(0, 1))
        around = _AROUND * (high - low)
        left, top = np.maximum(low - around, 0).astype(int)
        right, bottom = np.ceil(high + around).astype(int)
        page = part[top:bottom, left:right]
        nearer = min(scale * _LEGIBLE_PX / height_px, _MAX_ZOOM, _most_scale(page))
        if nearer < _WORTHWHILE * scale:
            return quads
        return _joined(self._boxes(page, nearer) + np.array([left, top], np.float32), quads)

    def _boxes(self, part: Pixels, scale: float) -> Quads:
        """The boxes of a part of the picture, looked at in that size."""
        import cv2

        zoom = max(1.0, scale)
        if zoom > 1:
            part = np.asarray(
                cv2.resize(part, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_CUBIC), np.uint8
            )
        part, margin = padded(part)
        self._det.limit_side_len = max(part.shape) * scale / zoom
        boxes = self._det(part).boxes
        if boxes is None:
            return np.zeros((0, 4, 2), np.float32)
        return from_top_left((np.asarray(boxes, np.float32) - margin) / np.float32(zoom))

    def _upright(self, pixels: Pixels, quads: Quads) -> Quads:
        """The same boxes, each from the corner where its text begins.

        The classifier flips short upright lines, and a mark is a short line: so the page's twelve most
        elongated boxes vote, and no line decides for itself.
        """
        if not len(quads):
            return quads
        shape = np.log(elongation(quads))
        voters = np.argsort(-np.abs(shape), kind="stable")[:_VOTERS]
        lies = int(np.median(shape[voters]) < 0)
        voters = voters[(shape[voters] < 0) == bool(lies)]
        votes = self._cls(crops(pixels, turned(quads[voters], np.full(len(voters), lies)))).cls_res
        flipped = sum(score if label == "180" else -score for label, score in votes) > 0
        is_crosswise = shape < -_CROSSWISE if not lies else shape > _CROSSWISE
        return turned(quads, np.where(is_crosswise, 1 - lies, lies) + 2 * flipped)

    def _recognise(self, lines: list[Pixels]) -> list[tuple[str, float]]:
        if not lines:
            return []
        result = self._engine.recognize_txt(lines)
        return list(zip(result.txts, map(float, result.scores), strict=True))

    def _texts(self, pixels: Pixels, quads: Quads) -> list[tuple[str, float]]:
        """What the boxes say; doubtful lines with red in them are read as a red glass shows them, too.

        Of 35 numbers under seals this finds 35 instead of 33, at two lines a page.
        """
        lines = crops(pixels, quads)
        texts = self._recognise(lines)
        doubted = [i for i, (_, score) in enumerate(texts) if score < SURE_SCORE and has_red(lines[i])]
        black = self._recognise([without_red(lines[i]) for i in doubted])
        for index, again in zip(doubted, black, strict=True):
            texts[index] = max(texts[index], again, key=lambda text: text[1])
        return texts

    def _under_stamp(self, pixels: Pixels, look: Look, read: tuple[Quads, Texts]) -> tuple[Quads, Texts]:
        """What was read, and what a red glass shows besides: a stamp cuts lines in two, a seal hides them."""
        quads, texts = read
        left, top, right, bottom = look.area
        part = black_alone(pixels[top:bottom, left:right])
        found = self._boxes(part, _det_scale(pixels)) + np.array([left, top], np.float32)
        found = found[[not is_known(box, look.known) for box in found]]
        found = turned(found, np.full(len(found), look.direction))
        known = {text for text, _ in texts}
        for box, text in zip(
            found, self._recognise([black_alone(line) for line in crops(pixels, found)]), strict=True
        ):
            if text[1] >= _LEAST_STAMPED and not any(text[0] in other for other in known):
                quads, texts = np.concatenate([quads, box[None]]), [*texts, text]
        return quads, texts

    def _second_look(self, pixels: Pixels, quads: Quads, texts: list[tuple[str, float]]) -> None:
        """Reads weak lines the other way up too, in place: a page may hold a stamp that stands on its head."""
        weak = [index for index, (_, score) in enumerate(texts) if score < _WEAK_SCORE]
        flipped = turned(quads[weak], np.full(len(weak), 2))
        for index, quad, again in zip(weak, flipped, self._recognise(crops(pixels, flipped)), strict=True):
            if again[1] > texts[index][1]:
                quads[index], texts[index] = quad, again

    @cached_property
    def _engine(self) -> Any:
        folder = checked_models()
        try:
            import cv2
            import onnxruntime  # noqa: F401 - rapidocr would name it only at the first picture
            from rapidocr import RapidOCR
        except ImportError as why:
            raise Unreadable(Reason.NO_ENGINE, _ADVICE) from why
        cv2.setNumThreads(1)
        paths = {f"{part}.model_path": str(folder / name) for part, (name, _) in _MODELS.items()}
        return RapidOCR(params={**_SETTINGS, **paths})

    # rapidocr 3.10 hands its three models out by these internal names only; pyproject.toml pins it.
    @cached_property
    def _det(self) -> Any:
        return self._engine._load_det_model()

    @cached_property
    def _cls(self) -> Any:
        return self._engine._load_cls_model()

    @cached_property
    def _rec(self) -> Any:
        return self._engine._load_rec_model()


def checked_models() -> Path:
    """The folder of the models inside the wheel, each with the content that was measured."""
    package = util.find_spec("rapidocr")
    if package is None or package.origin is None:
        raise Unreadable(Reason.NO_ENGINE, _ADVICE)
    folder = Path(package.origin).parent / "models"
    for name, sha256 in _MODELS.values():
        path = folder / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            detail = f"识别模型 {name} 缺失或与发布的不一致，图片未读；请重新安装 rapidocr 3.10"
            raise Unreadable(Reason.NO_ENGINE, detail)
    return folder


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError as why:
        raise Unreadable(Reason.NO_ENGINE, _ADVICE) from why


def _det_scale(part: Pixels) -> float:
    """In which size the detector looks at a part of a picture first."""
    long_px = max(part.shape[:2])
    return float(min(1.0, max(_DET_SIDE_PX / long_px, _DET_SHARE), _most_scale(part)))


def _most_scale(part: Pixels) -> float:
    """In which size the detector can look at it at most."""
    height, width = part.shape[:2]
    return float((_MAX_DET_PX / (height * width)) ** 0.5)


def _joined(quads: Quads, others: Quads) -> Quads:
    """The boxes and, of the others, those that are not among them."""
    new = [not is_known(quad, quads) for quad in others]
    return np.concatenate([quads, others[new]])
