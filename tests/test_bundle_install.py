"""The bundle, made and installed for real where there is no network: what an office machine goes through."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from release import papers
from release.installer.settings import BESIDE

ROOT = Path(__file__).parents[1]
MINE = f"{sys.version_info[0]}.{sys.version_info[1]}"
CUT_OFF = ("unshare", "--map-root-user", "--net")


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """What a program did without a network, and without any setting of this machine's Python."""
    environ = {"PATH": os.defpath, "HOME": str(cwd), "LEAKWATCH_WATCH_RESCAN_S": "5"}
    words = [*CUT_OFF, *map(str, command)]
    return subprocess.run(words, check=False, capture_output=True, text=True, cwd=cwd, env=environ)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made with the network, for the Python that runs this, and unpacked."""
    if shutil.which("unshare") is None or subprocess.run([*CUT_OFF, "true"], check=False).returncode:
        pytest.skip("no network namespace can be made here (unshare --net)")
    place = tmp_path_factory.mktemp("bundle")
    command = [sys.executable, "-m", "release", "--python", MINE, "--no-debs", "--output", str(place)]
    made = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT)
    assert made.returncode == 0, made.stderr
    with tarfile.open(made.stdout.strip()) as archive:
        archive.extractall(place, filter="data")
    return next(path for path in place.iterdir() if path.is_dir())


@pytest.fixture(scope="module")
def installed(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Installed into a folder with a space in its name; doctor alone may find something missing."""
    target = tmp_path_factory.mktemp("office") / "检查 工具"
    done = install(bundle, target)
    assert "[正常] rapidocr 文字识别" in done.stdout, done.stdout + done.stderr
    return target


def install(bundle: Path, target: Path) -> subprocess.CompletedProcess[str]:
    """Under the Python that the bundle was made for."""
    shell = f'PYTHON="{sys.executable}" exec sh "$0" "$@"'
    return run("sh", "-c", shell, bundle / "install.sh", target, cwd=target.parent)


@pytest.mark.slow
def test_a_sample_is_scanned_from_any_folder(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('imported from the folder of the clerk')")

    done = run(installed / "leakwatch", "scan", "--no-store", installed / "试用样例", cwd=tmp_path)

    assert done.returncode == 3, done.stderr
    assert "图片文字" in done.stdout


@pytest.mark.slow
def test_the_inbox_is_read(installed: Path) -> None:
    shutil.copytree(installed / "试用样例", installed / "inbox" / "群聊")

    done = run(installed / "leakwatch", "run", "--once", cwd=installed)
    leads = run(installed / "leakwatch", "leads", cwd=installed)

    assert done.returncode == 0, done.stderr
    assert "XS-" in leads.stdout, leads.stderr


@pytest.mark.slow
def test_an_upgrade_keeps_what_the_office_edited(installed: Path, bundle: Path) -> None:
    lists = installed / "keyword_lists" / "marks.toml"
    edited = lists.read_text("utf-8") + "\n# 2031 年 5 月 6 日改过\n"
    lists.write_text(edited, "utf-8")
    (installed / "config.toml").write_text('[units]\nreporting_unit = "青石市保密办"\n', "utf-8")

    done = install(bundle, installed)

    assert "marks.toml 您改过，保持不动" in done.stdout, done.stdout + done.stderr
    assert lists.read_text("utf-8") == edited
    assert (
        lists.with_name(f"marks.toml{BESIDE}").read_bytes()
        == (bundle / "settings" / "keyword_lists" / "marks.toml").read_bytes()
    )
    shown = run(installed / "leakwatch", "config", "show", cwd=installed.parent)
    assert 'reporting_unit = "青石市保密办"' in shown.stdout


@pytest.mark.slow
def test_a_flipped_byte_in_a_wheel_is_refused(bundle: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(bundle, tmp_path / "copy")
    wheel = next((copy / "wheels").glob("jieba-*.whl"))
    data = bytearray(wheel.read_bytes())
    data[len(data) // 2] ^= 1
    wheel.write_bytes(data)

    done = install(copy, tmp_path / "target")

    assert done.returncode == 1
    assert done.stderr.startswith(f"没有安装：wheels/{wheel.name} 缺失或与校验值不符")
    assert not (tmp_path / "target").exists()


@pytest.mark.slow
def test_a_failed_upgrade_leaves_the_program_as_it_was(installed: Path, bundle: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(bundle, tmp_path / "copy")
    asked = (copy / "requirements.txt").read_text("utf-8").replace("sha256:", "sha256:0", 1)
    (copy / "requirements.txt").write_text(asked, "utf-8")
    (copy / papers.SHA256).write_text(papers.sums(copy), "utf-8")

    done = install(copy, installed)

    assert (done.returncode, done.stderr[:4]) == (1, "没有安装")
    assert run(installed / "leakwatch", "config", "check", cwd=tmp_path).returncode == 0
