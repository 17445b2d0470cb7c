"""The dim line under an answer: which focus and model, how long it took, what was used and made, how to undo it."""

from __future__ import annotations

from collections.abc import Iterator

from senter.client.types import QueryAnswer
from senter.sentences import phrase
from senter.terminal import output

MOST_NAMED = 3
SEPARATOR = " | "


def foot(answer: QueryAnswer, columns: int) -> list[str]:
    """For example `Focus: research | Latency: 1.23s | Model: rules`; in more lines where it does not fit into one."""
    lines: list[str] = []
    for part in map(output.one_line, _parts(answer)):
        longer = SEPARATOR.join([*lines[-1:], part])
        if lines and output.width_of(longer) < columns:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def _parts(answer: QueryAnswer) -> Iterator[str]:
    yield f"Focus: {answer['focus']}"
    yield f"Latency: {answer['latency_seconds']:.2f}s"
    yield f"Model: {answer['model']}"
    if used := list(dict.fromkeys(quoted["source"] for quoted in answer["sources"])):
        yield f"Used: {_few(used)}"
    if made := [f"{receipt['kind']} {receipt['id']}" for receipt in answer["receipts"]]:
        undo = " (/undo)" if any(receipt["undoable"] for receipt in answer["receipts"]) else ""
        yield f"Made: {_few(made)}{undo}"
    if answer.get("cut_off") == "length":
        yield phrase("cut off, for the rest say: go on")
    if answer["degraded"]:
        yield f"degraded: {answer.get('degraded_reason') or 'a lesser model answered'}"


def _few(names: list[str]) -> str:
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
