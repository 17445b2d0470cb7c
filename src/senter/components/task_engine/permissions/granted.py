"""What tools are given: files, hosts and programs, as far as one grant goes and while it lasts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import BinaryIO

from senter.clock import Clock
from senter.component.grants.holding import open_to_goals, trash_folder
from senter.components.task_engine.contract.access import Access, Fetched, FolderEntry, Ran
from senter.components.task_engine.contract.web_address import web_address
from senter.components.task_engine.permissions.commands import Sandbox
from senter.components.task_engine.permissions.decide import ended, outside, readable
from senter.components.task_engine.permissions.hosts import Fetcher, Judge, Resolve
from senter.components.task_engine.permissions.paths import ConfinedFiles
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import PermissionNeeded
from senter.messages.goals import Grant
from senter.messages.needs import CreatePath, Need, ReachHost, ReadPath, RunCommand, WritePath
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
        opened = open_to_goals(paths)
        self._files = ConfinedFiles(grant, paths.home, opened)
        trash = str(trash_folder(paths).resolve())
        writes = tuple(root for root in grant.write_roots if root != trash)
        as_root = settings.programs_as_root
        self._sandbox = Sandbox(readable(grant), writes, paths.home, opened, settings.sandbox, as_root=as_root)
        own = settings.searxng_url.get_secret_value() if "searxng" in grant.providers else ""
        self._fetcher = Fetcher(grant.hosts, found=found, own_origin=own, resolve=resolve, reachable=reachable)

    @property
    def grant(self) -> Grant:
        return self._grant

    @property
    def made(self) -> Sequence[Path]:
        return self._files.made

    def open_for_reading(self, path: Path) -> BinaryIO:
        self._lasting(ReadPath(path=path))
        return self._files.open_for_reading(path)

    def write(self, path: Path, content: bytes, *, replace: bool) -> None:
        self._lasting(WritePath(path=path) if replace else CreatePath(path=path))
        self._files.write(path, content, replace=replace)

    def rewrite(self, path: Path, content: bytes, *, was: bytes | None) -> None:
        self._lasting(CreatePath(path=path) if was is None else WritePath(path=path))
        self._files.rewrite(path, content, was=was)

    def list(self, folder: Path) -> list[FolderEntry]:
        self._lasting(ReadPath(path=folder))
        return self._files.list(folder)

    def make_folder(self, path: Path) -> None:
        self._lasting(CreatePath(path=path))
        self._files.make_folder(path)

    def tied(self, folder: Path) -> frozenset[str]:
        self._lasting(ReadPath(path=folder))
        return self._files.tied(folder)

    def move(self, source: Path, target: Path, *, for_now: bool = False) -> None:
        self._lasting(WritePath(path=source), CreatePath(path=target))
        self._files.move(source, target, for_now=for_now)

    def copy(self, source: Path, target: Path) -> None:
        self._lasting(ReadPath(path=source), CreatePath(path=target))
        self._files.copy(source, target)

    def exists(self, path: Path) -> bool:
        self._lasting(ReadPath(path=path))
        return self._files.exists(path)

    def fetch(self, url: str, *, limit_bytes: int, timeout_seconds: float) -> AbstractAsyncContextManager[Fetched]:
        place = web_address(url)
        self._lasting(ReachHost(host=place.host, port=place.port))
        return self._fetcher.fetch(url, limit_bytes=limit_bytes, timeout_seconds=timeout_seconds)

    async def run(self, argv: Sequence[str], *, folder: Path, timeout_seconds: float, limit_bytes: int) -> Ran:
        if missing := outside(self._grant, (RunCommand(argv=tuple(argv)), ReadPath(path=folder)), self._clock.now()):
            raise PermissionNeeded(missing)
        return await self._sandbox.run(argv, folder=folder, timeout_seconds=timeout_seconds, limit_bytes=limit_bytes)

    def _lasting(self, *needs: Need) -> None:
        """A grant may end while a tool runs."""
        now = self._clock.now()
        if ended(self._grant, now):
            raise PermissionNeeded(outside(self._grant, needs, now))
