"""Pictures of a lead, and the boxes over them."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image

from leakwatch.store.models import Group, Place, Role
from tests.web.people import Visit, account
from tests.web.rows import NUMBER, Posted, lead

SHA = "ef" * 32
BOX = ((10.0, 10.4), (60.0, 10.0), (60.0, 30.0), (10.0, 30.0))
PHOTO = Posted(origin="ocr", sha256=SHA, inner_path="1.png", boxes=(BOX,))


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """The original, where the page's shelf has it."""
    path = tmp_path / SHA
    Image.new("RGB", (120, 80), "white").save(path, "PNG", pnginfo=None)
    return path


def unmasked(visit: Visit, role: Role = Role.REVIEWER) -> Client:
    """A visitor who asked to see the words."""
    client = visit(role)
    client.post(f"/leads/{NUMBER}/unmask", {"purpose": "review"})
    return client


def address(ending: str) -> str:
    """Of the picture of the only place."""
    return f"/leads/{NUMBER}/pictures/{Place.objects.get().pk}.{ending}"


@pytest.mark.usefixtures("kept")
def test_a_picture_is_given_as_new_jpeg_that_is_not_kept(visit: Visit) -> None:
    lead(NUMBER, PHOTO)
    answer = unmasked(visit).get(address("jpg"))
    assert Image.open(BytesIO(answer.content)).format == "JPEG"
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"] == "inline"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("kept")
def test_boxes_lie_over_the_picture_in_its_own_measure(visit: Visit) -> None:
    lead(NUMBER, PHOTO)
    answer = unmasked(visit).get(address("svg"))
    page = answer.content.decode()
    assert answer["Content-Type"] == "image/svg+xml"
    assert 'viewBox="0 0 120 80"' in page
    assert 'points="10,10 60,10 60,30 10,30"' in page


@pytest.mark.usefixtures("kept")
def test_boxes_of_every_finding_on_a_picture_are_shown(visit: Visit) -> None:
    other = replace(PHOTO, boxes=(((1.0, 1.0), (9.0, 1.0), (9.0, 5.0), (1.0, 5.0)),))
    lead(NUMBER, PHOTO, other, replace(other, sha256="aa" * 32, boxes=(((2.0, 2.0),),)))
    first = Place.objects.order_by("pk")[0]
    page = unmasked(visit).get(f"/leads/{NUMBER}/pictures/{first.pk}.svg").content.decode()
    assert page.count("<polygon") == 2


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("ending", ["jpg", "svg"])
def test_no_picture_is_shown_before_a_purpose_is_logged(visit: Visit, ending: str) -> None:
    lead(NUMBER, PHOTO)
    assert visit(Role.REVIEWER).get(address(ending)).status_code == 404


@pytest.mark.usefixtures("kept")
def test_a_picture_of_another_lead_is_not_shown(visit: Visit) -> None:
    lead(NUMBER, PHOTO)
    wanted = address("jpg").replace(NUMBER, "XS-20310506-0000aa")
    lead("XS-20310506-0000aa")
    client = unmasked(visit)
    client.post("/leads/XS-20310506-0000aa/unmask", {"purpose": "review"})
    assert client.get(wanted).status_code == 404


@pytest.mark.usefixtures("kept")
def test_an_owner_is_shown_no_picture_of_another_group(visit: Visit) -> None:
    lead(NUMBER, PHOTO)
    wanted = address("jpg")
    Place.objects.update(group=Group.objects.create(name="别的群", platform="wechat"))
    account(Role.OWNER).own_groups.add(Group.objects.get(name="青石市应急工作群"))
    assert unmasked(visit, Role.OWNER).get(wanted).status_code == 404


def test_a_picture_that_was_not_kept_is_not_found(visit: Visit) -> None:
    lead(NUMBER, PHOTO)
    assert unmasked(visit).get(address("jpg")).status_code == 404


def test_a_page_that_calls_itself_a_picture_is_never_given_out(visit: Visit, kept: Path) -> None:
    kept.write_bytes(b"<html><script>alert(1)</script></html>")
    lead(NUMBER, PHOTO)
    assert unmasked(visit).get(address("jpg")).status_code == 404


@pytest.mark.usefixtures("kept")
def test_no_copy_of_an_original_is_left_behind(visit: Visit, tmp_path: Path) -> None:
    lead(NUMBER, PHOTO)
    unmasked(visit).get(address("jpg"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [SHA, "secret"]


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("box", "turn", "is_wide"),
    [
        (((10, 10), (60, 10), (60, 30), (10, 30)), "<g>", True),
        (((10, 60), (10, 10), (30, 10), (30, 60)), 'translate(80 0) rotate(90)"', False),
        (((60, 30), (10, 30), (10, 10), (60, 10)), 'translate(120 80) rotate(180)"', True),
        (((30, 10), (30, 60), (10, 60), (10, 10)), 'translate(0 120) rotate(-90)"', False),
    ],
)
def test_words_that_lie_on_their_side_are_turned_upright_with_their_boxes(
    visit: Visit, box: tuple[tuple[float, float], ...], turn: str, is_wide: bool
) -> None:
    lead(NUMBER, replace(PHOTO, boxes=(box,)))
    client = unmasked(visit)
    assert turn in client.get(address("svg")).content.decode()
    with Image.open(BytesIO(client.get(address("jpg")).content)) as page:
        assert (page.width > page.height) == is_wide
