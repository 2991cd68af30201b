"""The search: signatures never miss, seldom let through what does not match, and snippets show the place."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.search import CROWDED, LARGEST, Entry, Query, Signature, Snippet, fold, grams


def lets_through(query: Query, signature: Signature, title: str = "") -> bool:
    return query.may_match(Entry("a", 0.0, title, signature))


words = st.text(st.characters(categories=("Ll", "Lu", "Lo", "Nd"), codec="utf-8"), min_size=1, max_size=12)
texts = st.lists(words, max_size=30).map(" ".join)


@given(texts, st.data())
def test_a_signature_never_misses_a_part_of_a_word(text: str, data: st.DataObject) -> None:
    signature = Signature.of([text])
    if not text:
        return
    word = data.draw(st.sampled_from(text.split()))
    start = data.draw(st.integers(0, len(word) - 1))
    part = word[start : data.draw(st.integers(start + 1, len(word)))]
    query = Query.parse(f'"{part}"')
    if query.terms and query.terms[0] in fold(text) and query.searches_texts:
        assert lets_through(query, signature)


@given(texts, texts)
def test_adding_is_the_same_as_having_it_from_the_start(first: str, second: str) -> None:
    added = Signature.of([first]).adding(second)
    for gram in grams(fold(second)) | grams(fold(first)):
        assert lets_through(Query((gram,)), added)


@given(texts)
def test_a_signature_survives_its_stored_form(text: str) -> None:
    entry = Entry("a", 5.0, fold(text), Signature.of([text]))
    assert Entry.from_record(entry.to_record()) == entry


@pytest.mark.parametrize("damaged", ["", "not base64!", "AAAA", "A" * 100_000])
def test_a_damaged_signature_lets_everything_through(damaged: str) -> None:
    assert lets_through(Query.parse("anything"), Signature.from_text(damaged))


def some_text(count: int, seed: int) -> str:
    generator = random.Random(seed)
    letters = "etaoinshrdlucmfwypvbgkjqxz"
    weights = range(len(letters), 0, -1)
    return " ".join(
        "".join(generator.choices(letters, weights, k=generator.randint(2, 9))) for _ in range(count)
    )


def test_few_are_let_through_by_chance() -> None:
    signatures = [Signature.of([some_text(900, seed)]) for seed in range(60)]
    query = Query.parse("zebrawood quixotic")
    assert sum(lets_through(query, signature) for signature in signatures) <= 1


@pytest.mark.parametrize("count", [1, 50, 900, 20_000])
def test_a_new_signature_has_room(count: int) -> None:
    signature = Signature.of([some_text(count, 7)])
    assert not signature.is_crowded
    assert signature.bits.bit_count() <= 0.3 * signature.size


def test_a_signature_that_grew_is_crowded_some_day() -> None:
    signature = Signature.of(["begin"])
    for seed in range(20):
        signature = signature.adding(some_text(200, seed))
    assert signature.is_crowded
    assert not Signature(LARGEST, (1 << LARGEST) - 1).is_crowded, "there is no larger one"
    assert CROWDED < 1


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Hello World", ("hello", "world")),
        ('say "Hello   World" now', ("say", "hello world", "now")),
        ("„Grüße Gott“", ("grüsse gott",)),
        ('open "quote', ("open", "quote")),
        ("  \n ", ()),
        ('""', ()),
        ("twice twice", ("twice",)),
    ],
)
def test_words_apart_and_quotes_together(typed: str, terms: tuple[str, ...]) -> None:
    assert Query.parse(typed).terms == terms


def test_every_term_must_be_somewhere() -> None:
    query = Query.parse("apples pears")
    assert query.matches("about apples", ["i like pears"])
    assert not query.matches("about apples", ["i like plums"])


def test_two_letters_search_only_titles() -> None:
    query = Query.parse("ab")
    assert not query.searches_texts
    assert lets_through(query, Signature(), "about")
    assert not lets_through(query, Signature.of(["about"]), "other")
    assert not query.matches("other", ["about"])


def test_a_short_word_beside_a_long_one_is_looked_for_in_texts() -> None:
    assert Query.parse("go there").matches("", ["there we go"])


@pytest.mark.parametrize("typed", ["機械", "モデル", "모델"])
def test_two_wide_letters_are_a_word(typed: str) -> None:
    text = f"これは{typed}です"
    query = Query.parse(typed)
    assert query.searches_texts
    assert lets_through(query, Signature.of([text]))
    assert not lets_through(query, Signature.of(["まったく別の話"]))


def test_a_snippet_shows_the_place_as_it_was_written() -> None:
    text = "x" * 100 + " The Quick\nBrown Fox jumps over the lazy dog. " + "y" * 200
    snippet = Query.parse('"quick brown"').snippet(text)
    assert snippet is not None
    assert snippet.found == "Quick\nBrown"
    assert snippet.before.startswith("…")
    assert snippet.before.endswith(" The ")
    assert snippet.after.startswith(" Fox jumps")
    assert snippet.after.endswith("…")


def test_a_snippet_of_a_short_text_is_the_text() -> None:
    assert Query.parse("b").snippet("a b c") == Snippet("a ", "b", " c")
    assert Query.parse("missing").snippet("a b c") is None


@given(st.text(), st.text())
def test_any_query_on_any_text_gives_an_answer(typed: str, text: str) -> None:
    query = Query.parse(typed)
    lets_through(query, Signature.of([text]), fold(text))
    query.matches(fold(text), [fold(text)])
    query.snippet(text)
