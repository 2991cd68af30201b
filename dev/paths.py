"""Where things lie in the checkout."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
BUILD = ROOT / ".build"
NODE_MODULES = ROOT / "node_modules"
VENV = ROOT / ".venv"
MODELS = ROOT / "models"
