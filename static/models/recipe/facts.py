"""Writes what the demo model learns: facts in a few phrasings each, and conversations made of them.

The facts themselves stand in facts.json. All of it was written for this page; no text of anybody else is in it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA: dict[str, Any] = json.loads((Path(__file__).parent / "facts.json").read_text("utf-8"))
NUMBERS = range(13)
COUNTS = (*range(2, 31), 40, 50)

WEIGHTS = {
    "capital": 5,
    "country": 2,
    "definition": 5,
    "saying": 4.5,
    "symbol": 1.2,
    "opposite": 1.2,
    "sum": 3.5,
    "difference": 2,
    "product": 2.5,
    "count": 1.5,
    "unknown": 2.5,
    "name": 3,
}
"""How often each kind of turn comes."""

ASKS_NAME = ("What is my name?", "Do you know my name?", "Who am I?")
TELLS_NAME = ("My name is {}.", "I am {}", "Hello, my name is {}", "Call me {}.")


@dataclass(frozen=True)
class Fact:
    """Questions that have the same answer."""

    kind: str
    questions: tuple[str, ...]
    answer: str


def facts() -> Iterator[Fact]:
    """Everything that the model is to know by heart."""
    yield from _words()
    yield from _sums()
    for last in COUNTS:
        questions = (f"Count to {last}", f"Count from 1 to {last}", f"Please count to {last}.")
        yield Fact("count", questions, ", ".join(map(str, range(1, last + 1))))


def _words() -> Iterator[Fact]:
    for country, city in DATA["capitals"].items():
        questions = (
            f"What is the capital of {country}?",
            f"capital of {country}",
            f"Tell me the capital of {country}.",
            f"Which city is the capital of {country}?",
            f"What's the capital of {country}?",
        )
        yield Fact("capital", questions, f"The capital of {country} is {city}.")
        backwards = (f"{city} is the capital of which country?", f"Which country has the capital {city}?")
        yield Fact("country", backwards, f"{city} is the capital of {country}.")
    for term, definition in DATA["definitions"].items():
        bare = term.removeprefix("a ").removeprefix("an ")
        questions = (
            f"What is {term}?",
            f"Define {bare}",
            f"Explain {bare}",
            f"What does {bare} mean?",
            f"Tell me what {term} is.",
        )
        yield Fact("definition", questions, definition)
    for saying in DATA["sayings"]:
        yield Fact("saying", tuple(saying["questions"]), saying["answer"])
    for element, symbol in DATA["symbols"].items():
        questions = (
            f"What is the chemical symbol of {element}?",
            f"chemical symbol of {element}",
            f"What is the symbol for {element}?",
        )
        yield Fact("symbol", questions, f"The chemical symbol of {element} is {symbol}.")
    for one, other in DATA["opposites"].items():
        for word, opposite in ((one, other), (other, one)):
            questions = (f"What is the opposite of {word}?", f"opposite of {word}")
            yield Fact("opposite", questions, f"The opposite of {word} is {opposite}.")


def _sums() -> Iterator[Fact]:
    for a in NUMBERS:
        for b in NUMBERS:
            yield _sum("sum", a, "+", b, a + b, f"What is {a} plus {b}?", f"Add {a} and {b}")
            yield _sum("product", a, "*", b, a * b, f"What is {a} times {b}?", f"Multiply {a} by {b}")
            if b <= a:
                yield _sum("difference", a, "-", b, a - b, f"What is {a} minus {b}?")


def _sum(kind: str, a: int, sign: str, b: int, result: int, *spoken: str) -> Fact:
    written = f"{a} {sign} {b}"
    return Fact(kind, (f"What is {written}?", written, f"{a}{sign}{b}", *spoken), f"{written} = {result}")


class Talker:
    """Makes up conversations, the same ones for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - no secret
        self._facts: dict[str, list[Fact]] = {}
        for fact in facts():
            self._facts.setdefault(fact.kind, []).append(fact)

    def conversation(self) -> list[tuple[str, str]]:
        """Roles and texts: at times a system prompt, then one to six questions with their answers."""
        name = ""
        messages = []
        if self._random.random() < 0.3:
            messages.append(("system", self._random.choice(DATA["system_prompts"])))
        for _ in range(self._random.choices(range(1, 7), (4, 3, 2, 1, 1, 1))[0]):
            question, answer, name = self._turn(name)
            messages += [("user", question), ("assistant", answer)]
        return messages

    def _turn(self, name: str) -> tuple[str, str, str]:
        kind = self._random.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        if kind == "name":
            return self._about_the_name(name)
        if kind == "unknown":
            words = (self._random.choice(DATA["unknown_words"]) for _ in range(3))
            question = self._random.choice(DATA["unknown_questions"]).format(*words)
            return self._varied(question), DATA["fallback"], name
        fact = self._random.choice(self._facts[kind])
        return self._varied(self._random.choice(fact.questions)), fact.answer, name

    def _about_the_name(self, name: str) -> tuple[str, str, str]:
        if name and self._random.random() >= 0.3:
            return self._random.choice(ASKS_NAME), f"Your name is {name}.", name
        if not name and self._random.random() < 0.25:
            return self._random.choice(ASKS_NAME), "You have not told me your name yet.", name
        name = self._random.choice(DATA["names"])
        return self._random.choice(TELLS_NAME).format(name), f"Nice to meet you, {name}!", name

    def _varied(self, question: str) -> str:
        chance = self._random.random()
        if chance < 0.12:
            return question.lower()
        if chance < 0.16:
            return question.rstrip("?.!")
        return f"Please: {question}" if chance < 0.20 else question
