"""The names under which uploads are stored, and the names of shards."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.utils import secure_filename

from app.core.filenames import Shard, stored_name

NAMES = st.text(max_size=60) | st.text(max_size=60).map(lambda stem: f"{stem}.gguf")


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("model.gguf", "model.gguf"),
        ("my model (1).gguf", "my_model_1.gguf"),
        ("Llama-3.2-3B-Instruct-Q4_0.gguf", "Llama-3.2-3B-Instruct-Q4_0.gguf"),
        ("UPPER.GGUF", "UPPER.gguf"),
        ("models/deep/model.gguf", "models_deep_model.gguf"),
        ("C:\\models\\model.gguf", "C_models_model.gguf"),
        ("../../etc/passwd.gguf", "etc_passwd.gguf"),
        ("Käse-7B.gguf", "Kase-7B.gguf"),
        ("模型.gguf", "model.gguf"),
        ("模型-7B.gguf", "model-7B.gguf"),
        ("模型-00001-of-00003.gguf", "model-00001-of-00003.gguf"),
        (".gguf", "model.gguf"),
        ("...gguf", "model.gguf"),
        ("__.gguf", "model.gguf"),
        ("nul.gguf", "model_nul.gguf"),
        ("con.q8.gguf", "model_con.q8.gguf"),
        ("console.gguf", "console.gguf"),
        ("a.gguf.gguf", "a.gguf.gguf"),
        ("blob", "blob.gguf"),
        ("x" * 300 + ".gguf", "x" * 250 + ".gguf"),
    ],
)
def test_names_as_they_are_stored(name: str, stored: str) -> None:
    assert stored_name(name) == stored


@given(NAMES)
@example("a/../b.gguf")
@example("．．/．gguf")
@example("x.gguf\n")
def test_the_servers_own_sanitising_changes_nothing_more(name: str) -> None:
    assert secure_filename(stored_name(name)) == stored_name(name)


@given(NAMES)
def test_storing_a_stored_name_changes_nothing(name: str) -> None:
    assert stored_name(stored_name(name)) == stored_name(name)


@given(NAMES)
def test_a_stored_name_is_safe_and_ends_in_gguf(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.gguf", stored_name(name))
    assert len(stored_name(name)) <= 255


@given(st.text(string.ascii_letters + string.digits, min_size=4, max_size=40))
def test_plain_names_keep_every_letter(stem: str) -> None:
    assert stored_name(f"x{stem}.gguf") == f"x{stem}.gguf"


def test_a_shard_is_recognised() -> None:
    assert Shard.parse("big-Q4_K_M-00002-of-00003.gguf") == Shard("big-Q4_K_M", 2, 3)


@pytest.mark.parametrize(
    "name",
    [
        "model.gguf",
        "model-00000-of-00003.gguf",
        "model-00004-of-00003.gguf",
        "model-1-of-3.gguf",
        "model-00001-of-00003.bin",
        "-00001-of-00003.gguf",
        "model-00001-of-00003.gguf.part",
        "model-٠٠٠٠١-of-٠٠٠٠٣.gguf",
    ],
)
def test_other_names_are_no_shards(name: str) -> None:
    assert Shard.parse(name) is None


def test_siblings_are_all_shards_in_order() -> None:
    names = Shard("m", 2, 3).siblings()
    assert names == ("m-00001-of-00003.gguf", "m-00002-of-00003.gguf", "m-00003-of-00003.gguf")


@given(st.text(min_size=1, max_size=20), st.integers(1, 99_999), st.integers(1, 99_999))
def test_the_name_of_a_shard_is_read_back(stem: str, one: int, other: int) -> None:
    shard = Shard(stem, min(one, other), max(one, other))
    assert Shard.parse(shard.name) == shard
