"""The originals of a lead as rows of the evidence list (法发〔2016〕22号, 第十四条)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from leakwatch.model import EvidenceItem, Origin
from leakwatch.store.dossier import Dossier, ShownPlace
from leakwatch.store.models import Original, Received

_KINDS: Mapping[str, str] = {Origin.OCR: "图片", Origin.IMAGE: "图片", Origin.DOCUMENT: "文档"}
_CHAT = "聊天记录"
_CONTAINER = "所在文件"
_METHOD = "接收后即计算校验值，复制保存"
_UNKNOWN = "未计算"


def items(whole: Dossier) -> tuple[EvidenceItem, ...]:
    """Each file that something was found in, then what it was taken from; in the order of the places."""
    places: dict[str, ShownPlace | None] = {place.sha256: place for place in whole.places}
    for place in whole.places:
        if place.content.parent:
            places.setdefault(place.content.parent, None)
    originals = Original.objects.in_bulk(list(places))
    names = dict(Received.objects.filter(sha256__in=places).values_list("sha256", "inner_path"))
    listed = [(sha256, place) for sha256, place in places.items() if sha256 in originals]
    return tuple(
        _item(number, originals[sha256], place, names.get(sha256, ""))
        for number, (sha256, place) in enumerate(listed, 1)
    )


def _item(number: int, original: Original, place: ShownPlace | None, received: str) -> EvidenceItem:
    path = PurePosixPath((place.content.inner_path if place else received).replace("!", "/"))
    return EvidenceItem(
        number=number,
        name=path.name or "（未载名称）",
        kind=_KINDS.get(place.origin, _CHAT) if place else _CONTAINER,
        format=path.suffix.removeprefix(".").upper() or "无扩展名",
        size=original.size,
        sha256=original.sha256,
        sm3=original.sm3 or _UNKNOWN,
        taken_at=original.taken_at,
        method=_METHOD,
        origin=f"工作群「{place.group}」的导出记录" if place and place.group else "收到的导出文件",
        parent_sha256=original.parent or None,
    )
