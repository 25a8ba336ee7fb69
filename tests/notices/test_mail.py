"""Mails reach a server on this machine: with a password, through TLS, and not at all where it is not who it says."""

from __future__ import annotations

import socket
import socketserver
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from leakwatch import config
from leakwatch.errors import Undelivered
from leakwatch.notices import Start, Way, ways
from tests.notices.sending import NIGHT, NOTICE, serving


class MailServer(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as one letter needs."""

    heard: list[str]
    """Lines of the letter, and who logged in."""
    refused: bytes | None = None
    """In an address that it does not take."""
    tls: ssl.SSLContext | None = None
    is_tls_first = False

    def handle(self) -> None:
        with suppress(ssl.SSLError):  # of a client that did not like the certificate
            self._talk()
        self.connection.close()

    def _talk(self) -> None:
        if self.is_tls_first:
            self._wrap()
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            self.wfile.write(self._answer(word, line))
            if word == b"STAR":
                self._wrap()
            if word == b"QUIT":
                return

    def _answer(self, word: bytes, line: bytes) -> bytes:
        match word:
            case b"EHLO":
                return b"250-here\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n"
            case b"STAR":
                return b"220 go on\r\n"
            case b"AUTH":
                self.heard.append(line.decode().strip())
                return b"235 welcome\r\n" if line.strip().endswith(_KNOWN) else b"535 no\r\n"
            case b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while (part := self.rfile.readline()) != b".\r\n":
                    self.heard.append(part.decode().strip())
                return b"250 ok\r\n"
            case b"QUIT":
                return b"221 bye\r\n"
        return b"550 no\r\n" if self.refused is not None and self.refused in line else b"250 ok\r\n"

    def _wrap(self) -> None:
        assert self.tls is not None
        self.connection = self.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", buffering=0)


_KNOWN = b64encode(b"\0lw\0qs-2031")


@contextmanager
def server(**given: object) -> Iterator[tuple[int, list[str]]]:
    """Port of a mail server, and what it hears."""
    heard: list[str] = []
    kind = type("Server", (MailServer,), {"heard": heard, **given})
    with serving(socketserver.TCPServer(("127.0.0.1", 0), kind)) as port:
        yield port, heard


def mails(base: Path, mail: config.Mail, to: str = "bmb@qs.lan") -> tuple[Way, ...]:
    start = Start(base=base, clock=lambda: NIGHT, environ={})
    return ways([config.Notice(way="mail", to=to)], mail, start)


def mail(port: int, **given: object) -> config.Mail:
    return config.Mail(host="127.0.0.1", port=port, sender="leakwatch@qs.lan", **given)  # type: ignore[arg-type]


def test_each_address_gets_a_mail_of_its_own(tmp_path: Path) -> None:
    with server() as (port, heard):
        for way in mails(tmp_path, mail(port), "bmb@qs.lan zr@qs.lan"):
            way.send(NOTICE)
    assert [line for line in heard if line.startswith("To: ")] == ["To: bmb@qs.lan", "To: zr@qs.lan"]


def test_no_name_server_is_asked_who_we_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(name: str = "") -> str:
        raise AssertionError(name)

    monkeypatch.setattr(socket, "getfqdn", asked)
    with server() as (port, heard):
        mails(tmp_path, mail(port))[0].send(NOTICE)
    assert heard


def test_an_address_that_is_refused_is_told(tmp_path: Path) -> None:
    with server(refused=b"zr@") as (port, heard):
        first, second = mails(tmp_path, mail(port), "bmb@qs.lan zr@qs.lan")
        first.send(NOTICE)
        with pytest.raises(Undelivered, match="SMTPRecipientsRefused"):
            second.send(NOTICE)
    assert [line for line in heard if line.startswith("To: ")] == ["To: bmb@qs.lan"]


def test_a_mail_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with server() as (port, _):
        pass
    with pytest.raises(Undelivered, match="邮件没有送出"):
        mails(tmp_path, mail(port))[0].send(NOTICE)


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("qs-2031\n", None),
        ("qs-2030", "SMTPAuthenticationError"),
        ("口令", "UnicodeEncodeError"),
        (None, "FileNotFoundError"),
    ],
)
def test_a_user_logs_in_with_the_password_of_the_file(
    tmp_path: Path, password: str | None, fault: str | None
) -> None:
    place = tmp_path / "mail.password"
    if password is not None:
        place.write_text(password, "utf-8")
    with server() as (port, heard):
        (way,) = mails(tmp_path, mail(port, user="lw", password_file=place))
        if fault is None:
            way.send(NOTICE)
            assert heard[0] == f"AUTH PLAIN {_KNOWN.decode()}"
        else:
            with pytest.raises(Undelivered, match=fault):
                way.send(NOTICE)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a server at 127.0.0.1, with its key; signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]), datetime.now(UTC)
    at = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(7).not_valid_before(now - timedelta(days=1))
    signed = (
        built.not_valid_after(now + timedelta(days=1)).add_extension(at, False).sign(key, hashes.SHA256())
    )
    place = tmp_path_factory.mktemp("tls") / "server.pem"
    place.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return place


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("is_trusted", [True, False])
def test_a_server_whose_certificate_nobody_knows_gets_no_mail(
    tmp_path: Path, certificate: Path, monkeypatch: pytest.MonkeyPatch, security: str, is_trusted: bool
) -> None:
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with server(tls=context, is_tls_first=security == "tls") as (port, heard):
        (way,) = mails(tmp_path, mail(port, security=security))
        if is_trusted:
            way.send(NOTICE)
        else:
            with pytest.raises(Undelivered, match="SSLCertVerificationError"):
                way.send(NOTICE)
    assert ("To: bmb@qs.lan" in heard) is is_trusted
