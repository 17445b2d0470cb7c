"""A person asks: the question is answered, the answer stored, and everyone who must know is told."""

from __future__ import annotations

import json

import pytest

from senter.operations.scratch import wait_until
from senter.paths import Paths
from tests.support.daemon import events_of, facts, model_server, processes_of, quick_settings, senter, short_home
from tests.support.scratch import ScratchDaemon
from tests.support.troupe import installed

pytestmark = pytest.mark.process


def test_a_question_asked_with_the_daemon_stopped_is_answered_stored_and_announced() -> None:
    with short_home() as home, model_server() as model:
        paths = Paths(home)
        paths.make_folders()
        paths.settings.write_text(quick_settings(model.url))
        troupe = installed(home, "witness")
        first = senter(home, "ask", "--json", "What is Python?", environment=troupe)
        try:
            assert first.code == 0, first.all
            answer = first.json
            assert answer["response"] == "Hello there"
            assert answer["degraded"] is False
            assert set(answer) == {
                "id", "conversation_id", "response", "focus", "model", "latency_seconds", "degraded", "tokens",
                "receipts", "sources", "asks",
            }  # fmt: skip

            with events_of(paths) as seen:
                second = senter(home, "ask", "-c", str(answer["conversation_id"]), "And who made it?")
                assert (second.code, second.out.strip()) == (0, "Hello there")
                event = seen.wait_for("query_answered")
            assert event["conversation_id"] == answer["conversation_id"]
            assert (event["model"], event["focus"]) == ("scripted", "general")

            shown = senter(home, "conversations", "show", str(answer["conversation_id"]), "--json")
            found = json.loads(shown.out)["turns"]
            assert [(turn["text"], turn["state"], turn["response"]) for turn in found] == [
                ("What is Python?", "answered", "Hello there"),
                ("And who made it?", "answered", "Hello there"),
            ]
            assert [message["content"] for message in model.asked[-1].messages][-3:] == [
                "What is Python?", "Hello there", "And who made it?",
            ]  # fmt: skip

            witness = {"seen": 2, "questions": 2}
            wait_until(
                lambda: facts(ScratchDaemon(home), "witness") == witness, "the stream does not hold both events", 10
            )
            assert facts(ScratchDaemon(home), "assistant")["events_waiting"] == 0
        finally:
            stopped = senter(home, "stop")
        assert (stopped.code, stopped.all) == (0, "Senter has stopped.\n")
        assert not processes_of(home)
