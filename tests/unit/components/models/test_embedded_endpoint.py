"""What the embedded model's server is sent, beside what any server would be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from senter.components.models.embedded_endpoint import EmbeddedEndpoint
from senter.components.models.speed import ModelSpeed
from senter.components.models.wire import ChatRequest
from senter.messages.model import ChatMessage
from tests.scripted_model import answering, scripted_model

SPEED = ModelSpeed(read=100, write=10, reading_threads=1, writing_threads=1)
PLAIN = ChatRequest(messages=(ChatMessage(role="user", content="When?"),), max_tokens=50, temperature=0)


async def test_what_is_copied_under_a_schema_is_not_penalised_as_said_before(tmp_path: Path) -> None:
    socket = tmp_path / "model.sock"
    async with scripted_model(answering('{"day": "2027-01-31"}'), socket=socket) as model:
        endpoint = EmbeddedEndpoint(socket, "key", SPEED, slots=1)
        for call in (PLAIN, replace(PLAIN, schema={"type": "object"})):
            await endpoint.complete("scripted", call, _ignore)
        await endpoint.close()
    free, held = (asked.body for asked in model.asked)
    assert not {"repeat_penalty", "dry_multiplier"} & free.keys()
    assert (held["repeat_penalty"], held["dry_multiplier"]) == (1.0, 0.0)


async def _ignore(_: str) -> None:
    """Nobody reads the pieces."""
