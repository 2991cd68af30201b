"""Model lists, whichever way they are written."""

import json

import pytest

from app.core.connections import Model
from app.providers.extract import model_list
from tests.providers import exchanges


def ids(value: object) -> list[str]:
    return [model.id for model in model_list(value) or ()]


@pytest.mark.parametrize(
    "value",
    [
        ["a", "b"],
        {"models": ["a", "b"]},
        {"models": [{"name": "a"}, {"name": "b"}]},
        {"data": [{"id": "a"}, {"id": "b"}]},
        {"data": {"models": [{"filename": "a"}, {"model": "b"}]}},
        {"models": {"a": "General Purpose", "b": "Code"}},
        {"installed_models": [{"name": "a"}], "available_models": ["a", "b"]},
        {"available_models": ["a", "b"]},
        {"models": ["a", "b", "a", "", None, 3, {"size": 4}]},
    ],
    ids=str,
)
def test_finds_the_models_in_every_known_container(value: object) -> None:
    assert ids(value) == ["a", "b"]


@pytest.mark.parametrize("value", [None, "a", 3, {}, {"message": "synchronized"}, {"models": "a"}], ids=str)
def test_what_holds_no_list_is_not_an_empty_list(value: object) -> None:
    assert model_list(value) is None


@pytest.mark.parametrize(
    "value", [[], {"models": []}, {"data": []}, {"models": {}}, {"models": None}], ids=str
)
def test_an_empty_list_is_valid(value: object) -> None:
    assert model_list(value) == ()


def test_a_size_in_words_is_passed_through() -> None:
    models = model_list(json.loads(exchanges.MODELS_DOC))
    assert models is not None
    assert (models[0].size, models[0].size_text, models[0].modified) == (
        None,
        "4.1 GB",
        "2024-01-15T10:30:00Z",
    )


def test_a_size_in_bytes_stays_a_number() -> None:
    assert model_list(json.loads(exchanges.MODELS_G1)) == (
        Model("my_model_1.gguf", "my_model_1", 2048, "", "2026-11-20T10:15:37.399781"),
    )


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"size": 6 * 2**30}, 6 * 2**30),
        ({"size": 5.0}, 5),
        ({"size_mb": 1.5}, 1572864),
        ({"size": -1}, None),
        ({"size": True}, None),
        ({"size": 1e300}, None),
        ({"size_mb": float("inf")}, None),
        ({}, None),
    ],
    ids=str,
)
def test_sizes_are_whole_bytes_or_unknown(item: dict[str, object], size: int | None) -> None:
    models = model_list([{"name": "a", **item}])
    assert models is not None
    assert models[0].size == size


@pytest.mark.parametrize("field", ["modified", "modified_date", "modified_at", "upload_date", "created"])
def test_a_date_is_read_from_any_field(field: str) -> None:
    models = model_list([{"id": "a", field: "2026-05-10T12:00:00Z"}])
    assert models is not None
    assert models[0].modified == "2026-05-10T12:00:00Z"


@pytest.mark.parametrize("created", [1795169945, 1795169945000])
def test_a_unix_time_becomes_a_date(created: int) -> None:
    models = model_list([{"id": "a", "created": created}])
    assert models is not None
    assert models[0].modified == "2026-11-20T10:19:05Z"


def test_of_two_entries_with_one_id_the_first_counts() -> None:
    assert model_list([{"name": "a", "size": 1}, {"name": "a", "size": 2}]) == (Model("a", "a", 1),)


def test_the_loaded_badge_is_not_part_of_an_id() -> None:
    assert ids({"data": [{"id": "light/qwen-0.5b (loaded)"}]}) == ["light/qwen-0.5b"]


def test_a_description_is_the_label() -> None:
    assert model_list({"models": {"llama3.2:3b": "General Purpose"}}) == (
        Model("llama3.2:3b", "General Purpose"),
    )


@pytest.mark.parametrize(
    "item",
    [
        {"meta": {"n_ctx": 4096, "n_ctx_train": 131072}},
        {"loaded_context_length": 4096, "max_context_length": 131072},
        {"context_length": 131072, "top_provider": {"context_length": 4096}},
        {"max_model_len": 4096},
        {"context_window": 4096},
        {"inputTokenLimit": 4096},
    ],
)
def test_the_context_is_what_the_model_really_has(item: dict[str, object]) -> None:
    listed = model_list([{"id": "a", **item}])
    assert listed is not None
    assert listed[0].context == 4096
