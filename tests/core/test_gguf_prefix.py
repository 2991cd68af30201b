"""Checking a chosen file by its name, its size and its first 24 bytes."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.gguf import PREFIX_SIZE, check_prefix
from app.core.problems import InvalidFile, Problem
from tests.core.gguf_writer import Gguf

GOOD = Gguf(tensor_count=291, key_count=26).header()[:PREFIX_SIZE]
SIZE = 4_000_000_000


def refusal(name: str, head: bytes | None, size: int = SIZE) -> Problem:
    """The problem for which a file is refused."""
    with pytest.raises(InvalidFile) as caught:
        check_prefix(name, size, head)
    return caught.value.problem


def with_version(version: int, order: str = "<") -> bytes:
    return b"GGUF" + struct.pack(f"{order}IQQ", version, 291, 26)


@pytest.mark.parametrize("version", [2, 3])
def test_gguf_of_a_current_version_passes(version: int) -> None:
    check_prefix("model.gguf", SIZE, with_version(version))


def test_the_extension_may_be_in_capitals() -> None:
    check_prefix("MODEL.GGUF", SIZE, GOOD)


def test_a_file_of_exactly_24_bytes_passes() -> None:
    check_prefix("model.gguf", 24, GOOD)


def test_what_cannot_be_read_is_called_a_folder_or_gone() -> None:
    assert "folder" in refusal("models", None, 4096).cause


def test_a_read_that_ends_early_counts_as_unreadable() -> None:
    assert refusal("model.gguf", GOOD[:10]).what == "“model.gguf” cannot be read."


@pytest.mark.parametrize("size", [0, 4, 23])
def test_a_file_of_fewer_than_24_bytes_is_too_small(size: int) -> None:
    problem = refusal("model.gguf", GOOD[:size], size)
    assert "too small" in problem.what
    assert f"{size} bytes" in problem.cause


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("model.safetensors", "safetensors"),
        ("pytorch_model.bin", "PyTorch"),
        ("consolidated.00.pth", "PyTorch"),
        ("model.pt", "PyTorch"),
        ("model.ckpt", "PyTorch"),
        ("tf_model.h5", "Keras"),
    ],
)
def test_other_model_formats_are_named_with_the_command_that_converts_them(name: str, kind: str) -> None:
    problem = refusal(name, b"\x01" * 24)
    assert kind in problem.cause
    assert problem.snippet.startswith("python convert_hf_to_gguf.py")


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("model.gguf.zip", "archive"),
        ("models.tar.gz", "archive"),
        ("model.onnx", "ONNX"),
        ("model.gguf.crdownload", "not been finished"),
        ("model.gguf.part", "one part"),
        ("model.gguf.part1of2", "one part"),
        ("model.gguf-split-a", "one part"),
        ("model.gguf.001", "one part"),
        ("notes", "does not know"),
    ],
)
def test_other_extensions_are_named(name: str, word: str) -> None:
    problem = refusal(name, b"\x01" * 24)
    assert problem.what == f"“{name}” is not a GGUF file."
    assert word in problem.cause
    assert problem.fix


def test_an_unfinished_download_of_another_file_is_told_apart_from_a_part() -> None:
    assert "not been finished" in refusal("model.part", b"\x01" * 24).cause


def test_a_gguf_file_with_another_name_is_to_be_renamed() -> None:
    assert "Rename" in refusal("sha256-8934d96d3f08", GOOD).fix


def test_a_bin_file_of_the_old_format_is_told_apart_from_pytorch() -> None:
    problem = refusal("ggml-model-q4_0.bin", b"tjgg".ljust(24, b"\1"))
    assert "before GGUF" in problem.cause
    assert "convert_llama_ggml_to_gguf.py" in problem.snippet


@pytest.mark.parametrize(
    ("head", "word"),
    [
        (b"PK\x03\x04", "ZIP"),
        (b"\x1f\x8b\x08", "archive"),
        (b"\x28\xb5\x2f\xfd", "archive"),
        (b"7z\xbc\xaf\x27\x1c", "archive"),
        (struct.pack("<Q", 9_000) + b'{"__metadata', "safetensors"),
        (b"\x80\x02\x8a\x0al\xfc", "PyTorch"),
        (b"\x89HDF\r\n", "HDF5"),
        (b"lmgg\x01", "before GGUF"),
        (b"fmgg\x01", "before GGUF"),
        (b"tjgg\x03", "before GGUF"),
        (b"algg\x01", "LoRA"),
        (b"\xde\xad\xbe\xef\x01", "does not know"),
    ],
)
def test_a_file_that_only_calls_itself_gguf_is_named_for_what_it_is(head: bytes, word: str) -> None:
    problem = refusal("model.gguf", head.ljust(24, b"\x01"))
    assert "not a GGUF file" in problem.what
    assert word in problem.cause


@pytest.mark.parametrize(
    "page", [b"<!DOCTYPE html><html><he", b"\n <html lang='en'><head>", b"\xef\xbb\xbf<!doctype html>......"]
)
def test_a_web_page_saved_as_gguf_is_recognised(page: bytes) -> None:
    problem = refusal("model.gguf", page[:24], 80_000)
    assert "web page" in problem.cause
    assert "Download the file itself" in problem.fix


def test_a_git_lfs_pointer_is_recognised_with_the_command_that_fetches_the_file() -> None:
    problem = refusal("model.gguf", b"version https://git-lfs.github.com/spec/v1"[:24], 135)
    assert "Git LFS" in problem.cause
    assert "git lfs pull" in problem.snippet


def test_a_text_is_recognised() -> None:
    assert "a text" in refusal("model.gguf", b'{"error": "Access denied'[:24], 300).cause


def test_a_reserved_but_never_filled_file_is_recognised() -> None:
    assert "zeros" in refusal("model.gguf", bytes(24)).cause


@pytest.mark.parametrize("head", [with_version(3, ">"), with_version(2, ">"), GOOD[:4][::-1] + GOOD[4:]])
def test_swapped_bytes_are_recognised(head: bytes) -> None:
    problem = refusal("model.gguf", head)
    assert "wrong order" in problem.what
    assert problem.snippet.endswith("little")


def test_version_1_is_called_old() -> None:
    assert "version 1" in refusal("model.gguf", with_version(1)).what


@pytest.mark.parametrize("version", [0, 4, 99, 65_535])
def test_a_version_that_does_not_exist_is_named(version: int) -> None:
    assert f"version {version}," in refusal("model.gguf", with_version(version)).what


def test_a_name_with_braces_is_shown_as_it_is() -> None:
    assert "{name}" in refusal("{name}.bin", b"\x01" * 24).what


@given(name=st.text(max_size=40), size=st.integers(0, 2**40), head=st.none() | st.binary(max_size=24))
def test_any_file_passes_or_gets_a_whole_problem(name: str, size: int, head: bytes | None) -> None:
    try:
        check_prefix(name, size, head)
    except InvalidFile as error:
        texts = (error.problem.what, error.problem.cause, error.problem.fix)
        assert all(texts)
        assert not any(text.startswith(("file.", "gguf.")) for text in texts)
