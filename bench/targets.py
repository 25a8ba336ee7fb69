"""The ratios that were promised, and whether a run keeps them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench import ours, peers

Times = Mapping[tuple[str, int], float]
"""Engine and number of terms → CPU seconds for all messages."""

WHOLE, PARSE, RG = "leakwatch 全程：JSON 导出 → 结果", "只用 msgspec 解析同一份导出", "rg -F -j1"
PEAK_BYTES = 250 * 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One ratio of CPU times and the least or most that it may be."""

    sentence: str
    ratio: float
    bound: float
    is_most: bool = False

    @property
    def is_kept(self) -> bool:
        """Whether the ratio is within its bound."""
        return self.ratio <= self.bound if self.is_most else self.ratio >= self.bound


_PEERS = (
    (peers.TYPICAL.name, {300: 15.0, 3000: 15.0, 30_000: 15.0}),
    (peers.PRESIDIO.name, {300: 100.0, 3000: 100.0}),
    (peers.DETECT_SECRETS.name, {300: 20.0, 3000: 20.0}),
)
_FASTER = (
    (ours.CORE.name, peers.PLAIN.name, {300: 5.0, 3000: 5.0, 30_000: 5.0}),
    (ours.CORE.name, RG, {300: 0.6, 3000: 1.0, 30_000: 3.0}),
    *((ours.VERIFIED.name, name, bounds) for name, bounds in _PEERS),
    # Like with like: the peers look for the terms alone, and our own rules find in twenty times as many messages.
    *((ours.LOCATED.name, name, bounds) for name, bounds in _PEERS),
    (WHOLE, PARSE, {300: 0.65, 3000: 0.65, 30_000: 0.65}),
)


def promises(times: Times) -> Iterator[Promise]:
    """Those of which both sides were measured."""
    for name, other, bounds in _FASTER:
        for terms, bound in bounds.items():
            if (name, terms) in times and (other, terms) in times:
                ratio = times[other, terms] / times[name, terms]
                yield Promise(sentence=f"{terms} 词：{name} 对 {other} 的倍数", ratio=ratio, bound=bound)
    few, many = ((ours.CORE.name, terms) for terms in (300, 30_000))
    if few in times and many in times:
        sentence = "内核 30,000 词的时间是 300 词的几倍"
        yield Promise(sentence=sentence, ratio=times[many] / times[few], bound=1.4, is_most=True)
