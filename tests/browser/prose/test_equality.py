"""Streamed answers end as the same page as answers that are shown at once, and what is finished stays untouched."""

from __future__ import annotations

import random

import pytest

from tests.browser.prose import AnswersPage, corpus
from tests.browser.prose.documents import document

DOCUMENTS = 1200
BATCH = 100


@pytest.mark.parametrize("first", range(0, DOCUMENTS, BATCH))
def test_a_streamed_document_ends_as_the_page_of_the_whole_document(answers: AnswersPage, first: int) -> None:
    cases = [
        (document(number), number, random.Random(number).choice([1, 3, 10, 60]))
        for number in range(first, first + BATCH)
    ]
    assert answers.call("differing", cases) == []


def test_a_long_mixed_answer_ends_as_the_page_of_the_whole(answers: AnswersPage) -> None:
    assert answers.call("differing", [(corpus.mixed(4000), 1, 80)]) == []


@pytest.mark.parametrize("kind", corpus.SINGLE_BLOCKS)
def test_a_single_long_block_ends_as_the_page_of_the_whole(answers: AnswersPage, kind: str) -> None:
    assert answers.call("differing", [(corpus.SINGLE_BLOCKS[kind](1000), 1, 80)]) == []


def test_line_ends_of_all_kinds_may_be_split_between_pieces(answers: AnswersPage) -> None:
    text = "one\r\n\r\n- a\r\n- b\r\n\r\n```\r\ncode\r\n```\r\n\rold\rmac\r"
    assert answers.call("differing", [(text, seed, 2) for seed in range(20)]) == []


def test_frozen_blocks_are_the_same_nodes_after_a_hundred_renderings(answers: AnswersPage) -> None:
    stayed = answers.call("frozen_nodes_stay", corpus.mixed(4000), " more words\n\n- and\n- rows\n\n", 100)
    assert len(stayed) > 20
    assert all(stayed)


@pytest.mark.parametrize(
    "text",
    ["- one\n- two\n- three\n", "1. one\n2. two\n", "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"],
    ids=["list", "numbered list", "table"],
)
def test_rows_of_an_open_list_or_table_are_kept(answers: AnswersPage, text: str) -> None:
    assert all(answers.call("rows_stay", text, text.splitlines()[-1] + "\n", 20))


def test_an_open_code_block_grows_without_new_nodes(answers: AnswersPage) -> None:
    assert answers.call("rows_stay", "```python\nfirst = 1\n", "more = 2\n", 50) == [True]


def test_what_was_finished_can_go_on(answers: AnswersPage) -> None:
    whole = corpus.mixed(400)
    assert answers.call("continued_equals_whole", whole[:700], whole[700:])


def test_a_definition_that_comes_late_is_used_by_links_that_came_before(answers: AnswersPage) -> None:
    answers.call("show_streamed", "see [the page][p]\n\ntext\n\n[p]: https://a.example/p\n", 1, 5)
    link = answers.page.get_by_role("link", name="the page")
    assert link.get_attribute("href") == "https://a.example/p"
