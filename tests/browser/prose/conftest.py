"""A page with answers in it, shared by the tests of a module: starting an interpreter takes longer than a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator

from tests.browser.contexts import new_context
from tests.browser.prose import AnswersPage
from tests.browser.watch import Watch


@pytest.fixture(scope="module")
def module_watch(page_url: str) -> Watch:
    """What the shared page of a module does."""
    return Watch(page_url)


@pytest.fixture(scope="module")
def module_answers(chromium: Browser, module_watch: Watch, page_url: str) -> Iterator[AnswersPage]:
    """The shared page; its libraries are loaded."""
    with new_context(chromium, module_watch) as context:
        context.grant_permissions(["local-network-access"])  # to the image server of the tests
        yield AnswersPage(context.new_page(), page_url).open()


@pytest.fixture
def answers(module_answers: AnswersPage, module_watch: Watch) -> Iterator[AnswersPage]:
    """The shared page without answers; the test fails for what the page must not do."""
    module_answers.call("clear")
    yield module_answers
    module_watch.check()


@pytest.fixture
def answer(answers: AnswersPage) -> Locator:
    """The one answer in the page."""
    return answers.page.get_by_role("article", name="Model")
