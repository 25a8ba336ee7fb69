"""The real daemon with something wrong around it."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from docx import Document
from PIL import Image

from tests.conftest import LISTS
from tests.daemon.house import PATIENCE_S, House, drop, kill, wait_for
from tests.daemon.test_night import OWN_RULE

_HANGS = f"#!{sys.executable}\nimport time, sys\nif '--version' in sys.argv: print('tesseract 5.3.0'); sys.exit()\nif '--list-langs' in sys.argv: print('chi_sim\\neng'); sys.exit()\ntime.sleep(3600)\n"


_NO_INOTIFY = """
from watchdog.observers.inotify import InotifyEmitter
def _taken(_emitter):
    open('asked', 'a').write('inotify')
    raise OSError(28, 'inotify watch limit reached')
InotifyEmitter.on_thread_start = _taken
"""


@pytest.mark.slow
def test_a_worker_that_finds_no_database_says_so_in_a_sentence(house: House) -> None:
    (house.data / "leakwatch.sqlite3").write_bytes(b"no database" * 1_000)
    assert house.start("work", "--owner", "worker-x").wait(PATIENCE_S) == 1
    assert ("随后自动重新启动" in house.said(), "Traceback" in house.said()) == (True, False)


@pytest.mark.slow
def test_rules_edited_to_garbage_leave_the_old_ones_in_force(house: House) -> None:
    shutil.copytree(LISTS, house.home / "keyword_lists")
    house.start()
    first = drop(house.inbox, 1)
    wait_for(lambda: first in house.places())
    (house.home / "keyword_lists" / "marks.toml").write_text("[[rule\n这不是规则", "utf-8")
    second = drop(house.inbox, 2)
    wait_for(lambda: second in house.places())
    assert "继续使用原来的规则" in house.job("rules")
    kill(house.worker())
    third = drop(house.inbox, 3)
    wait_for(lambda: third in house.places())
    assert "继续使用原来的规则" in house.job("rules")
    (house.home / "keyword_lists").rename(house.home / "挪走了")
    kill(house.worker())
    fourth = drop(house.inbox, 4)
    wait_for(lambda: fourth in house.places())
    assert "没有找到规则目录" in house.job("rules")


@pytest.mark.slow
def test_a_data_folder_that_is_edited_while_running_counts_from_the_next_start(house: House) -> None:
    """A worker that went there would have an empty queue, and nobody would work off the other one."""
    house.start()
    wait_for((house.data / "daemon.lock").exists)
    config = house.home / "config.toml"
    config.write_text(config.read_text("utf-8") + '[paths]\ndata_dir = "elsewhere"\n', "utf-8")
    found = drop(house.inbox, 1)
    wait_for(lambda: found in house.places())
    assert not (house.home / "elsewhere").exists()


def test_rules_that_fail_at_the_very_first_start_are_refused(new_house: House) -> None:
    shutil.copytree(LISTS, new_house.home / "keyword_lists")
    (new_house.home / "keyword_lists" / "marks.toml").write_text("[[rule\n这不是规则", "utf-8")
    assert new_house.start("run", "--once").wait(PATIENCE_S) == 9
    assert "没有启动" in new_house.said()


def test_the_master_key_may_lie_in_the_environment_alone(new_house: House, settled: House) -> None:
    new_house.take_rules(settled)
    found = drop(new_house.inbox, 1)
    daemon = new_house.start("run", "--once", LEAKWATCH_KEY="5f" * 32)
    assert daemon.wait(PATIENCE_S) == 0, new_house.said()
    assert found in new_house.places()
    assert not (new_house.home / "leakwatch.key").exists()


@pytest.mark.slow
def test_a_form_that_a_person_has_changed_is_not_written_over_after_a_crash(house: House) -> None:
    drop(house.inbox, 1)
    house.run_once()
    (form,) = (house.home / "drafts").glob("XS-*.docx")
    document = Document(str(form))
    document.tables[0].rows[0].cells[-1].text = "青石市生态环境局（人工填写）"
    document.save(str(form))
    theirs = form.read_bytes()
    with closing(sqlite3.connect(house.data / "leakwatch.sqlite3")) as database, database:
        database.execute("UPDATE store_lead SET has_form = 0")
    house.run_once()
    assert form.read_bytes() == theirs
    assert house.count("SELECT min(has_form) FROM store_lead") == 1
    assert list((house.home / "drafts").iterdir()) == [form]


@pytest.mark.slow
def test_a_form_that_could_not_be_written_is_made_up_for(house: House) -> None:
    drafts = house.home / "drafts"
    drop(house.inbox, 1)
    drafts.symlink_to(house.home / "没有这个地方" / "草稿")
    house.run_once()
    assert house.count("SELECT max(has_form) FROM store_lead") == 0
    assert house.job("forms") != ""
    drafts.unlink()
    house.run_once()
    assert house.count("SELECT min(has_form) FROM store_lead") == 1
    assert len(list(drafts.glob("XS-*.docx"))) == 1


@pytest.mark.slow
def test_a_missed_night_is_said_and_made_up_for_under_newer_rules(house: House) -> None:
    lists = shutil.copytree(LISTS, house.home / "keyword_lists")
    (house.inbox / "群.txt").write_text("明晚夜巡，代号海东青", "utf-8")
    house.run_once()
    assert house.places() == {}
    (lists / "local.toml").write_text(OWN_RULE, "utf-8")
    with closing(sqlite3.connect(house.data / "leakwatch.sqlite3")) as database, database:
        for name in ("nightly", "report"):
            database.execute(
                "INSERT INTO store_jobrun (name, succeeded_at, sealed_detail) VALUES (?, '2025-01-01', x'')",
                (name,),
            )
    house.start()
    wait_for(lambda: house.places())
    wait_for(lambda: house.job("nightly") == "重读 1 项，全部读完")
    wait_for(lambda: len(list((house.home / "reports").glob("早报-*"))) == 2)
    letters = {str(row[0]) for row in house.rows("SELECT subject FROM store_letter")}
    assert {"NIGHT_MISSED", "NIGHT"} <= letters


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="inotify is Linux")
def test_where_the_system_gives_no_alarm_the_listing_finds_it(house: House) -> None:
    """As on a network share, and where all watches of the system are taken."""
    path = house.hook(_NO_INOTIFY)
    house.start("run", PYTHONPATH=path)
    wait_for(lambda: house.count("SELECT count(*) FROM store_jobrun WHERE name = 'watch'"))
    found = drop(house.inbox, 1)
    wait_for(lambda: found in house.places())
    assert "inotify" in (house.home / "asked").read_text("utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="the engine is replaced by a script")
def test_an_engine_that_hangs_costs_its_picture_alone(house: House) -> None:
    programs = house.home / "bin"
    programs.mkdir()
    (programs / "tesseract").write_text(_HANGS, "utf-8")
    (programs / "tesseract").chmod(0o755)
    config = house.home / "config.toml"
    config.write_text(
        config.read_text("utf-8").replace('engine = "none"', 'engine = "tesseract"\ntimeout_s = 3'), "utf-8"
    )
    folder = house.inbox / "批"
    folder.mkdir()
    Image.new("RGB", (800, 600), "white").save(folder / "照片.png")
    found = drop(folder, 1)
    daemon = house.start("run", "--once", PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")
    assert daemon.wait(PATIENCE_S) == 0, house.said()
    assert found in house.places()
    reasons = [row[0] for row in house.rows("SELECT reason FROM store_unread")]
    assert len(reasons) == 1
    assert _running(str(programs / "tesseract")) == []


def _running(program: str) -> list[str]:
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if program in place.read_text("utf-8", "replace"):
                found.append(place.parent.name)
        except OSError:
            continue
    return found


_NO_NETWORK = """
import socket, sys
def _look(event, args):
    if event in ('socket.connect', 'socket.bind', 'socket.sendto', 'socket.sendmsg'):
        address = args[1]
        if isinstance(address, tuple) and address[0] not in ('127.0.0.1', '::1', 'localhost'):
            open({opened!r}, 'a').write(repr(address))
            raise OSError('no network here')
    elif event in ('socket.getaddrinfo', 'socket.gethostbyname', 'socket.getnameinfo'):
        host = args[0][0] if isinstance(args[0], tuple) else args[0]
        # waitress writes its own default out in full before it takes the sockets that it was given
        if host not in ('127.0.0.1', '::1', 'localhost', '0.0.0.0', None):
            open({opened!r}, 'a').write(repr(args[0]))
            raise OSError('no network here')
sys.addaudithook(_look)
"""


def test_no_socket_is_opened_but_to_this_machine(house: House) -> None:
    """Python itself refuses every other address in all processes of scan, daemon and page."""
    opened = house.home / "opened"
    path = house.hook(_NO_NETWORK.format(opened=str(opened)))
    asked = "import socket; socket.create_connection(('192.0.2.1', 9), 1)"
    probe = subprocess.run([sys.executable, "-c", asked], env={"PYTHONPATH": path}, stderr=-1, check=False)
    assert (probe.returncode, opened.exists()) == (1, True)  # the hook works
    opened.unlink()
    found = drop(house.inbox, 1)
    daemon = house.start("run", PYTHONPATH=path)
    wait_for(lambda: found in house.places())
    for page in ("/healthz", "/login"):
        with socket.create_connection(("127.0.0.1", house.port), 10) as line:
            line.sendall(f"GET {page} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert b" 200 " in line.recv(100)
    daemon.terminate()
    assert daemon.wait(PATIENCE_S) == 0
    scanned = house.start("scan", "--no-store", str(house.inbox), PYTHONPATH=path)
    assert scanned.wait(PATIENCE_S) == 3
    assert not opened.exists()


_SHIFTS = """
import datetime
import apscheduler.schedulers.base, leakwatch.vault
_right = leakwatch.vault.system_clock
def _shift():
    return datetime.timedelta(days=int(open({days!r}).read()))
class _Wrong(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return datetime.datetime.now(tz) + _shift()
def _wrong():  # has a name: it goes with its process into others
    return _right() + _shift()
leakwatch.vault.system_clock = _wrong
apscheduler.schedulers.base.datetime = _Wrong
"""


@pytest.mark.slow
def test_a_clock_that_is_set_forward_and_back_loses_nothing(house: House) -> None:
    days = house.home / "days"
    _set(days, 0)
    path = house.hook(_SHIFTS.format(days=str(days)))
    daemon = house.start("run", PYTHONPATH=path)
    for number, shift in enumerate((0, 4_000, -4_000, 1)):
        _set(days, shift)
        found = drop(house.inbox, number)
        wait_for(partial(_is_found, house, found))
    daemon.terminate()
    assert daemon.wait(PATIENCE_S) == 0, house.said()
    assert house.states() == {"done": 4}
    _set(days, -1)
    found = drop(house.inbox, 9)
    assert house.start("run", "--once", PYTHONPATH=path).wait(PATIENCE_S) == 0, house.said()
    assert found in house.places()
    assert house.start("evidence", "verify").wait(PATIENCE_S) == 0, house.said()


def _set(clock: Path, days: int) -> None:
    """Whole at once: somebody reads it at every moment."""
    part = clock.with_name("part")
    part.write_text(str(days))
    part.replace(clock)


def _is_found(house: House, sha256: str) -> bool:
    return sha256 in house.places()


@pytest.mark.slow
def test_a_backup_restored_on_another_machine_is_whole(house: House, settled: House, tmp_path: Path) -> None:
    shas = {drop(house.inbox, number) for number in range(3)}
    house.run_once()
    assert house.start("backup").wait(PATIENCE_S) == 0, house.said()
    (backup,) = (path for path in (house.home / "backups").iterdir() if path.name != "evidence")
    other = House(tmp_path / "另一台").furnish().take_rules(settled)
    shutil.copyfile(house.home / "leakwatch.key", other.home / "leakwatch.key")
    (other.home / "leakwatch.key").chmod(stat.S_IRUSR)
    assert other.start("restore", str(backup)).wait(PATIENCE_S) == 0, other.said()
    assert set(other.places()) == shas
    assert (other.data / "evidence").is_dir()
    assert other.start("restore", str(backup)).wait(PATIENCE_S) == 1
    assert "没有恢复" in other.said()
    with (other.home / "inbox" / "新.txt").open("w", encoding="utf-8") as file:
        file.write("绝密★30年")
    other.run_once()
    assert len(other.places()) == 4


@pytest.mark.hours
def test_twenty_thousand_files_at_once_are_all_read(house: House) -> None:
    """One in twenty holds a leak: drawing its form takes longer than reading twenty others."""
    found = set()
    for number in range(20_000):
        if number % 20:
            (house.inbox / f"文件{number:05}.txt").write_text(f"第{number}项工作已经落实", "utf-8")
        else:
            found.add(drop(house.inbox, number))
    house.start()
    wait_for(lambda: house.count("SELECT count(*) FROM store_arrival") == 20_000, 1_200)
    wait_for(lambda: house.states() == {"done": 20_000}, 3 * 3_600)
    wait_for(lambda: house.count("SELECT count(*) FROM store_lead WHERE NOT has_form") == 0)
    assert house.places() == dict.fromkeys(found, 1)
