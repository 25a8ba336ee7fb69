"""config.toml: what it says is what the program knows, and every mistake gets a sentence."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from leakwatch.config import Config, Inbox, Limits, Setting, load, settings, variable
from leakwatch.errors import ConfigError
from leakwatch.vault.keys import VARIABLE

SHIPPED = Path(__file__).parents[1] / "config.toml"


def written(folder: Path, text: str | bytes) -> Path:
    """A config file with that content."""
    path = folder / "config.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def problems(path: Path, **environ: str) -> list[str]:
    """The sentences that a config is refused with, without the folder of the file."""
    with pytest.raises(ConfigError) as caught:
        load(path, environ)
    return str(caught.value).replace(f"{path.parent}/", "").splitlines()


def test_config_toml_lists_every_key_with_its_default_value(tmp_path: Path) -> None:
    listed = {
        f"{section}.{key}" if isinstance(content, dict) else section
        for section, content in tomllib.loads(SHIPPED.read_text("utf-8")).items()
        for key in content
    }
    defaults = settings(written(tmp_path, ""), {})
    shipped = settings(written(tmp_path, SHIPPED.read_bytes()), {})
    assert listed == {setting.name for setting in defaults}
    assert [s.value for s in shipped] == [s.value for s in defaults]


def test_config_toml_explains_each_key_and_names_its_default() -> None:
    lines = SHIPPED.read_text("utf-8").splitlines()
    for number, line in enumerate(lines):
        if "=" in line and not line.startswith("#"):
            value = line.partition("=")[2].strip()
            above = lines[number - 1] + lines[number - 2]
            assert "默认" in above, line
            assert value in above, line


def test_without_a_file_everything_is_at_its_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = load(None, {})
    assert (config.limits, config.paths.data_dir) == (Limits(), tmp_path / "data")


def test_the_file_in_the_current_folder_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, '[ocr]\nengine = "none"\n')
    monkeypatch.chdir(tmp_path)
    assert load(None, {}).ocr.engine == "none"


def test_a_variable_wins_over_the_file_and_the_source_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, '[ocr]\nengine = "none"\ntimeout_s = 30\n')
    found = settings(path, {"LEAKWATCH_OCR_TIMEOUT_S": "90", "HOME": "/"})
    assert [s for s in found if s.name.startswith("ocr.")] == [
        Setting(name="ocr.engine", value="none", source=str(path)),
        Setting(name="ocr.timeout_s", value=90, source="环境变量 LEAKWATCH_OCR_TIMEOUT_S"),
    ]


def test_every_key_has_a_variable_of_its_own(tmp_path: Path) -> None:
    names = [setting.name for setting in settings(written(tmp_path, ""), {}) if "." in setting.name]
    assert len({variable(name) for name in names}) == len(names)


def test_relative_paths_start_at_the_config_file(tmp_path: Path) -> None:
    config = load(written(tmp_path, '[paths]\ndata_dir = "库"\n'), {})
    assert (config.paths.data_dir, config.paths.drafts_dir) == (tmp_path / "库", tmp_path / "drafts")


def test_a_relative_path_in_a_variable_starts_at_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "etc").mkdir()
    path = written(tmp_path / "etc", "")
    monkeypatch.chdir(tmp_path)
    assert load(path, {"LEAKWATCH_PATHS_DATA_DIR": "here"}).paths.data_dir == tmp_path / "here"


def test_keyword_lists_beside_the_config_file_win_over_the_shipped_ones(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    assert load(path, {}).paths.keyword_lists == SHIPPED.parent / "keyword_lists"
    (tmp_path / "keyword_lists").mkdir()
    assert load(path, {}).paths.keyword_lists == tmp_path / "keyword_lists"


def test_a_file_that_notepad_saved_with_a_bom_is_read(tmp_path: Path) -> None:
    assert load(written(tmp_path, b"\xef\xbb\xbf[scan]\njobs = 2\n"), {}).scan.jobs == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[ocr]\ntimout_s = 60", "ocr.timout_s：没有这个设置，是否想写 ocr.timeout_s？"),
        ("jobs = 2", "jobs：没有这个设置，是否想写 scan.jobs？"),
        ("[ocr]\njobs = 2", "ocr.jobs：没有这个设置，是否想写 scan.jobs？"),
        ("ocr = 3", "ocr 应为一节，写作单独一行 [ocr]，设置写在它下面"),
        (
            '[ocr]\ntimeout_s = "60秒"',
            "ocr.timeout_s：应为整数（单位：秒，1–3600），不加引号和单位，现在是“60秒”",
        ),
        (
            '[ocr]\ntimeout_s = "60"',
            "ocr.timeout_s：应为整数（单位：秒，1–3600），不加引号和单位，现在是“60”",
        ),
        (
            "[ocr]\ntimeout_s = nan",
            "ocr.timeout_s：应为整数（单位：秒，1–3600），不加引号和单位，现在是“nan”",
        ),
        (
            "[scan]\njobs = -1",
            "scan.jobs：应为整数（单位：个进程，0–256），不加引号和单位，现在是“-1”",
        ),
        (
            "[scan]\njobs = true",
            "scan.jobs：应为整数（单位：个进程，0–256），不加引号和单位，现在是“True”",
        ),
        (
            "[scan.jobs]\nn = 1",
            "scan.jobs：应为整数（单位：个进程，0–256），不加引号和单位，现在是一组设置",
        ),
        (
            '[ocr]\nengine = "paddle"',
            "ocr.engine：应为 none、rapidocr、tesseract 之一，两边加英文引号，现在是“paddle”",
        ),
        (
            '[limits]\narchive_passwords = "qs2031"',
            'limits.archive_passwords：应为列表，每项两边加英文引号，例如 ["甲", "乙"]，现在是别的写法（内容不显示）',
        ),
        (
            "[limits]\narchive_passwords = [20310506]",
            'limits.archive_passwords：应为列表，每项两边加英文引号，例如 ["甲", "乙"]，现在是别的写法（内容不显示）',
        ),
        *(
            (
                f"[limits]\narchive_passwords = [{wrong}]",
                'limits.archive_passwords：应为列表，每项两边加英文引号，例如 ["甲", "乙"]，现在是别的写法（内容不显示）',
            )
            for wrong in ('""', '"a\\u0000b"')
        ),
        ("[units]\nreporting_unit = 5", "units.reporting_unit：应为文字，两边加英文引号，现在是“5”"),
        ("[paths]\ndata_dir = 5", "paths.data_dir：应为路径，两边加英文引号，现在是“5”"),
        ('[paths]\ndata_dir = "config.toml"', "paths.data_dir：config.toml 是文件，不是文件夹，请换一个位置"),
        (
            '[paths]\nkeyword_lists = "规则"',
            "paths.keyword_lists：没有这个文件夹：规则，请改正，或留空使用自带的规则",
        ),
        (
            '[paths]\ndata_dir = "D:\\new"',
            "paths.data_dir：路径里有换行等控制字符；Windows 路径请把 \\ 换成 /，或改用英文单引号",
        ),
        (
            "[scan]\njobs = 2个",
            "第2行第9列写法有误，每行应为“名称 = 值”，文字两边用英文引号，数字不加引号和单位",
        ),
        ("[scan]\n[scan]", "第2行第6列写法有误，同一个设置或同一节只能写一次"),
    ],
)
def test_a_mistake_gets_one_sentence_with_file_key_and_remedy(
    tmp_path: Path, text: str, sentence: str
) -> None:
    assert problems(written(tmp_path, text)) == [f"config.toml：{sentence}"]


def test_passwords_come_as_a_list_or_parted_by_blanks_in_a_variable(tmp_path: Path) -> None:
    path = written(tmp_path, '[limits]\narchive_passwords = ["青石 2031", "b"]\n')
    assert load(path, {}).limits.archive_passwords == ("青石 2031", "b")
    given = {"LEAKWATCH_LIMITS_ARCHIVE_PASSWORDS": "qs2031 b"}
    assert load(path, given).limits.archive_passwords == ("qs2031", "b")


def test_a_key_that_resembles_nothing_is_answered_with_all_keys(tmp_path: Path) -> None:
    (sentence,) = problems(written(tmp_path, "[xyz]\nqwv = 1"))
    assert sentence.startswith("config.toml：xyz.qwv：没有这个设置，请删去；可用的设置：paths.data_dir、")


def test_all_mistakes_are_listed_at_once(tmp_path: Path) -> None:
    path = written(tmp_path, '[ocr]\nengin = "none"\n[scan]\njobs = "4"\n')
    assert problems(path, LEAKWATCH_OCR_TIMEOUT_S="soon", LEAKWATCH_OCR_TIMEOUT="9") == [
        "config.toml：ocr.engin：没有这个设置，是否想写 ocr.engine？",
        "环境变量 LEAKWATCH_OCR_TIMEOUT：ocr.timeout：没有这个设置，是否想写 ocr.timeout_s？",
        "config.toml：scan.jobs：应为整数（单位：个进程，0–256），不加引号和单位，现在是“4”",
        "环境变量 LEAKWATCH_OCR_TIMEOUT_S：ocr.timeout_s：应为整数（单位：秒，1–3600），不加引号和单位，现在是“soon”",
    ]


@pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
def test_a_file_in_another_encoding_is_refused_with_the_remedy(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, '[units]\nreporting_unit = "青石市云岭区"\n'.encode(encoding))
    assert problems(path) == [
        "config.toml：不是 UTF-8 编码（可能存成了 GBK 或 Unicode），请用记事本“另存为”，编码选 UTF-8"
    ]


def test_a_windows_path_in_double_quotes_is_explained(tmp_path: Path) -> None:
    path = written(tmp_path, '[paths]\ndata_dir = "D:\\leak\\data"\n')
    assert problems(path) == [
        "config.toml：第2行第17列写法有误，Windows 路径请把 \\ 换成 /，或改用英文单引号"
    ]


def test_a_config_that_is_named_but_missing_is_refused(tmp_path: Path) -> None:
    assert problems(tmp_path / "neu.toml") == ["neu.toml：没有这个配置文件，请检查 --config 后面的路径"]


def test_a_folder_named_config_toml_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="读不出来"):
        load(None, {})


def test_no_setting_is_left_out_of_the_values(tmp_path: Path) -> None:
    assert isinstance(load(written(tmp_path, ""), {}), Config)


def test_several_inboxes_are_told_one_by_one(tmp_path: Path) -> None:
    text = '[[inbox]]\npath = "甲"\n[[inbox]]\npath = "/srv/乙"\nafter = "move"\n'
    assert load(written(tmp_path, text), {}).inbox == (
        Inbox(path=tmp_path / "甲"),
        Inbox(path=Path("/srv/乙"), after="move"),
    )


def test_without_one_there_is_the_default_inbox_beside_the_file(tmp_path: Path) -> None:
    assert load(written(tmp_path, ""), {}).inbox == (Inbox(path=tmp_path / "inbox"),)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[inbox]\npath = "甲"\n', "inbox 应为一节，写作单独一行 [[inbox]]，设置写在它下面"),
        ('[[inbox]]\nafter = "leave"\n', "config.toml：inbox 第1个：缺少 path"),
        (
            '[[inbox]]\npath = "甲"\n[[inbox]]\npaht = "乙"\n',
            "inbox 第2个：paht：没有这个设置，是否想写 path？",
        ),
        (
            '[[inbox]]\npath = "甲"\nafter = "删除"\n',
            "inbox 第1个.after：应为 leave、move 之一，两边加英文引号，现在是“删除”",
        ),
    ],
)
def test_a_wrong_inbox_is_refused_with_its_place(tmp_path: Path, text: str, sentence: str) -> None:
    assert sentence in problems(written(tmp_path, text))[0]


def test_a_key_file_is_a_file_and_a_folder_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("x")
    assert load(written(tmp_path, '[store]\nkey_file = "key"\n'), {}).store.key_file == tmp_path / "key"
    assert problems(written(tmp_path, '[store]\nkey_file = "."\n'))[0].endswith(
        "是文件夹，不是文件，请换一个位置"
    )


@pytest.mark.parametrize("name", [VARIABLE, "LEAKWATCH_CONFIG"])
def test_the_master_key_and_the_file_in_the_environment_are_no_settings(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, "")
    assert settings(path, {name: "ab" * 32}) == settings(path, {})
