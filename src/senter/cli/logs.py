"""`senter logs`: reads the log files themselves, so it works with the daemon stopped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import click

from senter.cli.control import UnknownComponent, daemon_status
from senter.errors import SenterError
from senter.logs.files import HEALTH_LOG
from senter.logs.reading import LEVELS, Record, follow, log_files, read_tail, render_line
from senter.logs.records import time_of
from senter.paths import Paths, from_environment
from senter.terminal import output
from senter.terminal.zone import user_zone

_STYLES = {"warning": output.WARNING, "error": output.BAD, "critical": output.BAD, "debug": output.FAINT}


@click.command(epilog="Examples: senter logs, senter logs assistant -f, senter logs --level error -n 20")
@click.argument("component", required=False)
@click.option("-n", "--lines", "count", default=50, type=click.IntRange(min=0), show_default=True, help="How many.")
@click.option("-f", "--follow", "following", is_flag=True, help="Go on with new lines until Ctrl-C.")
@click.option("--level", default="debug", type=click.Choice(list(LEVELS)), help="Only this level and above.")
@click.option("--json", "as_json", is_flag=True, help="Print the lines as they are in the files, as JSON.")
def logs(component: str | None, count: int, following: bool, level: str, as_json: bool) -> None:
    """Show what the daemon, or one COMPONENT, wrote to its log."""
    paths = from_environment()
    if component and not paths.log(component).exists():
        _refuse_unknown(paths, component)
    for record in _records(paths.logs, component, count, following, level):
        output.print_json(record) if as_json else output.say(_line(record))


def _records(folder: Path, component: str | None, count: int, following: bool, level: str) -> Iterator[Record]:
    def files() -> Iterable[Path]:
        return log_files(folder, component)

    new = follow(files, level) if following else ()  # from here on, so that nothing is missed in between
    tail = read_tail(files(), count, level)
    yield from tail
    newest = time_of(tail[-1]) if tail else ""
    yield from (record for record in new if time_of(record) > newest or record not in tail)


def _refuse_unknown(paths: Paths, component: str) -> None:
    """A component that runs but has not written anything yet is fine."""
    known = {HEALTH_LOG, *(path.stem for path in log_files(paths.logs))}
    with suppress(SenterError):  # the daemon is not needed to read files
        known |= set(daemon_status(paths)["components"])
    if component not in known:
        raise UnknownComponent(component, known)


def _line(record: Record) -> str:
    text = render_line(record, user_zone())
    style = _STYLES.get(str(record.get("level")))
    return output.styled(text, style) if style else text
