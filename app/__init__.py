"""Berth: docks any language model in one browser tab."""
