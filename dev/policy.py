"""The security headers of the page.

The Content-Security-Policy stands once, in the meta element of index.html, so that the page is as safe on any
static web server as here; the header repeats it and adds what a meta element cannot say.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from dev.paths import ROOT

HEADER_ONLY_DIRECTIVES = ("frame-ancestors 'none'",)
"""Directives that browsers ignore in a meta element."""


class _MetaPolicy(HTMLParser):
    """Finds the policy of a page."""

    policy = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "meta" and (attributes.get("http-equiv") or "").lower() == "content-security-policy":
            self.policy = attributes.get("content") or ""


def meta_policy(html: str) -> str:
    """Return the Content-Security-Policy that a page declares in its meta element, or "" when it has none."""
    parser = _MetaPolicy()
    parser.feed(html)
    return parser.policy


def security_headers() -> Mapping[str, str]:
    """Return the headers that go with every reply.

    COOP and COEP isolate the page from other origins, which gives the engine its threads. COEP is
    "credentialless" because "require-corp" also blocks the requests without CORS by which the page finds out
    that a server is up and only does not allow this origin.
    """
    index = ROOT / "index.html"
    return _headers_of(index, index.stat().st_mtime_ns)


@cache
def _headers_of(index: Path, _mtime_ns: int) -> Mapping[str, str]:
    policy = meta_policy(index.read_text("utf-8"))
    return {
        "Content-Security-Policy": "; ".join((policy, *HEADER_ONLY_DIRECTIVES)),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "credentialless",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), usb=(), serial=(), payment=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
