"""What a child may do to its parent: nothing but to cost one file."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from leakwatch.errors import ReaderFault, Unreadable
from leakwatch.model import Reason
from leakwatch.sandbox import Sandbox
from tests.sandbox import work


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(20, 256) as opened:
        yield opened


def test_everything_arrives_in_order(sandbox: Sandbox) -> None:
    assert list(sandbox.stream(work.counted, 12_345)) == list(range(12_345))


def test_a_child_is_used_again_and_open_streams_have_one_each(sandbox: Sandbox) -> None:
    (first,), (second,) = sandbox.stream(work.process), sandbox.stream(work.process)
    outer = sandbox.stream(work.counted, 3)
    next(outer)
    (inner,) = sandbox.stream(work.process)

    assert first == second != inner
    assert list(outer) == [1, 2]


def test_a_child_that_was_warmed_up_has_loaded_what_it_will_need() -> None:
    with Sandbox(20, 256, modules=["wave"]) as sandbox:
        sandbox.warm_up()
        assert list(sandbox.stream(work.has_loaded, ["wave", "turtle"])) == [True, False]


def test_a_reader_that_gives_up_is_heard_after_what_it_read(sandbox: Sandbox) -> None:
    stream = sandbox.stream(work.locked)

    assert next(stream) == "第1页"
    with pytest.raises(Unreadable, match="文件加了密码") as why:
        next(stream)
    assert why.value.reason is Reason.PASSWORD


def test_a_broken_reader_tells_where_but_not_what_it_read(sandbox: Sandbox) -> None:
    stream = sandbox.stream(work.broken)

    assert next(stream) == "第1页"
    with pytest.raises(ReaderFault, match=r"^ValueError at work\.py:\d+") as why:
        next(stream)
    assert "张三" not in str(why.value)


def test_an_endless_loop_ends_at_the_time_limit_and_the_next_file_is_read() -> None:
    with Sandbox(1, 256) as sandbox:
        stream = sandbox.stream(work.endless)

        assert next(stream) == "第1页"
        with pytest.raises(Unreadable, match="没有进展") as why:
            next(stream)
        assert why.value.reason is Reason.TIMED_OUT
        assert list(sandbox.stream(work.counted, 2)) == [0, 1]


def test_slow_work_that_goes_on_is_not_late() -> None:
    with Sandbox(2, 256) as sandbox:
        assert list(sandbox.stream(work.idle)) == ["0", "1", "2"]


def test_a_process_that_dies_costs_one_file(sandbox: Sandbox) -> None:
    stream = sandbox.stream(work.dying)

    assert next(stream) == "第1页"
    with pytest.raises(Unreadable, match="意外退出") as why:
        next(stream)
    assert why.value.reason is Reason.CRASHED
    assert list(sandbox.stream(work.counted, 1)) == [0]


def test_an_allocation_over_the_limit_costs_one_file(sandbox: Sandbox) -> None:
    assert list(sandbox.stream(work.greedy, 64 << 20)) == [64 << 20]
    with pytest.raises(Unreadable, match="内存超过上限") as why:
        list(sandbox.stream(work.greedy, 10 << 30))
    assert why.value.reason is Reason.TOO_BIG


def test_no_reader_opens_a_socket(sandbox: Sandbox) -> None:
    with pytest.raises(ReaderFault, match=r"^OSError"):
        list(sandbox.stream(work.calling))


def test_what_a_library_prints_is_no_answer(sandbox: Sandbox) -> None:
    assert list(sandbox.stream(work.chatty)) == ["第1页"]


def test_temporary_files_lie_in_the_given_folder(tmp_path: Path) -> None:
    with Sandbox(20, 256, tmp_path) as sandbox:
        assert list(sandbox.stream(work.temporary)) == [str(tmp_path)]


class _Shelf:
    def take(self, name: str) -> str | None:
        return {"甲": "一"}.get(name)


def test_work_asks_its_parent_for_what_it_keeps(sandbox: Sandbox) -> None:
    assert list(sandbox.stream(work.fetched, ["甲", "乙"], desk=_Shelf())) == ["before", "一", None]


def test_a_stream_that_nobody_reads_on_takes_its_child_along(sandbox: Sandbox) -> None:
    stream = sandbox.stream(work.counted, 10_000_000)
    next(stream)
    del stream
    gc.collect()

    assert list(sandbox.stream(work.counted, 2)) == [0, 1]
