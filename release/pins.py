"""requirements-run.lock → which version of what, for which machine, with which hashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One entry of the lock."""

    name: str
    version: str
    marker: Marker | None
    hashes: tuple[str, ...]
    """sha256 of every file of that version, hexadecimal"""


def read(lock: str) -> tuple[Pin, ...]:
    """Every entry, in the order of the lock."""
    entries = (entry for entry in re.split(r"\n(?=\S)", lock) if not entry.startswith("#"))
    return tuple(_pin(entry) for entry in entries if entry.strip())


def _pin(entry: str) -> Pin:
    requirement = Requirement(entry.partition("\\")[0])
    return Pin(
        name=canonicalize_name(requirement.name),
        version=str(requirement.specifier).removeprefix("=="),
        marker=requirement.marker,
        hashes=tuple(re.findall(r"--hash=sha256:([0-9a-f]{64})", entry)),
    )


def wanted(pins: Iterable[Pin], environment: Mapping[str, str]) -> tuple[Pin, ...]:
    """Those for a machine; pip itself asks the markers about the machine that it runs on."""
    return tuple(pin for pin in pins if pin.marker is None or pin.marker.evaluate(dict(environment)))


def without_markers(pins: Iterable[Pin]) -> str:
    """A requirements file that asks for all of them."""
    return "".join(_line(f"{pin.name}=={pin.version}", pin.hashes) for pin in pins)


def with_markers(pins: Iterable[Pin]) -> str:
    """A requirements file that leaves the choice to the machine that reads it."""
    return "".join(
        _line(f"{pin.name}=={pin.version}" + (f" ; {pin.marker}" if pin.marker else ""), pin.hashes)
        for pin in pins
    )


def _line(head: str, hashes: Iterable[str]) -> str:
    return " \\\n    ".join([head, *(f"--hash=sha256:{value}" for value in hashes)]) + "\n"
