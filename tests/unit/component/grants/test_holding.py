from __future__ import annotations

from pathlib import Path

import pytest

from senter.component.grants.holding import check_holds
from senter.errors import InvalidInput
from senter.messages.goals import Grant
from senter.paths import Paths


@pytest.mark.parametrize("root", ["{home}", "{home}/data", "{home}/run/token", "{link}", "/proc", "/sys/kernel", "a/b"])
@pytest.mark.parametrize("kind", ["read_roots", "write_roots"])
def test_a_folder_that_no_grant_opens_is_refused(tmp_path: Path, root: str, kind: str) -> None:
    home, link = tmp_path / "home", tmp_path / "link"
    home.mkdir()
    link.symlink_to(home)
    with pytest.raises(InvalidInput):
        check_holds(Grant.model_validate({kind: (root.format(home=home, link=link),)}), Paths(home))


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:8080",
        "app.localhost",
        "127.0.0.1",
        "127.0.0.1:80",
        "[::1]",
        "10.0.0.7",
        "0x7f.1",
        "0X7F000001:80",
        "2130706433",
        "0177.0.0.1",
        "127.1",
        "0",
        "017700000001",
        "127。0。0。1",
    ],
)
def test_a_host_that_no_grant_opens_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(InvalidInput, match="no goal reaches"):
        check_holds(Grant(hosts=(host,)), Paths(tmp_path))


def test_what_holds_is_let_through(tmp_path: Path) -> None:
    home = tmp_path / "home"
    roots = ("/", str(tmp_path), str(home / "data" / "notes"))
    hosts = ("*", "*.example.org", "1.1.1.1", "0x01010101", "example.org:8080")
    check_holds(Grant(read_roots=roots, hosts=hosts), Paths(home))
