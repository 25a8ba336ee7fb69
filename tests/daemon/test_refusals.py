"""What a daemon does not start with, each told in a sentence."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from leakwatch.config import Config, Inbox, Mail, Notice, Ocr, Paths, Store, Timers
from leakwatch.daemon.refusals import check, refusals
from leakwatch.errors import ConfigError


def config(
    home: Path,
    *,
    paths: dict[str, str] | None = None,
    store: dict[str, str] | None = None,
    inboxes: tuple[str, ...] = ("inbox",),
) -> Config:
    """A sound one, but for what is given; all below that folder."""
    places = {
        "data_dir": "data",
        "drafts_dir": "drafts",
        "reports_dir": "reports",
        "keyword_lists": "lists",
        **(paths or {}),
    }
    kept = {"backup_dir": "backups", "key_file": "leakwatch.key", "anchor_file": "anchor", **(store or {})}
    (home / "lists").mkdir(exist_ok=True)
    return Config(
        paths=Paths(**{name: home / place for name, place in places.items()}),
        store=Store(**{name: home / place for name, place in kept.items()}),  # type: ignore[arg-type]
        inbox=tuple(Inbox(path=home / place) for place in inboxes),
        ocr=Ocr(engine="none"),
        mail=Mail(password_file=home / "mail.password"),
    )


def test_nothing_speaks_against_a_sound_config(tmp_path: Path) -> None:
    assert refusals(config(tmp_path), None) == []
    check(config(tmp_path), None)


@pytest.mark.parametrize(
    ("paths", "store", "named"),
    [
        ({"data_dir": "inbox/data"}, {}, "数据文件夹 data_dir"),
        ({"data_dir": "."}, {}, "数据文件夹 data_dir"),
        ({"drafts_dir": "inbox/drafts"}, {}, "草稿文件夹 drafts_dir"),
        ({"reports_dir": "inbox"}, {}, "早报文件夹 reports_dir"),
        ({"keyword_lists": "inbox/lists"}, {}, "规则文件夹 keyword_lists"),
        ({}, {"backup_dir": "inbox/backups"}, "备份文件夹 backup_dir"),
        ({}, {"key_file": "inbox/leakwatch.key"}, "密钥文件 key_file"),
        ({}, {"anchor_file": "inbox/anchor"}, "日志锚点文件 anchor_file"),
        ({"data_dir": "x/../inbox/data"}, {}, "数据文件夹 data_dir"),
    ],
)
def test_what_is_written_does_not_lie_where_people_drop(
    tmp_path: Path, paths: dict[str, str], store: dict[str, str], named: str
) -> None:
    (refusal,) = refusals(config(tmp_path, paths=paths, store=store), None)
    assert refusal.startswith(f"第 1 个收件箱与{named}重叠")
    assert refusal.endswith("请换一个位置")


@pytest.mark.parametrize(
    ("notice", "named"),
    [
        (Notice(way="file", to="inbox/通知"), "通知文件夹 to"),
        (Notice(way="feishu", to="http://10.0.0.9", secret_file="inbox/密"), "加签密钥文件 secret_file"),  # noqa: S106
    ],
)
def test_neither_notices_nor_their_secrets_lie_where_people_drop(
    tmp_path: Path, notice: Notice, named: str
) -> None:
    asked = structs.replace(config(tmp_path), notice=(notice,))
    (refusal,) = refusals(asked, tmp_path / "config.toml")
    assert refusal.startswith(f"第 1 个收件箱与{named}重叠")


def test_the_password_of_the_mail_does_not_lie_where_people_drop(tmp_path: Path) -> None:
    asked = structs.replace(config(tmp_path), mail=Mail(password_file=tmp_path / "inbox" / "密码"))
    (refusal,) = refusals(asked, None)
    assert refusal.startswith("第 1 个收件箱与邮件密码文件 password_file重叠")


def test_a_link_leads_no_data_into_an_inbox(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "data").symlink_to(tmp_path / "inbox")
    assert "重叠" in refusals(config(tmp_path), None)[0]


@pytest.mark.parametrize("inboxes", [("inbox", "inbox/a"), ("a/b", "a"), ("inbox", "inbox")])
def test_two_inboxes_do_not_hold_each_other(tmp_path: Path, inboxes: tuple[str, ...]) -> None:
    (refusal,) = refusals(config(tmp_path, inboxes=inboxes), None)
    assert "同一个文件会收两次" in refusal


def test_two_inboxes_side_by_side_are_fine(tmp_path: Path) -> None:
    assert refusals(config(tmp_path, inboxes=("inbox", "inbox2")), None) == []


def test_an_inbox_is_no_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "inbox").symlink_to(tmp_path / "elsewhere")
    (refusal,) = refusals(config(tmp_path), None)
    assert "是链接" in refusal


def _config_file(home: Path) -> Path:
    place = home / "config.toml"
    place.touch()
    return place


def _list(home: Path) -> Path:
    place = home / "lists" / "marks.toml"
    place.touch()
    return place


@pytest.mark.parametrize("place", [_config_file, _list, lambda home: home / "lists"])
def test_whoever_may_edit_settings_or_rules_could_blind_it(
    tmp_path: Path, place: Callable[[Path], Path]
) -> None:
    sound = config(tmp_path)
    path = place(tmp_path)
    path.chmod(path.stat().st_mode | stat.S_IWOTH)
    (refusal,) = refusals(sound, tmp_path / "config.toml")
    assert refusal == f"{path} 所有用户都能改，请运行 chmod o-w {path}"


@pytest.mark.parametrize(
    ("kind", "database", "is_refused"),
    [("cifs", "", True), ("nfs4", "", True), ("ext4", "", False), ("nfs4", "postgresql://db/x", False)],
)
def test_the_database_does_not_lie_on_a_share(
    tmp_path: Path, kind: str, database: str, is_refused: bool
) -> None:
    mounts = tmp_path / "mounts"
    place = str(tmp_path.resolve()).replace(" ", "\\040")
    mounts.write_text(f"/dev/sda / ext4 rw 0 0\nserver:/x {place} {kind} rw 0 0\n", "utf-8")
    sound = config(tmp_path)
    asked = Config(paths=sound.paths, store=Store(database=database), inbox=sound.inbox, ocr=sound.ocr)
    found = [one for one in refusals(asked, None, mounts) if "网络盘" in one]
    assert [f"（{kind}）" in one for one in found] == ([True] if is_refused else [])


def test_times_are_read_before_the_start(tmp_path: Path) -> None:
    sound = config(tmp_path)
    asked = Config(
        paths=sound.paths,
        store=sound.store,
        inbox=sound.inbox,
        ocr=sound.ocr,
        timers=Timers(nightly="25 点"),
    )
    (refusal,) = refusals(asked, None)
    assert refusal.startswith("[timers] nightly：时间 '25 点' 的写法不对")


def test_without_the_engine_that_is_asked_for_it_would_be_blind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    sound = config(tmp_path)
    asked = Config(paths=sound.paths, store=sound.store, inbox=sound.inbox, ocr=Ocr(engine="tesseract"))
    (refusal,) = refusals(asked, None)
    assert refusal.endswith('不需要读图片时，请写 [ocr] engine = "none"')


def test_every_reason_is_told_at_once(tmp_path: Path) -> None:
    wrong = config(tmp_path, paths={"drafts_dir": "inbox/drafts"}, inboxes=("inbox", "inbox/a"))
    with pytest.raises(ConfigError, match=r"没有启动：\n.*drafts_dir.*\n.*收两次"):
        check(wrong, None)
