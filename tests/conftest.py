"""What all tests share: the checkout on the import path, and properties that do not fail because a machine is busy."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

# Tests never assert times; what is slow on an idle machine is seen in tests/bench.
settings.register_profile("berth", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("berth")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests with a browser last: the quick ones tell first, and Playwright keeps an event loop running.

    Those get a second try, which the summary counts: a browser and its servers on a machine that stalls for seconds
    can lose a race that nobody could see. A test that is wrong fails twice.
    """
    items.sort(key=_has_browser)
    for item in filter(_has_browser, items):
        item.add_marker(pytest.mark.flaky(reruns=1))


def _has_browser(item: pytest.Item) -> bool:
    return "browser" in item.path.relative_to(ROOT / "tests").parts
