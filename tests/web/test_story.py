"""One reviewer's morning in a real browser, and where the words of a message must not turn up."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from leakwatch.store.models import Role
from tests.web.browsing import MARKS, PASSWORD, chromium, served
from tests.web.rows import CANARY, NUMBER, lead

pytestmark = MARKS


@pytest.fixture
def site(transactional_db: None) -> Iterator[str]:
    """The page as it is served; its address."""
    lead()
    with served(Role.REVIEWER) as address:
        yield address


@pytest.fixture
def said() -> list[str]:
    """What the browser complained of, and every address it went to."""
    return []


@pytest.fixture
def browser(site: str) -> Iterator[Browser]:
    """Chromium without a window."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser, site: str, said: list[str]) -> Page:
    """A tab that says what it hears."""
    tab = browser.new_page(base_url=site)
    tab.on("console", lambda line: said.append(line.text) if line.type in ("error", "warning") else None)
    tab.on("request", lambda request: said.append(request.url))
    return tab


def _enter(page: Page) -> None:
    page.goto("/")
    page.fill("[name=username]", "reviewer")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".visitor")


def _unmask(page: Page) -> None:
    page.click(".unmask button")
    page.wait_for_selector("mark:has-text('机密★10年')")


def test_a_reviewer_s_morning(
    page: Page, said: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        _enter(page)
        page.click("a.figure:has-text('新线索')")
        page.wait_for_selector("[data-row]")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_selector(".unmask")
        assert CANARY not in page.content()
        _unmask(page)
        assert CANARY in page.content()
        page.keyboard.press("c")
        page.wait_for_selector("text=已认领，可以开始审核")
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=结论已记录")
        with page.expect_download() as download:
            page.keyboard.press("f")
        download.value.save_as(tmp_path / "form.docx")
        page.reload()
        told = page.inner_text(".events").splitlines()
    assert [line for line in told if "reviewer" not in line] == [
        "打开线索",
        "查看原文",
        "认领",
        "结论：确认",
        "下载报告表",
    ]
    assert (tmp_path / "form.docx").read_bytes().startswith(b"PK")
    assert [line for line in said if not line.startswith("http://127.0.0.1:")] == []
    assert CANARY not in caplog.text + "\n".join(said)


def test_without_javascript_a_verdict_takes_the_mouse(browser: Browser, site: str) -> None:
    plain = browser.new_page(java_script_enabled=False, base_url=site)
    _enter(plain)
    plain.goto(f"/leads/{NUMBER}")
    _unmask(plain)
    plain.check("[value=unclear]")
    plain.fill("[name=reason]", CANARY)
    plain.click("text=记录结论")
    plain.wait_for_selector("text=结论已记录")


def test_the_keys_of_a_page_are_listed(page: Page) -> None:
    _enter(page)
    page.goto(f"/leads/{NUMBER}")
    page.keyboard.press("?")
    assert (
        page.inner_text("#keys tbody").split()
        == (
            "n 下一条新线索 u 回线索列表 c 认领 v 查看原文 1 确认（再按回车提交） 2 非泄密（再按回车提交） 3 待查明（再按回车提交）"
        ).split()
    )
