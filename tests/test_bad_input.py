"""Bad input through the real command line: a clear sentence or an unread line, and the right exit code."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from leakwatch.cli import run
from leakwatch.cli.road import Road
from tests.roads import ProvedOnce

Scanned = tuple[int, list[dict[str, Any]]]
CONFIG = '[ocr]\nengine = "none"\n'
"""No test here looks at a picture's text, so no engine has to start."""


@pytest.fixture(scope="module")
def road() -> Road:
    """For all scans under the shipped rules."""
    return ProvedOnce()


@pytest.fixture
def scan(tmp_path: Path, road: Road) -> Callable[..., Scanned]:
    """Exit code and JSON lines of `scan` over a folder with the given files."""

    def of(files: dict[str, bytes], config: str = CONFIG) -> Scanned:
        drop, settings, output = tmp_path / "drop", tmp_path / "config.toml", tmp_path / "out.jsonl"
        for name, data in files.items():
            (drop / name).parent.mkdir(parents=True, exist_ok=True)
            (drop / name).write_bytes(data)
        settings.write_text(config, "utf-8")
        arguments = ["scan", str(drop), "--no-store", "--format", "jsonl", "--output", str(output)]
        code = run([*arguments, "--config", str(settings)], road)
        return code, [json.loads(line) for line in output.read_text("utf-8").splitlines()]

    return of


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def _locked(archive: bytes) -> bytes:
    """The same archive with the encryption flag set in both headers of its only member."""
    raw = bytearray(archive)
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    return bytes(raw)


def _weflow(text: str) -> bytes:
    message = {
        "localId": 1,
        "createTime": 1935000000,
        "type": "文本消息",
        "content": text,
        "senderDisplayName": "李云",
    }
    export = {
        "weflow": {"version": "1.0.3", "generator": "WeFlow"},
        "session": {"wxid": "1@chatroom", "displayName": "群", "type": "群聊", "messageCount": 2},
        "messages": [message, {**message, "localId": 2, "content": "收到"}],
    }
    return json.dumps(export, ensure_ascii=False).encode()


def _unread(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(line["name"], line["reason"]) for line in lines if line["type"] == "unread"]


def _quotes(lines: list[dict[str, Any]]) -> set[str]:
    return {line["quote"] for line in lines if line["type"] == "finding" and line["outcome"] == "lead"}


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("空.txt", b"", "damaged"),
        ("空.jpg", b"", "damaged"),
        ("未知.bin", bytes(range(256)) * 8, "unknown format"),
        ("半张.zip", _zip({"a.txt": b"x" * 5000})[:60], "damaged"),
        ("加密.zip", _locked(_zip({"名单.txt": b"x"})), "password"),
        ("是图片.docx", b"\x89PNG\r\n\x1a\n" + bytes(40), "damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_listed_and_ends_in_5(
    scan: Callable[..., Scanned], name: str, data: bytes, reason: str
) -> None:
    code, lines = scan({name: data, "普通.txt": "今天开会".encode()}, CONFIG.replace("none", "rapidocr"))

    assert [row for row in _unread(lines) if row[1] == reason]
    assert all(line["detail"] for line in lines if line["type"] == "unread")
    assert code == 5


def test_a_wrong_extension_hides_nothing(scan: Callable[..., Scanned]) -> None:
    code, lines = scan({"照片.jpg": "机密★1年".encode(), "文档.txt": _zip({"a.txt": "秘密★2年".encode()})})

    assert (code, _quotes(lines)) == (3, {"机密★1年", "秘密★2年"})


def test_names_in_an_archive_lead_nowhere(scan: Callable[..., Scanned], tmp_path: Path) -> None:
    members = {
        "../../外面.txt": "机密★1年".encode(),
        "/绝对.txt": "机密★2年".encode(),
        "C:\\盘.txt": "机密★3年".encode(),
    }

    code, lines = scan({"越界.zip": _zip(members)})

    assert (code, _quotes(lines)) == (4, {"机密★1年", "机密★2年", "机密★3年"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.toml", "drop", "out.jsonl"]


def test_a_limit_costs_only_what_lies_beyond_it(
    scan: Callable[..., Scanned], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEAKWATCH_LIMITS_ARCHIVE_ENTRIES", "200")
    members = {f"{number:05}.txt": f"第{number}份".encode() for number in range(300)}
    members["00000.txt"] = "机密★1年".encode()

    code, lines = scan({"大.zip": _zip(members, zipfile.ZIP_STORED)})

    (row,) = [line for line in lines if line["type"] == "unread"]
    assert (code, _quotes(lines), row["reason"]) == (3, {"机密★1年"}, "too big")
    assert "200 个" in row["detail"]


def test_a_cut_export_keeps_its_complete_messages(scan: Callable[..., Scanned]) -> None:
    whole = _weflow("机密★1年")

    code, lines = scan({"断.json": whole[: whole.index("收到".encode())]})

    assert (code, _quotes(lines)) == (3, {"机密★1年"})
    assert "incomplete" in {reason for _, reason in _unread(lines)}
    assert lines[-1]["conversations"][0]["messages"] == 1


def test_a_gbk_table_with_a_utf8_bom_is_read(scan: Callable[..., Scanned]) -> None:
    table = "时间,发送人,内容\r\n2031/5/6 9:00,李云,机密★1年\r\n2031/5/6 9:01,王明远,收到\r\n".encode("gbk")

    code, lines = scan({"群.csv": b"\xef\xbb\xbf" + table})

    (finding,) = [line for line in lines if line["type"] == "finding" and line["outcome"] == "lead"]
    assert (code, finding["message"]["sender"], finding["message"]["sent_at"]) == (
        3,
        "李云",
        "2031-05-06T09:00:00+08:00",
    )


def test_a_path_that_does_not_exist_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["scan", "没有这个文件夹", "--no-store"], Road()) == 2
    assert "找不到：没有这个文件夹" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no mode")
def test_a_file_and_a_folder_without_permission_are_listed(tmp_path: Path) -> None:
    drop = tmp_path / "drop"
    (drop / "锁住的文件夹").mkdir(parents=True)
    (drop / "锁.txt").write_bytes(b"x")
    (drop / "好.txt").write_text("机密★1年", "utf-8")
    for name in ("锁.txt", "锁住的文件夹"):
        (drop / name).chmod(0)
    # Nothing is forbidden to root, which runs the gate: without these two capabilities it is.
    bound = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []

    command = [
        *bound,
        sys.executable,
        "-m",
        "leakwatch",
        "scan",
        str(drop),
        "--no-store",
        "--format",
        "jsonl",
    ]
    done = subprocess.run(command, capture_output=True, check=False, cwd=tmp_path)
    (drop / "锁住的文件夹").chmod(0o700)

    lines = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    assert (done.returncode, _quotes(lines)) == (3, {"机密★1年"})
    assert sorted(_unread(lines)) == [("锁.txt", "not permitted"), ("锁住的文件夹", "not permitted")]


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("[ocr]\ntimout_s = 5\n", "ocr.timeout_s"),
        ('[ocr]\ntimeout_s = "60秒"\n', "ocr.timeout_s"),
        ("[ocr\n", "config.toml"),
        ('[paths]\nkeyword_lists = "没有"\n', "paths.keyword_lists"),
    ],
)
def test_a_mistake_in_the_settings_ends_in_9(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], config: str, sentence: str
) -> None:
    (tmp_path / "config.toml").write_text(config, "utf-8")

    assert run(["scan", str(tmp_path), "--no-store", "--config", str(tmp_path / "config.toml")], Road()) == 9
    assert sentence in capsys.readouterr().err


def test_photos_without_an_engine_are_unread(scan: Callable[..., Scanned]) -> None:
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fe"
        "dccc59e70000000049454e44ae426082"
    )

    code, lines = scan({"1.png": pixel})

    assert (code, _unread(lines)) == (5, [("1.png", "no engine")])
