"""The shortcuts: which key press means which action, on every keyboard."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from app.core.shortcuts import ACTIONS, Chord, KeyPress, find
from dev.paths import ROOT


def found(press: KeyPress, *, is_mac: bool = False, with_single_keys: bool = True) -> list[str]:
    return [action.id for action in find(press, is_mac=is_mac, with_single_keys=with_single_keys)]


def test_no_two_actions_have_the_same_keys() -> None:
    chords = Counter(action.chord for action in ACTIONS if action.chord)
    assert [chord for chord, count in chords.items() if count > 1] == []


def test_every_action_is_named_once() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)


def test_every_icon_is_in_the_sprite() -> None:
    lines = (ROOT / "static" / "icons.txt").read_text("utf-8").splitlines()
    assert {action.icon for action in ACTIONS} <= {line.partition("#")[0].strip() for line in lines}


@pytest.mark.parametrize(
    ("press", "is_mac"), [(KeyPress("k", ctrl=True), False), (KeyPress("k", meta=True), True)]
)
def test_the_palette_opens_also_while_somebody_types(press: KeyPress, is_mac: bool) -> None:
    typing = KeyPress(press.key, ctrl=press.ctrl, meta=press.meta, is_typing=True)
    assert found(typing, is_mac=is_mac, with_single_keys=False) == ["palette"]


@pytest.mark.parametrize(
    ("more", "is_mac"),
    [
        ({"meta": True}, False),
        ({"ctrl": True}, True),
        ({"ctrl": True, "shift": True}, False),
        ({"ctrl": True, "alt": True}, False),
        ({"ctrl": True, "meta": True}, False),
    ],
)
def test_other_keys_held_down_mean_something_else(more: dict[str, Any], is_mac: bool) -> None:
    assert found(KeyPress("k", **more), is_mac=is_mac) == []


@pytest.mark.parametrize(
    ("key", "action"), [("n", "new-conversation"), ("1", "go-chat"), ("?", "help"), ("t", "switch-theme")]
)
def test_characters_act_where_nobody_types(key: str, action: str) -> None:
    assert found(KeyPress(key)) == [action]
    assert found(KeyPress(key, is_typing=True)) == []


def test_characters_can_be_switched_off() -> None:
    assert [found(KeyPress(key), with_single_keys=False) for key in "n1?trsuycmp"] == [[]] * 11
    assert found(KeyPress("Escape"), with_single_keys=False) == ["stop"]


def test_escape_acts_in_fields_too() -> None:
    assert found(KeyPress("Escape", is_typing=True)) == ["stop"]


def test_shift_belongs_to_signs_and_not_to_letters() -> None:
    assert found(KeyPress("?", shift=True)) == ["help"]
    assert found(KeyPress("1", shift=True)) == ["go-chat"], "French keyboards write digits with Shift"
    assert found(KeyPress("N", shift=True)) == []
    assert found(KeyPress("N")) == ["new-conversation"], "Caps Lock changes nothing"


@pytest.mark.parametrize("modifier", ["ctrl", "meta", "alt"])
def test_characters_with_a_modifier_are_the_browsers(modifier: str) -> None:
    for key in "n1trs":
        assert found(KeyPress(key, **{modifier: True})) == []


def test_keyboards_without_latin_letters_use_the_place_of_the_key() -> None:
    assert found(KeyPress("л", code="KeyK", ctrl=True)) == ["palette"]
    assert found(KeyPress("т", code="KeyN")) == ["new-conversation"]
    assert found(KeyPress("n", code="KeyL")) == ["new-conversation"], "Dvorak writes Latin letters elsewhere"


@pytest.mark.parametrize(
    ("chord", "is_mac", "names"),
    [
        (Chord("k", mod=True), False, ("Ctrl", "K")),
        (Chord("k", mod=True), True, ("⌘", "K")),
        (Chord("Escape"), False, ("Esc",)),
        (Chord("n"), False, ("N",)),
        (Chord("?"), True, ("?",)),
    ],
)
def test_keys_have_the_names_that_are_written_on_them(
    chord: Chord, is_mac: bool, names: tuple[str, ...]
) -> None:
    assert chord.names(is_mac=is_mac) == names
