"""Uploading exports."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.asserts import assertNumQueries

from leakwatch.store.models import Arrival, Finding, Lead, LogEntry, Role, Scan
from leakwatch.store.uploads import named
from tests.web.people import NOON, Visit, account, visitor
from tests.web.rows import NUMBER, SEALER, lead, scan, unread

CANARY = "云岭区第七号预案"
BOUNDARY = "----form"


def form(*files: tuple[str, bytes]) -> bytes:
    """What a browser sends for files; a path in a name is that of a chosen folder."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
        + data
        + b"\r\n"
        for name, data in files
    ]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def send(client: Client, body: bytes) -> Any:
    """The answer to such a form."""
    return client.generic("POST", "/upload", body, f"multipart/form-data; boundary={BOUNDARY}")


def stored() -> dict[str, bytes]:
    """What lies in the folder of uploads, without the random name."""
    root = settings.OFFICE.config.paths.data_dir / "uploads"
    files = [path for path in root.rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix().partition("/")[2]: path.read_bytes() for path in files}


def title(row: Arrival) -> str:
    """What it is called, which stands nowhere in clear."""
    assert CANARY.encode() not in bytes(row.sealed_title)
    return named([row], SEALER)[0].title


def left() -> list[str]:
    """What else lies in the data folder."""
    return sorted(path.name for path in Path(settings.OFFICE.config.paths.data_dir).iterdir())


def test_a_file_waits_under_a_name_that_tells_nothing(visit: Visit) -> None:
    answer = visit(Role.OWNER).post("/upload", {"files": SimpleUploadedFile(f"{CANARY}.txt", b"1234")})
    row = Arrival.objects.get()
    assert answer["Location"] == f"/uploads/{row.pk}"
    assert stored() == {f"{CANARY}.txt": b"1234"}
    assert (title(row), row.kind, row.state, row.files, row.size) == (
        f"{CANARY}.txt",
        "upload",
        "waiting",
        1,
        4,
    )
    assert CANARY not in row.name
    assert row.asked_by.username == "owner"
    assert left() == ["secret", "uploads"]


def test_a_folder_is_one_arrival_with_its_paths(visit: Visit) -> None:
    send(
        visit(Role.OFFICE),
        form(("导出/群.html", b"a"), ("导出/images/1.jpg", b"b"), ("导出/Thumbs.db", b"c")),
    )
    assert stored() == {"导出/群.html": b"a", "导出/images/1.jpg": b"b"}
    assert title(Arrival.objects.get()) == "导出"


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["../../../etc/passwd"], ["etc/passwd"]),
        (["CON", "con"], ["_CON", "_con"]),
        (["\u202egpj.exe"], ["gpj.exe"]),
        (["群.zip", "群.zip"], ["群-2.zip", "群.zip"]),
        (["a", "a/b"], ["a", "a-2/b"]),
        (["a", "a/b/c"], ["a", "a-2/b/c"]),
        (["群" * 300 + ".zip"], ["群" * 65 + ".zip"]),
    ],
)
def test_a_hostile_name_stays_inside(visit: Visit, names: list[str], expected: list[str]) -> None:
    send(visit(Role.REVIEWER), form(*((name, b"x") for name in names)))
    assert sorted(stored()) == sorted(expected)


def test_the_same_row_is_found_again_by_the_daemon(visit: Visit) -> None:
    from leakwatch.daemon.rounds import Root, Rounds
    from leakwatch.watch.inbox import Inbox

    send(visit(Role.OWNER), form(("群.txt", b"1")))
    root = settings.OFFICE.config.paths.data_dir / "uploads"
    rounds = Rounds(
        [Root(path=root, kind="upload", moves=True)], Inbox(stability_s=0), lambda: NOON, lambda: 9.0
    )
    rounds.look()
    assert rounds.look().queued == 0
    assert Arrival.objects.get().asked_by is not None


@pytest.mark.parametrize(
    ("sent", "said"), [(b"", "请先选择文件"), (b"x" * (1 << 20) + b"y", "一次最多 1 MB")]
)
def test_what_is_not_taken_is_said_and_leaves_nothing(
    visit: Visit, settings: Any, sent: bytes, said: str
) -> None:
    config = settings.OFFICE.config
    small = type(config.limits)(file_mib=1)
    settings.OFFICE = replace_config(settings.OFFICE, small)
    answer = send(visit(Role.OWNER), form(("群.txt", sent)) if sent else form())
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not Arrival.objects.exists()
    assert left() == ["secret"]


def replace_config(office: Any, limits: Any) -> Any:
    """The office with other limits."""
    import dataclasses

    import msgspec

    return dataclasses.replace(office, config=msgspec.structs.replace(office.config, limits=limits))


class Broken(io.RawIOBase):
    """A body whose sender goes away in the middle."""

    def __init__(self, start: bytes) -> None:
        self._start = io.BytesIO(start)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        part = self._start.read(size)
        if not part:
            raise OSError("connection reset")
        return part


def test_a_connection_that_breaks_leaves_nothing(visit: Visit) -> None:
    whole = form(("群.txt", b"z" * 300_000))
    extra = {"wsgi.input": Broken(whole[:200_000]), "CONTENT_LENGTH": str(len(whole))}
    answer = visit(Role.OWNER).generic(
        "POST", "/upload", b"", f"multipart/form-data; boundary={BOUNDARY}", **extra
    )
    assert answer.status_code == 400
    assert (left(), Arrival.objects.count()) == (["secret"], 0)


def test_a_full_disk_is_said_and_leaves_nothing(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import os

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    answer = send(visit(Role.OWNER), form(("群.txt", b"1")))
    assert "磁盘已满" in answer.content.decode()
    assert (left(), Arrival.objects.count()) == (["secret"], 0)


class Endless(io.RawIOBase):
    """A body that tells how much of it was read."""

    def __init__(self) -> None:
        self.taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        self.taken += max(size, 0)
        return b"x" * max(size, 0)


@pytest.mark.parametrize("role", [None, Role.ADMIN, Role.AUDITOR])
def test_nothing_of_100_mb_is_read_of_who_may_not_upload(visit: Visit, role: Role | None) -> None:
    client = visit(role) if role else Client()
    body = Endless()
    extra: dict[str, Any] = {"wsgi.input": body, "CONTENT_LENGTH": str(100 << 20)}
    answer = client.generic("POST", "/upload", b"", f"multipart/form-data; boundary={BOUNDARY}", **extra)
    assert (answer.status_code, body.taken) == (403, 0)


def test_another_site_s_form_is_refused_and_leaves_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(account(Role.OWNER))
    answer = send(client, form(("群.txt", b"1")))
    assert "页面已过期" in answer.content.decode()
    assert (left(), Arrival.objects.count()) == (["secret"], 0)


def test_an_owner_sees_own_uploads_alone() -> None:
    mine, other = visitor(account(Role.OWNER, "刘一")), visitor(account(Role.OWNER, "陈二"))
    send(mine, form(("群.txt", b"1")))
    row = Arrival.objects.get()
    assert "群.txt" in mine.get("/upload").content.decode()
    assert "群.txt" not in other.get("/upload").content.decode()
    assert [client.get(f"/uploads/{row.pk}").status_code for client in (mine, other)] == [200, 404]


@pytest.fixture
def row(visit: Visit) -> Iterator[Arrival]:
    """An upload of the owner."""
    send(visit(Role.OWNER), form(("群.txt", b"1")))
    yield Arrival.objects.get()


def ended(row: Arrival, state: str, run: Scan | None = None, detail: str = "") -> str:
    """The page of the upload in that state, as its owner sees it."""
    Arrival.objects.filter(pk=row.pk).update(state=state, scan=run, detail=detail)
    return visitor(account(Role.OWNER)).get(f"/uploads/{row.pk}").content.decode()


def test_the_page_looks_again_until_it_is_read(row: Arrival) -> None:
    Arrival.objects.filter(pk=row.pk).update(progress="3/10 个文件，500 段文字")
    assert '<meta http-equiv="refresh"' in ended(row, "waiting")
    assert '<progress max="10" value="3">' in ended(row, "working")
    assert '<meta http-equiv="refresh"' not in ended(row, "done", scan())


def test_the_page_tells_what_came_of_it(row: Arrival) -> None:
    run = scan(files=3, messages=48_210, unread=1)
    unread("附件.zip", "压缩包有密码", scan=run)
    page = ended(row, "done", run)
    assert "3 个文件、48,210 条消息" in page
    assert "附件.zip" in page
    assert "压缩包有密码" in page


def test_names_of_what_was_not_read_are_masked_for_others_until_they_ask(row: Arrival) -> None:
    run = scan(unread=1)
    unread(f"{CANARY}.zip", f"{CANARY}有密码", scan=run)
    ended(row, "done", run)
    client = visitor(account(Role.REVIEWER))
    page = client.get(f"/uploads/{row.pk}").content.decode()
    assert (CANARY in page, "文件名和说明已遮盖" in page) == (False, True)
    client.post("/unread/unmask")
    assert f"{CANARY}有密码" in client.get(f"/uploads/{row.pk}").content.decode()
    assert LogEntry.objects.filter(action="unread.unmasked").count() == 1


def test_leads_are_named_to_who_may_know_of_them(row: Arrival) -> None:
    run = scan()
    lead()
    Finding.objects.update(first_scan=run)
    assert NUMBER not in ended(row, "done", run)
    assert NUMBER in visitor(account(Role.REVIEWER)).get(f"/uploads/{row.pk}").content.decode()
    account(Role.OWNER).own_groups.set(Lead.objects.get().groups.all())
    assert NUMBER in ended(row, "done", run)


def test_the_same_again_leads_to_the_first_reading(row: Arrival) -> None:
    run = scan()
    first = Arrival.objects.create(
        root="r",
        name="n",
        signature="s",
        kind="upload",
        asked_by=row.asked_by,
        files=1,
        size=1,
        state="done",
        arrived_at=NOON - timedelta(days=1),
        scan=run,
    )
    assert f'href="/uploads/{first.pk}"' in ended(row, "seen", run)
    assert f'href="/scans/{run.pk}"' not in ended(row, "seen", run)
    page = visitor(account(Role.REVIEWER)).get(f"/uploads/{row.pk}").content.decode()
    assert f'href="/scans/{run.pk}"' in page


def test_what_was_given_up_is_said(row: Arrival) -> None:
    assert "已放弃，请保留原件" in ended(row, "given_up", detail="试了 3 次，已放弃，请保留原件")


def test_the_list_costs_the_same_however_many_there_are(visit: Visit) -> None:
    client = visit(Role.OFFICE)
    for number in range(3):
        send(client, form((f"{number}.txt", b"1")))
    with assertNumQueries(3):
        client.get("/upload")


def test_no_name_stands_in_a_log(visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        send(visit(Role.OWNER), form((f"{CANARY}.txt", b"1")))
    assert CANARY not in caplog.text + str(list(LogEntry.objects.values()))
    assert LogEntry.objects.get().action == "upload.received"
