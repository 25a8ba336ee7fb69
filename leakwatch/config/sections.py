"""The sections of config.toml with their defaults; config.toml says in Chinese what each is for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One [section] of config.toml."""


class Paths(Section, frozen=True, kw_only=True):
    """Where things lie; relative paths are taken from the folder of config.toml."""

    data_dir: Path = Path("data")
    drafts_dir: Path = Path("drafts")
    reports_dir: Path = Path("reports")
    keyword_lists: Path = Path()
    """Empty: the folder keyword_lists/ beside config.toml, else the lists shipped with leakwatch."""


class Jobs(Section, frozen=True, kw_only=True):
    """How a scan works."""

    jobs: Annotated[int, Meta(ge=0, le=256, extra={"unit": "个进程"})] = 0
    """0: one for each core."""


class Limits(Section, frozen=True, kw_only=True):
    """How far an archive or a file is followed; over a limit = `Skipped`, the rest goes on."""

    archive_depth: Annotated[int, Meta(ge=1, le=32, extra={"unit": "层"})] = 4
    archive_entries: Annotated[int, Meta(ge=1, le=10_000_000, extra={"unit": "个文件"})] = 10_000
    archive_total_mib: Annotated[int, Meta(ge=1, le=1 << 20, extra={"unit": "MiB"})] = 2048
    archive_ratio: Annotated[int, Meta(ge=2, le=100_000, extra={"unit": "倍"})] = 100
    """Unpacked bytes per packed byte, counted above 1 MiB only."""
    archive_seconds: Annotated[int, Meta(ge=1, le=86_400, extra={"unit": "秒"})] = 600
    """Spent on unpacking alone, not on reading what came out."""
    archive_passwords: tuple[Annotated[str, Meta(pattern=r"^[^\x00]+$")], ...] = ()
    file_mib: Annotated[int, Meta(ge=1, le=1 << 20, extra={"unit": "MiB"})] = 2048
    reader_timeout_s: Annotated[int, Meta(ge=1, le=86_400, extra={"unit": "秒"})] = 120
    """Without any result from a file."""
    reader_memory_mib: Annotated[int, Meta(ge=128, le=1 << 20, extra={"unit": "MiB"})] = 1024
    film_frames: Annotated[int, Meta(ge=0, le=1000, extra={"unit": "个画面"})] = 10
    """Looked at in a film; 0: films are not looked into."""
    film_seconds: Annotated[int, Meta(ge=1, le=86_400, extra={"unit": "秒"})] = 60
    """Spent on taking pictures out of a film, not on reading them."""


class Ocr(Section, frozen=True, kw_only=True):
    """How photos are read."""

    engine: Literal["rapidocr", "tesseract", "none"] = "rapidocr"
    timeout_s: Annotated[int, Meta(ge=1, le=3600, extra={"unit": "秒"})] = 60


class Units(Section, frozen=True, kw_only=True):
    """Names for the boxes 报告单位 and 案件（事件）发生单位 of the lead form; empty stays blank."""

    reporting_unit: str = ""
    incident_unit: str = ""


class Findings(Section, frozen=True, kw_only=True):
    """How hits are weighed."""

    neighbour_minutes: Annotated[int, Meta(ge=0, le=1440, extra={"unit": "分钟"})] = 5


class Store(Section, frozen=True, kw_only=True):
    """Where findings, leads and the log are kept."""

    database: str = ""
    """Empty: the SQLite file in data_dir; else postgresql://…."""
    keep_days: Annotated[int, Meta(ge=0, le=36_500, extra={"unit": "天"})] = 0
    """After a lead was handed over or dismissed, until it is purged; 0: nothing is purged by itself."""
    key_file: Path = Path("leakwatch.key")
    """What seals the evidence; not in data_dir, so that a copy of the data alone tells nothing."""
    suite: Literal["intl", "sm"] = "intl"
    anchor_file: Path = Path("anchors/leakwatch.anchor")
    """The last row of the log, each time it was verified: whoever rewrites the database cannot rewrite this too."""
    backup_dir: Path = Path("backups")
    backup_keep: Annotated[int, Meta(ge=1, le=1000, extra={"unit": "份"})] = 14


class Web(Section, frozen=True, kw_only=True):
    """The review page."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=1, le=65_535, extra={"unit": "号端口"})] = 8451
    allowed_hosts: tuple[str, ...] = ()
    """Besides this machine's own names."""
    processes: Annotated[int, Meta(ge=1, le=16, extra={"unit": "个"})] = 1
    """Each answers one reader at a time; not on Windows."""
    https: bool = False
    """Reached through a proxy that speaks TLS: cookies are sent over TLS alone."""


class Inbox(Section, frozen=True, kw_only=True):
    """A folder in which exports arrive."""

    path: Path
    after: Literal["leave", "move"] = "leave"
    """What becomes of what was read: it stays, or goes to done/ and unread/."""
    group: str = ""
    """The work group of what says none: a photo without a chat, an export without a name."""
    unit: str = ""
    """Whose what arrives here is, where the register does not know the group."""
    keep_days: Annotated[int, Meta(ge=-1, le=36_500, extra={"unit": "天"})] = -1
    """As that of [store], for leads from here; -1: as that one, 0: never purged."""


class Watch(Section, frozen=True, kw_only=True):
    """When something that arrives is taken for complete."""

    stability_s: Annotated[int, Meta(ge=1, le=3600, extra={"unit": "秒"})] = 5
    """Nothing of it has changed for so long."""
    rescan_s: Annotated[int, Meta(ge=5, le=300, extra={"unit": "秒"})] = 60
    """Between two full listings; alarms of the system come in between."""
    partial_names: tuple[str, ...] = ("*.part", "*.tmp", "*.crdownload", "*.download", "~$*", ".*")
    """Shell patterns of files that are still being written under another name."""


class Timers(Section, frozen=True, kw_only=True):
    """When the daemon does what: minute hour day month weekday, in Shanghai's time."""

    nightly: str = "10 2 * * *"
    nightly_until: str = "0 6 * * *"
    """What is not read by then waits for the next night."""
    backup: str = "0 1 * * *"
    verify: str = "0 4 * * sun"
    report: str = "30 7 * * *"
    register: str = "0 9 * 6 *"
    canary: str = "0 8 * * *"
    canary_minutes: Annotated[int, Meta(ge=1, le=720, extra={"unit": "分钟"})] = 30
    """Within which our own export must have come back as read."""


class Mail(Section, frozen=True, kw_only=True):
    """The mail server of the house."""

    host: str = ""
    port: Annotated[int, Meta(ge=1, le=65_535, extra={"unit": "号端口"})] = 25
    security: Literal["none", "starttls", "tls"] = "none"
    sender: str = ""
    user: str = ""
    password_file: Path = Path("mail.password")


class Notice(Section, frozen=True, kw_only=True):
    """One way on which people are told: counts, numbers of leads and a link, never words of messages."""

    way: Literal["file", "mail", "wecom", "dingtalk", "feishu", "command"]
    to: str
    """A folder, mail addresses parted by blanks, the address of a robot, or a program with its arguments."""
    secret_file: str = ""
    """Holds what a robot of DingTalk or Feishu wants messages to be signed with; empty: the variable of that kind."""
    roles: tuple[Literal["owner", "reviewer", "office", "admin"], ...] = ("office",)


class Config(Section, frozen=True, kw_only=True):
    """All settings, paths absolute."""

    paths: Paths = Paths()
    scan: Jobs = Jobs()
    limits: Limits = Limits()
    ocr: Ocr = Ocr()
    units: Units = Units()
    findings: Findings = Findings()
    store: Store = Store()
    web: Web = Web()
    watch: Watch = Watch()
    timers: Timers = Timers()
    mail: Mail = Mail()
    notice: tuple[Notice, ...] = (Notice(way="file", to="notices"),)
    inbox: tuple[Inbox, ...] = (Inbox(path=Path("inbox")),)
