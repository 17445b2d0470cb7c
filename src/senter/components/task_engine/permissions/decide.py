"""What a goal may do: the grant it starts with, whether a call stays inside, and what a person's word adds.

Everything here fails closed: what cannot be understood is outside. That a call keeps to what it named is
enforced where files are opened, hosts reached and programs run (granted.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue

from senter.clock import Clock
from senter.component.grants.holding import goal_folders, own_calendar, shared_folders, trash_folder
from senter.component.grants.hostnames import host_named
from senter.component.grants.roots import covered, resolved, settled
from senter.components.task_engine.contract.call_arguments import digest_of
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import PermissionNeeded
from senter.messages.approvals import Approval
from senter.messages.goals import USUAL, Amounts, Grant
from senter.messages.needs import (
    USUAL_PORTS,
    ActAfterEnd,
    CreatePath,
    Need,
    OfPath,
    ReachHost,
    ReadPath,
    RunCommand,
    SortPath,
    UseMcpServer,
    UseProvider,
    UseTool,
    WritePath,
)
from senter.paths import Paths

APPROVED_SECONDS = 3_600.0
T = TypeVar("T", bound=Hashable)


def calendar_files(settings: TaskEngineSettings, paths: Paths) -> tuple[Path, ...]:
    """What the user's calendars are in on this machine: files, and folders of them."""
    connected = (paths.home / calendar.file for calendar in settings.calendars.values() if calendar.file)
    main = paths.home / settings.calendar_file if settings.calendar_file else own_calendar(paths)
    return (main, *connected)


def default_grant(
    settings: TaskEngineSettings, document_folders: Iterable[Path | str], paths: Paths, clock: Clock
) -> Grant:
    """What every goal may do without asking, so that work goes on while nobody is there to ask."""
    return Grant(
        read_roots=settled((*document_folders, *calendar_files(settings, paths), *goal_folders(paths))),
        create_roots=settled(shared_folders(paths)),
        write_roots=settled((trash_folder(paths),)),
        hosts=settings.fetch_hosts,
        providers=_providers(settings),
        mcp_servers=tuple(name for name, server in settings.mcp_servers.items() if server.in_default_grant),
        tools=settings.foreign_tools,
        budget=Amounts.model_validate(settings.model_dump(include=set(Amounts.model_fields))),
        expires_at=clock.now() + timedelta(seconds=settings.wall_seconds),
    )


def widened(grant: Grant, more: Grant) -> Grant:
    """The default grant with what a person fixed beforehand; a budget that was fixed takes the default's place."""
    return grant.model_copy(
        update={
            "read_roots": _united(grant.read_roots, settled(more.read_roots)),
            "create_roots": _united(grant.create_roots, settled(more.create_roots)),
            "sort_roots": _united(grant.sort_roots, settled(more.sort_roots)),
            "write_roots": _united(grant.write_roots, settled(more.write_roots)),
            "hosts": _united(grant.hosts, more.hosts),
            "providers": _united(grant.providers, more.providers),
            "commands": _united(grant.commands, more.commands),
            "mcp_servers": _united(grant.mcp_servers, more.mcp_servers),
            "tools": _united(grant.tools, more.tools),
            "budget": grant.budget if more.budget == USUAL else more.budget,
        }
    )


def ended(grant: Grant, now: datetime) -> bool:
    return grant.expires_at is not None and now >= grant.expires_at


def outside(grant: Grant, needs: Iterable[Need], now: datetime) -> list[Need]:
    """What of this the grant does not cover, as it is seen now. A grant that has ended covers nothing."""
    if grant.expires_at is not None and ended(grant, now):
        found = [seen(need) for need in needs]
        return [*found, ActAfterEnd(ended_at=grant.expires_at)] if found else []
    return [seen(need) for need in needs if not covers(grant, need)]


def seen(need: Need) -> Need:
    """The need with where its path leads now, when that is somewhere else: what a person allows is that."""
    if not isinstance(need, ReadPath | CreatePath | SortPath | WritePath):
        return need
    found = resolved(need.path)
    leads_to = None if found is None or found == need.path else _text(found)
    return need.model_copy(update={"leads_to": leads_to})


def to_make(needs: Iterable[Need]) -> list[str]:
    """The files that a call with these needs will make where nothing is, links resolved. One that changes something
    too may only put it there, and whose that is its needs do not tell."""
    needs = tuple(needs)
    if any(isinstance(need, WritePath | SortPath) for need in needs):
        return []
    found = (resolved(need.path) for need in needs if isinstance(need, CreatePath))
    return [str(path) for path in found if path is not None and not path.exists()]


def to_change(needs: Iterable[Need]) -> list[str]:
    """Where a call with these needs makes or replaces something, links resolved."""
    found = (resolved(need.path) for need in needs if isinstance(need, CreatePath | WritePath))
    return [str(path) for path in found if path is not None]


def _text(path: Path) -> str:
    return str(path).encode("utf-8", "backslashreplace").decode()


def widen(
    grant: Grant,
    approval: Approval,
    tool: str,
    arguments: Mapping[str, JsonValue],
    needs: Sequence[Need],
    now: datetime,
) -> Grant:
    """The grant for one call that a person approved: this tool with exactly these arguments, once.

    It is for that call alone; the goal's own grant stays as it was. Raises `PermissionNeeded` where the
    approval is not a yes, or a yes to something else.
    """
    asked = digest_of("tool", approval.tool, approval.arguments)
    if approval.decision != "approved" or asked != digest_of("tool", tool, arguments):
        raise PermissionNeeded(outside(grant, needs, now) or approval.needs)
    allowed = [same for need in approval.needs for same in _allowed_with(need)]
    if unsaid := [need for need in map(seen, needs) if not covers(grant, need) and need not in allowed]:
        raise PermissionNeeded(unsaid)  # what a path leads to changed since the person looked
    start = Grant(budget=grant.budget) if ended(grant, now) else grant
    met_on_the_way = [need for need in allowed if seen(need) == need]
    return _with(start, (*needs, *met_on_the_way), now + timedelta(seconds=APPROVED_SECONDS))


def _allowed_with(need: Need) -> tuple[Need, ...]:
    """A yes to a host on a usual port is one to both of them, and a yes to replacing a file one to making it."""
    if isinstance(need, WritePath):
        return need, CreatePath(path=need.path, leads_to=need.leads_to)
    if isinstance(need, ReachHost) and need.port in USUAL_PORTS:
        return tuple(ReachHost(host=need.host, port=port) for port in USUAL_PORTS)
    return (need,)


def grant_for(needs: Sequence[Need], budget: Amounts, until: datetime) -> Grant:
    """What allows exactly these needs: a person asked for the calls that have them, and for nothing else."""
    return _with(Grant(budget=budget), needs, until)


def allowing(grant: Grant, needs: Sequence[Need]) -> Grant:
    """The grant, and what calls need that a person asked for in so many words."""
    return _with(grant, needs, grant.expires_at) if needs else grant


def _with(grant: Grant, needs: Sequence[Need], until: datetime | None) -> Grant:
    return grant.model_copy(
        update={
            "read_roots": (*grant.read_roots, *_paths(needs, ReadPath)),
            "create_roots": (*grant.create_roots, *_paths(needs, CreatePath)),
            "sort_roots": (*grant.sort_roots, *_paths(needs, SortPath)),
            "write_roots": (*grant.write_roots, *_paths(needs, WritePath)),
            "hosts": (*grant.hosts, *(_exactly(need) for need in needs if isinstance(need, ReachHost))),
            "providers": (*grant.providers, *(need.name for need in needs if isinstance(need, UseProvider))),
            "commands": (*grant.commands, *(need.argv for need in needs if isinstance(need, RunCommand))),
            "mcp_servers": (*grant.mcp_servers, *(need.name for need in needs if isinstance(need, UseMcpServer))),
            "tools": (*grant.tools, *(need.name for need in needs if isinstance(need, UseTool))),
            "expires_at": until,
        }
    )


def _paths(needs: Iterable[Need], kind: type[OfPath]) -> tuple[str, ...]:
    return settled(need.path for need in needs if isinstance(need, kind))


def _exactly(need: ReachHost) -> str:
    """The pattern for one host; a name with a star would be a pattern for others, so it becomes none."""
    return "" if "*" in need.host else f"{need.host}:{need.port}"


def covers(grant: Grant, need: Need) -> bool:
    """Whether the grant names it, ended or not."""
    match need:
        case ReadPath(path=path):
            return _path_covered(path, readable(grant))
        case CreatePath(path=path):
            return _path_covered(path, (*grant.create_roots, *grant.write_roots))
        case SortPath(path=path):
            return _path_covered(path, (*grant.sort_roots, *grant.write_roots))
        case WritePath(path=path):
            return _path_covered(path, grant.write_roots)
        case ReachHost(host=host, port=port):
            return host_named(host, port, grant.hosts)
        case UseProvider(name=name):
            return name in grant.providers
        case RunCommand(argv=argv):
            return command_covered(argv, grant.commands)
        case UseMcpServer(name=name):
            return name in grant.mcp_servers
        case UseTool(name=name):
            return name in grant.tools
        case _:
            return False  # only a person's word about one call


def readable(grant: Grant) -> tuple[str, ...]:
    """Below what a goal may read: what it may change it may see."""
    return (*grant.read_roots, *grant.create_roots, *grant.sort_roots, *grant.write_roots)


def command_covered(argv: Sequence[str], beginnings: Iterable[Sequence[str]]) -> bool:
    return any(beginning and tuple(argv[: len(beginning)]) == tuple(beginning) for beginning in beginnings)


def _path_covered(path: Path, roots: Iterable[str]) -> bool:
    found = resolved(path)
    return found is not None and covered(found, roots)


def _united(given: Sequence[T], more: Sequence[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*given, *more)))


def _providers(settings: TaskEngineSettings) -> tuple[str, ...]:
    """The user's own documents, and what else the user switched on."""
    on = {
        "documents": True,
        "searxng": bool(settings.searxng_url),
        "ddgs": settings.ddgs,
        "caldav": bool(settings.caldav_url) or any(one.caldav for one in settings.calendars.values()),
        "subscribed calendars": any(one.address for one in settings.calendars.values()),
    }
    return tuple(name for name, used in on.items() if used)
