"""Generation parameters: what people type, and what is sent."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.parameters import Parameter, read_all
from app.core.problems import InvalidInput, Problem

LAYERS = Parameter("n_gpu_layers", "integer", default=40, minimum=-1, maximum=1_048_576)
TEMPERATURE = Parameter("temperature", "number", default=0.6, minimum=0, maximum=2)
TEMPLATE = Parameter("template", "text", placeholder="{question}")
FREE = Parameter("free", "number")


def problem(parameter: Parameter, typed: str) -> Problem:
    with pytest.raises(InvalidInput) as caught:
        parameter.read(typed)
    return caught.value.problem


@pytest.mark.parametrize("parameter", [LAYERS, TEMPERATURE, TEMPLATE])
@pytest.mark.parametrize("typed", ["", "   ", "\n"])
def test_nothing_typed_means_not_set(parameter: Parameter, typed: str) -> None:
    assert parameter.read(typed) is None


@pytest.mark.parametrize(("typed", "value"), [("0", 0), (" 40 ", 40), ("-1", -1), ("1048576", 1_048_576)])
def test_whole_numbers_are_read(typed: str, value: int) -> None:
    read = LAYERS.read(typed)
    assert read == value
    assert type(read) is int


@pytest.mark.parametrize("typed", ["1.5", "many", "1e3", "0x10", "9" * 5_000])
def test_what_is_not_a_whole_number_is_refused(typed: str) -> None:
    assert "whole number" in problem(LAYERS, typed).what


@pytest.mark.parametrize(("typed", "value"), [("0.7", 0.7), ("0,7", 0.7), ("2", 2.0), (".5", 0.5)])
def test_numbers_are_read_with_point_or_comma(typed: str, value: float) -> None:
    assert TEMPERATURE.read(typed) == value


@pytest.mark.parametrize("typed", ["warm", "1.000,5", "--1"])
def test_what_is_not_a_number_is_refused(typed: str) -> None:
    assert "is not a number" in problem(TEMPERATURE, typed).what


@pytest.mark.parametrize("typed", ["nan", "inf", "-Infinity", "1e999"])
@pytest.mark.parametrize("parameter", [TEMPERATURE, FREE])
def test_what_json_cannot_carry_is_no_number(parameter: Parameter, typed: str) -> None:
    assert "is not a number" in problem(parameter, typed).what


@pytest.mark.parametrize("typed", ["-0.1", "2.1"])
def test_out_of_bounds_is_refused_with_the_bounds(typed: str) -> None:
    assert problem(TEMPERATURE, typed).cause == "It goes from 0 to 2."


def test_large_bounds_are_shown_to_the_digit() -> None:
    assert problem(LAYERS, "2000000").cause == "It goes from -1 to 1048576."


def test_a_bound_on_one_side_is_shown_as_such() -> None:
    assert problem(Parameter("low", "number", minimum=0.5), "0").cause == "It goes from 0.5 to ∞."
    assert problem(Parameter("high", "number", maximum=1), "2").cause == "It goes from −∞ to 1."


def test_the_bounds_themselves_are_allowed() -> None:
    assert (TEMPERATURE.read("0"), TEMPERATURE.read("2")) == (0.0, 2.0)


def test_a_text_needs_its_placeholder() -> None:
    assert "{question}" in problem(TEMPLATE, "Answer this:").what


def test_a_text_keeps_its_spaces_and_braces() -> None:
    assert TEMPLATE.read(" {{x}} {question}\n") == " {{x}} {question}\n"


def test_only_what_is_set_is_read() -> None:
    typed = {"temperature": "0.7", "n_gpu_layers": " ", "unknown": "1"}
    assert read_all([LAYERS, TEMPERATURE, TEMPLATE], typed) == {"temperature": 0.7}


def test_reading_all_names_the_first_that_is_wrong() -> None:
    with pytest.raises(InvalidInput, match="whole number"):
        read_all([LAYERS, TEMPERATURE], {"n_gpu_layers": "x", "temperature": "y"})


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_a_finite_number_or_a_problem(typed: str) -> None:
    for parameter in (LAYERS, TEMPERATURE, FREE):
        try:
            value = parameter.read(typed)
        except InvalidInput:
            continue
        assert value is None or (isinstance(value, int | float) and math.isfinite(value))


@given(st.floats(0, 2))
def test_a_number_that_is_shown_is_read_back(value: float) -> None:
    assert TEMPERATURE.read(str(value)) == value
