"""A group robot of WeCom, DingTalk or Feishu; those of the last two may ask for each message to be signed.

DingTalk: timestamp (ms) and sign in the address, sign = base64(HMAC-SHA256(key secret, "timestamp\\nsecret")).
Feishu: timestamp (s) and sign in the message, sign = base64(HMAC-SHA256(key "timestamp\\nsecret", nothing)).
Both refuse a timestamp that is an hour off.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

from leakwatch.errors import Undelivered
from leakwatch.notices.words import Notice

WAIT_S = 20
_ANSWER_BYTES = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """The robot of one group, on the intranet."""

    kind: str
    url: str = field(repr=False)
    """It holds the robot's key."""
    roles: tuple[str, ...]
    clock: Callable[[], datetime]
    secret: str = field(default="", repr=False)
    """Empty: messages are not signed."""

    @property
    def name(self) -> str:
        """For lists of what was delivered."""
        return {"wecom": "企业微信机器人", "dingtalk": "钉钉机器人", "feishu": "飞书机器人"}[self.kind]

    def send(self, notice: Notice) -> None:
        """A text message; the robot must say that it took it."""
        url, message = self._signed(_message(self.kind, notice.text))
        body = json.dumps(message, ensure_ascii=False).encode("utf-8")
        head = {"Content-Type": "application/json; charset=utf-8"}
        request = urllib.request.Request(url, body, head, method="POST")  # noqa: S310 - checked: http
        try:
            with _straight().open(request, timeout=WAIT_S) as answer:
                said = json.loads(answer.read(_ANSWER_BYTES))
        except (OSError, ValueError, HTTPException) as why:
            if isinstance(why, HTTPError):
                why.close()
            raise Undelivered(f"{self.name}没有收到通知（{type(why).__name__}），请检查地址和网络") from why
        code = (
            said.get("errcode", said.get("code", said.get("StatusCode"))) if isinstance(said, dict) else None
        )
        if code != 0:
            raise Undelivered(
                f"{self.name}拒收了通知（错误码 {code}），请检查机器人的地址、安全设置、加签密钥和本机时间"
            )

    def _signed(self, message: dict[str, object]) -> tuple[str, dict[str, object]]:
        """Address and message as the robot wants them now: a notice may have waited for hours."""
        at_s = self.clock().timestamp()
        if self.kind == "dingtalk" and self.secret:
            mark = "&" if urlsplit(self.url).query else "?"
            return f"{self.url}{mark}{urlencode(dingtalk_sign(self.secret, int(at_s * 1000)))}", message
        if self.kind == "feishu" and self.secret:
            return self.url, feishu_sign(self.secret, int(at_s)) | message
        return self.url, message


def dingtalk_sign(secret: str, at_ms: int) -> dict[str, str]:
    """What its address is given."""
    return {"timestamp": str(at_ms), "sign": _hmac(secret, f"{at_ms}\n{secret}")}


def feishu_sign(secret: str, at_s: int) -> dict[str, object]:
    """What its message is given."""
    return {"timestamp": str(at_s), "sign": _hmac(f"{at_s}\n{secret}", "")}


def _hmac(key: str, text: str) -> str:
    return b64encode(hmac.digest(key.encode(), text.encode(), hashlib.sha256)).decode("ascii")


def _message(kind: str, text: str) -> dict[str, object]:
    if kind == "feishu":
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


def _straight() -> urllib.request.OpenerDirector:
    """No proxies of the environment and no redirections: to what the config names and nowhere else."""

    class _Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            """None: the answer counts as an error."""

    return urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)
