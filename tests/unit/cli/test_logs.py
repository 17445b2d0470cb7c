from __future__ import annotations

import json
import signal
from pathlib import Path

from senter.paths import Paths
from tests.support.scripted_daemon import Cli, ScriptedDaemon


def write(home: Path, component: str, *records: tuple[str, str, str]) -> None:
    lines = [
        json.dumps(
            {"timestamp": f"2026-01-02T03:04:{second}.000000Z", "level": level, "component": component, "event": event}
        )
        for second, level, event in records
    ]
    with Paths(home).log(component).open("a", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))


def test_logs_are_read_in_order_of_time_with_the_daemon_stopped(cli: Cli) -> None:
    write(cli.home, "assistant", ("01", "info", "started"), ("05", "error", "broke"))
    write(cli.home, "api", ("03", "warning", "slow"))
    shown = cli.run("logs")
    assert shown.returncode == 0
    assert [line.split()[4] for line in shown.stdout.splitlines()] == ["started", "slow", "broke"]


def test_lines_have_the_time_of_the_users_zone(cli: Cli) -> None:
    write(cli.home, "assistant", ("01", "info", "started"))
    Paths(cli.home).settings.write_text('[user]\ntimezone = "Asia/Tokyo"\n')
    assert cli.run("logs").stdout.startswith("2026-01-02 12:04:01")


def test_one_component_some_lines_a_level_and_json(cli: Cli) -> None:
    write(cli.home, "assistant", ("01", "info", "one"), ("02", "error", "two"), ("03", "info", "three"))
    write(cli.home, "api", ("04", "error", "other"))
    assert [line.split()[4] for line in cli.run("logs", "assistant", "-n", "2").stdout.splitlines()] == ["two", "three"]
    assert "other" not in cli.run("logs", "assistant").stdout
    errors = [json.loads(line) for line in cli.run("logs", "--level", "error", "--json").stdout.splitlines()]
    assert [record["event"] for record in errors] == ["two", "other"]


def test_following_shows_new_lines_until_it_is_interrupted(cli: Cli) -> None:
    write(cli.home, "assistant", ("01", "info", "before"))
    process = cli.start("logs", "assistant", "-f")
    assert process.stdout is not None
    assert "before" in process.stdout.readline()
    write(cli.home, "assistant", ("02", "info", "after"))
    assert "after" in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, err = process.communicate(timeout=20)
    assert (process.returncode, rest, err.strip()) == (130, "", "")


def test_an_unknown_component_is_wrong_use(cli: Cli) -> None:
    write(cli.home, "assistant", ("01", "info", "started"))
    assert cli.refused("logs", "asistant") == (2, "unknown_component")


def test_a_component_that_wrote_nothing_yet_is_no_mistake(cli: Cli, daemon: ScriptedDaemon) -> None:
    shown = cli.run("logs", "assistant")
    assert (shown.returncode, shown.stdout) == (0, "")


def test_no_logs_at_all_is_no_failure(cli: Cli) -> None:
    assert (cli.run("logs").returncode, cli.run("logs").stdout) == (0, "")


def test_the_log_of_errors_can_be_asked_for_before_there_are_any(cli: Cli) -> None:
    shown = cli.run("logs", "health")
    assert (shown.returncode, shown.stdout, shown.stderr) == (0, "", "")
