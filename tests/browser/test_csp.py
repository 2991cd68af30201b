"""The security policy: strict, the same in the page and in the headers, and not broken by the page itself."""

from __future__ import annotations

import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page

from dev.paths import ROOT
from dev.policy import HEADER_ONLY_DIRECTIVES, meta_policy
from tests.browser.pages import BerthPage
from tests.browser.watch import Watch

pytestmark = pytest.mark.usefixtures("no_local_api")


def directives(policy: str) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in policy.split(";"))
    return {name: value for name, _, value in parts}


@pytest.fixture
def meta() -> dict[str, str]:
    return directives(meta_policy((ROOT / "index.html").read_text("utf-8")))


def test_scripts_come_from_the_page_only(meta: dict[str, str]) -> None:
    assert meta["default-src"] == "'none'"
    assert meta["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert meta["style-src"] == "'self'"
    assert meta["require-trusted-types-for"] == "'script'"


def test_images_come_from_the_page_only(meta: dict[str, str]) -> None:
    assert meta["img-src"] == "'self' data: blob:"


def test_the_header_says_what_the_page_says(page_url: str, meta: dict[str, str]) -> None:
    with urlopen(page_url) as reply:
        header = directives(reply.headers["Content-Security-Policy"])
    assert header == meta | directives("; ".join(HEADER_ONLY_DIRECTIVES))


def test_the_page_has_no_inline_script_or_style() -> None:
    html = (ROOT / "index.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]* src=)[^>]*>|<style|<[^>]+ style=|<[^>]+ on[a-z]+=", html) == []


def test_the_start_breaks_no_rule(berth: BerthPage, watch: Watch) -> None:
    berth.open()
    assert [line for line in watch.console if "violation" in line or "Content Security Policy" in line] == []


def test_text_never_becomes_a_script(berth: BerthPage, page: Page, watch: Watch) -> None:
    watch.expect_error("policy violation: require-trusted-types-for")
    watch.expect_error("This document requires 'Trusted")
    code = """
import js
try:
    result = str(js.Function.new("return 1")())
except Exception as error:
    result = error.name
result
"""
    berth.open()
    with page.expect_console_message(lambda message: "policy violation" in message.text):
        assert berth.run_python(code) == "EvalError"


def test_the_page_is_isolated(berth: BerthPage, page: Page) -> None:
    berth.open()
    assert page.evaluate("crossOriginIsolated") is True
