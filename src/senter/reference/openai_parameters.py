"""What becomes of each parameter that OpenAI clients send: a table for each way of asking."""

from __future__ import annotations

import json
from collections.abc import Iterator

from senter.components.api.openai.fields import IGNORED, Given
from senter.reference.markdown import code, table


def parameters(body: type[Given]) -> str:
    """First what is heeded, then what is passed over, then what is refused."""
    return table(("Parameter", "Fate", "Meaning"), (*_taken(body), *_refused(body)))


def _taken(body: type[Given]) -> Iterator[tuple[str, str, str]]:
    fields = {field.alias or name: field.description or "" for name, field in body.model_fields.items()}
    for name in sorted(fields, key=lambda name: fields[name] == IGNORED):
        yield code(name), "passed over" if fields[name] == IGNORED else "heeded", fields[name]


def _refused(body: type[Given]) -> Iterator[tuple[str, str, str]]:
    for name, hint in body.refuses.items():
        idle = f"refused, but for `{json.dumps(body.idle[name])}`" if name in body.idle else "refused"
        yield code(name), idle, hint
