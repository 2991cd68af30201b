"""What of the checkout is the page, and under which addresses.

index.html and pyscript.toml name everything else below "static/". They are served with that prefix changed to
"static@VERSION/", where the version is a hash over all files below static/. What is under it never changes
and may be cached for ever: a second visit asks for three files, and no visit mixes files of two versions.
Served as they are, by any other web server, the same files work with that server's validators.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from dev.app_bundle import APP_ZIP, DIGEST, AppBundle
from dev.paths import ROOT

FILES = ("index.html", "pyscript.toml", "service-worker.js")
FOLDERS = ("app", "static")
VERSIONED = re.compile(r"static@([0-9a-f]{16})")


@dataclass(frozen=True)
class Found:
    """What a request target stands for.

    Attributes:
        path: The file; its suffix tells the media type.
        content: What to send instead of the file, when it is made up now.
        tag: Changes whenever the content does.
        is_immutable: Whether the address can never mean another content.
    """

    path: Path
    content: bytes | None
    tag: str
    is_immutable: bool = False


class Site:
    """The page of one checkout.

    Args:
        app: Hands out app.zip and the hash of the app's sources.
    """

    def __init__(self, app: AppBundle) -> None:
        self._app = app
        self._versions: dict[str, dict[Path, str]] = {}

    def version(self) -> str:
        """Return the hash that stands for everything below static/ as it is now."""
        tags = {path: self._tag(path) for path in (ROOT / "static").rglob("*") if path.is_file()}
        version = hashlib.sha256(repr(sorted(tags.items())).encode()).hexdigest()[:16]
        self._versions[version] = tags
        return version

    def _tag(self, path: Path) -> str:
        if path in (APP_ZIP, DIGEST):
            return self._app.tag()
        status = path.stat()
        return f"{status.st_mtime_ns:x}-{status.st_size:x}"

    def find(self, target: str) -> Found | None:
        """Return what a request target stands for, or None when nothing is served there.

        Names that start with a dot and everything that is not the page are not served.
        """
        url = urlsplit(target)
        parts = [part for part in unquote(url.path).split("/") if part] or ["index.html"]
        if any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
            return None
        asked_version = VERSIONED.fullmatch(parts[0])
        if asked_version:
            parts[0] = "static"
        path = ROOT.joinpath(*parts)
        if not (parts[0] in FOLDERS or (len(parts) == 1 and parts[0] in FILES)) or not path.is_file():
            return None
        if parts[0] in FILES:
            return self._versioned_text(path, parse_qs(url.query).get("version", [""])[0] or self.version())
        tag = self._tag(path)
        known = self._versions.get(asked_version[1], {}) if asked_version else {}
        return Found(path, self._content(path), tag, is_immutable=known.get(path) == tag)

    def _content(self, path: Path) -> bytes | None:
        made_up = {APP_ZIP: self._app.current, DIGEST: self._app.digest}
        return made_up[path]() if path in made_up else None

    def _versioned_text(self, path: Path, version: str) -> Found:
        text = re.sub(r'"(\./)?static/', f'"./static@{version}/', path.read_text("utf-8"))
        text = text.replace('config="./pyscript.toml"', f'config="./pyscript.toml?version={version}"')
        content = text.encode()
        return Found(path, content, hashlib.sha256(content).hexdigest()[:32])
