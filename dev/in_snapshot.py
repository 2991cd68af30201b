"""What goes into the memory snapshot: runs in the interpreter whose memory it is, when that is made and in the page.

Modules that can be imported without a page are imported. Of PyScript's own library, which cannot, the compiled code
is kept, so that importing it in the page reads no file and compiles nothing.
"""

from __future__ import annotations

import importlib
import marshal
import sys
from collections.abc import Mapping, Sequence
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType

PYC_HEAD = 16
"""Bytes before the code in a .pyc file (PEP 552)."""


class KeptCode(Loader):
    """Finds and loads modules whose code is in memory: an entry of `sys.meta_path`.

    Args:
        package: The name of the package that the modules belong to.
        codes: The code of each of its modules by name; that of the package itself is called "__init__".
    """

    def __init__(self, package: str, codes: Mapping[str, CodeType]) -> None:
        self._codes = {f"{package}.{name}".removesuffix(".__init__"): code for name, code in codes.items()}
        self._package = package

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Return how to load a module, or None when it is not kept here."""
        if name not in self._codes:
            return None
        return spec_from_loader(name, self, is_package=name == self._package)

    def create_module(self, _spec: ModuleSpec) -> None:
        """Leave the making of the module to Python."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's code."""
        exec(self._codes[module.__name__], vars(module))  # noqa: S102 - that is what loading a module is


def read_codes(cache: Path) -> dict[str, CodeType]:
    """Return the code in each file of a __pycache__ folder by the name of the module."""
    return {
        path.name.partition(".")[0]: marshal.loads(path.read_bytes()[PYC_HEAD:])  # noqa: S302 - made here
        for path in cache.glob("*.pyc")
    }


def fill(modules: Sequence[str], package: str) -> None:
    """Import modules, and keep the code of a package whose compiled files lie in the working folder."""
    for name in modules:
        importlib.import_module(name)
    sys.meta_path.insert(0, KeptCode(package, read_codes(Path(package, "__pycache__"))))
    sys.path_importer_cache.clear()
