"""English: the services that connections are made to."""

TEXTS: dict[str, str] = {
    "preset.access.direct": "Works straight from this page.",
    "preset.access.setting": "Works once pages are allowed in the server's own settings.",
    "preset.access.uncertain": "May not let pages read its answers. Test the connection after saving.",
    "preset.access.blocked": "Does not let pages read its answers: a proxy of your own has to stand before it.",
    "preset.llama-server.note": "Any page may use it, unless it was started with --api-key.",
    "preset.ollama.note": "It answers pages of this machine. For other pages, add their origin to OLLAMA_ORIGINS.",
    "preset.lm-studio.note": "Switch on “Enable CORS” in its server settings, or start it with the command.",
    "preset.vllm.note": "Put the model of your choice into the command.",
    "preset.gpt4all.note": "It sends no CORS headers. Run the same model file with llama-server, or in this tab.",
    "preset.gemini-compatible.note": "Without thoughts. The Google Gemini preset shows them.",
    "preset.anthropic.note": "Organisations can forbid keys in pages. It is not possible to share such a key safely.",
    "preset.groq.note": "Probably works; no recent report.",
    "preset.together.note": "Reports differ.",
    "preset.openrouter.note": "Does not work in a page that was opened from a file.",
    "preset.llm-service.note": "Its port may be another one: it stands in the file .port beside the service.",
    "preset.llm-router.note": "Its address ends in :3006. From a page with https only one on this machine can be reached.",
    "preset.ollama-queue.note": "Its address ends in /api/v1/llm. It has to answer the browser's question before each request.",
    "preset.custom.note": "For any API: you say how it is asked and where its answer stands.",
}
