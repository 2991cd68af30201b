"""Conversations in and out of files: Berth's own JSON, Markdown, and the exports of other chat programs.

Berth's own format, version 1, is a JSON object in UTF-8:

    {
      "format": "berth",
      "version": 1,
      "exported": "2026-07-15T09:30:00Z",       when, in UTC
      "conversations": [ … ],                   see below
      "unreadable": [ … ],                      records that were put aside, as they were found; optional
      "sha256": "…"                             of the conversations; optional
    }

A conversation has `id`, `title`, `created` and `updated` (seconds since 1970), `pinned`, `model` ("connection/model" or
null), `system` (the system prompt), `typed` (provider id, parameter name, text), `head` (the id of the last message of
the branch that is shown) and `messages`. A message has `id`, `parent` (the id of the message before it, or null; those
with the same parent are alternatives), `role` ("user", "assistant"), `text`, `created`, `status` ("done", "stopped",
"interrupted", "failed"), and where it applies `model`, `reasoning`, `usage`, `seconds`, `first_delta`, `thought`,
`finish`, `raw`, `problem` and `attachments`. Nothing else is in it: no address of a server and no key.

`sha256` is the hexadecimal SHA-256 of all conversations, each as JSON with sorted keys, without spaces, in ASCII, and
followed by a line feed. A file may be indented or sorted anew without becoming invalid. One that was changed on purpose
is valid again without `sha256`.
"""
