"""Attachments."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.attachments import Attachment, Kind, decode, is_image_url, with_texts
from app.core.problems import InvalidFile

SCRIPT = Attachment("1", "tide.py", Kind.TEXT, 9, "print(1)\n")
PICTURE = Attachment("2", "tide.png", Kind.IMAGE, 9, data_url="data:image/png;base64,AAAA")


def test_a_file_is_named_and_fenced_before_the_message() -> None:
    assert (
        with_texts("What does it do?", [SCRIPT]) == "tide.py:\n```python\nprint(1)\n```\n\nWhat does it do?"
    )


def test_a_fence_is_longer_than_any_in_the_file() -> None:
    notes = Attachment("1", "notes.md", Kind.TEXT, 9, "````\ncode\n````")
    assert with_texts("", [notes]).startswith("notes.md:\n`````markdown\n")


def test_an_image_is_no_text() -> None:
    assert with_texts("What is this?", [PICTURE]) == "What is this?"


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"a\r\nb", "a\nb"), ("\ufeffä".encode(), "ä"), ("ä".encode("utf-16"), "ä"), (b"", "")],
)
def test_texts_are_read_in_their_encoding(data: bytes, text: str) -> None:
    assert decode("a.txt", data) == text


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"\xff\xd8\xff\xe0", b"GGUF\x03\x00\x00\x00"])
def test_what_is_no_text_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(InvalidFile, match=r"a\.bin"):
        decode("a.bin", data)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a.png",
        "data:image/svg+xml;base64,AAAA",
        "data:text/html;base64,AAAA",
        "javascript:1",
        "",
    ],
)
def test_only_data_urls_of_images_are_images(url: str) -> None:
    assert not is_image_url(url)


@pytest.mark.parametrize("attachment", [SCRIPT, PICTURE])
def test_an_attachment_survives_storage(attachment: Attachment) -> None:
    assert Attachment.from_record(attachment.to_record()) == attachment


def test_a_stored_image_of_another_origin_is_not_taken() -> None:
    record = PICTURE.to_record() | {"data_url": "https://example.org/beacon.png"}
    assert Attachment.from_record(record) is None


@given(
    st.dictionaries(
        st.sampled_from(["id", "name", "kind", "size", "text", "data_url"]),
        st.none() | st.text() | st.integers(),
    )
)
def test_whatever_is_stored_never_crashes(record: object) -> None:
    Attachment.from_record(record)
