"""Presets: services that connections are made to, by name, with all that a form needs to know about them.

A preset is data. How a service departs from its dialect stands with the dialect (`openai_servers.quirks_of` tells it by
the address), so that it holds for connections that were typed by hand as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.text import t


class KeyNeed(StrEnum):
    """Whether a service wants a key."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    NONE = "none"


class PageAccess(StrEnum):
    """Whether a page may read what a service answers; the text says what that means and what to do.

    DIRECT: yes. SETTING: once it is switched on in the user's own server. UNCERTAIN: reports differ. BLOCKED: no.
    """

    DIRECT = "direct"
    SETTING = "setting"
    UNCERTAIN = "uncertain"
    BLOCKED = "blocked"

    @property
    def text(self) -> str:
        """What it means for the user."""
        return t(f"preset.access.{self}")


@dataclass(frozen=True, slots=True)
class Preset:
    """A service to connect to. `provider` is the id of its dialect, `base_url` empty where everyone has their own.

    `key_page` is where keys are made, as a text to show and never as a link that is followed by itself. `start_command`
    starts a server on the user's machine, in such a way that pages may read its answers.
    """

    id: str
    name: str
    provider: str
    base_url: str
    key: KeyNeed
    access: PageAccess
    key_page: str = ""
    start_command: str = ""
    note_key: str = ""

    @property
    def note(self) -> str:
        """What is particular about this service; empty when nothing is."""
        return t(self.note_key) if self.note_key else ""


def _hosted(
    preset_id: str,
    name: str,
    base_url: str,
    key_page: str,
    *,
    provider: str = "openai",
    access: PageAccess = PageAccess.DIRECT,
    note_key: str = "",
) -> Preset:
    return Preset(
        preset_id, name, provider, base_url, KeyNeed.REQUIRED, access, key_page=key_page, note_key=note_key
    )


PRESETS: tuple[Preset, ...] = (
    Preset(
        "llama-server",
        "llama.cpp server",
        "openai",
        "http://127.0.0.1:8080/v1",
        KeyNeed.OPTIONAL,
        PageAccess.DIRECT,
        start_command="llama-server -m model.gguf --port 8080",
        note_key="preset.llama-server.note",
    ),
    Preset(
        "ollama",
        "Ollama",
        "ollama",
        "http://127.0.0.1:11434",
        KeyNeed.NONE,
        PageAccess.DIRECT,
        start_command="ollama serve",
        note_key="preset.ollama.note",
    ),
    Preset(
        "lm-studio",
        "LM Studio",
        "openai",
        "http://127.0.0.1:1234/v1",
        KeyNeed.NONE,
        PageAccess.SETTING,
        start_command="lms server start --cors",
        note_key="preset.lm-studio.note",
    ),
    Preset(
        "vllm",
        "vLLM",
        "openai",
        "http://127.0.0.1:8000/v1",
        KeyNeed.OPTIONAL,
        PageAccess.DIRECT,
        start_command="vllm serve Qwen/Qwen3-4B",
        note_key="preset.vllm.note",
    ),
    Preset(
        "litellm",
        "LiteLLM proxy",
        "openai",
        "http://127.0.0.1:4000",
        KeyNeed.OPTIONAL,
        PageAccess.DIRECT,
        start_command="litellm --config config.yaml",
    ),
    Preset(
        "gpt4all",
        "GPT4All",
        "openai",
        "http://127.0.0.1:4891/v1",
        KeyNeed.NONE,
        PageAccess.BLOCKED,
        note_key="preset.gpt4all.note",
    ),
    _hosted("openai", "OpenAI", "https://api.openai.com/v1", "platform.openai.com/api-keys"),
    _hosted(
        "anthropic",
        "Anthropic",
        "https://api.anthropic.com/v1",
        "console.anthropic.com/settings/keys",
        provider="anthropic",
        note_key="preset.anthropic.note",
    ),
    _hosted(
        "gemini",
        "Google Gemini",
        "https://generativelanguage.googleapis.com/v1beta",
        "aistudio.google.com/apikey",
        provider="gemini",
    ),
    _hosted(
        "gemini-compatible",
        "Google Gemini (OpenAI-compatible)",
        "https://generativelanguage.googleapis.com/v1beta/openai",
        "aistudio.google.com/apikey",
        note_key="preset.gemini-compatible.note",
    ),
    _hosted("mistral", "Mistral", "https://api.mistral.ai/v1", "console.mistral.ai/api-keys"),
    _hosted(
        "groq",
        "Groq",
        "https://api.groq.com/openai/v1",
        "console.groq.com/keys",
        access=PageAccess.UNCERTAIN,
        note_key="preset.groq.note",
    ),
    _hosted(
        "openrouter",
        "OpenRouter",
        "https://openrouter.ai/api/v1",
        "openrouter.ai/keys",
        note_key="preset.openrouter.note",
    ),
    _hosted("deepseek", "DeepSeek", "https://api.deepseek.com", "platform.deepseek.com/api_keys"),
    _hosted("xai", "xAI", "https://api.x.ai/v1", "console.x.ai"),
    _hosted(
        "together",
        "Together",
        "https://api.together.xyz/v1",
        "api.together.ai/settings/api-keys",
        access=PageAccess.UNCERTAIN,
        note_key="preset.together.note",
    ),
    Preset(
        "llm-service",
        "LLM Service",
        "llm-service",
        "http://localhost:8000",
        KeyNeed.NONE,
        PageAccess.DIRECT,
        note_key="preset.llm-service.note",
    ),
    Preset(
        "llm-router",
        "LLM Router",
        "llm-router",
        "",
        KeyNeed.REQUIRED,
        PageAccess.DIRECT,
        note_key="preset.llm-router.note",
    ),
    Preset(
        "ollama-queue",
        "Ollama Queue",
        "ollama-queue",
        "",
        KeyNeed.REQUIRED,
        PageAccess.UNCERTAIN,
        note_key="preset.ollama-queue.note",
    ),
    Preset("other", "OpenAI-compatible", "openai", "", KeyNeed.OPTIONAL, PageAccess.UNCERTAIN),
    Preset(
        "custom",
        "Custom",
        "custom",
        "",
        KeyNeed.OPTIONAL,
        PageAccess.UNCERTAIN,
        note_key="preset.custom.note",
    ),
)
"""All presets, in the order in which they are offered: what runs on this device first."""


def preset(preset_id: str) -> Preset | None:
    """The preset of that id; None when there is none."""
    return next((one for one in PRESETS if one.id == preset_id), None)


def start_command(base_url: str) -> str:
    """The command that starts the server whose usual address on this device that is; empty when there is none."""
    address = base_url.replace("//localhost:", "//127.0.0.1:")
    return next((one.start_command for one in PRESETS if one.base_url == address), "")
