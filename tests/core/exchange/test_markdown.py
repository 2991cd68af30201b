"""One conversation as Markdown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.connections import ModelRef
from app.core.exchange.markdown import file_name, to_markdown
from tests.core.conversing import tree


def test_the_branch_shown_is_written_as_people_read_it() -> None:
    talk = tree(("q", None), ("a", "q"), ("b", "q"), head="a").renamed("Hello").with_system("Be brief.")
    answer = replace(talk.messages["a"], model=ModelRef("local", "tiny.gguf"), text="**Yes**\n")
    assert to_markdown(talk.with_message(answer)) == (
        "# Hello\n\n## System prompt\n\nBe brief.\n\n## You\n\ntext of q\n\n## tiny.gguf\n\n**Yes**\n"
    )


def test_an_empty_conversation_has_a_title() -> None:
    assert to_markdown(tree()) == "# New conversation\n"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What is 1/2?", "What is 1 2.md"),
        ("../../etc/passwd", "etc passwd.md"),
        ("Grüße", "Grüße.md"),
        ("???", "conversation.md"),
        ("x" * 90, "x" * 60 + ".md"),
    ],
)
def test_file_names_hold_only_harmless_letters(title: str, name: str) -> None:
    assert file_name(tree().renamed(title), "md") == name
