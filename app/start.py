"""What PyScript runs: short, because it is compiled at each start, and all modules are compiled already."""

from __future__ import annotations

from app.main import run

berth = run()
