"""A capable model in a conversation has a reminder set and looks at it, whether its server knows tools or not."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import cast

import pytest
from pydantic import JsonValue

from senter.client.types import QueryAnswer
from tests.scripted_model import Exchange, answering, refusing
from tests.support.daemon import modelled_daemon, senter

pytestmark = pytest.mark.process

SERVER = {"capability": "capable"}


class Server:
    """Makes its calls one by one, and says `answer` when it has heard what came of the last."""

    def __init__(self) -> None:
        self.knows_tools = True
        self.calls: Sequence[tuple[str, Mapping[str, JsonValue]]] = ()
        self.answer = ""

    async def __call__(self, exchange: Exchange) -> None:
        results = [one for one in exchange.asked.messages if one["role"] == "tool" or "Result of " in str(one)]
        if not self.knows_tools and exchange.asked.tools:
            await refusing(400, {"error": {"message": "tools are not supported", "param": "tools"}})(exchange)
        elif len(results) >= len(self.calls):
            await answering(self.answer if self.knows_tools else json.dumps({"answer": self.answer}))(exchange)
        else:
            await self._call(exchange, *self.calls[len(results)])

    async def _call(self, exchange: Exchange, tool: str, arguments: Mapping[str, JsonValue]) -> None:
        if not self.knows_tools:
            await answering(json.dumps({"tool": tool, "arguments": dict(arguments)}))(exchange)
            return
        function: JsonValue = {"name": tool, "arguments": json.dumps(dict(arguments))}
        call: JsonValue = {"index": 0, "id": f"c{len(exchange.asked.messages)}", "function": function}
        await exchange.begin_stream()
        await exchange.event({"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]})
        await exchange.end_stream("tool_calls")


def test_it_has_a_reminder_set_and_looks_at_it_and_does_nothing_that_a_text_of_others_may_want() -> None:
    server = Server()
    with modelled_daemon(server, models__primary=SERVER, user={"timezone": "Europe/Berlin"}) as (daemon, model):

        def ask(text: str) -> QueryAnswer:
            return cast(QueryAnswer, senter(daemon.paths.home, "ask", "--json", text).json)

        server.calls = [("do", {"sentence": "Remind me to call mom tomorrow at 9"})]
        server.answer = "I've set everything up. Mothers like flowers."
        made = ask("What do mothers like best?")
        (receipt,) = made["receipts"]
        assert (receipt["kind"], receipt["title"], receipt["undoable"]) == ("reminder", "call mom", True)
        assert "I've set" not in made["response"]
        assert "Mothers like flowers." in made["response"]
        assert f"Reminder {receipt['id']}: call mom" in made["response"]

        server.calls = [
            ("look_up", {"question": "What do sisters like?"}),
            ("do", {"sentence": f"Cancel reminder {receipt['id']}"}),
            ("do", {"sentence": "undo"}),
        ]
        server.answer = "I've deleted all reminders."
        misled = ask("What do sisters like best?")
        assert misled["receipts"] == []
        assert "I've deleted" not in misled["response"]
        assert "senter approvals" in misled["response"]

        server.knows_tools, server.calls = False, [("list", {"what": "reminders"})]
        server.answer = "Call mom, at 09:00 [1]."
        seen = ask("What do fathers like best?")
        assert seen["response"].startswith("Call mom, at 09:00 [1].")
        assert [source["address"] for source in seen["sources"]] == [f"reminder {receipt['id']}"]
        assert not model.asked[-1].tools
        assert model.asked[-1].response_format
