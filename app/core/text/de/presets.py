"""German: the services that connections are made to."""

TEXTS: dict[str, str] = {
    "preset.access.direct": "Geht direkt von dieser Seite aus.",
    "preset.access.setting": "Geht, sobald der Server in seinen eigenen Einstellungen Seiten erlaubt.",
    "preset.access.uncertain": "Lässt Seiten die Antworten vielleicht nicht lesen. Die Verbindung nach dem Speichern testen.",
    "preset.access.blocked": "Lässt Seiten die Antworten nicht lesen: Davor muss ein eigener Proxy stehen.",
    "preset.llama-server.note": "Jede Seite darf ihn benutzen, wenn er nicht mit --api-key gestartet wurde.",
    "preset.ollama.note": "Antwortet Seiten dieses Geräts. Für andere Seiten deren Ursprung in OLLAMA_ORIGINS eintragen.",
    "preset.lm-studio.note": "In den Server-Einstellungen „Enable CORS“ einschalten oder mit dem Befehl starten.",
    "preset.vllm.note": "Das gewünschte Modell in den Befehl einsetzen.",
    "preset.gpt4all.note": "Sendet keine CORS-Header. Dieselbe Modelldatei mit llama-server oder in diesem Tab ausführen.",
    "preset.gemini-compatible.note": "Ohne Gedanken. Die Vorlage „Google Gemini“ zeigt sie.",
    "preset.anthropic.note": "Organisationen können Schlüssel in Seiten verbieten. Ein solcher Schlüssel lässt sich nicht sicher teilen.",
    "preset.groq.note": "Geht wahrscheinlich; kein neuerer Bericht.",
    "preset.together.note": "Die Berichte widersprechen sich.",
    "preset.openrouter.note": "Geht nicht in einer Seite, die aus einer Datei geöffnet wurde.",
    "preset.llm-service.note": "Der Port kann ein anderer sein: Er steht in der Datei .port neben dem Dienst.",
    "preset.llm-router.note": "Die Adresse endet auf :3006. Von einer https-Seite ist nur einer auf diesem Gerät erreichbar.",
    "preset.ollama-queue.note": "Die Adresse endet auf /api/v1/llm. Der Dienst muss vor jeder Anfrage die Rückfrage des Browsers beantworten.",
    "preset.custom.note": "Für jede API: mit eigenen Angaben, wie sie gefragt wird und wo ihre Antwort steht.",
}
