"""What a task that has read text of others may no longer do.

A model cannot be kept from obeying what it reads, so nothing here relies on that: a tainted task's calls are held to
less, in code: to fewer hosts (`restrained`), and to no change of schedules, memory, settings (`Tool.changes`) or files
that its goal did not make without a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from senter.component.grants.hostnames import named_hosts
from senter.component.grants.roots import covered, resolved
from senter.components.task_engine.contract.web_address import web_address
from senter.components.task_engine.permissions.decide import covers
from senter.errors import ToolError
from senter.messages.goals import Grant, Source
from senter.messages.needs import CreatePath, Need, OfPath, ReadPath, RunCommand, WritePath


def restrained(grant: Grant, found: Iterable[str]) -> Grant:
    """The grant as it holds for a tainted task: below write roots it makes new files and sorts, and asks before it
    replaces, moves away or trashes; where every host is allowed, only those of addresses that tools found, because
    any other address could have been made up to carry away what the task knows."""
    creates, sorts = (*grant.create_roots, *grant.write_roots), (*grant.sort_roots, *grant.write_roots)
    changes = {"create_roots": creates, "sort_roots": sorts, "write_roots": ()}
    return grant.model_copy(update={**changes, "hosts": _hosts(grant, found)})


def as_own(needs: Iterable[Need], made: Sequence[str]) -> list[Need]:
    """To replace, move or trash a file that its goal `made` needs no more than making it."""
    return [
        CreatePath(path=need.path) if isinstance(need, WritePath) and _is_own(need, made) else need for need in needs
    ]


def _is_own(need: WritePath, made: Sequence[str]) -> bool:
    found = resolved(need.path)
    return found is not None and str(found) in made and not found.is_dir()


def with_own(grant: Grant, made: Iterable[str]) -> Grant:
    """The grant and the files that its goal `made`, as far as they lie where it may make some."""
    roots = (*grant.create_roots, *grant.write_roots)
    own = (path for path in made if covered(Path(path), roots) and not Path(path).is_dir())
    return grant.model_copy(update={"write_roots": tuple(dict.fromkeys((*grant.write_roots, *own)))})


def with_undoing(grant: Grant, needs: Iterable[Need]) -> Grant:
    """The grant for undoing a call: what the call itself put somewhere may be taken away from there."""
    put = tuple(str(need.path) for need in needs if isinstance(need, CreatePath) and covers(grant, need))
    return grant.model_copy(update={"write_roots": (*grant.write_roots, *put)})


def at_risk(grant: Grant, needs: Sequence[Need]) -> tuple[Need, ...]:
    """What a program could replace: the folder that it runs in, where the grant lets it write."""
    if not any(isinstance(need, RunCommand) for need in needs):
        return ()
    folders = (WritePath(path=need.path) for need in needs if isinstance(need, ReadPath))
    return tuple(need for need in folders if covers(grant, need))


def _hosts(grant: Grant, found: Iterable[str]) -> tuple[str, ...]:
    named = named_hosts(grant.hosts)
    if named == grant.hosts:
        return grant.hosts
    places = (web_address(address) for address in found if _is_web(address))
    hosts = dict.fromkeys(f"{place.host}:{place.port}" for place in places if "*" not in place.host)
    return (*named, *hosts)


def found_addresses(sources: Iterable[Source]) -> frozenset[str]:
    """The web addresses among what tools named as their sources."""
    return web_addresses(source.address for source in sources)


def web_addresses(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(filter(_is_web, addresses))


def names_more(needs: Iterable[Need], said: str, home: Path) -> bool:
    """Whether a call needs a path that neither stands in what was `said` nor is Senter's own: where a link leads, or
    where a thing in the trash was, is in the words of whoever named it."""
    paths = (need.path for need in needs if isinstance(need, OfPath))
    return any(resolved(path) != path or str(path) not in said for path in paths if not path.is_relative_to(home))


def _is_web(address: str) -> bool:
    try:
        web_address(address)
    except ToolError:
        return False
    return True
