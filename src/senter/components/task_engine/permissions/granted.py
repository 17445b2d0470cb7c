"""What tools are given: files, hosts and programs, as far as one grant goes and while it lasts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from senter.clock import Clock
from senter.component.grants.holding import open_to_goals, trash_folder
from senter.components.task_engine.contract.access import Fetched, Ran
from senter.components.task_engine.contract.web_address import web_address
from senter.components.task_engine.permissions.commands import Sandbox
from senter.components.task_engine.permissions.decide import outside
from senter.components.task_engine.permissions.hosts import Fetcher, Judge, Resolve
from senter.components.task_engine.permissions.paths import ConfinedFiles
from senter.components.task_engine.settings import TaskEngineSettings
from senter.errors import PermissionNeeded
from senter.messages.goals import Grant
from senter.messages.needs import ReachHost, ReadPath, RunCommand
from senter.paths import Paths


class GrantedAccess(ConfinedFiles):
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
        super().__init__(grant, clock, paths.home, open_to_goals(paths))
        trash = str(trash_folder(paths).resolve())
        writes = tuple(root for root in grant.write_roots if root != trash)
        self._sandbox = Sandbox(
            self._read_roots, writes, self._closed, self._opened, settings.sandbox, settings.programs_as_root
        )
        own = settings.searxng_url.get_secret_value() if "searxng" in grant.providers else ""
        self._fetcher = Fetcher(grant.hosts, found=found, own_origin=own, resolve=resolve, reachable=reachable)

    def fetch(self, url: str, *, limit_bytes: int, timeout_seconds: float) -> AbstractAsyncContextManager[Fetched]:
        place = web_address(url)
        self._lasting(ReachHost(host=place.host, port=place.port))
        return self._fetcher.fetch(url, limit_bytes=limit_bytes, timeout_seconds=timeout_seconds)

    async def run(self, argv: Sequence[str], *, folder: Path, timeout_seconds: float, limit_bytes: int) -> Ran:
        if missing := outside(self.grant, (RunCommand(argv=tuple(argv)), ReadPath(path=folder)), self._clock.now()):
            raise PermissionNeeded(missing)
        return await self._sandbox.run(argv, folder=folder, timeout_seconds=timeout_seconds, limit_bytes=limit_bytes)
