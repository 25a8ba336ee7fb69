"""disguised.toml: words with what must follow them; mistakes are told with the file's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from leakwatch.errors import RulesError
from leakwatch.rules.disguised import DisguisedWord, Follows, disguised_words


def written(folder: Path, words: str) -> Path:
    path = folder / "disguised.toml"
    path.write_text(f'near = ["红头"]\nwithin = 20\n[[group]]\nwords = {words}\nfollows = "mark"\n', "utf-8")
    return path


def test_the_words_of_a_group_share_its_settings(tmp_path: Path) -> None:
    words = disguised_words(written(tmp_path, '["机密", "绝密"]'))
    assert words.words == tuple(
        DisguisedWord(word=word, follows=Follows.MARK, by_sound=False, by_initials=False)
        for word in ("机密", "绝密")
    )
    assert (words.near, words.within) == (("红头",), 20)


def test_letters_of_codes_stand_for_themselves_where_only_whole_numbers_count(tmp_path: Path) -> None:
    path = written(tmp_path, '["监函"]')
    path.write_text(path.read_text("utf-8") + "whole = true\n", "utf-8")

    (word,) = disguised_words(path, frozenset("建")).words
    assert (word.is_whole, word.own) == (True, frozenset("建"))


@pytest.mark.parametrize("words", ['["机密", "机密"]', '["密"]', '["机 密"]', '["機密"]'])
def test_words_that_could_not_work_are_refused(tmp_path: Path, words: str) -> None:
    with pytest.raises(RulesError, match=r"disguised\.toml：这些词"):
        disguised_words(written(tmp_path, words))
