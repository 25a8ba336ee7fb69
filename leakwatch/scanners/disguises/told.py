"""Folded text in which characters are told instead of written → the same with the characters themselves.

机器的机 密码的密 is 机密, 左括 an opening bracket, ㄐㄧ a syllable, and a lone stroke (机·丶·密) a symbol.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from leakwatch.text import Folded

_TOLD = re.compile(
    r"(?:(?P<first>[㐀-鿿])[㐀-鿿]{1,2}的(?P=first)|[㐀-鿿]{1,2}(?P<last>[㐀-鿿])的(?P=last))(?:字)?"
    r"|[\"“‘「]?(?P<word>[㐀-鿿]{2}?)[\"”’」]?的?(?:第|前|后|头|末)(?P<nth>[一二])个字"
)
_MEANT = re.compile("[绝机秘涉]密|密[办件级]|[中国委]办|办发|中发|内部")
_BETWEEN = re.compile(r"[\s,、;.+]{0,2}(?:再?加上?|和|跟|配上?|接)?")
_BRACKET = re.compile("(?P<side>[左右])(?:半边?|边)?(?:方|圆|尖|六角|中|小)?括号?")
_STROKE = re.compile("(?<!口)丨|[丿乀]|(?<![㐀-鿿])丶|丶(?![㐀-鿿])")
_ZHUYIN = re.compile("(?=[ㄅ-ㄩ])(?P<head>[ㄅ-ㄙ]?)(?P<rest>[ㄧㄨㄩ]?[ㄚ-ㄦ]?)[ˊˇˋ˙]?")
"""One syllable, with its tone."""
_HEADS = dict(
    zip(
        "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ",
        "b p m f d t n l g k h j q x zh ch sh r z c s".split(),
        strict=True,
    )
)
_RESTS = dict(
    pair.split(":")
    for pair in "ㄚ:a ㄛ:o ㄜ:e ㄝ:e ㄞ:ai ㄟ:ei ㄠ:ao ㄡ:ou ㄢ:an ㄣ:en ㄤ:ang ㄥ:eng ㄦ:er ㄧ:i ㄧㄚ:ia ㄧㄝ:ie ㄧㄠ:iao ㄧㄡ:iu"
    " ㄧㄢ:ian ㄧㄣ:in ㄧㄤ:iang ㄧㄥ:ing ㄨ:u ㄨㄚ:ua ㄨㄛ:uo ㄨㄞ:uai ㄨㄟ:ui ㄨㄢ:uan ㄨㄣ:un ㄨㄤ:uang ㄨㄥ:ong ㄩ:u"
    " ㄩㄝ:ue ㄩㄢ:uan ㄩㄣ:un ㄩㄥ:iong".split()
)
_HEADLESS = dict(
    pair.split(":")
    for pair in "ㄧ:yi ㄧㄚ:ya ㄧㄝ:ye ㄧㄠ:yao ㄧㄡ:you ㄧㄢ:yan ㄧㄣ:yin ㄧㄤ:yang ㄧㄥ:ying ㄨ:wu ㄨㄚ:wa ㄨㄛ:wo ㄨㄞ:wai ㄨㄟ:wei"
    " ㄨㄢ:wan ㄨㄣ:wen ㄨㄤ:wang ㄨㄥ:weng ㄩ:yu ㄩㄝ:yue ㄩㄢ:yuan ㄩㄣ:yun ㄩㄥ:yong".split()
)

LITERALS = tuple(
    "密码的密|秘密的密|机密的密|保密的密|紧密的密|亲密的密|精密的密|严密的密|密封的密|密集的密|密切的密|办公的办|办法的办|办事的办"
    "|发展的发|发文的发|发财的发|左括|左圆括|左方括|左六角括|左中括|左小括|第一个字|第二个字|头一个字|前一个字|后一个字|ㄇㄧ|丶|丨|丿|乀".split(
        "|"
    )
)
"""What tight text holds where something may be told."""


def untold(folded: Folded) -> Folded:
    """The text; a character is believed to be told where another is told beside it."""
    edits = sorted([*_characters(folded.text), *_signs(folded.text), *_syllables(folded.text)])
    texts: list[str] = []
    ats = []
    done = 0
    for start, end, plain in edits:
        if start < done:
            continue
        texts += [folded.text[done:start], plain]
        # The last character stands for all the rest, so that a span reaches to the end of what was told.
        ats += [folded.at[done:start], folded.at[[start] * (len(plain) - 1) + [end - 1]]]
        done = end
    if not texts:
        return folded
    return Folded("".join([*texts, folded.text[done:]]), np.concatenate([*ats, folded.at[done:]]))


def _characters(text: str) -> Iterator[tuple[int, int, str]]:
    if "的" not in text and "个字" not in text:
        return
    run: list[re.Match[str]] = []
    for told in (*_TOLD.finditer(text), None):
        if told and run and _BETWEEN.fullmatch(text, run[-1].end(), told.start()):
            run.append(told)
            continue
        plain = "".join(map(_character, run))
        if _MEANT.search(plain):  # 蜂蜜的蜜 is left to the rule on riddles
            yield run[0].start(), run[-1].end(), plain
        run = [told] if told else []


def _character(told: re.Match[str]) -> str:
    if told["word"]:
        is_last = "后" in told.group() or "末" in told.group() or told["nth"] == "二"
        return told["word"][-1 if is_last else 0]
    return told["first"] or told["last"]


def _signs(text: str) -> Iterator[tuple[int, int, str]]:
    if "括" in text:
        for found in _BRACKET.finditer(text):
            yield *found.span(), "[" if found["side"] == "左" else "]"
    for found in _STROKE.finditer(text):
        yield *found.span(), "·"


def _syllables(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _ZHUYIN.finditer(text):
        head, rest = _HEADS.get(found["head"], ""), _RESTS.get(found["rest"], "")
        if not head:
            rest = _HEADLESS.get(found["rest"], rest)
        yield *found.span(), head + (rest or "i" * (len(head) > 1))  # ㄓ alone is zhi, ㄐ only a j
