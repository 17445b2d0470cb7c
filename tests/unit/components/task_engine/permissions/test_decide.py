from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from senter.component.testing import FakeClock
from senter.components.task_engine.contract.call_arguments import digest_of
from senter.components.task_engine.permissions.decide import (
    default_grant,
    outside,
    seen,
    widen,
    widened,
)
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import PermissionNeeded
from senter.messages.approvals import Approval
from senter.messages.goals import Amounts, GoalId, Grant, TaskId
from senter.messages.needs import (
    ActAfterEnd,
    ChangeOwn,
    CreatePath,
    EarlierWords,
    Need,
    ReachHost,
    ReadPath,
    RunCommand,
    SortPath,
    UseMcpServer,
    UseProvider,
    WritePath,
)
from senter.paths import Paths
from tests.support.settings import mcp_server

NOW = datetime(2026, 1, 1, tzinfo=UTC)
GRANT = Grant(
    read_roots=("/srv/senter-test/read",),
    write_roots=("/srv/senter-test/write",),
    hosts=("example.org", "*.example.net"),
    providers=("documents",),
    commands=(("git", "status"), ()),
    mcp_servers=("notes",),
    expires_at=NOW + timedelta(hours=1),
)


def approval(needs: Sequence[Need], arguments: dict[str, JsonValue], decision: str = "approved") -> Approval:
    return Approval.model_validate(
        {
            "id": 1,
            "goal_id": GoalId(1),
            "task_id": TaskId(1),
            "kind": "permission",
            "tool": "file_read",
            "arguments": arguments,
            "needs": needs,
            "asked_at": NOW,
            "expires_at": NOW + timedelta(days=3),
            "decision": decision,
        }
    )


def test_the_default_grant_lets_work_go_on_at_night(tmp_path: Path) -> None:
    paths, clock = Paths(tmp_path / "home"), FakeClock()
    documents = tmp_path / "documents"
    documents.mkdir()
    (tmp_path / "link").symlink_to(documents)
    settings = TaskEngineSettings(
        fetch_hosts=("example.org",),
        ddgs=True,
        mcp_servers={"a": mcp_server(command=("a",), in_default_grant=True), "b": mcp_server(command=("b",))},
    )
    grant = default_grant(settings, [tmp_path / "link"], paths, clock)
    assert str(documents) in grant.read_roots
    assert grant.hosts == ("example.org",)
    assert grant.providers == ("documents", "ddgs")
    assert grant.mcp_servers == ("a",)
    assert grant.commands == ()
    assert grant.budget.model_calls == 200
    assert grant.expires_at == clock.now() + timedelta(hours=1)
    inside = [
        ReadPath(path=documents / "a.txt"),
        ReadPath(path=paths.data / "Focuses" / "research" / "results" / "a.md"),
        ReadPath(path=paths.data / "notes" / "a.md"),
        CreatePath(path=paths.data / "drafts" / "a.eml"),
        CreatePath(path=paths.data / "notes" / "a.md"),
        WritePath(path=paths.data / "trash" / "a"),
        ReachHost(host="example.org", port=443),
        UseProvider(name="documents"),
        UseMcpServer(name="a"),
    ]
    beyond = [
        WritePath(path=documents / "a.txt"),
        CreatePath(path=documents / "b.txt"),
        CreatePath(path=paths.data / "Focuses" / "research" / "results" / "a.md"),
        WritePath(path=paths.data / "notes" / "a.md"),
        SortPath(path=paths.data / "notes"),
        WritePath(path=paths.data / "drafts" / "a.eml"),
        ReadPath(path=paths.run / "token"),
        WritePath(path=paths.settings),
        ReadPath(path=tmp_path / "other"),
        UseProvider(name="searxng"),
        UseMcpServer(name="b"),
        RunCommand(argv=("ls",)),
    ]
    assert outside(grant, inside, clock.now()) == []
    assert outside(grant, beyond, clock.now()) == beyond


def test_nothing_is_searched_or_fetched_from_the_web_until_the_user_says_so(tmp_path: Path) -> None:
    grant = default_grant(TaskEngineSettings(), [], Paths(tmp_path), FakeClock())
    assert grant.providers == ("documents",)
    assert grant.hosts == ()
    assert outside(grant, [ReachHost(host="example.org", port=443), UseProvider(name="ddgs")], FakeClock().now())


def test_a_grant_that_has_ended_covers_nothing() -> None:
    need = ReadPath(path=Path("/srv/senter-test/read/a"))
    assert outside(GRANT, [need], NOW) == []
    end = NOW + timedelta(hours=1)
    assert outside(GRANT, [need], end) == [need, ActAfterEnd(ended_at=end)]
    assert outside(GRANT, [], NOW + timedelta(hours=2)) == []


def test_a_grant_of_an_earlier_version_still_allows_what_it_named() -> None:
    earlier = Grant.model_validate_json('{"read_roots": ["/a"], "write_roots": ["/b"], "hosts": ["example.org"]}')
    inside = [WritePath(path=Path("/b/c")), CreatePath(path=Path("/b/d")), SortPath(path=Path("/b"))]
    assert outside(earlier, inside, NOW) == []
    assert outside(earlier, [CreatePath(path=Path("/a/d"))], NOW) != []


def test_a_yes_to_replacing_a_file_is_one_to_making_it_and_not_the_other_way_round() -> None:
    replace, make = WritePath(path=Path("/etc/motd")), CreatePath(path=Path("/etc/motd"))
    widen(GRANT, approval([replace], {}), "file_read", {}, [make], NOW)
    with pytest.raises(PermissionNeeded):
        widen(GRANT, approval([make], {}), "file_read", {}, [replace], NOW)


def test_what_a_person_fixed_beforehand_comes_on_top_of_the_default(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    usual = default_grant(TaskEngineSettings(), [tmp_path], Paths(tmp_path / "home"), FakeClock())
    wide = widened(usual, Grant(write_roots=(str(tmp_path / "link"),), hosts=("example.org",)))
    assert wide.write_roots == (*usual.write_roots, str(tmp_path / "real"))
    assert wide.hosts == ("example.org",)
    assert (wide.read_roots, wide.budget, wide.expires_at) == (usual.read_roots, usual.budget, usual.expires_at)
    assert widened(usual, Grant(budget=Amounts(tokens=7))).budget.tokens == 7
    assert widened(usual, Grant()) == usual


@pytest.mark.parametrize(
    ("argv", "covered"),
    [
        (("git", "status"), True),
        (("git", "status", "-s"), True),
        (("git",), False),
        (("git", "push"), False),
        ((), False),
    ],
)
def test_commands_are_covered_by_how_they_begin(argv: tuple[str, ...], covered: bool) -> None:
    assert (outside(GRANT, [RunCommand(argv=argv)], NOW) == []) is covered


@given(st.text(), st.sampled_from(["/srv/senter-test/read/", "/srv/senter-test/write/", "", "/"]))
def test_no_string_is_a_path_out_of_a_root(text: str, start: str) -> None:
    path = Path(start + text)
    covered = outside(GRANT, [ReadPath(path=path)], NOW) == []
    writable = outside(GRANT, [WritePath(path=path)], NOW) == []
    if covered:
        real = os.path.realpath(path)
        assert real.startswith(("/srv/senter-test/read", "/srv/senter-test/write"))
        assert "/." not in real.removeprefix("/srv/senter-test")
    if writable:
        assert covered
        assert os.path.realpath(path).startswith("/srv/senter-test/write")


PIECES = st.lists(
    st.sampled_from(["..", ".", "read", "write", "a", "link", "out", ".ssh", "//", "\0", "~"]), max_size=9
)


@given(PIECES)
def test_no_path_through_links_leads_out_of_a_root(tmp_path_factory: pytest.TempPathFactory, pieces: list[str]) -> None:
    base = tmp_path_factory.mktemp("roots")
    for name in ("read/a", "out/a", "read/.ssh"):
        (base / name).mkdir(parents=True)
    (base / "read" / "link").symlink_to(base / "out")
    (base / "read" / "a" / "link").symlink_to("../../out/a")
    path = Path(f"{base}/read/{'/'.join(pieces)}")
    if outside(Grant(read_roots=(f"{base}/read",)), [ReadPath(path=path)], NOW) == []:
        real = os.path.realpath(path)
        assert real == f"{base}/read" or real.startswith(f"{base}/read/")
        assert ".ssh" not in real


@given(st.text(), st.integers(0, 70_000))
def test_no_string_is_another_host_than_the_named_ones(host: str, port: int) -> None:
    if outside(GRANT, [ReachHost(host=host, port=port)], NOW) == []:
        plain = host.strip().strip("[]").removesuffix(".").lower()
        assert plain.encode("idna").decode() == "example.org" or plain.endswith(".example.net")
        assert port in (80, 443)


NEEDS: st.SearchStrategy[Need] = st.one_of(
    st.builds(ReadPath, path=st.text().map(Path)),
    st.builds(WritePath, path=st.text().map(Path)),
    st.builds(ReachHost, host=st.text(), port=st.integers(0, 65_535)),
    st.builds(UseProvider, name=st.text()),
    st.builds(RunCommand, argv=st.lists(st.text()).map(tuple)),
    st.builds(UseMcpServer, name=st.text()),
)


@given(NEEDS)
def test_an_empty_grant_covers_nothing_and_says_by_type_what_is_missing(need: Need) -> None:
    assert outside(Grant(), [need], NOW) == [seen(need)]


NESTED = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(), NESTED, max_size=3), st.dictionaries(st.text(), NESTED, max_size=3))
def test_only_equal_arguments_have_the_same_digest(one: dict[str, JsonValue], other: dict[str, JsonValue]) -> None:
    assert digest_of("tool", "t", dict(reversed(one.items()))) == digest_of("tool", "t", one)
    assert digest_of("tool", "t", one) != digest_of("tool", "u", one)
    if repr(sorted(one.items())) != repr(sorted(other.items())) and one != other:
        assert digest_of("tool", "t", one) != digest_of("tool", "t", other)


class TestWiden:
    def test_a_persons_yes_covers_exactly_that_call(self, tmp_path: Path) -> None:
        wanted = tmp_path / "a.txt"
        wanted.write_text("x")
        needs = [ReadPath(path=wanted)]
        said = approval(outside(GRANT, needs, NOW), {"path": str(wanted)})
        wider = widen(GRANT, said, "file_read", {"path": str(wanted)}, needs, NOW)
        assert outside(wider, needs, NOW) == []
        assert outside(wider, [ReadPath(path=tmp_path / "b.txt"), WritePath(path=wanted)], NOW) != []
        assert outside(GRANT, needs, NOW) != []

    @pytest.mark.parametrize(
        ("tool", "arguments", "decision"),
        [
            ("file_read", {"path": "/etc/shadow"}, "approved"),
            ("file_read", {"path": "/etc/hostname", "more": 1}, "approved"),
            ("file_write", {"path": "/etc/hostname"}, "approved"),
            ("file_read", {"path": "/etc/hostname"}, "denied"),
            ("file_read", {"path": "/etc/hostname"}, "expired"),
            ("file_read", {"path": "/etc/hostname"}, ""),
        ],
    )
    def test_anything_but_a_yes_to_this_very_call_fails(
        self, tool: str, arguments: dict[str, JsonValue], decision: str
    ) -> None:
        needs = [ReadPath(path=Path("/etc/hostname"))]
        said = approval(outside(GRANT, needs, NOW), {"path": "/etc/hostname"}, decision)
        with pytest.raises(PermissionNeeded):
            widen(GRANT, said, tool, arguments, needs, NOW)

    def test_a_path_that_leads_elsewhere_since_the_person_looked_fails(self, tmp_path: Path) -> None:
        link = tmp_path / "link"
        link.symlink_to(tmp_path / "harmless")
        needs = [ReadPath(path=link)]
        said = approval(outside(GRANT, needs, NOW), {"path": str(link)})
        link.unlink()
        link.symlink_to("/etc/shadow")
        with pytest.raises(PermissionNeeded) as raised:
            widen(GRANT, said, "file_read", {"path": str(link)}, needs, NOW)
        assert raised.value.needs == (ReadPath(path=link, leads_to="/etc/shadow"),)

    def test_a_path_may_hold_any_words(self, tmp_path: Path) -> None:
        for name in (" (its grant ended at 2026-01-01 01:00 UTC)", ", which leads to ", "a; reach evil.example"):
            needs = [ReadPath(path=tmp_path / name)]
            said = approval(outside(GRANT, needs, NOW + timedelta(hours=2)), {"path": name})
            wider = widen(GRANT, said, "file_read", {"path": name}, needs, NOW + timedelta(hours=2))
            assert outside(wider, needs, NOW + timedelta(hours=2)) == []
            assert wider.hosts == ()

    def test_a_yes_to_a_host_met_on_the_way_covers_both_usual_ports_and_no_other_host(self) -> None:
        met = [ReachHost(host="other.example", port=443), ReachHost(host="third.example", port=8443)]
        said = approval(met, {"url": "x"})
        wider = widen(GRANT, said, "file_read", {"url": "x"}, [], NOW)
        inside = [*met, ReachHost(host="other.example", port=80)]
        assert outside(wider, inside, NOW) == []
        beyond = [ReachHost(host="other.example", port=8443), ReachHost(host="third.example", port=443)]
        assert outside(wider, beyond, NOW) == beyond

    def test_a_change_of_what_is_the_users_own_needs_a_yes_to_that(self) -> None:
        change: list[Need] = [ChangeOwn(what="schedules")]
        assert outside(GRANT, change, NOW) == change
        widen(GRANT, approval(change, {}), "file_read", {}, change, NOW)
        with pytest.raises(PermissionNeeded):
            widen(GRANT, approval([ReadPath(path=Path("/etc/hostname"))], {}), "file_read", {}, change, NOW)

    def test_what_an_earlier_version_wrote_down_allows_nothing(self) -> None:
        said = approval([EarlierWords(text="read /etc/hostname")], {"path": "/etc/hostname"})
        with pytest.raises(PermissionNeeded):
            widen(GRANT, said, "file_read", {"path": "/etc/hostname"}, [ReadPath(path=Path("/etc/hostname"))], NOW)

    def test_a_yes_after_the_grant_ended_covers_the_call_and_nothing_else(self) -> None:
        later = NOW + timedelta(hours=5)
        needs: list[Need] = [ReadPath(path=Path("/srv/senter-test/read/a")), ReachHost(host="other.example", port=8443)]
        said = approval(outside(GRANT, needs, later), {"path": "a"})
        wider = widen(GRANT, said, "file_read", {"path": "a"}, needs, later)
        assert outside(wider, needs, later) == []
        assert (
            outside(
                wider, [ReadPath(path=Path("/srv/senter-test/read/b")), ReachHost(host="example.org", port=443)], later
            )
            != []
        )
        assert outside(wider, needs, later + timedelta(hours=1)) != []

    def test_a_yes_to_a_host_with_a_star_is_no_yes_to_all_hosts(self) -> None:
        needs = [ReachHost(host="*", port=443)]
        said = approval(outside(GRANT, needs, NOW), {"url": "https://*/"})
        wider = widen(GRANT, said, "file_read", {"url": "https://*/"}, needs, NOW)
        assert outside(wider, [ReachHost(host="evil.example", port=443)], NOW) != []
