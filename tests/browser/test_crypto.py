"""The vault's ciphers in the browser itself: what is sealed opens with its key and label alone."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import dedent
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.contexts import new_context
from tests.browser.in_page import InPage
from tests.browser.watch import Watch

TOOLS = """
from app.browser.crypto import BrowserCrypto
from app.services.ports import BrokenSeal
crypto = BrowserCrypto("test-crypto")
SALT = bytes(range(16))

async def fails(work):
    try:
        await work
    except BrokenSeal:
        return True
    return False
"""


def run(python: InPage, code: str) -> Any:
    """The value of the last line."""
    return python.run(dedent(code))


@pytest.fixture(scope="module")
def python(chromium: Browser, page_url: str) -> Iterator[InPage]:
    watch = Watch(page_url)
    with new_context(chromium, watch) as context:
        python = InPage(context.new_page(), page_url).open()
        python.run(TOOLS)
        yield python
    watch.check()


def test_what_is_sealed_can_be_opened(python: InPage) -> None:
    opened = run(
        python,
        """
        key, _ = await crypto.new_data_key(await crypto.device_key(), "vault")
        sealed = await crypto.seal(key, "ключ 🔑".encode(), "a")
        (await crypto.open(key, sealed, "a")).decode()
        """,
    )
    assert opened == "ключ 🔑"


def test_the_same_content_is_never_sealed_alike(python: InPage) -> None:
    assert run(
        python,
        """
        key, _ = await crypto.new_data_key(await crypto.device_key(), "vault")
        one, other = [await crypto.seal(key, b"secret", "a") for _ in range(2)]
        one != other and one[:12] != other[:12] and b"secret" not in one
        """,
    )


@pytest.mark.parametrize("how", ["label", "key", "content"])
def test_nothing_else_opens_it(python: InPage, how: str) -> None:
    assert run(
        python,
        f"""
        device = await crypto.device_key()
        key, _ = await crypto.new_data_key(device, "vault")
        other, _ = await crypto.new_data_key(device, "vault")
        sealed = await crypto.seal(key, b"secret", "a")
        damaged = sealed[:-1] + bytes([sealed[-1] ^ 1])
        attempts = {{"label": (key, sealed, "b"), "key": (other, sealed, "a"), "content": (key, damaged, "a")}}
        await fails(crypto.open(*attempts[{how!r}]))
        """,
    )


def test_a_data_key_is_unwrapped_by_its_passphrase_alone(python: InPage) -> None:
    assert run(
        python,
        """
        right, wrong = [await crypto.passphrase_key(text, SALT, 1000) for text in ("right", "wrong")]
        salted = await crypto.passphrase_key("right", bytes(16), 1000)
        key, wrapped = await crypto.new_data_key(right, "vault")
        sealed = await crypto.seal(key, b"secret", "a")
        again = await crypto.unwrap(right, wrapped, "vault")
        [(await crypto.open(again, sealed, "a")).decode(), await fails(crypto.unwrap(wrong, wrapped, "vault")),
         await fails(crypto.unwrap(salted, wrapped, "vault")), await fails(crypto.unwrap(right, wrapped, "other"))]
        """,
    ) == ["secret", True, True, True]


def test_another_passphrase_wraps_the_same_data_key(python: InPage) -> None:
    assert run(
        python,
        """
        old, new = [await crypto.passphrase_key(text, SALT, 1000) for text in ("old", "new")]
        key, wrapped = await crypto.new_data_key(old, "vault")
        sealed = await crypto.seal(key, b"secret", "a")
        rewrapped = await crypto.rewrap(old, wrapped, new, "vault")
        again = await crypto.unwrap(new, rewrapped, "vault")
        [(await crypto.open(again, sealed, "a")).decode(), await fails(crypto.unwrap(old, rewrapped, "vault"))]
        """,
    ) == ["secret", True]


def test_no_key_can_be_read_out(python: InPage) -> None:
    assert (
        run(
            python,
            """
        device = await crypto.device_key()
        wrapping = await crypto.passphrase_key("a", SALT, 1000)
        key, wrapped = await crypto.new_data_key(device, "vault")
        again = await crypto.unwrap(device, wrapped, "vault")
        [one.extractable for one in (device, wrapping, key, again)]
        """,
        )
        == [False] * 4
    )


def test_the_device_has_one_key_for_all_tabs(python: InPage) -> None:
    assert (
        run(
            python,
            """
        key, wrapped = await crypto.new_data_key(await crypto.device_key(), "vault")
        sealed = await crypto.seal(key, b"secret", "a")
        other = BrowserCrypto("test-crypto")
        again = await other.unwrap(await other.device_key(), wrapped, "vault")
        (await other.open(again, sealed, "a")).decode()
        """,
        )
        == "secret"
    )


def test_the_rounds_are_those_that_were_asked_for(python: InPage) -> None:
    """Known answer: the data key is wrapped by PBKDF2 of these rounds, and by no other."""
    assert run(
        python,
        """
        many, fewer = [await crypto.passphrase_key("a", SALT, rounds) for rounds in (2000, 1999)]
        _, wrapped = await crypto.new_data_key(many, "vault")
        await fails(crypto.unwrap(fewer, wrapped, "vault"))
        """,
    )
