"""The child that tries how fast a model is with one thread, with two, and so on. Run as a module by `trial`."""

from __future__ import annotations

import gc
import secrets
import tempfile
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from senter.component.frames import Frame
from senter.component.isolated_child import run, serve
from senter.components.models.server import ServerShape, start_server
from senter.components.models.speed import TimedRun, best_of

CONTEXT_TOKENS = 512
READ_TOKENS, WRITTEN_TOKENS = 96, 24
BATCH_TOKENS = 32
FIRST_TOKEN = 100
"""Any tokens will do, as long as there are as many as were meant."""


def main() -> None:
    serve(_answer)


def _answer(frame: Frame) -> Frame:
    file = Path(str(frame.head["file"]))
    spare = bool(frame.head["spare"])
    runs: list[TimedRun] = []
    for threads in cast("list[int]", frame.head["threads"]):
        runs.append(_timed(file, threads, spare))
        if _past_its_best(runs):
            break
    return Frame(cast("dict[str, JsonValue]", best_of(runs).model_dump()))


def _past_its_best(runs: list[TimedRun]) -> bool:
    """More threads than that would only be slower."""
    return len(runs) > 1 and runs[-1].read < runs[-2].read and runs[-1].write < runs[-2].write


def _timed(file: Path, threads: int, spare: bool) -> TimedRun:
    shape = ServerShape(
        slots=1,
        context_tokens=CONTEXT_TOKENS,
        batch_tokens=BATCH_TOKENS,
        reading_threads=threads,
        writing_threads=threads,
        spares_memory=spare,
    )
    with tempfile.TemporaryDirectory(prefix="sn") as folder:
        server = start_server(file, "trial", Path(folder) / "t.sock", secrets.token_urlsafe(32), shape)
        complete = server.handle_completions
        complete(_call(BATCH_TOKENS, 1))
        timings = cast("dict[str, dict[str, float]]", complete(_call(READ_TOKENS, WRITTEN_TOKENS)))["timings"]
        del server, complete
        gc.collect()
    return TimedRun(threads, timings["prompt_per_second"], timings["predicted_per_second"])


def _call(prompt_tokens: int, answer_tokens: int) -> dict[str, JsonValue]:
    prompt: list[JsonValue] = list(range(FIRST_TOKEN, FIRST_TOKEN + prompt_tokens))
    return {"prompt": prompt, "n_predict": answer_tokens, "ignore_eos": True, "cache_prompt": False}


if __name__ == "__main__":
    run(main)
