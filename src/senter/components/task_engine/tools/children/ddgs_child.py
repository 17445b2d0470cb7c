"""The child that asks DuckDuckGo. Run as a module by web_search."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve

if TYPE_CHECKING:
    from pydantic import JsonValue

REQUEST_SECONDS = 8


def _answer(frame: Frame) -> Frame:
    from ddgs import DDGS  # pyright: ignore[reportUnknownVariableType] - a class without types
    from ddgs.exceptions import DDGSException

    query, limit = str(frame.head["query"]), cast(int, frame.head["limit"])
    try:
        # One engine: the user switched on DuckDuckGo, not all that the library knows.
        found = DDGS(timeout=REQUEST_SECONDS).text(query, max_results=limit, backend="duckduckgo")
    except DDGSException as error:
        return Frame({"error": _sentence(error)})
    return Frame({"results": cast("JsonValue", found)})


def _sentence(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return "nothing was found" if "No results" in text else text[:300]


if __name__ == "__main__":
    run(lambda: serve(_answer))
