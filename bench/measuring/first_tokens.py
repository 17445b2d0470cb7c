"""How long a person waits for the first token of an answer."""

from __future__ import annotations

import time

from measuring.http import Caller

QUESTIONS = (
    "What is Python?",
    "Tell me about rivers.",
    "How is bread made?",
    "Why does the moon shine?",
    "Who invented chess?",
)


def first_token_ms(caller: Caller, question: str) -> float:
    begun = time.perf_counter()
    first = 0.0
    with caller.open("/api/query", {"text": question, "stream": True}) as response:
        while line := response.readline():
            if not first and line.startswith(b"event: delta"):
                first = time.perf_counter()
    return (first - begun) * 1_000
