"""One setting by its key: validated before it is written, and taken up by a daemon that runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from senter.paths import Paths
from tests.support.scripted_daemon import Answer, Cli, ScriptedDaemon, healthy_control


@pytest.fixture
def file(cli: Cli) -> Path:
    return Paths(cli.home).settings


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (("user.name", "Anna", "Maria"), '[user]\nname = "Anna Maria"\n'),
        (("user.interests", "bread,", "cats"), '[user]\ninterests = ["bread", "cats"]\n'),
        (("documents.excluded", '["a,b"]'), '[documents]\nexcluded = ["a,b"]\n'),
        (("task_engine.ddgs", "yes"), "[task_engine]\nddgs = true\n"),
        (("scheduler.research_per_day", "7"), "[scheduler]\nresearch_per_day = 7\n"),
        (("user.name", "7"), '[user]\nname = "7"\n'),
        (("user.name", ""), '[user]\nname = ""\n'),
        (
            ("task_engine.mcp_servers.notes.command", '["notes"]'),
            '[task_engine.mcp_servers.notes]\ncommand = ["notes"]\n',
        ),
        (
            ("reporter.quiet_from=22:00", "reporter.quiet_to=07:00"),
            '[reporter]\nquiet_to = "07:00"\nquiet_from = "22:00"\n',
        ),
    ],
)
def test_a_value_is_written_as_the_type_its_setting_has(
    cli: Cli, file: Path, arguments: tuple[str, ...], written: str
) -> None:
    done = cli.run("config", "set", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert file.read_text() == written
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("user.timezon", "UTC"), "user.timezon is not a setting of Senter. Did you mean user.timezone?"),
        (("timezone", "UTC"), "Did you mean user.timezone?"),
        (("scheduler.timezone", "UTC"), "scheduler.timezone is now user.timezone."),
        (("user.timezone", "berlin"), "did you mean Europe/Berlin?"),
        (("scheduler.research_per_day", "25"), "expected a whole number from 0 to 24, found 25."),
        (("task_engine.ddgs", "perhaps"), "expected true or false"),
        (("reporter.quiet_from", "22:00"), "quiet_from needs quiet_to"),
        (("models.primary.api_key", "sk-12345678"), "is a secret"),
        (("user.name=Anna", "user.timezone"), "Write 'user.timezone' as KEY=VALUE"),
        (("user.name",), "Name the value"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_changed(
    cli: Cli, file: Path, arguments: tuple[str, ...], says: str
) -> None:
    file.write_text("# Mine.\n[user]\nname = 'Anna'\n")
    done = cli.run("config", "set", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "sk-12345678" not in done.stderr
    assert file.read_text() == "# Mine.\n[user]\nname = 'Anna'\n"


def test_what_was_wrong_before_is_named_by_its_line_and_can_be_mended(cli: Cli, file: Path) -> None:
    file.write_text("[scheduler]\nresearch_per_day = 99\n")
    assert cli.refused("config", "set", "user.name", "Anna") == (1, "settings_error")
    assert "settings.toml:2" in cli.run("config", "set", "user.name", "Anna").stderr
    assert cli.run("config", "set", "scheduler.research_per_day", "9").returncode == 0
    assert file.read_text() == "[scheduler]\nresearch_per_day = 9\n"


def test_a_file_that_is_there_is_written_by_its_whole_path(
    cli: Cli, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "family.ics").write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    monkeypatch.chdir(tmp_path)

    assert cli.run("config", "set", "task_engine.calendar_file", "family.ics").returncode == 0
    assert cli.run("config", "set", "user.name", "family.ics").returncode == 0

    said = file.read_text(encoding="utf-8")
    assert f'calendar_file = "{tmp_path}/family.ics"' in said
    assert 'name = "family.ics"' in said


def test_comments_and_order_stay_and_a_former_key_goes(cli: Cli, file: Path) -> None:
    file.write_text("# Mine.\n[scheduler]\ntimezone = 'UTC'\nmax_jobs = 9 # few\n\n[user]\n# Who.\nname = 'Anna'\n")
    cli.run("config", "set", "user.timezone", "Asia/Tokyo")
    kept = "# Mine.\n[scheduler]\nmax_jobs = 9 # few\n\n[user]\ntimezone = \"Asia/Tokyo\"\n# Who.\nname = 'Anna'\n"
    assert file.read_text() == kept


def test_a_secret_is_read_from_standard_input_and_never_shown(cli: Cli, file: Path) -> None:
    done = cli.run("config", "set", "models.primary.api_key", "-", stdin="sk-12345678\n")
    assert done.returncode == 0
    assert "sk-12345678" not in done.stdout + done.stderr + cli.run("config", "get", "models.primary.api_key").stdout
    assert 'api_key = "sk-12345678"' in file.read_text()
    address = cli.run("config", "set", "task_engine.caldav_url", "https://anna:pw123456@cal.example/dav")
    assert "pw123456" not in address.stdout


def test_a_secret_is_asked_for_on_a_terminal_and_not_shown(cli: Cli, file: Path) -> None:
    shown = cli.typing_after(": ", "sk-12345678\n", "config", "set", "models.primary.api_key")
    assert "sk-12345678" not in shown
    assert 'api_key = "sk-12345678"' in file.read_text()
    assert "***" in shown


def test_a_value_is_printed_bare_and_a_section_as_a_table(cli: Cli, file: Path) -> None:
    file.write_text("[user]\nname = 'Anna'\ninterests = ['bread']\n")
    assert cli.run("config", "get", "user.name").stdout == "Anna\n"
    assert cli.run("config", "get", "user.interests").stdout == '["bread"]\n'
    source = {"key": "user.name", "value": "Anna", "source": f"{file}:2"}
    assert json.loads(cli.run("config", "get", "user.name", "--json").stdout) == source
    assert source in json.loads(cli.run("config", "get", "user", "--json").stdout)
    assert cli.refused("config", "get", "usr.name") == (2, "invalid_input")


def test_unset_takes_it_out_and_says_the_default_that_counts(cli: Cli, file: Path) -> None:
    file.write_text("[scheduler]\nresearch_per_day = 7\n")
    done = json.loads(cli.run("config", "unset", "scheduler.research_per_day", "--json").stdout)
    assert (done["value"], done["source"], done["taken_up"]) == (6, "default", False)
    assert file.read_text() == "[scheduler]\n"
    assert cli.run("config", "unset", "scheduler.research_per_day").returncode == 0


def test_several_are_taken_out_at_once_or_none(cli: Cli, file: Path) -> None:
    file.write_text("[user]\nname = 'Anna'\nlanguage = 'de'\n")
    assert cli.refused("config", "unset", "user.name", "user.lang") == (2, "invalid_input")
    assert cli.run("config", "unset", "user.name", "user.language").stdout == 'user.name is "".\nuser.language is "".\n'
    assert file.read_text() == "[user]\n"


def test_a_choice_that_a_list_cannot_have_is_answered_with_those_it_can(cli: Cli) -> None:
    said = cli.run("config", "set", "reporter.digest_parts", "agenda,foo").stderr
    assert 'expected a list of: agenda, deadlines, waiting, found, failed, routine, found "foo"' in said


def test_what_the_environment_says_goes_before_and_that_is_said(cli: Cli) -> None:
    told = Cli(cli.home, {"SENTER_USER__NAME": "Bea"})
    said = told.run("config", "set", "user.name", "Anna").stdout
    assert told.refused("config", "set", "user.name", "x" * 99) == (2, "invalid_input")
    assert 'user.name is "Bea".\nSENTER_USER__NAME is set in the environment' in said


def test_a_running_daemon_takes_it_up_and_says_what_it_restarted(cli: Cli, daemon: ScriptedDaemon) -> None:
    assert cli.run("config", "set", "user.name", "Anna").stdout == 'user.name is "Anna".\nRestarted: assistant.\n'
    assert ("take_up", None) in daemon.commands
    daemon.control = waiting
    assert "Changes in [log] apply after: senter restart" in cli.run("config", "set", "log.level", "debug").stdout
    assert json.loads(cli.run("config", "set", "log.level", "info", "--json").stdout)["needs_restart"] == ["log"]


def waiting(command: str, component: str | None) -> Answer:
    if command == "take_up":
        return {"result": {"restarted": [], "needs_restart": ["log"]}}
    return healthy_control(command, component)
