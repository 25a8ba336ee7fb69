"""`make bench`: prints how many times the CPU time of leakwatch the others take, and which targets are met."""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import corpus, export, ours, peers, programs
from bench.engines import Engine, Run
from bench.targets import PEAK_BYTES, Times, promises
from bench.whole import Whole

_TERMS = (300, 3000, 30_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """What one engine took for all messages, and of how many it says that they hold something."""

    engine: Engine
    seconds: float
    found: float
    """0–1; for the whole road findings per message."""


def main() -> None:
    """Measures every engine on every list of terms."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000, help="消息条数，默认一百万")
    parser.add_argument("--rounds", type=int, default=3, help="每个引擎轮流跑几遍，取中位数")
    chosen = parser.parse_args()
    texts = corpus.messages(chosen.messages)
    print(
        f"{len(texts):,} 条生成的消息，{sum(map(len, texts)):,} 字；CPU 秒，轮流 {chosen.rounds} 遍取中位数\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        whole = Whole(Path(folder) / "export.json")
        export.write(texts, Path(folder) / "export.json")
        engines = [
            ours.CORE, ours.SHIPPED_CORE, ours.LOCATED, ours.VERIFIED, peers.PLAIN, peers.TYPICAL, peers.PRESIDIO,
            peers.DETECT_SECRETS, *programs.engines(Path(folder)), *whole.engines(),
        ]  # fmt: skip
        times: dict[tuple[str, int], float] = {}
        for terms in _TERMS:
            measured = list(_measure(engines, texts, (terms, chosen.rounds)))
            times |= {(one.engine.name, terms): one.seconds for one in measured}
            _print_times(measured, terms)
    _print_promises(times, whole.peak_bytes)


def _measure(engines: Sequence[Engine], texts: Sequence[str], plan: tuple[int, int]) -> Iterator[_Measured]:
    """Engine after engine, round after round: a busy neighbour slows all of them alike."""
    count, rounds = plan
    ready = [(engine, run) for engine in engines if (run := _built(engine, count))]
    spent: dict[str, list[float]] = defaultdict(list)
    found: dict[str, float] = {}
    for number in range(rounds):
        for engine, run in ready:
            _show(f"{count:,} 词，第 {number + 1} 遍：{engine.name}")
            sample = texts[: max(1, int(len(texts) * engine.share))]
            started = engine.clock()
            found[engine.name] = run(sample) / len(sample)
            spent[engine.name].append((engine.clock() - started) * len(texts) / len(sample))
    _show("")
    for engine, _ in ready:
        seconds = statistics.median(spent[engine.name])
        yield _Measured(engine=engine, seconds=seconds, found=found[engine.name])


def _built(engine: Engine, count: int) -> Run | None:
    if count > engine.most_terms:
        return None
    try:
        run = engine.build(corpus.terms(count))
    except (ImportError, OSError) as why:
        _show("")
        print(f"略过 {engine.name}：没有安装（{why}）")
        return None
    if engine.share < 1:
        run(["在吗"])  # what is compiled at the first call must not be scaled up with the sample
    return run


def _show(line: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)


def _print_times(measured: Sequence[_Measured], count: int) -> None:
    print(f"{count:,} 词    CPU 秒  是内核的几倍  留下多少消息")
    core = next(one.seconds for one in measured if one.engine is ours.CORE)
    for one in measured:
        scaled = f"（取 {one.engine.share:.1%} 的消息推算）" if one.engine.share < 1 else ""
        print(
            f"  {one.seconds:10.2f} {one.seconds / core:10.1f} {one.found:12.2%}  {one.engine.name}{scaled}"
        )
    print(flush=True)


def _print_promises(times: Times, peak_bytes: int) -> None:
    print("目标                结果")
    for promise in promises(times):
        sign = "≤" if promise.is_most else "≥"
        verdict = "达到" if promise.is_kept else "未达到"
        print(f"  {sign} {promise.bound:<6g} {promise.ratio:10.2f}  {verdict}  {promise.sentence}")
    if not peak_bytes:
        return
    verdict = "达到" if peak_bytes <= PEAK_BYTES else "未达到"
    print(f"  ≤ {PEAK_BYTES / 1e6:.0f} MB {peak_bytes / 1e6:8.0f}  {verdict}  全程的内存峰值")


if __name__ == "__main__":
    main()
