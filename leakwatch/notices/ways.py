"""How a notice reaches people; each way raises `Undelivered` with a sentence when it did not."""

from __future__ import annotations

import os
import shlex
import smtplib
import ssl
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from leakwatch import config
from leakwatch.errors import ConfigError, Undelivered
from leakwatch.notices.robots import WAIT_S, Robot
from leakwatch.notices.words import Notice

_SECRETS = {"dingtalk": "LEAKWATCH_DINGTALK_SECRET", "feishu": "LEAKWATCH_FEISHU_SECRET"}
"""Robots that may ask for signed messages, and the variable of their secret where no file is named."""

_ME = "[127.0.0.1]"
"""To mail servers; smtplib would ask the name server for ours: nobody named it, and it may not answer for long."""


class Way(Protocol):
    """One way of the config."""

    @property
    def roles(self) -> tuple[str, ...]:
        """Who is told on this way."""

    @property
    def name(self) -> str:
        """Which way it is, without addresses that hold a robot's key."""

    def send(self, notice: Notice) -> None:
        """Delivers, or raises Undelivered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the ways start from."""

    base: Path
    """The folder of relative ones."""
    clock: Callable[[], datetime]
    environ: Mapping[str, str]


def ways(settings: Iterable[config.Notice], mail: config.Mail, start: Start) -> tuple[Way, ...]:
    """The ways of the config; ConfigError if one lacks what it needs."""
    return tuple(_ways(settings, mail, start))


def take_secrets(environ: MutableMapping[str, str]) -> dict[str, str]:
    """Those of robots, no longer there: programs that read files from outside would inherit them."""
    return {name: environ.pop(name) for name in _SECRETS.values() if name in environ}


def _ways(settings: Iterable[config.Notice], mail: config.Mail, start: Start) -> Iterator[Way]:
    for setting in settings:
        if setting.secret_file and setting.way not in _SECRETS:
            raise ConfigError(
                f'[[notice]] way = "{setting.way}"：只有钉钉和飞书的机器人有加签密钥，请删去 secret_file'
            )
        match setting.way:
            case "file":
                yield ToFile(folder=start.base / Path(setting.to).expanduser(), roles=setting.roles)
            case "mail":
                if not mail.host or not mail.sender:
                    raise ConfigError(
                        '[[notice]] way = "mail"：还缺邮件服务器，请填写 [mail] 的 host 和 sender'
                    )
                if not (addresses := setting.to.split()):
                    raise ConfigError('[[notice]] way = "mail"：to 应为收件地址，请填写')
                # Each on its own: one that is refused is tried again without another mail to the rest.
                yield from (ByMail(mail=mail, address=one, roles=setting.roles) for one in addresses)
            case "command":
                if not (words := tuple(shlex.split(setting.to))):
                    raise ConfigError('[[notice]] way = "command"：to 应为要运行的程序，请填写')
                yield ByCommand(words=words, roles=setting.roles)
            case "wecom" | "dingtalk" | "feishu":
                yield _robot(setting, start)


def _robot(setting: config.Notice, start: Start) -> Robot:
    if urlsplit(setting.to).scheme not in ("http", "https"):
        raise ConfigError(f'[[notice]] way = "{setting.way}"：to 应为机器人的 http 或 https 地址')
    secret = start.environ.get(_SECRETS.get(setting.way, ""), "").strip()
    if setting.secret_file:
        place = start.base / Path(setting.secret_file).expanduser()
        try:
            secret = place.read_text(encoding="utf-8-sig").strip()
        except (OSError, ValueError) as why:
            raise ConfigError(
                f'[[notice]] way = "{setting.way}"：加签密钥文件 {place} 读不出来，请检查路径、权限和内容'
            ) from why
        if not secret:
            raise ConfigError(f'[[notice]] way = "{setting.way}"：加签密钥文件 {place} 是空的，请写入密钥')
    return Robot(kind=setting.way, url=setting.to, roles=setting.roles, clock=start.clock, secret=secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFile:
    """A text file for each notice, in a folder that people look into."""

    folder: Path
    roles: tuple[str, ...]

    @property
    def name(self) -> str:
        """For lists of what was delivered."""
        return "文件"

    def send(self, notice: Notice) -> None:
        """A new file, whole or not at all."""
        stem = f"{notice.at:%Y%m%d-%H%M%S}-{notice.subject.name.lower()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            place = next(path for path in _names(self.folder, stem) if not path.exists())
            part = place.with_suffix(".part")
            with part.open("w", encoding="utf-8-sig") as file:  # Windows' editor asks for the mark
                file.write(notice.text)
                file.flush()
                os.fsync(file.fileno())
            part.replace(place)
        except OSError as why:
            raise Undelivered(f"通知文件写不进去（{why.strerror}），请检查 [[notice]] 的文件夹") from why


@dataclass(frozen=True, slots=True, kw_only=True)
class ByMail:
    """A mail through the server of the house."""

    mail: config.Mail
    address: str
    roles: tuple[str, ...]

    @property
    def name(self) -> str:
        """For lists of what was delivered."""
        return "邮件"

    def send(self, notice: Notice) -> None:
        """One mail."""
        letter = EmailMessage()
        letter["Subject"], letter["From"], letter["To"] = notice.title, self.mail.sender, self.address
        letter.set_content(notice.text)
        try:
            with self._server() as server:
                server.send_message(letter)
        except (OSError, ValueError, smtplib.SMTPException) as why:  # ValueError: a password beyond ASCII
            raise Undelivered(f"邮件没有送出（{type(why).__name__}），请检查 [mail] 的设置和网络") from why

    def _server(self) -> smtplib.SMTP:
        mail, context = self.mail, ssl.create_default_context()
        if mail.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                mail.host, mail.port, local_hostname=_ME, timeout=WAIT_S, context=context
            )
        else:
            server = smtplib.SMTP(mail.host, mail.port, local_hostname=_ME, timeout=WAIT_S)
        try:
            if mail.security == "starttls":
                server.starttls(context=context)
            if mail.user:
                server.login(mail.user, mail.password_file.read_text(encoding="utf-8").strip())
        except BaseException:
            server.close()
            raise
        return server


@dataclass(frozen=True, slots=True, kw_only=True)
class ByCommand:
    """A program of the house that reads the notice from its standard input."""

    words: tuple[str, ...]
    roles: tuple[str, ...]

    @property
    def name(self) -> str:
        """For lists of what was delivered."""
        return "程序"

    def send(self, notice: Notice) -> None:
        """The program must end well within a while."""
        try:
            subprocess.run(
                self.words,
                input=notice.text.encode("utf-8"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=WAIT_S,
                check=True,
            )
        except (OSError, subprocess.SubprocessError) as why:
            raise Undelivered(
                f"通知程序没有正常结束（{type(why).__name__}），请检查 [[notice]] 的 to"
            ) from why


def _names(folder: Path, stem: str) -> Iterator[Path]:
    yield folder / f"{stem}.txt"
    number = 2
    while True:
        yield folder / f"{stem}-{number}.txt"
        number += 1
