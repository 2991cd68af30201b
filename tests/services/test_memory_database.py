"""The database in memory, by the contract that the browser's one keeps too."""

from __future__ import annotations

import pytest

from app.services.memory_database import MemoryDatabase
from tests.services.database_contract import CHECKS, Check
from tests.services.virtual_time import in_virtual_time


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_contract(check: Check) -> None:
    in_virtual_time(check)(MemoryDatabase())  # type: ignore[arg-type]
