"""What a goal may do: the grant it starts with, whether a call stays inside, and what a person's word adds.

Everything here fails closed: what cannot be understood is outside. That a call keeps to what it named is
enforced where files are opened, hosts reached and programs run (granted.py).
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import JsonValue

from senter.clock import Clock
from senter.component.grants.holding import goal_folders, own_calendar
from senter.component.grants.hostnames import USUAL_PORTS, host_named
from senter.component.grants.roots import covered, resolved, settled
from senter.components.task_engine.permissions.needs import (
    Need,
    ReachHost,
    ReadPath,
    RunCommand,
    UseMcpServer,
    UseProvider,
    UseTool,
    WritePath,
)
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import PermissionNeeded
from senter.messages.approvals import Approval
from senter.messages.goals import Budget, Grant
from senter.paths import Paths

APPROVED_SECONDS = 3_600.0
ENDED = " (its grant ended"
T = TypeVar("T", bound=Hashable)
_REACH = re.compile(r"reach (?P<host>\S+)(?: on port (?P<port>\d{1,5}))?")


def calendar_file(settings: TaskEngineSettings, paths: Paths) -> Path:
    return settings.calendar_file or own_calendar(paths)


def default_grant(
    settings: TaskEngineSettings, document_folders: Iterable[Path | str], paths: Paths, clock: Clock
) -> Grant:
    """What every goal may do without asking, so that work goes on while nobody is there to ask."""
    return Grant(
        read_roots=settled((*document_folders, calendar_file(settings, paths))),
        write_roots=settled(goal_folders(paths)),
        hosts=settings.fetch_hosts,
        providers=_providers(settings),
        mcp_servers=tuple(name for name, server in settings.mcp_servers.items() if server.in_default_grant),
        tools=settings.foreign_tools,
        budget=_budget(settings),
        expires_at=clock.now() + timedelta(seconds=settings.wall_seconds),
    )


def widened(grant: Grant, more: Grant) -> Grant:
    """The default grant with what a person fixed beforehand; a budget that was fixed takes the default's place."""
    return grant.model_copy(
        update={
            "read_roots": _united(grant.read_roots, settled(more.read_roots)),
            "write_roots": _united(grant.write_roots, settled(more.write_roots)),
            "hosts": _united(grant.hosts, more.hosts),
            "providers": _united(grant.providers, more.providers),
            "commands": _united(grant.commands, more.commands),
            "mcp_servers": _united(grant.mcp_servers, more.mcp_servers),
            "tools": _united(grant.tools, more.tools),
            "budget": grant.budget if more.budget == Budget() else more.budget,
        }
    )


def ended(grant: Grant, now: datetime) -> bool:
    return grant.expires_at is not None and now >= grant.expires_at


def outside(grant: Grant, needs: Iterable[Need], now: datetime) -> list[str]:
    """What of this the grant does not cover, in words for people. A grant that has ended covers nothing."""
    if ended(grant, now):
        return [f"{words(need)}{ENDED} at {grant.expires_at:%Y-%m-%d %H:%M} UTC)" for need in needs]
    return [words(need) for need in needs if not _covers(grant, need)]


def words(need: Need) -> str:
    """One need, for people. What a screen would not show as it is, is written out, so that nothing is disguised."""
    return "".join(character if character.isprintable() else ascii(character)[1:-1] for character in _said(need))


def _said(need: Need) -> str:
    match need:
        case ReadPath(path):
            return f"read {_seen(path)}"
        case WritePath(path):
            return f"write {_seen(path)}"
        case ReachHost(host, port):
            return f"reach {host}" if port in USUAL_PORTS else f"reach {host} on port {port}"
        case UseProvider(name):
            return f"search with {name}"
        case RunCommand(argv):
            return f"run {shlex.join(argv)}"
        case UseMcpServer(name):
            return f"call tools of the MCP server {name}"
        case UseTool(name):
            return f"call the tool {name} of another package"


def arguments_digest(tool: str, arguments: Mapping[str, JsonValue]) -> str:
    """Names one exact call. The order of arguments does not matter; nothing else is overlooked."""
    exact = json.dumps([tool, arguments], sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=True)
    return hashlib.sha256(exact.encode()).hexdigest()


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
    asked = arguments_digest(approval.tool, approval.arguments)
    if approval.decision != "approved" or asked != arguments_digest(tool, arguments):
        raise PermissionNeeded(outside(grant, needs, now) or [f"call {tool} with these arguments"])
    said = {said.partition(ENDED)[0] for said in approval.needs}
    if unsaid := [words(need) for need in needs if not _covers(grant, need) and words(need) not in said]:
        raise PermissionNeeded(unsaid)  # what a path leads to changed since the person looked
    start = Grant(budget=grant.budget) if ended(grant, now) else grant
    met_on_the_way = [host for word in sorted(said) for host in _hosts_said(word)]
    return _with(start, (*needs, *met_on_the_way), now + timedelta(seconds=APPROVED_SECONDS))


def _with(grant: Grant, needs: Sequence[Need], until: datetime) -> Grant:
    reads = settled(need.path for need in needs if isinstance(need, ReadPath))
    writes = settled(need.path for need in needs if isinstance(need, WritePath))
    return grant.model_copy(
        update={
            "read_roots": (*grant.read_roots, *reads),
            "write_roots": (*grant.write_roots, *writes),
            "hosts": (*grant.hosts, *(_exactly(need) for need in needs if isinstance(need, ReachHost))),
            "providers": (*grant.providers, *(need.name for need in needs if isinstance(need, UseProvider))),
            "commands": (*grant.commands, *(need.argv for need in needs if isinstance(need, RunCommand))),
            "mcp_servers": (*grant.mcp_servers, *(need.name for need in needs if isinstance(need, UseMcpServer))),
            "tools": (*grant.tools, *(need.name for need in needs if isinstance(need, UseTool))),
            "expires_at": until,
        }
    )


def _hosts_said(said: str) -> list[ReachHost]:
    """The host that a person said yes to, where it is one: what `words` says of it, read backwards."""
    found = _REACH.fullmatch(said)
    if found is None:
        return []
    ports = (int(found["port"]),) if found["port"] else USUAL_PORTS
    return [ReachHost(found["host"], port) for port in ports]


def _exactly(need: ReachHost) -> str:
    """The pattern for one host; a name with a star would be a pattern for others, so it becomes none."""
    return "" if "*" in need.host else f"{need.host}:{need.port}"


def _covers(grant: Grant, need: Need) -> bool:
    match need:
        case ReadPath(path):
            return _path_covered(path, (*grant.read_roots, *grant.write_roots))
        case WritePath(path):
            return _path_covered(path, grant.write_roots)
        case ReachHost(host, port):
            return host_named(host, port, grant.hosts)
        case UseProvider(name):
            return name in grant.providers
        case RunCommand(argv):
            return command_covered(argv, grant.commands)
        case UseMcpServer(name):
            return name in grant.mcp_servers
        case UseTool(name):
            return name in grant.tools


def command_covered(argv: Sequence[str], beginnings: Iterable[Sequence[str]]) -> bool:
    return any(beginning and tuple(argv[: len(beginning)]) == tuple(beginning) for beginning in beginnings)


def _path_covered(path: Path, roots: Iterable[str]) -> bool:
    found = resolved(path)
    return found is not None and covered(found, roots)


def _seen(path: Path) -> str:
    """The path, and where it leads when that is somewhere else."""
    found = resolved(path)
    return str(path) if found is None or found == path else f"{path}, which leads to {found}"


def _united(given: Sequence[T], more: Sequence[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*given, *more)))


def _budget(settings: TaskEngineSettings) -> Budget:
    return Budget(
        model_calls=settings.model_calls,
        tool_calls=settings.tool_calls,
        tokens=settings.tokens,
        wall_seconds=settings.wall_seconds,
    )


def _providers(settings: TaskEngineSettings) -> tuple[str, ...]:
    """The user's own documents, and what else the user switched on."""
    on = {
        "documents": True,
        "searxng": bool(settings.searxng_url),
        "ddgs": settings.ddgs,
        "caldav": bool(settings.caldav_url),
    }
    return tuple(name for name, used in on.items() if used)
