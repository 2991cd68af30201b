"""How a model is loaded into the tab: context, threads, memory; and the settings for it."""

from __future__ import annotations

import pytest

from app.core.device import Device
from app.core.engine_settings import EngineSettings
from app.core.fit import TAB, Shape, demand
from app.core.problems import InvalidFile, InvalidInput
from app.core.tab_fit import context_for
from app.core.tab_models import missing_shards, model_name

GB = 2**30


def shape(weights: int, cache: int, trained: int | None) -> Shape:
    """A model with so many bytes of weights, and of cache for each token."""
    return Shape(weights, cache, 512, 2_048, 32_000, trained, weights, is_q4_0=False)


SMALL = shape(20_000_000, 1_000, 2_048)


@pytest.mark.parametrize(("wanted", "context"), [(0, 2_048), (512, 512), (100_000, 2_048)])
def test_the_context_is_the_usual_one_or_what_the_model_knows(wanted: int, context: int) -> None:
    assert context_for("m", SMALL, wanted) == context


def test_the_context_shrinks_to_what_fits() -> None:
    large = shape(3 * GB, 500_000, 32_768)
    context = context_for("m", large, 0)
    assert 1_000 < context < 4_096
    assert demand(large, context).total <= TAB < demand(large, context + 256).total
    with pytest.raises(InvalidFile, match="does not fit with a context of 4096 tokens"):
        context_for("m", large, 4_096)


def test_weights_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InvalidFile, match="too large for the tab"):
        context_for("m", shape(4 * GB, 1_000, 2_048), 0)


@pytest.mark.parametrize(
    ("cores", "has_threads", "size", "wanted", "threads"),
    [
        (8, False, GB, 4, 1),
        (8, True, 1_000_000, 0, 1),
        (2, True, GB, 0, 2),
        (8, True, GB, 0, 4),
        (32, True, GB, 0, 8),
        (1, True, GB, 0, 1),
        (4, True, 1_000_000, 3, 3),
        (4, True, GB, 64, 4),
    ],
)
def test_threads(cores: int, has_threads: bool, size: int, wanted: int, threads: int) -> None:
    assert Device(cores, has_threads).threads_for(size, wanted) == threads


def test_the_settings_are_read_as_they_were_written() -> None:
    settings = EngineSettings().with_context("4096").with_threads(" 2 ").with_gpu(gpu=True)
    assert EngineSettings.from_record(settings.to_record()) == settings
    assert settings.with_context("").context == 0
    assert EngineSettings.from_record({"context": -1, "threads": "2", "gpu": 1}) == EngineSettings()
    for text in ("many", "0", "-1", "1.5", "99999999", "²"):
        with pytest.raises(InvalidInput):
            settings.with_context(text)


def test_shards_belong_to_one_model() -> None:
    assert model_name("big-00002-of-00003.gguf") == "big.gguf"
    assert model_name("alone.gguf") == "alone.gguf"
    assert missing_shards(["big-00002-of-00003.gguf"]) == (
        "big-00001-of-00003.gguf",
        "big-00003-of-00003.gguf",
    )
    assert missing_shards(["alone.gguf"]) == ()
