"""English: answers that arrive piece by piece, of any API."""

TEXTS: dict[str, str] = {
    "stream.unfinished.what": "The answer of {name} broke off.",
    "stream.unfinished.cause": (
        "The server closed the connection without saying that the answer is complete: it was stopped, ran into a limit, "
        "or a proxy before it ended the request."
    ),
    "stream.unfinished.fix": "What came is kept. Send it again, or ask the model to go on.",
    "stream.cut.what": "The answer of {name} broke off.",
    "stream.cut.cause": "The connection was lost in the middle of it: the server stopped, or the network failed.",
    "stream.cut.fix": "What came is kept. Send it again, or ask the model to go on.",
    "stream.stalled.what": "The answer of {name} stopped coming.",
    "stream.stalled.cause": "The server sent nothing more for a long time: it hangs, or is overloaded.",
    "stream.stalled.fix": "What came is kept. Send it again; if it happens again, restart the server.",
    "stream.unreadable.what": "The answer is not in a form that Berth can read.",
    "stream.unreadable.cause": "The server speaks another dialect than the one of this connection, or a proxy changed it.",
    "stream.unreadable.fix": "Check the base URL and the kind of this connection.",
    "stream.overflow.what": "The server sent a single piece of more than 8 MB, which was not read.",
    "stream.overflow.cause": "No API sends such pieces: something else answers there, or the server is out of order.",
    "stream.overflow.fix": "What came before is kept. Check the base URL, and look at the server's own log.",
    "stream.too_long.what": "The answer grew longer than {size} and was stopped.",
    "stream.too_long.cause": "A model that repeats itself without end writes such answers.",
    "stream.too_long.fix": "What came is kept. Set Max tokens or a repeat penalty, and ask again.",
}
