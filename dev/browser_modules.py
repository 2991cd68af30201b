"""Which files of the JavaScript packages the page gets, and where they go in static/vendor."""

from __future__ import annotations

import shutil
from pathlib import Path

from dev import node_packages
from dev.paths import NODE_MODULES
from dev.problem import Problem

PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")

PYSCRIPT_UNUSED = (
    "codemirror",
    "xterm",
    "py-editor",
    "py-game",
    "py-terminal",
    "donkey",
    "deprecations",
    "service-",
)
"""Parts of PyScript's distribution that pyscript.toml switches off."""

LIBRARIES = {
    "idb/build/index.js": "idb.mjs",
    "marked/lib/marked.esm.js": "marked.mjs",
    "dompurify/dist/purify.es.mjs": "dompurify.mjs",
    "pdfjs-dist/build/pdf.min.mjs": "pdf/pdf.mjs",
    "pdfjs-dist/build/pdf.worker.min.mjs": "pdf/pdf.worker.mjs",
    "hash-wasm/dist/sha256.umd.min.js": "hash-wasm/sha256.js",
    "katex/dist/katex.mjs": "katex/katex.mjs",
    "katex/dist/katex.min.css": "katex/katex.min.css",
    "@wllama/wllama/esm/wasm/wllama.wasm": "wllama/wllama.wasm",
}
"""File in node_modules to file in static/vendor/lib."""

WLLAMA = "@wllama/wllama/esm/index.js"
WLLAMA_WORKERS = ("workerURL", "pthreadMainJs")
"""The variables with which wllama starts its workers: addresses of scripts that it makes itself."""

TRUSTED = (
    "globalThis.trustedTypes?(globalThis.berthPolicy??="
    'trustedTypes.createPolicy("berth",{createScriptURL:url=>url})).createScriptURL(%s):%s'
)
"""What the page's policy wants to see around such an address. It stands in strings too, so it has no single quote."""

LANGUAGES = (
    "bash", "c", "cpp", "csharp", "css", "diff", "dockerfile", "go", "ini", "java", "javascript", "json",
    "kotlin", "lua", "makefile", "markdown", "php", "plaintext", "powershell", "python", "r", "ruby", "rust",
    "shell", "sql", "swift", "typescript", "xml", "yaml",
)  # fmt: skip
"""The languages that code blocks are highlighted in; each is one module, loaded on first use."""


def source(name: str) -> Path:
    """Return a file of node_modules, installing the packages again when it is missing.

    Raises:
        Problem: The package does not hold that file.
    """
    path = NODE_MODULES / name
    if not path.is_file():
        node_packages.install(force=True)
    if not path.is_file():
        raise Problem(
            f"node_modules/{name} is missing.",
            cause="The package was changed without changing the list in dev/browser_modules.py.",
            fix="Restore package.json and package-lock.json, or correct the list.",
        )
    return path


def copy(name: str, target: Path) -> None:
    """Copy one file of node_modules to `target`, without the link to a source map that is not shipped."""
    target.parent.mkdir(parents=True, exist_ok=True)
    path = source(name)
    if target.suffix not in {".js", ".mjs", ".css"}:
        shutil.copyfile(path, target)
        return
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(("//# sourceMappingURL=", "/*# sourceMappingURL="))]
    target.write_text("".join(kept), "utf-8")


def build_pyodide(folder: Path) -> None:
    """Copy the interpreter and its plain standard library."""
    for name in PYODIDE:
        copy(f"pyodide/{name}", folder / name)


def build_pyscript(folder: Path) -> None:
    """Copy what a page without terminals, editors and games needs of PyScript."""
    distribution = source("@pyscript/core/dist/core.js").parent
    for path in sorted(distribution.iterdir()):
        if path.suffix in {".js", ".css"} and not path.name.startswith(PYSCRIPT_UNUSED):
            copy(f"@pyscript/core/dist/{path.name}", folder / path.name)


def build_libraries(folder: Path) -> None:
    """Copy the libraries that the page imports by itself."""
    for name, target in LIBRARIES.items():
        copy(name, folder / target)
    build_wllama(folder / "wllama" / "wllama.mjs")
    for font in sorted(source("katex/dist/fonts/KaTeX_Main-Regular.woff2").parent.glob("*.woff2")):
        copy(f"katex/dist/fonts/{font.name}", folder / "katex" / "fonts" / font.name)
    build_highlight(folder / "highlight")


def build_wllama(path: Path) -> None:
    """Copy wllama, with its workers allowed by the page's policy: it knows nothing of Trusted Types.

    Raises:
        Problem: It starts its workers in another way than the one that is known.
    """
    copy(WLLAMA, path)
    text = path.read_text("utf-8")
    for variable in WLLAMA_WORKERS:
        start = f"new Worker({variable},"
        if text.count(start) != 1:
            raise Problem(
                f"{WLLAMA} has no “{start}”.",
                cause="The package starts its workers in another way than before.",
                fix="Restore package.json and package-lock.json, or correct WLLAMA_WORKERS.",
            )
        text = text.replace(start, f"new Worker({TRUSTED % (variable, variable)},")
    path.write_text(text, "utf-8")


def build_highlight(folder: Path) -> None:
    """Make ES modules of highlight.js.

    Its own `es/core.js` imports a CommonJS file, which no browser can read; the core is wrapped here
    instead. The language files are ES modules already.
    """
    folder.mkdir(parents=True)
    core = source("highlight.js/lib/core.js").read_text("utf-8")
    (folder / "core.mjs").write_text(
        f"const module = {{ exports: {{}} }};\n{core}\nexport default module.exports.default;\n", "utf-8"
    )
    for language in LANGUAGES:
        copy(f"highlight.js/es/languages/{language}.js", folder / f"{language}.mjs")
