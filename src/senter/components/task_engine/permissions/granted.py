"""What tools are given: files, hosts and programs, as far as one grant goes and while it lasts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import BinaryIO

from senter.clock import Clock
from senter.component.grants.holding import open_to_goals
from senter.components.task_engine.permissions.access import Access, Entry, Fetched, Ran
from senter.components.task_engine.permissions.commands import Sandbox
from senter.components.task_engine.permissions.decide import ended, outside
from senter.components.task_engine.permissions.hosts import Fetcher, Judge, Resolve, place_of
from senter.components.task_engine.permissions.needs import Need, ReachHost, ReadPath, RunCommand, WritePath
from senter.components.task_engine.permissions.paths import ConfinedFiles
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import PermissionNeeded
from senter.messages.goals import Grant
from senter.paths import Paths


class GrantedAccess(Access):
    """Keeps every call inside the grant. Give tainted tasks `found`: the addresses that tools found for them."""

    def __init__(
        self,
        grant: Grant,
        paths: Paths,
        clock: Clock,
        settings: TaskEngineSettings,
        *,
        found: Collection[str] | None = None,
        resolve: Resolve | None = None,
        reachable: Judge | None = None,
    ) -> None:
        """`resolve` and `reachable` replace the look-up and the judging of addresses, in tests only."""
        self._grant = grant
        self._clock = clock
        reads, writes = grant.read_roots, grant.write_roots
        opened = open_to_goals(paths)
        self._files = ConfinedFiles(reads, writes, paths.home, opened)
        self._sandbox = Sandbox(reads, writes, paths.home, opened, settings.sandbox)
        own = settings.searxng_url.get_secret_value() if "searxng" in grant.providers else ""
        self._fetcher = Fetcher(grant.hosts, found=found, own_origin=own, resolve=resolve, reachable=reachable)

    @property
    def grant(self) -> Grant:
        return self._grant

    def open_for_reading(self, path: Path) -> BinaryIO:
        self._lasting(ReadPath(path))
        return self._files.open_for_reading(path)

    def write(self, path: Path, content: bytes, *, replace: bool) -> None:
        self._lasting(WritePath(path))
        self._files.write(path, content, replace=replace)

    def list(self, folder: Path) -> list[Entry]:
        self._lasting(ReadPath(folder))
        return self._files.list(folder)

    def make_folder(self, path: Path) -> None:
        self._lasting(WritePath(path))
        self._files.make_folder(path)

    def tied(self, folder: Path) -> frozenset[str]:
        self._lasting(ReadPath(folder))
        return self._files.tied(folder)

    def move(self, source: Path, target: Path, *, for_now: bool = False) -> None:
        self._lasting(WritePath(source), WritePath(target))
        self._files.move(source, target, for_now=for_now)

    def copy(self, source: Path, target: Path) -> None:
        self._lasting(ReadPath(source), WritePath(target))
        self._files.copy(source, target)

    def exists(self, path: Path) -> bool:
        self._lasting(ReadPath(path))
        return self._files.exists(path)

    def fetch(self, url: str, *, limit_bytes: int, timeout_seconds: float) -> AbstractAsyncContextManager[Fetched]:
        place = place_of(url)
        self._lasting(ReachHost(place.host, place.port))
        return self._fetcher.fetch(url, limit_bytes=limit_bytes, timeout_seconds=timeout_seconds)

    async def run(self, argv: Sequence[str], *, folder: Path, timeout_seconds: float, limit_bytes: int) -> Ran:
        if missing := outside(self._grant, (RunCommand(tuple(argv)), ReadPath(folder)), self._clock.now()):
            raise PermissionNeeded(missing)
        return await self._sandbox.run(argv, folder=folder, timeout_seconds=timeout_seconds, limit_bytes=limit_bytes)

    def _lasting(self, *needs: Need) -> None:
        """A grant may end while a tool runs."""
        now = self._clock.now()
        if ended(self._grant, now):
            raise PermissionNeeded(outside(self._grant, needs, now))
