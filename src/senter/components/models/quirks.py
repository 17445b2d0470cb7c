"""What a server may not take, or a model not do, as the chat API has it: quirks, and what each means.

A quirk is the name of a parameter that must be left out, or one of those below.
"""

from __future__ import annotations

from typing import Final

Quirks = frozenset[str]

NO_QUIRKS: Final[Quirks] = frozenset()
TOOLS: Final = "tools"
"""Tools are offered by a schema of the answer."""
RESPONSE_FORMAT: Final = "response_format"
"""The model is told the schema of its answer; the server is asked for some JSON object."""
JSON_OBJECT: Final = "json_object"
"""Nor can it be asked for that."""
MAX_TOKENS: Final = "max_tokens"
"""It is called max_completion_tokens."""
MAX_COMPLETION_TOKENS: Final = "max_completion_tokens"
"""The length of the answer is kept on our side."""
SYSTEM: Final = "system"
"""A system message is told as part of the first question."""
ALTERNATION: Final = "alternation"
"""Messages of one role that follow each other are told as one."""
THINKS: Final = "thinks"
"""It needs more tokens than those of its answer."""
THINKS_ALOUD: Final = "thinks_aloud"
"""Text before the tag that ends its thoughts is thought; nothing opens them."""

TEMPERATURE: Final = "temperature"
STREAM: Final = "stream"
# What nobody on our side can do for a server that refuses it.
ONLY_THERE = ("top_p", "seed", "frequency_penalty", "presence_penalty", "logprobs")
