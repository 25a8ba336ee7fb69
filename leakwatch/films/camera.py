"""What both ways of looking into a film offer."""

from __future__ import annotations

from typing import Protocol

MOST_PX = 40_000_000
"""A frame of 8K has 33 million; its RGB must fit a reader's memory."""


class LateError(Exception):
    """The time for this film is over; caught where the film's pictures are taken."""


class Camera(Protocol):
    """An open film."""

    length_s: float
    """0 where the film does not say."""

    def picture_at(self, second: float) -> bytes:
        """The picture shown then, as PNG; Unreadable where there is none, LateError if the time is over."""
        ...
