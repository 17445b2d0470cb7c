"""A person says what is to be done: it is done, told with its number and its moment, and taken back by one word."""

from __future__ import annotations

import json
from typing import cast

import pytest

from senter.client.types import JobsReply, QueryAnswer
from senter.paths import Paths
from tests.support.daemon import model_server, quick_settings, senter, short_home

pytestmark = pytest.mark.process


def test_a_reminder_in_plain_words_is_set_said_and_taken_back_and_no_model_is_asked() -> None:
    with short_home() as home, model_server() as model:
        paths = Paths(home)
        paths.make_folders()
        paths.settings.write_text(quick_settings(model.url, user={"timezone": "Europe/Berlin"}))

        def ask(text: str, *more: str) -> QueryAnswer:
            return cast(QueryAnswer, senter(home, "ask", "--json", text, *more).json)

        def reminders() -> list[object]:
            listed = cast(JobsReply, json.loads(senter(home, "schedule", "list", "--json").out))
            return [job["payload"] for job in listed["jobs"] if "reminder" in job["payload"]]

        try:
            made = ask("Remind me to call mom tomorrow at 9")
            (receipt,) = made["receipts"]
            assert (receipt["kind"], receipt["title"], receipt["undoable"]) == ("reminder", "call mom", True)
            assert f"Reminder {receipt['id']}: call mom" in made["response"]
            assert "09:00, Europe/Berlin" in made["response"]
            assert [payload for payload in reminders() if isinstance(payload, dict)] == [{"reminder": "call mom"}]

            (listed,) = ask("List my reminders")["sources"]
            assert listed["address"] == f"reminder {receipt['id']}"

            asked = ask("Remind me to water the plants")
            assert asked["asks"]
            assert asked["receipts"] == []
            answered = ask("tomorrow at 8", "-c", asked["conversation_id"])
            assert [receipt["title"] for receipt in answered["receipts"]] == ["water the plants"]

            ask("undo", "-c", asked["conversation_id"])
            ask("undo")
            assert reminders() == []
            assert model.asked == []
            assert ask("What is Python?")["response"] == "Hello there"

            assert "user.name" in ask("call me Rob")["response"]
            assert 'name = "Rob"' in paths.settings.read_text()
            assert ask("who am i")["response"].startswith("You are Rob")
            ask("call me Bob")
            ask("undo")
            assert 'name = "Rob"' in paths.settings.read_text()
        finally:
            senter(home, "stop")
