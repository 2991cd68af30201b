"""The list of conversations as the page shows it: those read so far, in groups by date, and what a search found."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.core.conversations import Heading
from app.core.search import Snippet
from app.core.text import t


@dataclass(frozen=True, slots=True)
class Hit:
    """A conversation that a search found; no snippet when only its title matches."""

    heading: Heading
    snippet: Snippet | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a search has found so far, newest first. `is_over` when everything was looked at or enough was found."""

    query: str
    hits: tuple[Hit, ...] = ()
    is_over: bool = False
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """The conversations read so far, by rank; `has_more`: the database holds older ones; `found`: what a search did."""

    headings: tuple[Heading, ...] = ()
    has_more: bool = True
    found: Found | None = None

    def with_page(self, page: Iterable[Heading], has_more: bool) -> Listing:
        """The list with older conversations at its end."""
        known = {heading.id: heading for heading in self.headings}
        known.update((heading.id, heading) for heading in page)
        headings = tuple(sorted(known.values(), key=lambda heading: heading.rank))
        return replace(self, headings=headings, has_more=has_more)

    def with_heading(self, heading: Heading) -> Listing:
        """The list with a new or changed conversation in its place; one beyond the end of what was read is left out."""
        others = [one for one in self.headings if one.id != heading.id]
        is_known = len(others) < len(self.headings)
        if is_known or not self.has_more or not others or heading.rank < others[-1].rank:
            insort(others, heading, key=lambda one: one.rank)
        found = self.found
        if found is not None:
            hits = tuple(
                replace(hit, heading=heading) if hit.heading.id == heading.id else hit for hit in found.hits
            )
            found = replace(found, hits=hits)
        return replace(self, headings=tuple(others), found=found)

    def without(self, conversation_id: str) -> Listing:
        """The list without a conversation."""
        found = self.found
        if found is not None:
            found = replace(found, hits=tuple(hit for hit in found.hits if hit.heading.id != conversation_id))
        kept = tuple(heading for heading in self.headings if heading.id != conversation_id)
        return replace(self, headings=kept, found=found)

    def searching(self, found: Found | None) -> Listing:
        """The list with what a search found; None ends the search."""
        return replace(self, found=found)


@dataclass(frozen=True, slots=True)
class Group:
    """Conversations of one time, under its name."""

    label: str
    headings: tuple[Heading, ...]


def grouped(headings: Iterable[Heading], now: datetime) -> tuple[Group, ...]:
    """Conversations, sorted by rank, in groups: pinned, today, yesterday, 7 days, 30 days, months.

    Days are those of the zone of `now`.
    """
    groups: dict[str, list[Heading]] = {}
    today = now.date()
    for heading in headings:
        groups.setdefault(_label(heading, today, now), []).append(heading)
    return tuple(Group(label, tuple(members)) for label, members in groups.items())


def _label(heading: Heading, today: date, now: datetime) -> str:
    if heading.pinned:
        return t("library.pinned")
    try:
        day = datetime.fromtimestamp(-heading.rank[1], now.tzinfo).date()
    except (OverflowError, ValueError, OSError):
        day = date(1970, 1, 1)
    if day >= today:
        return t("library.today")
    if day == today - timedelta(days=1):
        return t("library.yesterday")
    if day >= today - timedelta(days=7):
        return t("library.week")
    if day >= today - timedelta(days=30):
        return t("library.month")
    return t("library.of_month", month=t(f"format.month.{day.month}"), year=day.year)
