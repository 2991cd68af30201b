"""The tolerant extractors: what APIs mean, whichever of the known shapes they say it in.

One function for each thing that a reply can hold, used by every provider. None of them ever raises, whatever
bytes or JSON value it is given: an unknown shape reads as "nothing found" and is shown as it is (`raw_text`).
"""

from app.providers.extract.answer import answer_text, finish_reason, model_name
from app.providers.extract.body import raw_text, read_value
from app.providers.extract.errors import details, error_message, error_text, reports_failure, status_problem
from app.providers.extract.html import html_text
from app.providers.extract.limits import reset_time
from app.providers.extract.model_list import model_list
from app.providers.extract.rate_limits import rate_limits
from app.providers.extract.secrets import redact
from app.providers.extract.usage import usage

__all__ = [
    "answer_text",
    "details",
    "error_message",
    "error_text",
    "finish_reason",
    "html_text",
    "model_list",
    "model_name",
    "rate_limits",
    "raw_text",
    "read_value",
    "redact",
    "reports_failure",
    "reset_time",
    "status_problem",
    "usage",
]
