"""What a capable model takes a sentence for, of which the rules are unsure."""

from __future__ import annotations

from collections import OrderedDict

from pydantic import JsonValue

from senter.component.models import ModelClient
from senter.components.assistant.capable_model import CapableModel
from senter.errors import SenterError
from senter.messages.model import Capability, ChatMessage, ModelRequest

READ_SECONDS = 4.0
"""Longer nobody waits for it: the rules have read the sentence already."""
READ_TOKENS = 300
REMEMBERED = 32


class ModelReading:
    """Asks it, once for each sentence: one is read again when more is known of what exists."""

    def __init__(self, capable: CapableModel, model: ModelClient) -> None:
        self._capable = capable
        self._model = model
        self._answers = OrderedDict[str, str]()

    async def ask(self, prompt: str, schema: dict[str, JsonValue]) -> str:
        """JSON; empty where no capable model is there, or none answers in time."""
        if prompt not in self._answers:
            self._answers[prompt] = await self._ask(prompt, schema)
            if len(self._answers) > REMEMBERED:
                self._answers.popitem(last=False)
        return self._answers[prompt]

    async def _ask(self, prompt: str, schema: dict[str, JsonValue]) -> str:
        if not await self._capable.is_there():
            return ""
        request = ModelRequest(
            messages=[ChatMessage(role="user", content=prompt)],
            use_system_prompt=False,
            max_tokens=READ_TOKENS,
            temperature=0,
            stream=False,
            response_schema=schema,
            least=Capability.CAPABLE,
        )
        try:
            return (await self._model.ask(request, timeout_seconds=READ_SECONDS)).text
        except SenterError:
            return ""
