"""What code blocks are called: the words that models write after a fence, and the languages they mean."""

from __future__ import annotations

from collections.abc import Mapping

NAMES: Mapping[str, str] = {
    "bash": "Bash", "c": "C", "cpp": "C++", "csharp": "C#", "css": "CSS", "diff": "Diff",
    "dockerfile": "Dockerfile", "go": "Go", "ini": "INI", "java": "Java", "javascript": "JavaScript",
    "json": "JSON", "kotlin": "Kotlin", "lua": "Lua", "makefile": "Makefile", "markdown": "Markdown",
    "php": "PHP", "plaintext": "Text", "powershell": "PowerShell", "python": "Python", "r": "R",
    "ruby": "Ruby", "rust": "Rust", "shell": "Shell", "sql": "SQL", "swift": "Swift",
    "typescript": "TypeScript", "xml": "XML", "yaml": "YAML",
}  # fmt: skip
"""highlight.js's name of each language that dev/browser_modules.py ships, and its name for people."""

_ALIASES: Mapping[str, tuple[str, str]] = {
    "c#": ("csharp", "C#"), "c++": ("cpp", "C++"), "cc": ("cpp", "C++"), "console": ("shell", "Shell"),
    "cs": ("csharp", "C#"), "docker": ("dockerfile", "Dockerfile"), "golang": ("go", "Go"), "h": ("c", "C"),
    "hpp": ("cpp", "C++"), "htm": ("xml", "HTML"), "html": ("xml", "HTML"),
    "js": ("javascript", "JavaScript"), "jsonc": ("json", "JSON"), "jsx": ("javascript", "JSX"),
    "kt": ("kotlin", "Kotlin"), "make": ("makefile", "Makefile"), "md": ("markdown", "Markdown"),
    "mjs": ("javascript", "JavaScript"), "patch": ("diff", "Diff"), "postgresql": ("sql", "SQL"),
    "ps1": ("powershell", "PowerShell"), "py": ("python", "Python"), "python3": ("python", "Python"),
    "rb": ("ruby", "Ruby"), "rs": ("rust", "Rust"), "sh": ("bash", "Shell"),
    "shell-session": ("shell", "Shell"), "sqlite": ("sql", "SQL"), "svg": ("xml", "SVG"),
    "text": ("plaintext", "Text"), "toml": ("ini", "TOML"), "ts": ("typescript", "TypeScript"),
    "tsx": ("typescript", "TSX"), "txt": ("plaintext", "Text"), "yml": ("yaml", "YAML"),
    "zsh": ("bash", "Zsh"),
}  # fmt: skip
"""Other words for them: the language, and what people call that word."""

_WITHIN: Mapping[str, tuple[str, ...]] = {
    "markdown": ("xml", "css", "javascript"),
    "php": ("xml", "css", "javascript"),
    "shell": ("bash",),
    "dockerfile": ("bash",),
    "xml": ("css", "javascript"),
}
"""Languages whose text holds others. They are loaded together, so that the colours never depend on what came before."""


def highlighter_name(word: str) -> str | None:
    """highlight.js's name of the language that `word` means; None when it is not known or needs no colours."""
    key = word.lower()
    name = key if key in NAMES else _ALIASES.get(key, ("", ""))[0]
    return None if name in {"", "plaintext"} else name


def label(word: str) -> str:
    """What a block with that word is called on the page; a word that is not known stands for itself."""
    key = word.lower()
    if key in NAMES:
        return NAMES[key]
    return _ALIASES[key][1] if key in _ALIASES else word


def modules(name: str) -> tuple[str, ...]:
    """The languages to load for `name`: itself and those within it."""
    return (name, *_WITHIN.get(name, ()))
