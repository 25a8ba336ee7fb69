"""Bytes → text, and text → what it says once every disguise of its characters is taken off."""

from leakwatch.text.decoding import Encoding, decode, detect, is_binary, looks_like_text, open_text
from leakwatch.text.folding import (
    SEPARATOR,
    Folded,
    Positions,
    drops,
    fold,
    fold_each,
    join,
    odd,
    points,
    starts_of,
    tight,
    tight_each,
)
from leakwatch.text.lexicon import Found, Lexicon
from leakwatch.text.numbering import Alphabet, Batch, Numbers
from leakwatch.text.screen import inert, printable, snippet

__all__ = [
    "SEPARATOR",
    "Alphabet",
    "Batch",
    "Encoding",
    "Folded",
    "Found",
    "Lexicon",
    "Numbers",
    "Positions",
    "decode",
    "detect",
    "drops",
    "fold",
    "fold_each",
    "inert",
    "is_binary",
    "join",
    "looks_like_text",
    "odd",
    "open_text",
    "points",
    "printable",
    "snippet",
    "starts_of",
    "tight",
    "tight_each",
]
