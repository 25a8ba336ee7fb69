"""Forms with files, also those that no browser sends."""

from __future__ import annotations

import random
from typing import Any

import pytest

from leakwatch.store.models import Arrival, Role
from tests.web.people import Visit
from tests.web.test_uploads import BOUNDARY, form, left, send

WHOLE = form(("导出/群.txt", b"1234" * 50), ("导出/图片/1.jpg", b"\xff\xd8" * 50))


def damaged(seed: int) -> bytes:
    """A form cut short, with bytes flipped, or with a part twice."""
    chance = random.Random(seed)  # noqa: S311
    body = bytearray(WHOLE)
    for _ in range(chance.randrange(1, 6)):
        place = chance.randrange(len(body))
        match chance.randrange(3):
            case 0:
                body[place] = chance.randrange(256)
            case 1:
                del body[place : place + chance.randrange(1, 40)]
            case _:
                body[place:place] = body[place : place + chance.randrange(1, 40)]
    return bytes(body[: chance.randrange(1, len(body))] if chance.random() < 0.3 else body)


def test_whatever_is_sent_is_answered_and_leaves_whole_uploads_alone(visit: Visit) -> None:
    client = visit(Role.OWNER)
    for seed in range(150):
        answer = send(client, damaged(seed))
        assert answer.status_code in (302, 400), seed
        assert set(left()) <= {"secret", "uploads"}, seed
    for row in Arrival.objects.all():
        assert row.files > 0


PART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="群.txt"'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x" * 1000,
        f"{PART}\r\nContent-Transfer-Encoding: base64\r\n\r\n***\r\n--{BOUNDARY}--\r\n".encode(),
        f"{PART}; filename*=x'y'%zz\r\n\r\n1\r\n--{BOUNDARY}--\r\n".encode(),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; filename="a"\r\n\r\n1\r\n--{BOUNDARY}--\r\n'.encode(),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="\xff"\r\n\r\n'.encode(
            "latin-1"
        ),
    ],
)
def test_a_form_that_no_browser_sends_is_answered(visit: Visit, body: bytes) -> None:
    assert send(visit(Role.OWNER), body).status_code in (302, 400)
    assert set(left()) <= {"secret", "uploads"}


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "text/plain", "application/x-www-form-urlencoded", "x"]
)
def test_a_body_of_another_kind_brings_nothing(visit: Visit, kind: str) -> None:
    answer = visit(Role.OWNER).generic("POST", "/upload", b"files=1", kind)
    assert answer.status_code == 400
    assert not Arrival.objects.exists()


def test_a_folder_of_more_files_than_one_takes_is_said(visit: Visit, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 10
    page = send(
        visit(Role.OWNER), form(*((f"多/{number}.txt", b"") for number in range(11)))
    ).content.decode()
    assert "请先压缩成一个包" in page
    assert left() == ["secret"]
