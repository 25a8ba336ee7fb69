"""The real engines read the sample photos; RapidOCR finds every mark."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import util
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from leakwatch.errors import Unreadable
from leakwatch.model import Evidence, Reason
from leakwatch.ocr import engine_named, illegible
from leakwatch.ocr.rapid import Rapid
from leakwatch.ocr.tesseract import Tesseract
from leakwatch.ocr.worker import Reader

pytestmark = pytest.mark.engine
Keep = Callable[[str, bytes], Evidence]
SAMPLES = Path(__file__).parents[2] / "samples"
SLANTED = SAMPLES / "01-微信邮件记录/received/mmexport1746492901.jpg"
TURNED = SAMPLES / "06-WeFlow导出/received/media/images/2_5d41402abc4b2a76b9719d911017c592.jpg"
SCREENSHOT = SAMPLES / "06-WeFlow导出/received/media/images/9_7d793037a0760186574b0282f2f435e7.jpg"
THUMBNAIL = SAMPLES / "11-散放照片/received/wx_camera_1746500001.jpg"
LANDSCAPE = SAMPLES / "11-散放照片/received/相册/wx_camera_1746500003.jpg"
HEIC = Path(__file__).with_name("page.heic")
"""The upper part of SLANTED as libheif's x265 encodes it, quality 35."""
STAMPED = Path(__file__).with_name("stamped.jpg")
"""A page as bench/photos draws it, a seal on the middle of its number."""
STAMPED_MARK = Path(__file__).with_name("stamped_mark.jpg")
"""The upper part of a page, the stamp of who received it across its mark."""
needs_rapidocr = pytest.mark.skipif(util.find_spec("rapidocr") is None, reason="rapidocr is not installed")
needs_heif = pytest.mark.skipif(util.find_spec("pi_heif") is None, reason="pi-heif is not installed")
needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")


@pytest.fixture(scope="module")
def rapid() -> Iterator[Reader]:
    with Reader("rapidocr", 120) as reader:
        yield reader


@needs_rapidocr
@pytest.mark.parametrize(
    ("photo", "expected"),
    [
        (SLANTED, ["000012", "机密★10年", "特急", "云岭区生态环境局文件", "云环密发〔2031〕7号"]),
        (TURNED, ["000131", "秘密★5年", "青石市人民政府办公室文件", "青政办密〔2031〕15号"]),
        (THUMBNAIL, ["000012", "机密★10年", "特急", "云岭区生态环境局文件"]),
        (LANDSCAPE, []),
    ],
)
def test_rapidocr_reads_the_head_of_a_page_in_order(rapid: Reader, photo: Path, expected: list[str]) -> None:
    texts = [line.text for line in rapid.read(photo) if line.text]
    assert texts[: len(expected) or None] == expected


@needs_rapidocr
@needs_heif
def test_a_page_in_the_format_of_an_iphone_is_read(rapid: Reader) -> None:
    texts = [line.text for line in rapid.read(HEIC)]
    assert texts[:5] == ["000012", "机密★10年", "特急", "云岭区生态环境局文件", "云环密发〔2031〕7号"]


@needs_rapidocr
def test_a_number_that_a_seal_cuts_in_two_is_read_as_one(rapid: Reader) -> None:
    folded = [line.text.replace("[", "〔").replace("]", "〕") for line in rapid.read(STAMPED)]
    assert "青应急密发〔2029〕12号" in folded


@needs_rapidocr
def test_a_mark_is_read_under_the_stamp_of_who_received_the_page(rapid: Reader) -> None:
    assert "秘密★5年" in [line.text for line in rapid.read(STAMPED_MARK)]


@needs_rapidocr
def test_boxes_lie_on_the_picture_as_it_was_received(rapid: Reader) -> None:
    mark = rapid.read(TURNED)[1]
    (x, y), (_, end_y), _, _ = mark.box
    with Image.open(TURNED) as picture:
        assert x < picture.width / 4
        assert picture.height / 2 < end_y < y < picture.height


@needs_rapidocr
def test_a_long_screenshot_loses_and_doubles_no_line(rapid: Reader, tmp_path: Path) -> None:
    screen = Image.new("RGB", (720, 7000), "#ededed")
    draw = ImageDraw.Draw(screen)
    expected = [f"{number:04d}-2031-{number * 37 % 997:03d}" for number in range(7000 // 70 - 1)]
    for number, text in enumerate(expected):
        draw.text((60, 20 + 70 * number), text, "black", font_size=34)
    screen.save(tmp_path / "1.png")

    lines = rapid.read(tmp_path / "1.png")

    assert [line.text for line in lines] == expected
    tops = [min(y for _, y in line.box) for line in lines]
    assert [round((top - tops[0]) / 70) for top in tops] == list(range(len(expected)))


@needs_rapidocr
def test_a_page_photographed_from_far_away_is_looked_at_again_from_nearby(
    rapid: Reader, tmp_path: Path
) -> None:
    desk = Image.new("RGB", (1440, 1920), (96, 84, 70))
    with Image.open(SLANTED) as photo:
        desk.paste(photo.resize((400, 533), Image.Resampling.LANCZOS), (420, 600))
    desk.save(tmp_path / "1.jpg", quality=80)

    texts = [line.text for line in rapid.read(tmp_path / "1.jpg")]

    assert texts[:4] == ["000012", "机密★10年", "特急", "云岭区生态环境局文件"]


@needs_rapidocr
@pytest.mark.parametrize(("times", "is_told"), [(2, False), (4, True), (6, True)])
def test_a_photo_too_small_to_be_read_does_not_pass_for_clean(
    rapid: Reader, keep: Keep, times: int, is_told: bool
) -> None:
    with Image.open(SLANTED) as photo:
        buffer = io.BytesIO()
        photo.reduce(times).save(buffer, "JPEG", quality=60)
    file = keep("1.jpg", buffer.getvalue())

    rows = list(illegible(rapid.read(file.path), file))

    assert [row.reason for row in rows] == [Reason.INCOMPLETE] * is_told


@needs_rapidocr
@pytest.mark.parametrize("content", [b"another model", None])
def test_a_changed_or_missing_model_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    models = tmp_path / "rapidocr" / "models"
    models.mkdir(parents=True)
    (tmp_path / "rapidocr" / "__init__.py").touch()
    if content is not None:
        (models / "PP-OCRv6_det_small.onnx").write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "rapidocr"]:
        monkeypatch.delitem(sys.modules, name)  # another test may have asked the engine before
    with pytest.raises(Unreadable, match=r"PP-OCRv6_det_small\.onnx") as caught:
        Rapid().warm_up()
    assert caught.value.reason is Reason.NO_ENGINE


@needs_tesseract
@pytest.mark.parametrize(
    ("photo", "expected"),
    [(TURNED, ["000131", "秘密"]), (SCREENSHOT, ["水环境工作群"])],
)
def test_tesseract_reads_what_it_can(photo: Path, expected: list[str]) -> None:
    text = "\n".join(line.text for line in Tesseract().read(photo))
    assert [word for word in expected if word not in text] == []


def test_a_machine_without_tesseract_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Unreadable, match="apt install") as caught:
        Tesseract().warm_up()
    assert caught.value.reason is Reason.NO_ENGINE


@pytest.mark.parametrize(
    "name",
    [pytest.param("rapidocr", marks=needs_rapidocr), pytest.param("tesseract", marks=needs_tesseract)],
)
def test_versions_name_engine_and_pipeline(name: str) -> None:
    version = engine_named(name).version()

    assert (version.split()[0], "pipeline" in version) == (name, True)
