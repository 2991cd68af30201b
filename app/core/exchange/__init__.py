"""Conversations in and out of files: Berth's own JSON, Markdown, and the exports of other chat programs.

Berth's own format, version 1, is a JSON object in UTF-8:

    {
      "format": "berth",
      "version": 1,
      "exported": "2026-07-15T09:30:00Z",       when, in UTC
      "conversations": [ … ],                   see below
      "prompts": [ … ],                         the prompt library: `id`, `name`, `text`; optional
      "presets": [ … ],                         `id`, `name`, `system`, `typed` (parameter name, text); optional
      "unreadable": [ … ],                      records that were put aside, as they were found; optional
      "connections": { … },                     sealed; optional, and only when the user asked for it
      "sha256": "…"                             of conversations, prompts and presets; optional
    }

A conversation has `id`, `title`, `created` and `updated` (seconds since 1970), `pinned`, `model` ("connection/model" or
null), `system` (the system prompt), `typed` (provider id, parameter name, text), `head` (the id of the last message of
the branch that is shown), `sides` (the ids of the answers that are shown side by side) and `messages`. A message has
`id`, `parent` (the id of the message before it, or null; those with the same parent are alternatives), `role` ("user",
"assistant"), `text`, `created`, `status` ("done", "stopped", "interrupted", "failed"), and where it applies `model`,
`reasoning`, `usage`, `seconds`, `first_delta`, `thought`, `finish`, `raw`, `problem`, `attachments`, `left_out`
(messages that were not sent), `answered_by`, `cost` and `calls` (of tools: `name`, `arguments`, `id`). Nothing else is
in it: no address of a server and no key.

`connections` holds the connections with their API keys, readable only with the passphrase that the user gave: `version`
(1), `salt`, `rounds` (of PBKDF2 with SHA-256, which makes a wrapping key of the passphrase), `wrapped` (the data key,
AES-GCM) and `sealed` (AES-GCM with the data key). Bytes are in base64, a nonce of 12 bytes stands before what it was
used for, and the additional data is the label of `core/exchange/sealed.py`.

`sha256` is the hexadecimal SHA-256 of all conversations, prompts and presets in the order of the file, each as JSON
with sorted keys, without spaces, in ASCII, and followed by a line feed. A file may be indented or sorted anew without
becoming invalid. One that was changed on purpose is valid again without `sha256`.
"""
