"""Words as jieba cuts them; what is skipped to save time does not stand near a name."""

from __future__ import annotations

import marshal
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jieba import posseg

from leakwatch.scanners.words.segmentation import borders, frequency, tag, tagged, tagged_around


@pytest.mark.parametrize(("run", "where"), [("手机密码", {0, 2, 4}), ("公安机关机密", {0, 4, 6}), ("", {0})])
def test_words_have_borders(run: str, where: set[int]) -> None:
    assert borders(run, guesses=True) == where


def test_the_dictionary_knows_how_common_a_word_is() -> None:
    assert frequency("手机") > frequency("机米") and frequency("木几宓") == 0


def test_a_word_that_the_dictionary_lacks_has_the_tag_asked_for() -> None:
    assert (tag("手机"), tag("木几宓"), tag("木几宓", "nr")) == ("n", "x", "nr")


@pytest.mark.parametrize(
    "text",
    [
        "昨天老樊说他隔壁的小逯住院了",
        "王明远和李雨桐都在，徐 13812345678",
        "3幢徐某，机(jī)密★10年\n曾二妹",
        "",
    ],
)
def test_near_the_wanted_characters_words_are_those_of_jieba(text: str) -> None:
    jieba = [(word.word, word.flag) for word in posseg.dt.cut(text)]

    assert list(tagged_around(text, frozenset(text))) == jieba
    assert list(tagged(text)) == jieba


@given(st.text(st.sampled_from("鱼汤汆丸曾二妹浜了毯很樊逯隗匡甯窕罡"), min_size=1, max_size=6))
def test_guesses_are_those_of_jieba(text: str) -> None:
    jieba = [(word.word, word.flag) for word in posseg.dt.cut(text)]

    assert list(tagged_around(text, frozenset(text))) == jieba


def test_far_from_the_wanted_characters_nothing_is_guessed() -> None:
    text = "鱼汤汆丸，曾二妹"

    assert list(tagged_around(text, frozenset("曾"))) == [("鱼汤汆丸", "x"), ("，", "x"), *tagged("曾二妹")]


def test_the_dictionary_is_that_of_the_package_whatever_lies_in_the_shared_folder(tmp_path: Path) -> None:
    planted = tmp_path / "jieba.cache"
    planted.write_bytes(marshal.dumps(({"会议纪要": 9}, 9)))
    program = "from leakwatch.scanners.words.segmentation import frequency; print(frequency('的'), frequency('会议纪要'))"
    environ = {**os.environ, "TMPDIR": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        check=True,
        capture_output=True,
        text=True,
        env=environ,
    )

    assert (done.stdout, done.stderr) == (f"{frequency('的')} {frequency('会议纪要')}\n", "")
    assert list(tmp_path.iterdir()) == [planted]
