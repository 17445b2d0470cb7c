from __future__ import annotations

from pathlib import Path

from senter.components.task_engine.permissions.taint import (
    as_own,
    at_risk,
    found_addresses,
    names_more,
    restrained,
    with_own,
)
from senter.messages.goals import Grant, Source
from senter.messages.needs import CreatePath, Need, ReadPath, RunCommand, WritePath


def test_a_tainted_task_reaches_named_hosts_and_those_of_addresses_that_tools_found() -> None:
    grant = Grant(hosts=("example.org", "*", "*.example.net"))
    assert restrained(grant, []).hosts == ("example.org", "*.example.net")
    assert restrained(grant, ["https://found.example/a?b"]).hosts[-1] == "found.example:443"
    assert restrained(Grant(hosts=("example.org",)), ["https://found.example/a"]).hosts == ("example.org",)
    assert restrained(grant, ["https://*/", "nonsense", "file:///etc/passwd"]).hosts == ("example.org", "*.example.net")


def test_a_tainted_task_only_makes_and_sorts_where_it_may_write() -> None:
    grant = restrained(Grant(create_roots=("/srv/notes",), write_roots=("/srv/work",)), [])
    assert grant.create_roots == ("/srv/notes", "/srv/work")
    assert (grant.sort_roots, grant.write_roots) == (("/srv/work",), ())


def test_the_files_that_a_goal_made_are_its_own_where_it_may_make_some(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    made = [str(tmp_path / "a"), str(folder), "/etc/passwd"]
    grant = Grant(create_roots=(str(tmp_path),), write_roots=("/srv/work",))
    assert with_own(grant, made).write_roots == ("/srv/work", str(tmp_path / "a"))
    needs: list[Need] = [WritePath(path=Path(path)) for path in made]
    a = CreatePath(path=tmp_path / "a")
    assert as_own(needs, made) == [a, needs[1], CreatePath(path=Path("/etc/passwd"))]
    link = tmp_path / "link"
    link.symlink_to("/etc/passwd")
    assert with_own(grant, [str(link)]).write_roots[-1] == str(link)  # it opens nothing: paths are resolved
    assert as_own([WritePath(path=link)], [str(link)]) == [WritePath(path=link)]


def test_a_program_puts_at_risk_the_folder_it_runs_in() -> None:
    grant = Grant(write_roots=("/srv/work",))
    program = RunCommand(argv=("make",))
    inside, outside = ReadPath(path=Path("/srv/work/a")), ReadPath(path=Path("/srv/docs"))
    assert at_risk(grant, [program, inside]) == (WritePath(path=Path("/srv/work/a")),)
    assert at_risk(grant, [program, outside]) == at_risk(grant, [inside]) == ()


def test_only_web_addresses_count_as_found() -> None:
    listed = ["https://a.example/", "/home/me/a.txt", "javascript:alert(1)", "http://u:p@b.example/", ""]
    assert found_addresses(Source(title="", address=address) for address in listed) == {"https://a.example/"}


def test_a_path_that_leads_elsewhere_than_it_says_is_named_by_others(tmp_path: Path) -> None:
    plain, link, home = tmp_path / "a.txt", tmp_path / "link", tmp_path / "home"
    link.symlink_to(plain)
    assert not names_more([ReadPath(path=plain), RunCommand(argv=("ls",))], f'{{"path": "{plain}"}}', home)
    assert names_more([ReadPath(path=link)], f'{{"path": "{link}"}}', home)
    assert names_more([ReadPath(path=plain)], '{"id": "x"}', home)
    assert not names_more([ReadPath(path=home / "notes")], "{}", home)
