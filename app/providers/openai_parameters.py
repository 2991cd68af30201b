"""The parameters of OpenAI's API and its likes. No default is shown: it differs with server and model."""

from __future__ import annotations

from app.core.parameters import Parameter

STANDARD: tuple[Parameter, ...] = (
    Parameter("temperature", "number", minimum=0, maximum=2, step=0.1, text="openai.temperature"),
    Parameter("top_p", "number", minimum=0, maximum=1, step=0.05),
    Parameter("max_tokens", "integer", minimum=1, text="openai.max_tokens"),
    Parameter("stop", "list"),
    Parameter("seed", "integer"),
    Parameter("frequency_penalty", "number", minimum=-2, maximum=2, step=0.1),
    Parameter("presence_penalty", "number", minimum=-2, maximum=2, step=0.1),
)
"""Those of OpenAI's own document."""

LOCAL: tuple[Parameter, ...] = (
    Parameter("top_k", "integer", minimum=0),
    Parameter("min_p", "number", minimum=0, maximum=1, step=0.05),
    Parameter("repeat_penalty", "number", minimum=0, maximum=2, step=0.05),
)
"""Further ones that llama-server and most other local servers take, under llama.cpp's names. OpenAI refuses them."""
