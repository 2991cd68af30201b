"""What the errors of the Local LLM API mean, in all its generations: from the server's words to the user's.

The same failure comes in many forms: documented JSON, raw texts of llama.cpp and LangChain, pages of Flask.
Most are told apart by their words, the rest by status and path.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from app.core.http import HttpReply
from app.core.problems import Problem
from app.core.text import t
from app.providers import extract

QUESTION = "{question}"
"""The only placeholder of a template."""

DOUBLE = "{{ }}"
"""How braces that are meant as text are written in a template."""

REVEALING_SETTING = "LOG_API_CALLS=false"
"""The server's environment variable without which the widely used generation hides all its errors."""

_WORDS = {
    "disk_full": r"no space left|errno 28|disk (?:is )?full|not enough (?:disk )?space|disk quota",
    "context": r"context (?:window|size|length)|exceeds? n_ctx|exceeds? (?:the )?(?:available )?context",
    "memory": (
        r"out of memory|(?:cannot|unable to|failed to) allocate|memoryerror"
        r"|bad_alloc|insufficient memory"
    ),
    "template_name": r"missing some input keys|^(?:failed to generate response: )?(?:keyerror: )?'[^']*'$",
    "template_braces": (
        r"format string|unmatched '[{}]'|expected '}'"
        r"|replacement index|format spec|prompt schema"
    ),
    "unloadable": r"(?:could not|failed to|unable to) load|invalid magic|unknown model architecture",
    "model_gone": r"path does not exist|no such file",
    "no_body": r"request body is required",
    "no_question": r"question is required",
    "no_model_name": r"model name is required",
    "model_not_found": r"model (?:'.*' |\".*\" )?(?:was )?not found",
    "exists": r"already exists",
    "not_gguf": r"only \.?gguf|invalid file type",
    "no_file_name": r"no (?:selected file|file selected)",
    "no_file": r"no file ",
    "permission": r"permission denied|errno 13|being used by another process|read-only file system",
    "timeout": r"request timeout|timed out",
    "upload_failed": r"failed to (?:save|upload|store)|upload failed",
    "delete_failed": r"failed to (?:delete|remove)|deletion failed",
    "list_failed": r"failed to list",
    "sync_failed": r"failed to sync|sync failed",
    "cache_failed": r"failed to (?:get|read|clear) (?:the )?cache",
    "generate_failed": r"failed to generate",
}
"""What the server says to the catalogue key, tried in this order: what is certain before what is general."""

_BY_WORDS = tuple((key, re.compile(words, re.IGNORECASE)) for key, words in _WORDS.items())
_BY_STATUS = {
    405: "wrong_method",
    408: "timeout",
    409: "exists",
    413: "too_large",
    415: "media",
    504: "timeout",
}
_PAGES = {400: "bad_json", 404: "wrong_path", 500: "hidden"}
"""What a status means when a page came with it, from the framework and not from the API."""

_BY_TASK = {
    "generate": "generate_failed",
    "list": "list_failed",
    "upload": "upload_failed",
    "delete": "delete_failed",
    "sync": "sync_failed",
    "cache": "cache_failed",
}
_NEEDED_AND_LIMIT = re.compile(
    r"(\d{1,9})(?: tokens)?\)? ?(?:exceeds?|>)[a-z_ ]{0,60}\(?(\d{1,9})", re.IGNORECASE
)
_LIMIT = re.compile(r"(?:window|size|length|n_ctx)[^\d]{1,12}(\d{1,9})", re.IGNORECASE)
_QUOTED = re.compile(r"'([^']{1,80})'")


def problem_of(reply: HttpReply) -> Problem:
    """What happened, why most likely, and what to do, for a reply that is an error or not of this API."""
    said = extract.error_text(reply)
    key = _key(reply, said)
    if key is None:
        return extract.status_problem(reply)
    if key == "hidden":
        return _hidden("hidden", _task_of(reply.path), reply.status, extract.details(reply))
    return Problem.of(
        f"local.{key}",
        details=extract.details(reply),
        status=reply.status,
        path=unquote(reply.path, errors="replace") or "/",
        said=said,
        model=_model(reply),
        name=_name_in(said),
        window=_window(said) if key == "context" else "",
        question=QUESTION,
        double=DOUBLE,
    )


def problem_of_rejection(request: str) -> Problem:
    """The same for a request, given as method and path, whose reply the page may not read."""
    method, _, path = request.partition(" ")
    return _hidden("rejected", _task_of(path, method), 0, "")


def _key(reply: HttpReply, said: str) -> str | None:
    """The catalogue key that fits, "hidden" for pages without a reason, None for what any API may say."""
    value = extract.read_value(reply)
    if reply.ok and not extract.reports_failure(value):
        return _not_a_reply(reply)
    by_words = next((key for key, words in _BY_WORDS if words.search(said)), None)
    if by_words is not None:
        return by_words
    if not isinstance(value, dict):
        by_status = {**_BY_STATUS, **_PAGES}.get(reply.status)
        return "slash" if by_status == "wrong_path" and "%2f" in reply.path.lower() else by_status
    if reply.ok or reply.status == 500:
        return _BY_TASK.get(_task_of(reply.path))
    return _BY_STATUS.get(reply.status)


def _not_a_reply(reply: HttpReply) -> str:
    """Which kind of success it is that holds nothing of this API."""
    if not reply.body.strip():
        return "empty"
    is_json = reply.media_type.endswith("json")
    return "damaged" if is_json and extract.read_value(reply) is None else "unreadable"


def _task_of(path: str, method: str = "") -> str:
    """What a request to `path` is for. Replies do not tell their method: /models counts as an upload."""
    steps = path.rstrip("/").split("/")
    if steps[-1] == "generate" or steps[-1] == "sync":
        return steps[-1]
    if steps[-1] == "models":
        return "list" if method == "GET" else "upload"
    if "cache" in steps[-2:]:
        return "cache"
    return "delete" if "models" in steps[-2:] else "other"


def _hidden(what: str, task: str, status: int, details: str) -> Problem:
    told = task if task in {"generate", "upload", "delete"} else "other"
    return Problem(
        what=t(f"local.{what}.what", status=status),
        cause=t(f"local.hidden.{told}.cause"),
        fix=t(f"local.hidden.{told}.fix"),
        snippet=REVEALING_SETTING,
        details=details,
    )


def _model(reply: HttpReply) -> str:
    """The model that the reply or its path names, in quotation marks; words for it when neither does."""
    value = extract.read_value(reply)
    name = ""
    if isinstance(value, dict):
        names = (value.get("requested_model"), value.get("model_used"))
        name = next((one for one in names if isinstance(one, str) and one), "")
    if not name and _task_of(reply.path) == "delete":
        name = unquote(reply.path.rstrip("/").rpartition("/")[2], errors="replace")
    return t("local.named", name=name) if name else t("local.this_model")


def _name_in(said: str) -> str:
    found = _QUOTED.search(said)
    return f"{{{found[1]}}}" if found else "?"


def _window(said: str) -> str:
    both = _NEEDED_AND_LIMIT.search(said)
    if both:
        return t("local.context.window", needed=both[1], limit=both[2])
    limit = _LIMIT.search(said)
    return t("local.context.window_only", limit=limit[1]) if limit else ""
