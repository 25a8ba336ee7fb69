"""Both suites against the vectors of their standards, and keys that open nothing else."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from leakwatch.vault.suites import INTL, SM, SUITES, Digests, Suite

SM4_KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")


def test_sm4_is_that_of_gbt_32907() -> None:
    block = Cipher(algorithms.SM4(SM4_KEY), modes.ECB()).encryptor()  # noqa: S305 - the standard's example
    assert block.update(SM4_KEY).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_is_that_of_rfc_8998() -> None:
    plain = b"".join(bytes([value]) * 8 for value in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    nonce = bytes.fromhex("00001234567800000000abcd")
    about = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    expected = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )

    assert SM.aead(SM4_KEY).encrypt(nonce, plain, about) == expected
    assert SM.aead(SM4_KEY).decrypt(nonce, expected, about) == plain


def test_aes_256_gcm_is_that_of_its_specification() -> None:
    sealed = INTL.aead(bytes(32)).encrypt(bytes(12), bytes(16), None)
    assert sealed.hex() == "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"


@pytest.mark.parametrize(
    ("data", "sha256", "sm3"),
    [
        (
            b"abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
        ),
        (
            b"abcd" * 16,
            "625b41490b883891943c5fa54ad45d7c900b9b6e91e159334e320b1f5215a209",
            "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
        ),
    ],
    ids=["short", "long"],
)
def test_both_check_values_are_those_of_the_standards(data: bytes, sha256: str, sm3: str) -> None:
    digests = Digests()
    for byte in data:
        digests.update(bytes([byte]))
    assert tuple(value.hex() for value in digests.values()) == (sha256, sm3)
    assert digests.size == len(data)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_a_wrapped_key_opens_with_the_same_key_beside_the_same_words_alone(suite: Suite) -> None:
    key, inner = suite.new_key(), suite.new_key()
    wrapped = suite.wrap(key, inner, b"about")

    assert suite.unwrap(key, wrapped, b"about") == inner
    assert (len(wrapped), len(inner)) == (suite.wrapped_bytes, suite.key_bytes)
    for other in (
        (suite.new_key(), wrapped, b"about"),
        (key, wrapped, b"others"),
        (key, wrapped[:-1], b"about"),
        (key, b"\0" * suite.wrapped_bytes, b"about"),
        (key, wrapped[:5], b"about"),
        (key, b"", b"about"),
    ):
        with pytest.raises(InvalidTag):
            suite.unwrap(*other)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_keys_for_two_purposes_differ(suite: Suite) -> None:
    secret = bytes(range(32))
    assert suite.derive(secret, "one") == suite.derive(secret, "one") != suite.derive(secret, "two")
    assert len(suite.derive(secret, "one")) == suite.key_bytes
