from __future__ import annotations

import json
from pathlib import Path

from senter.paths import Paths
from tests.support.scripted_daemon import Cli, ScriptedDaemon


def editor(folder: Path, text: str) -> str:
    """An editor that replaces the file by `text`."""
    program = folder / "editor"
    program.write_text(f"#!/bin/sh\nprintf '%s' '{text}' >\"$1\"\n")
    program.chmod(0o755)
    return str(program)


def test_path_says_where_everything_is(cli: Cli) -> None:
    places = json.loads(cli.run("config", "path", "--json").stdout)
    assert places["socket"] == str(cli.home / "run" / "senter.sock")
    assert places["token"] == str(cli.home / "run" / "token")
    shown = cli.run("config", "path").stdout
    assert all(place in shown for place in places.values())


def test_show_names_the_source_of_every_setting(cli: Cli) -> None:
    Paths(cli.home).settings.write_text("[supervisor]\nfast_limit = 7\n")
    told = Cli(cli.home, {"SENTER_LOG__LEVEL": "debug"})
    settings = json.loads(told.run("config", "show", "--json").stdout)
    assert settings["supervisor.fast_limit"] == {"value": 7, "source": f"{cli.home}/settings.toml:2"}
    assert settings["log.level"] == {"value": "debug", "source": "environment SENTER_LOG__LEVEL"}
    assert settings["supervisor.slow_limit"]["source"] == "default"
    assert json.loads(told.run("config", "--json").stdout) == settings
    assert "supervisor.fast_limit" in told.run("config").stdout


def test_check_is_fine_or_names_file_line_and_key(cli: Cli) -> None:
    assert cli.run("config", "check").returncode == 0
    Paths(cli.home).settings.write_text("[supervisor]\nfast_limt = 7\n")
    assert cli.refused("config", "check") == (1, "settings_error")
    assert "settings.toml:2" in cli.run("config", "check").stderr


def test_edit_begins_with_the_documented_defaults_and_saves_what_is_valid(cli: Cli, tmp_path: Path) -> None:
    text = "[supervisor]\nfast_limit = 9\n"
    shown = Cli(cli.home, {"EDITOR": editor(tmp_path, text), "VISUAL": ""}).run("config", "edit")
    assert (shown.returncode, shown.stdout) == (0, "Saved.\n")
    assert Paths(cli.home).settings.read_text() == text
    assert Paths(cli.home).settings.stat().st_mode & 0o077 == 0


def test_an_edit_says_what_a_running_daemon_takes_up_and_what_waits_for_the_next(
    daemon: ScriptedDaemon, tmp_path: Path
) -> None:
    home = daemon.paths.home
    whole = Cli(home, {"EDITOR": editor(tmp_path, '[reporter]\ndigest_time = "07:00"\n'), "VISUAL": ""})
    assert whole.run("config", "edit").stdout == "Saved. The running daemon takes the changes up.\n"
    partly = Cli(home, {"EDITOR": editor(tmp_path, '[log]\nlevel = "debug"\n'), "VISUAL": ""})
    said = partly.run("config", "edit").stdout.splitlines()
    assert said[1:] == ["Changes in [log] apply after: senter restart"]
    last = Cli(home, {"EDITOR": editor(tmp_path, ""), "VISUAL": ""})
    assert json.loads(last.run("config", "edit", "--json").stdout)["needs_restart"] == ["log"]


def test_an_edit_that_is_wrong_changes_nothing_and_is_kept(cli: Cli, tmp_path: Path) -> None:
    settings = Paths(cli.home).settings
    settings.write_text("[supervisor]\nfast_limit = 7\n")
    wrong = Cli(cli.home, {"EDITOR": editor(tmp_path, "[supervisor]\nfast_limit = many\n"), "VISUAL": ""})
    refused = wrong.run("config", "edit")
    assert refused.returncode == 1
    assert settings.read_text() == "[supervisor]\nfast_limit = 7\n"
    kept = cli.home / "settings.edited.toml"
    assert "many" in kept.read_text()
    assert str(kept) in refused.stderr
    (tmp_path / "editor").write_text('#!/bin/sh\nsed -i s/many/8/ "$1"\n')
    assert wrong.run("config", "edit").returncode == 0
    assert settings.read_text() == "[supervisor]\nfast_limit = 8\n"
    assert not kept.exists()


def test_an_edit_that_changes_nothing_says_so(cli: Cli) -> None:
    Paths(cli.home).settings.write_text("[supervisor]\nfast_limit = 7\n")
    shown = Cli(cli.home, {"EDITOR": "true", "VISUAL": ""}).run("config", "edit")
    assert (shown.returncode, shown.stdout) == (0, "Nothing was changed.\n")


def test_settings_that_are_a_link_stay_one(cli: Cli, tmp_path: Path) -> None:
    target = tmp_path / "dotfiles.toml"
    target.write_text("")
    Paths(cli.home).settings.symlink_to(target)
    Cli(cli.home, {"EDITOR": editor(tmp_path, "[supervisor]\nfast_limit = 9\n"), "VISUAL": ""}).run("config", "edit")
    assert Paths(cli.home).settings.is_symlink()
    assert "9" in target.read_text()


def test_an_editor_that_fails_or_is_not_there_is_a_failure(cli: Cli) -> None:
    for program in ("false", "no-such-editor"):
        assert Cli(cli.home, {"EDITOR": program, "VISUAL": ""}).refused("config", "edit") == (1, "error")
