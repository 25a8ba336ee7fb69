"""Bytes → text, and text → what it says once every disguise of its characters is taken off."""

from leakwatch.text.decoding import Encoding, decode, detect, is_binary, looks_like_text, open_text
from leakwatch.text.folding import SEPARATOR, Folded, fold, fold_each, tight, tight_each
from leakwatch.text.lexicon import Lexicon, Word
from leakwatch.text.numbering import Alphabet, Batch, Numbers, Positions
from leakwatch.text.screen import inert, printable, snippet

__all__ = [
    "SEPARATOR",
    "Alphabet",
    "Batch",
    "Encoding",
    "Folded",
    "Lexicon",
    "Numbers",
    "Positions",
    "Word",
    "decode",
    "detect",
    "fold",
    "fold_each",
    "inert",
    "is_binary",
    "looks_like_text",
    "open_text",
    "printable",
    "snippet",
    "tight",
    "tight_each",
]
