"""What of a prompt stands outside the marks around text from outside, the marks themselves included."""

from __future__ import annotations

import re

_WRAPPED = re.compile(
    r"(\[text from outside ([0-9a-f]{16}): [^\n]*\n).*?(\n\[end of text from outside \2\])", re.DOTALL
)


def outside_marks(prompt: str) -> str:
    return _WRAPPED.sub(r"\1\3", prompt)
