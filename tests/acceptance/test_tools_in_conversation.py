"""A capable model in a conversation has a reminder set and looks at it, whether its server knows tools or not."""

from __future__ import annotations

import json
from typing import cast

import pytest
from pydantic import JsonValue

from senter.client.types import QueryAnswer
from tests.scripted_model import Exchange, answering, refusing
from tests.support.daemon import modelled_daemon, senter

pytestmark = pytest.mark.process

SERVER = {"capability": "capable"}


class Server:
    """Calls `tool` first, and says `answer` when it has heard what came of it."""

    def __init__(self) -> None:
        self.knows_tools = True
        self.tool = ""
        self.arguments: dict[str, JsonValue] = {}
        self.answer = ""

    async def __call__(self, exchange: Exchange) -> None:
        has_heard = exchange.asked.messages[-1]["role"] == "tool" or "Result of" in str(exchange.asked.messages[-1])
        if not self.knows_tools and exchange.asked.tools:
            await refusing(400, {"error": {"message": "tools are not supported", "param": "tools"}})(exchange)
        elif has_heard:
            await answering(self.answer if self.knows_tools else json.dumps({"answer": self.answer}))(exchange)
        elif self.knows_tools:
            function: JsonValue = {"name": self.tool, "arguments": json.dumps(self.arguments)}
            await exchange.begin_stream()
            call: JsonValue = {"index": 0, "id": "c1", "function": function}
            await exchange.event({"choices": [{"index": 0, "delta": {"tool_calls": [call]}, "finish_reason": None}]})
            await exchange.end_stream("tool_calls")
        else:
            await answering(json.dumps({"tool": self.tool, "arguments": self.arguments}))(exchange)


def test_it_has_a_reminder_set_and_looks_at_it() -> None:
    server = Server()
    with modelled_daemon(server, models__primary=SERVER, user={"timezone": "Europe/Berlin"}) as (daemon, model):

        def ask(text: str) -> QueryAnswer:
            return cast(QueryAnswer, senter(daemon.paths.home, "ask", "--json", text).json)

        server.tool, server.arguments = "do", {"sentence": "Remind me to call mom tomorrow at 9"}
        server.answer = "I've set everything up. Mothers like flowers."
        made = ask("What do mothers like best?")
        (receipt,) = made["receipts"]
        assert (receipt["kind"], receipt["title"], receipt["undoable"]) == ("reminder", "call mom", True)
        assert "I've set" not in made["response"]
        assert "Mothers like flowers." in made["response"]
        assert f"Reminder {receipt['id']}: call mom" in made["response"]

        server.knows_tools, server.tool, server.arguments = False, "list", {"what": "reminders"}
        server.answer = "Call mom, at 09:00 [1]."
        seen = ask("What do fathers like best?")
        assert seen["response"].startswith("Call mom, at 09:00 [1].")
        assert [source["address"] for source in seen["sources"]] == [f"reminder {receipt['id']}"]
        assert not model.asked[-1].tools
        assert model.asked[-1].response_format

        assert "is cancelled" in ask("undo")["response"]
