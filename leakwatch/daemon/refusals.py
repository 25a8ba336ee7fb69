"""What a daemon does not start with: settings that would lose evidence or let others in; each is a sentence."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from leakwatch.config import Config
from leakwatch.errors import ConfigError, Unreadable
from leakwatch.timers.schedule import trigger

RULES_KEPT = "rules"
"""The rules that passed last, in data_dir."""
_SHARES = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ceph", "glusterfs"})
_MOUNTS = Path("/proc/mounts")


def check(config: Config, config_file: Path | None) -> None:
    """ConfigError with every reason not to start."""
    if found := refusals(config, config_file):
        raise ConfigError("没有启动：\n" + "\n".join(found))


def refusals(config: Config, config_file: Path | None, mounts: Path = _MOUNTS) -> list[str]:
    """Why not to start; empty if nothing speaks against it. mounts: as Linux lists them."""
    return [
        *_overlaps(config, config_file.resolve().parent if config_file else Path.cwd()),
        *_links(config),
        *_writable(config, config_file),
        *_share(config, mounts),
        *_times(config),
        *_blindness(config),
    ]


def _overlaps(config: Config, base: Path) -> Iterator[str]:
    """What leakwatch writes must not arrive as evidence again, and nobody who drops files may reach it."""
    own = [*_own_places(config, base)]
    for number, inbox in enumerate(config.inbox, 1):
        for what, place in own:
            if _is_in(place, inbox.path) or _is_in(inbox.path, place):
                yield f"第 {number} 个收件箱与{what}重叠（{inbox.path}、{place}），请换一个位置"
        for other in config.inbox[number:]:
            if _is_in(other.path, inbox.path) or _is_in(inbox.path, other.path):
                yield f"两个收件箱重叠（{inbox.path}、{other.path}），同一个文件会收两次，请分开"


def _own_places(config: Config, base: Path) -> Iterator[tuple[str, Path]]:
    """base: what the places of notices start from."""
    yield "数据文件夹 data_dir", config.paths.data_dir
    yield "草稿文件夹 drafts_dir", config.paths.drafts_dir
    yield "早报文件夹 reports_dir", config.paths.reports_dir
    yield "备份文件夹 backup_dir", config.store.backup_dir
    yield "规则文件夹 keyword_lists", config.paths.keyword_lists
    yield "密钥文件 key_file", config.store.key_file
    yield "日志锚点文件 anchor_file", config.store.anchor_file
    yield "邮件密码文件 password_file", config.mail.password_file
    for notice in config.notice:
        if notice.way == "file":
            yield "通知文件夹 to", base / Path(notice.to).expanduser()
        if notice.secret_file:
            yield "加签密钥文件 secret_file", base / Path(notice.secret_file).expanduser()


def _links(config: Config) -> Iterator[str]:
    for inbox in config.inbox:
        if inbox.path.is_symlink():
            yield f"收件箱 {inbox.path} 是链接，可能被换到别处，请写它真正的位置"


def _writable(config: Config, config_file: Path | None) -> Iterator[str]:
    """Whoever can edit the rules or the settings can blind leakwatch."""
    if os.name == "nt":  # its rights are not in the mode
        return
    places = [config_file] if config_file else []
    places += [config.paths.keyword_lists, *sorted(config.paths.keyword_lists.glob("*"))]
    for place in places:
        if place.exists() and place.stat().st_mode & stat.S_IWOTH:
            yield f"{place} 所有用户都能改，请运行 chmod o-w {place}"


def _share(config: Config, mounts: Path) -> Iterator[str]:
    """SQLite's locks do not hold on network shares: the database breaks."""
    if config.store.database or not mounts.exists():
        return
    place = config.paths.data_dir.resolve()
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        _, folder, sort, *_ = line.split(" ")
        folder = folder.replace("\\040", " ")
        if len(folder) > len(best) and place.is_relative_to(folder):
            best, kind = folder, sort
    if kind in _SHARES:
        yield f"数据文件夹 {place} 在网络盘（{kind}）上，数据库会损坏，请放到本机磁盘"


def _times(config: Config) -> Iterator[str]:
    for name in ("nightly", "nightly_until", "backup", "verify", "report", "register", "canary"):
        try:
            trigger(getattr(config.timers, name))
        except ConfigError as why:
            yield f"[timers] {name}：{why}"


def _blindness(config: Config) -> Iterator[str]:
    """Every photo would end as unread; asked without loading the engine, which takes 400 MB."""
    allowed = '不需要读图片时，请写 [ocr] engine = "none"'
    if config.ocr.engine == "rapidocr" and not all(map(find_spec, ("rapidocr", "onnxruntime"))):
        yield f"[ocr] engine：没有安装 rapidocr，图片都读不了，请运行 pip install 'leakwatch[photos]'；{allowed}"
    if config.ocr.engine == "tesseract":
        from leakwatch.ocr.tesseract import Tesseract

        try:
            Tesseract().warm_up()
        except Unreadable as why:
            yield f"[ocr] engine：{why.detail}；{allowed}"


def _is_in(inner: Path, outer: Path) -> bool:
    return Path(os.path.realpath(inner)).is_relative_to(Path(os.path.realpath(outer)))
