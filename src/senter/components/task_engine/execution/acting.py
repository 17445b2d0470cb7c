"""Whether a request is to do something in the world, which a text alone cannot be the result of. Pure."""

from __future__ import annotations

import re

_POLITE = r"(?:(?:please|kindly|now|(?:can|could|would|will) you|i (?:need|want|would like) you to)[\s,]+)*"
# Verbs a request to act begins with; who asks for a text or an answer begins otherwise.
_VERBS = (
    "add|archive|attach|back ?up|book|buy|call|cancel|clean|close|commit|copy|delete|deploy|download|e-?mail|empty"
    "|execute|forward|install|invite|kill|mail|move|note|order|pay|phone|post|print|publish|push|put|reboot|remove"
    "|rename|replace|reply|reserve|restart|run|save|schedule|send|shut|start|stop|submit|trash|turn|uninstall|unpack"
    "|update|upload|wipe|zip"
)
# `Order of the planets` is no order.
_REQUEST = re.compile(rf"\s*{_POLITE}(?:{_VERBS})\b(?!\s+(?:of|in|is|are|was|were|and|or)\b)", re.IGNORECASE)


def asks_to_act(text: str) -> bool:
    """By its first words: `Send an email to Anna`, `please run the tests`."""
    return _REQUEST.match(text) is not None
