from __future__ import annotations

from pathlib import Path

import pytest
import structlog

from senter.messages.control import State
from senter.messages.message import ComponentName
from senter.paths import Paths
from senter.supervisor.configuration import Configuration
from senter.supervisor.fleet import Fleet
from tests.support.supervision import DIES, LIVES, Script, open_journal

NEEDED, NEEDS = ComponentName("needed"), ComponentName("needs")


class Needing(Script):
    """Needs another unit, as a component does whose SPEC says so."""

    def __init__(self, fleet: Fleet) -> None:
        super().__init__(LIVES)
        self._fleet = fleet

    async def prepare(self) -> None:
        await self._fleet.until_running(NEEDED)


@pytest.mark.process
@pytest.mark.parametrize("enabled", [True, False])
async def test_who_needs_what_is_down_for_good_does_not_keep_the_start_waiting(tmp_path: Path, enabled: bool) -> None:
    paths = Paths(tmp_path)
    paths.make_folders()
    with open_journal(tmp_path) as journal:
        fleet = Fleet(Configuration.read(paths), paths, journal, structlog.stdlib.get_logger())
        async with fleet.running():
            fleet.add(NEEDED, Script(DIES), enabled=enabled)
            fleet.add(NEEDS, Needing(fleet))
            if enabled:
                journal.give_up(NEEDED, "it failed")
                await fleet.start(NEEDED)
            assert await fleet.start(NEEDS) is State.BACKING_OFF
            assert f"needs needed, which is {fleet.units[NEEDED].state.value}" in fleet.units[NEEDS].reason
            await fleet.stop_everything()
