"""The master key is used where it is safe, and refused with a sentence where it is not."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from leakwatch.errors import KeyRefused
from leakwatch.vault.keys import VARIABLE, MasterKey, load_key, make_key

SECRET = bytes(range(32))
BASE64 = base64.b64encode(SECRET).decode()


def written(path: Path, text: str = BASE64, mode: int = 0o600) -> Path:
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    "text", [BASE64, f"{BASE64}\n", SECRET.hex(), SECRET.hex().upper(), f" {BASE64}\r\n"]
)
def test_a_key_is_read_however_it_is_written(tmp_path: Path, text: str) -> None:
    assert load_key(written(tmp_path / "主密钥", text), {}, []) == MasterKey(SECRET)
    assert load_key(None, {VARIABLE: text}, []) == MasterKey(SECRET)


@pytest.mark.parametrize(
    "text", ["", "短", BASE64[:-4], BASE64 + "AAAA", SECRET.hex()[:-2], "g" * 64, BASE64 + "!", "\0" * 9999]
)
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeyRefused, match="不是主密钥") as caught:
        load_key(written(tmp_path / "主密钥", text), {}, [])
    assert len(text) < 2 or text not in str(caught.value)


def test_the_environment_comes_before_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "主密钥")
    assert load_key(path, {VARIABLE: "ff" * 32}, []) == MasterKey(b"\xff" * 32)


def test_an_empty_variable_is_no_way_to_a_plain_copy(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused):
        load_key(written(tmp_path / "主密钥"), {VARIABLE: ""}, [])


@pytest.mark.parametrize("name", [None, "没有"])
def test_a_missing_key_says_how_to_make_one(tmp_path: Path, name: str | None) -> None:
    with pytest.raises(KeyRefused, match=r"绝不以明文存放.*leakwatch evidence make-key"):
        load_key(tmp_path / name if name else None, {}, [])


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o610, 0o666, 0o777])
def test_a_key_that_others_can_touch_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(KeyRefused, match="chmod 600"):
        load_key(written(tmp_path / "主密钥", mode=mode), {}, [])


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_key_of_its_owner_alone_is_used(tmp_path: Path, mode: int) -> None:
    assert load_key(written(tmp_path / "主密钥", mode=mode), {}, []) == MasterKey(SECRET)


def test_a_folder_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="读不出来"):
        load_key(tmp_path, {}, [])


def test_a_device_is_no_key() -> None:
    with pytest.raises(KeyRefused, match="不是普通文件"):
        load_key(Path("/dev/zero"), {}, [])


def test_a_key_beside_what_it_protects_is_refused_through_links_too(tmp_path: Path) -> None:
    barred = tmp_path / "evidence"
    (barred / "deep").mkdir(parents=True)
    inside = written(barred / "deep" / "key")
    (tmp_path / "link").symlink_to(inside)
    (tmp_path / "way").symlink_to(barred)

    for path in (inside, tmp_path / "link", tmp_path / "way" / "deep" / "key"):
        with pytest.raises(KeyRefused, match="主密钥不能放在"):
            load_key(path, {}, [tmp_path / "inbox", barred])
    with pytest.raises(KeyRefused, match="主密钥不能放在"):
        make_key(barred / "new", [barred])
    assert not (barred / "new").exists()


def test_a_new_key_is_random_private_and_the_one_that_is_loaded(tmp_path: Path) -> None:
    one, two = make_key(tmp_path / "1", []), make_key(tmp_path / "2", [])

    assert one != two
    assert (tmp_path / "1").stat().st_mode & 0o777 == 0o600
    assert load_key(tmp_path / "1", {}, []) == one


def test_a_new_key_never_takes_the_place_of_another(tmp_path: Path) -> None:
    path = written(tmp_path / "主密钥")
    with pytest.raises(KeyRefused, match="没有覆盖"):
        make_key(path, [])
    assert path.read_text() == BASE64


def test_a_key_shows_its_check_value_and_nothing_else() -> None:
    key = MasterKey(SECRET)
    assert repr(key) == "MasterKey()"
    assert (len(key.id), key.id == MasterKey(b"\xff" * 32).id) == (16, False)
