from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from senter.component.testing import FakeClock
from senter.components.task_engine.permissions.decide import default_grant
from senter.components.task_engine.permissions.granted import GrantedAccess
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import PermissionNeeded, ToolError
from senter.messages.goals import Grant
from senter.messages.needs import ActAfterEnd, ReachHost, ReadPath, RunCommand
from senter.paths import Paths


class Scene:
    def __init__(self, base: Path) -> None:
        self.paths, self.clock, self.settings = Paths(base / "home"), FakeClock(), TaskEngineSettings()
        self.paths.make_folders()
        self.documents = base / "documents"
        self.documents.mkdir()
        (self.documents / "a.txt").write_text("hello")
        self.results = self.paths.data / "Focuses" / "research" / "results" / "0001"

    def access(self, **more: object) -> GrantedAccess:
        """With a folder of the goal's own."""
        grant = default_grant(self.settings, [self.documents], self.paths, self.clock)
        own = {"write_roots": (*grant.write_roots, str(self.results))}
        return self.of(grant.model_copy(update={**own, **more}))

    def of(self, grant: Grant) -> GrantedAccess:
        return GrantedAccess(grant, self.paths, self.clock, self.settings)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


def test_documents_are_read_and_results_written(scene: Scene) -> None:
    access = scene.access()
    with access.open_for_reading(scene.documents / "a.txt") as file:
        access.write(scene.results / "a.md", file.read(), replace=False)
    assert (scene.results / "a.md").read_text() == "hello"
    assert [entry.name for entry in access.list(scene.documents)] == ["a.txt"]
    access.move(scene.results / "a.md", scene.paths.data / "trash" / "1" / "a.md")
    access.copy(scene.paths.data / "trash" / "1" / "a.md", scene.results / "b.md")
    access.make_folder(scene.results / "folder")
    assert access.exists(scene.results / "b.md")
    assert not access.exists(scene.results / "c.md")


async def test_nothing_is_done_after_the_grant_ended_not_even_in_the_middle_of_a_call(scene: Scene) -> None:
    access = scene.access(commands=(("true",),))
    scene.clock.set_wall_time(scene.clock.now() + timedelta(hours=1))
    a, b = scene.documents / "a.txt", scene.results / "b"
    for attempt in (
        lambda: access.open_for_reading(a),
        lambda: access.write(b, b"", replace=True),
        lambda: access.rewrite(b, b"", was=None),
        lambda: access.list(a.parent),
        lambda: access.make_folder(b),
        lambda: access.move(b, b),
        lambda: access.copy(a, b),
        lambda: access.exists(a),
        lambda: access.fetch("https://example.org/", limit_bytes=1, timeout_seconds=1),
    ):
        with pytest.raises(PermissionNeeded) as raised:
            attempt()
        assert raised.value.needs[-1] == ActAfterEnd(ended_at=scene.clock.now())
    with pytest.raises(PermissionNeeded) as raised:
        await access.run(["true"], folder=scene.results, timeout_seconds=5, limit_bytes=10)
    assert raised.value.needs[-1] == ActAfterEnd(ended_at=scene.clock.now())
    assert not b.exists()


async def test_a_program_needs_a_granted_beginning_and_a_granted_folder(scene: Scene) -> None:
    access = scene.access(commands=(("git", "status"),))
    with pytest.raises(PermissionNeeded) as raised:
        await access.run(["git", "push"], folder=scene.documents, timeout_seconds=5, limit_bytes=10)
    assert raised.value.needs == (RunCommand(argv=("git", "push")),)
    with pytest.raises(PermissionNeeded) as raised:
        await access.run(["git", "status"], folder=Path("/etc"), timeout_seconds=5, limit_bytes=10)
    assert raised.value.needs == (ReadPath(path=Path("/etc")),)


async def test_pages_need_a_granted_host(scene: Scene) -> None:
    access = scene.access(hosts=("example.org",))
    with pytest.raises(PermissionNeeded) as raised:
        async with access.fetch("https://evil.example/", limit_bytes=1, timeout_seconds=5):
            pass
    assert raised.value.needs == (ReachHost(host="evil.example", port=443),)
    with pytest.raises(ToolError, match="http"):
        access.fetch("file:///etc/passwd", limit_bytes=1, timeout_seconds=5)


def test_the_users_calendar_is_read_and_written_only_with_a_yes(scene: Scene) -> None:
    calendar = scene.paths.data / "calendar.ics"
    calendar.write_text("BEGIN:VCALENDAR")
    access = scene.access()
    with access.open_for_reading(calendar) as file:
        assert file.read() == b"BEGIN:VCALENDAR"
    with pytest.raises(PermissionNeeded):
        access.write(calendar, b"", replace=True)
    scene.of(Grant(write_roots=(str(calendar),))).write(calendar, b"END:VCALENDAR", replace=True)
    assert calendar.read_bytes() == b"END:VCALENDAR"
