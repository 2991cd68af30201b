"""What PyScript runs: short, because it is compiled at each start, and all modules are compiled already."""

from __future__ import annotations

from app.browser.loop import install_loop
from app.main import Berth

install_loop()
berth = Berth()
berth.start_task(berth.start())
