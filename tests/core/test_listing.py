"""The list of conversations: in order, in pages, in groups."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.core.conversations import Heading
from app.core.listing import Found, Hit, Listing, grouped

NOW = datetime(2026, 7, 15, 0, 30, tzinfo=timezone(timedelta(hours=2)))


def heading(key: str, updated: float = 0.0, pinned: bool = False) -> Heading:
    return Heading(key, 0.0, updated=updated, pinned=pinned)


def ago(key: str, **time: float) -> Heading:
    return heading(key, (NOW - timedelta(**time)).timestamp())


def test_groups_by_date_in_the_users_zone() -> None:
    headings = [
        heading("pinned", 0.0, pinned=True),
        heading("tomorrow", NOW.timestamp() + 86400),
        ago("now", minutes=5),
        ago("an hour ago", hours=1),
        ago("week", days=6),
        ago("month", days=20),
        ago("spring", days=90),
        heading("before time", -1e300),
    ]
    groups = {group.label: [one.id for one in group.headings] for group in grouped(headings, NOW)}
    assert groups == {
        "Pinned": ["pinned"],
        "Today": ["tomorrow", "now"],
        "Yesterday": ["an hour ago"],
        "Previous 7 days": ["week"],
        "Previous 30 days": ["month"],
        "Apr 2026": ["spring"],
        "Jan 1970": ["before time"],
    }


def test_without_a_zone_of_its_own_the_day_is_utc() -> None:
    assert grouped([ago("a", minutes=40)], NOW.astimezone(UTC))[0].label == "Today"


headings = st.lists(
    st.builds(heading, st.sampled_from("abcdefgh"), st.integers(0, 5).map(float), st.booleans()), max_size=12
)


@given(headings)
def test_changes_keep_the_order_and_each_conversation_once(changes: list[Heading]) -> None:
    listing = Listing(has_more=False)
    for change in changes:
        listing = listing.with_heading(change)
    newest = {change.id: change for change in changes}
    assert list(listing.headings) == sorted(newest.values(), key=lambda one: one.rank)


def test_what_lies_beyond_the_pages_read_waits_for_its_page() -> None:
    listing = Listing((heading("b", 5.0), heading("a", 4.0)), has_more=True)
    assert [one.id for one in listing.with_heading(heading("old", 1.0)).headings] == ["b", "a"]
    assert [one.id for one in listing.with_heading(heading("new", 9.0)).headings] == ["new", "b", "a"]


def test_a_page_replaces_nothing_and_repeats_nothing() -> None:
    listing = Listing((heading("b", 5.0),)).with_page([heading("b", 5.0), heading("a", 4.0)], has_more=False)
    assert [one.id for one in listing.headings] == ["b", "a"]
    assert not listing.has_more


def test_hits_follow_changes() -> None:
    listing = Listing(found=Found("x", (Hit(heading("a")), Hit(heading("b")))))
    renamed = listing.with_heading(heading("a").renamed("New"))
    assert renamed.found is not None
    assert [hit.heading.title for hit in renamed.found.hits] == ["New", ""]
    shorter = listing.without("a")
    assert shorter.found is not None
    assert [hit.heading.id for hit in shorter.found.hits] == ["b"]
