"""Chat templates in Jinja2, as the worker runs them: right ones, wrong ones, and those that want out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.browser.jinja import MOST_TEXT, render
from app.core.xray import CHATML

MESSAGES = [{"role": "user", "content": "Hi <b>"}, {"role": "assistant", "content": "Hello"}]


def rendered(template: str, **variables: Any) -> dict[str, Any]:
    given = {"messages": MESSAGES, "add_generation_prompt": True, **variables}
    reply: dict[str, Any] = json.loads(render(json.dumps({"template": template, "variables": given})))
    return reply


def test_a_conversation_is_rendered_and_nothing_in_it_is_escaped() -> None:
    assert rendered(CHATML)["text"] == (
        "<|im_start|>user\nHi <b><|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>assistant\n"
    )


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{% for m in messages %}\n {% if m.role == 'user' %}{% continue %}{% endif %}{{- 1 }}{% endfor %}", "1"),
        ("{% generation %}{{ messages[1].content }}{% endgeneration %}!", "Hello!"),
        ("{{ {'a': 'ü <'} | tojson }}", '{"a": "ü <"}'),
        ("{% set ns = namespace(n=0) %}{% for m in messages %}{% set ns.n = ns.n + 1 %}{% endfor %}{{ ns.n }}", "2"),
        ("{{ tools is none }}", "True"),
        ("{{ strftime_now('%Y')|length }}", "4"),
        ("{{ missing }}", ""),
    ],
)  # fmt: skip
def test_templates_find_what_they_are_written_for(template: str, text: str) -> None:
    assert rendered(template, tools=None)["text"] == text


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ("{% if %}", "syntax"),
        ("{{ raise_exception('No system prompt.') }}", "refused"),
        ("{{ missing.inner.more }}", "failed"),
        ("{{ ''.__class__.__mro__ }}", "failed"),
        ("{{ messages.append(1) }}", "failed"),
        ("{{ cycler.__init__.__globals__.os.system('true') }}", "failed"),
        ("{% for a in range(10 ** 9) %}{% endfor %}", "memory"),
        ("{% for a in range(99999) %}" + "x" * 100 + "{% endfor %}", "length"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "failed"),
    ],
)
def test_a_template_that_is_wrong_or_wants_out_gets_its_error(template: str, error: str) -> None:
    assert rendered(template)["error"] == error


def test_a_wrong_template_names_its_line_and_a_refusal_its_reason() -> None:
    assert rendered("a\n{% if %}")["line"] == 2
    assert rendered("{{ raise_exception('No system prompt.') }}")["message"] == "No system prompt."


def test_the_limit_is_far_above_what_a_model_in_a_tab_reads() -> None:
    assert len(rendered("x" * (MOST_TEXT // 2))["text"]) == MOST_TEXT // 2
