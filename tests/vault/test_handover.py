"""What is handed over arrives whole and checked, or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest

from leakwatch.chain import START, Chain, Link
from leakwatch.errors import EvidenceDamaged, LeakwatchError, UsageError
from leakwatch.model import EvidenceItem
from leakwatch.vault.handover import Case, Package, pack
from leakwatch.vault.passphrases import Stretching
from leakwatch.vault.receipt import open_package
from leakwatch.vault.sealed import SealedVault
from leakwatch.vault.suites import INTL, Digests, Suite
from tests.conftest import NOON

PASSPHRASE = "云岭区-交接-2031-0506"  # noqa: S105 - invented
CHEAP = Stretching(passes=1, lanes=1, memory_kib=8, salt=b"s" * 16)
LOG = Chain().link({"谁": "王明远", "做了": "移交"}, START, "sha256")


def item(number: int, name: str, data: bytes) -> EvidenceItem:
    digests = Digests()
    digests.update(data)
    sha256, sm3 = (value.hex() for value in digests.values())
    return EvidenceItem(
        number=number,
        name=name,
        kind="聊天记录",
        format="微信导出 TXT",
        size=len(data),
        sha256=sha256,
        sm3=sm3,
        taken_at=NOON,
        method="从收件箱原样封存",
        origin="青石市环境局工作群",
        parent_sha256=None,
    )


def case(tmp_path: Path, *originals: tuple[str, bytes]) -> Case:
    form = tmp_path / "XS-20310506-00ff.docx"
    form.write_bytes(b"docx")
    items = tuple(item(number, name, data) for number, (name, data) in enumerate(originals, 1))
    stored = {one.sha256: data for one, (_, data) in zip(items, originals, strict=True)}

    def opened(wanted: EvidenceItem) -> IO[bytes]:
        return io.BytesIO(stored[wanted.sha256])

    return Case(number="XS-20310506-00ff", forms=(form,), items=items, open=opened, log=(LOG,))


def package(tmp_path: Path, suite: Suite = INTL) -> Package:
    return Package(
        path=tmp_path / "交接.lwjj", passphrase=PASSPHRASE, suite=suite, stretching=CHEAP, made_at=NOON
    )


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_forms_originals_list_log_and_check_values_arrive(tmp_path: Path, suite: Suite) -> None:
    sent = case(tmp_path, ("群聊.txt", b"abc"), ("图.jpg", b"x" * (3 << 20)), ("空.txt", b""))
    pack(sent, package(tmp_path, suite))
    names = open_package(tmp_path / "交接.lwjj", PASSPHRASE, tmp_path / "收到")

    arrived = files(tmp_path / "收到")
    assert set(names) == set(arrived) == {
        "说明.txt",
        "证据清单.csv",
        "日志摘录.jsonl",
        "表格/01_XS-20310506-00ff.docx",
        "原件/001_群聊.txt",
        "原件/002_图.jpg",
        "原件/003_空.txt",
        "SHA256.txt",
        "SM3.txt",
    }  # fmt: skip
    assert arrived["原件/002_图.jpg"] == b"x" * (3 << 20)
    for line in arrived["SHA256.txt"].decode().splitlines():
        value, name = line.split("  ")
        assert hashlib.sha256(arrived[name]).hexdigest() == value
    assert f"{sent.items[0].sm3}  原件/001_群聊.txt\n" in arrived["SM3.txt"].decode()


def test_the_list_names_what_the_rule_asks_for(tmp_path: Path) -> None:
    sent = case(tmp_path, ("群聊.txt", b"abc"))
    pack(sent, package(tmp_path))
    open_package(tmp_path / "交接.lwjj", PASSPHRASE, tmp_path / "收到")
    (row,) = csv.DictReader(io.StringIO(files(tmp_path / "收到")["证据清单.csv"].decode("utf-8-sig")))

    assert row == {
        "序号": "1",
        "名称": "群聊.txt",
        "类别": "聊天记录",
        "格式": "微信导出 TXT",
        "大小（字节）": "3",
        "SHA-256": sent.items[0].sha256,
        "SM3": sent.items[0].sm3,
        "提取时间": "2031-05-06 12:00:00（北京时间）",
        "提取方法": "从收件箱原样封存",
        "来源": "青石市环境局工作群",
        "取自（SHA-256）": "",
        "包内文件": "原件/001_群聊.txt",
    }


def test_a_row_of_the_log_can_be_checked_by_the_receiver(tmp_path: Path) -> None:
    pack(case(tmp_path), package(tmp_path))
    open_package(tmp_path / "交接.lwjj", PASSPHRASE, tmp_path / "收到")

    link = Link(**json.loads(files(tmp_path / "收到")["日志摘录.jsonl"]))
    assert list(Chain().verify([link], LOG.anchor)) == []


def test_the_explanation_is_for_people(tmp_path: Path) -> None:
    pack(case(tmp_path, ("群聊.txt", b"abc")), package(tmp_path))
    open_package(tmp_path / "交接.lwjj", PASSPHRASE, tmp_path / "收到")

    text = files(tmp_path / "收到")["说明.txt"].decode("utf-8-sig").split("\r\n")
    assert text[:3] == [
        "线索编号：XS-20310506-00ff",
        "制作时间：2031-05-06 12:00:00（北京时间）",
        "内容：表格 1 份，原件 1 件（共 3 字节），日志 1 条。",
    ]


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("../../etc/passwd", "001__.._etc_passwd"),
        ("C:\\Windows\\a.txt", "001_C__Windows_a.txt"),
        ("CON", "001_CON"),
        ('a"<b>|?*.txt', "001_a__b____.txt"),
        ("\u202egpj.exe\x00\ud800", "001_gpj.exe"),
        ("甲" * 300 + ".txt", "001_" + "甲" * 56 + ".txt"),
        ("甲." + "乙" * 300, "001_甲." + "乙" * 43 + "." + "乙" * 14),
        ("🔒" * 300, "001_" + "🔒" * 60),
        ("...", "001_"),
    ],
)
def test_a_hostile_name_is_a_plain_file_inside(tmp_path: Path, name: str, inside: str) -> None:
    pack(case(tmp_path, (name, b"abc")), package(tmp_path))
    open_package(tmp_path / "交接.lwjj", PASSPHRASE, tmp_path / "收到")

    assert [path.name for path in (tmp_path / "收到" / "原件").iterdir()] == [inside]


def test_a_name_that_is_a_formula_stays_text(tmp_path: Path) -> None:
    pack(case(tmp_path, ("=1+1.txt", b"abc")), package(tmp_path))
    open_package(tmp_path / "交接.lwjj", PASSPHRASE, tmp_path / "收到")

    assert ",'=1+1.txt," in files(tmp_path / "收到")["证据清单.csv"].decode("utf-8-sig")


def test_originals_come_straight_from_the_vault(tmp_path: Path, store: SealedVault) -> None:
    sealed = store.keep_stream([b"abc"], store.new_batch())

    def opened(wanted: EvidenceItem) -> IO[bytes]:
        return store.open(wanted.sha256, sealed.key_id)

    pack(replace(case(tmp_path, ("群聊.txt", b"abc")), open=opened), package(tmp_path))
    open_package(tmp_path / "交接.lwjj", PASSPHRASE, tmp_path / "收到")
    assert (tmp_path / "收到" / "原件" / "001_群聊.txt").read_bytes() == b"abc"


@pytest.mark.parametrize("data", [b"ab", b"abcd", b"abd", b""], ids=["short", "long", "other", "empty"])
def test_an_original_that_is_not_what_the_list_says_is_not_handed_over(tmp_path: Path, data: bytes) -> None:
    sent = case(tmp_path, ("群聊.txt", b"abc"))
    with pytest.raises(EvidenceDamaged, match="与证据清单不符，没有制作交接包"):
        pack(replace(sent, open=lambda _item: io.BytesIO(data)), package(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["XS-20310506-00ff.docx"]


def lacks_form(sent: Case) -> Case:
    return replace(sent, forms=(Path("没有.docx"),))


def has_twins(sent: Case) -> Case:
    return replace(sent, items=(sent.items[0], sent.items[0]))


@pytest.mark.parametrize(("change", "words"), [(lacks_form, "表格读不出来"), (has_twins, "两个同名文件")])
def test_what_cannot_be_packed_leaves_no_package(
    tmp_path: Path, change: Callable[[Case], Case], words: str
) -> None:
    with pytest.raises(LeakwatchError, match=words):
        pack(change(case(tmp_path, ("群聊.txt", b"abc"))), package(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == ["XS-20310506-00ff.docx"]


def test_a_package_takes_nobodys_place_and_needs_a_passphrase(tmp_path: Path) -> None:
    wanted = package(tmp_path)
    with pytest.raises(UsageError, match="口令太短"):
        pack(case(tmp_path), replace(wanted, passphrase="123456"))  # noqa: S106 - the point of the test
    wanted.path.write_bytes(b"mine")
    with pytest.raises(LeakwatchError, match="没有覆盖"):
        pack(case(tmp_path), wanted)
    assert wanted.path.read_bytes() == b"mine"
