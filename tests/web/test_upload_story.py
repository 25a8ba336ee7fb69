"""Uploading in a real browser, with its script and without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from leakwatch.store.models import Role
from tests.web.browsing import MARKS, PASSWORD, chromium, served

pytestmark = MARKS


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    """The page as it is served; its address."""
    with served(Role.OWNER) as address:
        yield address


@pytest.fixture
def browser(site: str) -> Iterator[Browser]:
    """Chromium without a window."""
    with chromium() as started:
        yield started


def entered(browser: Browser, site: str, *, has_script: bool) -> Page:
    """The form of the upload."""
    page = browser.new_context(java_script_enabled=has_script).new_page()
    page.goto(f"{site}/login?next=/upload")
    page.fill("[name=username]", "owner")
    page.fill("[name=password]", PASSWORD)
    page.click("button.main")
    return page


@pytest.mark.parametrize("has_script", [True, False])
def test_a_file_arrives(browser: Browser, site: str, tmp_path: Path, has_script: bool) -> None:
    (tmp_path / "群.txt").write_bytes(b"1234")
    page = entered(browser, site, has_script=has_script)
    page.set_input_files("#files", tmp_path / "群.txt")
    page.click("button.main")
    expect(page.locator("h1")).to_have_text("群.txt")
    expect(page.locator(".badge")).to_have_text("等待读取")
    assert [path.read_bytes() for path in (tmp_path / "uploads").glob("*/群.txt")] == [b"1234"]


def test_a_folder_keeps_its_paths(browser: Browser, site: str, tmp_path: Path) -> None:
    (tmp_path / "导出" / "图片").mkdir(parents=True)
    (tmp_path / "导出" / "群.txt").write_bytes(b"1")
    (tmp_path / "导出" / "图片" / "1.jpg").write_bytes(b"2")
    page = entered(browser, site, has_script=True)
    page.set_input_files("#folder", tmp_path / "导出")
    page.click("button.main")
    expect(page.locator("h1")).to_have_text("导出")
    assert len(list((tmp_path / "uploads").glob("*/导出/图片/1.jpg"))) == 1


def test_nothing_chosen_is_said_at_once_and_the_form_stays(browser: Browser, site: str) -> None:
    page = entered(browser, site, has_script=True)
    page.click("button.main")
    expect(page.locator("#wrong")).to_have_text("请先选择文件或文件夹")
    expect(page.locator("form.upload")).to_be_visible()
