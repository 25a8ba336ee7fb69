"""Sealed words open with their key in their place, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leakwatch.errors import EvidenceDamaged
from leakwatch.store.sealing import KeySealer

WORDS = "机密★10年 青石市防汛调度方案".encode()
SEALERS = {suite: KeySealer(bytes(range(32)), suite) for suite in ("intl", "sm")}


@pytest.mark.parametrize("suite", SEALERS)
@pytest.mark.parametrize("plain", [b"", b"\x00", WORDS, WORDS * 1000])
def test_what_was_sealed_opens(suite: str, plain: bytes) -> None:
    sealer = SEALERS[suite]
    assert sealer.open(sealer.seal(plain, "place:1"), "place:1") == plain


@pytest.mark.parametrize("suite", SEALERS)
def test_the_same_is_never_sealed_alike(suite: str) -> None:
    sealer = SEALERS[suite]
    assert sealer.seal(WORDS, "place:1") != sealer.seal(WORDS, "place:1")
    assert WORDS not in sealer.seal(WORDS, "place:1")


@pytest.mark.parametrize("suite", SEALERS)
def test_it_opens_in_no_other_place(suite: str) -> None:
    sealer = SEALERS[suite]
    with pytest.raises(EvidenceDamaged, match="place:2：封存的内容打不开"):
        sealer.open(sealer.seal(WORDS, "place:1"), "place:2")


@pytest.mark.parametrize("suite", SEALERS)
def test_it_opens_with_no_other_key(suite: str) -> None:
    with pytest.raises(EvidenceDamaged):
        KeySealer(bytes(32), suite).open(SEALERS[suite].seal(WORDS, "a"), "a")


@pytest.mark.parametrize("suite", SEALERS)
@given(where=st.integers(min_value=0), bit=st.integers(0, 7), cut=st.integers(min_value=0))
def test_a_flipped_bit_and_a_cut_are_seen(suite: str, where: int, bit: int, cut: int) -> None:
    sealed = bytearray(SEALERS[suite].seal(WORDS, "a"))
    for changed in (bytes(sealed[: cut % len(sealed)]), _flipped(sealed, where, bit)):
        with pytest.raises(EvidenceDamaged):
            SEALERS[suite].open(changed, "a")


def _flipped(sealed: bytearray, where: int, bit: int) -> bytes:
    changed = bytearray(sealed)
    changed[where % len(changed)] ^= 1 << bit
    return bytes(changed)


def test_blinding_depends_on_key_and_parts_but_not_on_the_suite() -> None:
    blinded = SEALERS["intl"].blind("number", "青办密发〔2031〕3号")
    assert blinded == SEALERS["sm"].blind("number", "青办密发〔2031〕3号")
    others = [
        SEALERS["intl"].blind("number", "青办密发〔2031〕4号"),
        SEALERS["intl"].blind("number青办密发〔2031〕3号"),
        KeySealer(bytes(32)).blind("number", "青办密发〔2031〕3号"),
    ]
    assert len({blinded, *others}) == 4


def test_half_a_surrogate_pair_is_blinded_too() -> None:
    assert SEALERS["intl"].blind("\ud83d") != SEALERS["intl"].blind("\ud83e")
