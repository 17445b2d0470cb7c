from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from senter.components.task_engine.contract.access import Ran
from senter.components.task_engine.permissions.commands import Sandbox
from senter.errors import ToolError
from tests.support.sandboxes import Scene, sandboxed
from tests.support.swapping import swapping
from tests.waiting import until


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


@sandboxed
async def test_a_program_reads_and_writes_where_it_may(scene: Scene) -> None:
    ran = await scene.shell(f"cat {scene.read}/a.txt; echo made > made.txt; pwd; exit 3")
    assert ran == Ran(3, f"readable{scene.write}\n", truncated=False)
    assert (scene.write / "made.txt").read_text() == "made\n"


@sandboxed
async def test_a_program_sees_and_changes_nothing_else(scene: Scene) -> None:
    ran = await scene.shell(f"cat {scene.outside}/secret.txt; echo x > {scene.read}/a.txt; ls /; ls {scene.base}")
    assert "secret" not in ran.output.replace("secret.txt", "")
    assert "Read-only file system" in ran.output
    assert not {"root", "var", "work", "outside"} & set(ran.output.split())
    assert (scene.read / "a.txt").read_text() == "readable"


@sandboxed
async def test_a_program_has_no_network_and_sees_no_other_process(scene: Scene) -> None:
    ran = await scene.shell("cat /proc/net/dev; ls /proc | grep -c '^[0-9]'; cat /etc/passwd /etc/shadow")
    assert next(line.split(":")[0].strip() for line in ran.output.splitlines() if ":" in line) == "lo"
    assert "eth" not in ran.output
    assert "root:" not in ran.output
    assert any(line.isdigit() and int(line) <= 5 for line in ran.output.splitlines())


@sandboxed
async def test_a_program_gets_no_variable_and_no_descriptor_of_ours(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTER_SECRET", "secret")
    inheritable = os.open(scene.outside, os.O_RDONLY)
    os.set_inheritable(inheritable, True)
    try:
        ran = await scene.run("ls", "-l", "/proc/self/fd")
        variables = await scene.run("env")
    finally:
        os.close(inheritable)
    assert "SENTER" not in variables.output
    assert str(scene.outside) not in ran.output
    assert len([line for line in ran.output.splitlines() if " -> " in line]) == 4  # three streams and the list itself


@sandboxed
async def test_arguments_are_handed_over_as_they_are(scene: Scene) -> None:
    ran = await scene.run("printf", "%s|", "a b", "$HOME", "*", "; ls", "--", "")
    assert ran.output == "a b|$HOME|*|; ls|--||"


@sandboxed
async def test_the_home_of_senter_is_hidden_but_for_granted_folders(scene: Scene) -> None:
    (scene.results / "a.md").write_text("mine")
    script = f"cat {scene.home}/token; cat {scene.results}/a.md; ls -A {scene.home}"
    everything = scene.of([scene.base], [scene.write, scene.results])
    assert (await scene.run("sh", "-c", script, by=everything)).output.count("mine") == 1
    assert "secret" not in (await scene.run("sh", "-c", script, by=everything)).output
    itself = scene.of([], [scene.home, scene.write])
    assert "secret" not in (await scene.run("sh", "-c", script, by=itself)).output


@sandboxed
async def test_a_program_that_takes_too_long_is_ended_with_all_it_started(scene: Scene) -> None:
    (scene.write / "marker").touch()
    with pytest.raises(ToolError, match=r"took longer than 0\.5 s"):
        await scene.shell("(setsid sleep 4711 &) ; sleep 4712", seconds=0.5)
    await until(lambda: not [p for p in psutil.process_iter(["cmdline"]) if "4711" in (p.info["cmdline"] or [])])


@sandboxed
async def test_a_program_is_ended_when_its_asker_goes_away(scene: Scene) -> None:
    asked = asyncio.create_task(scene.shell("touch begun; sleep 4713"))
    await until((scene.write / "begun").exists)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await until(lambda: not [p for p in psutil.process_iter(["cmdline"]) if "4713" in (p.info["cmdline"] or [])])


@sandboxed
async def test_more_output_than_is_wanted_is_cut_and_blocks_nobody(scene: Scene) -> None:
    ran = await scene.shell("head -c 50000000 /dev/zero; exit 5", limit=1_000)
    assert (ran.exit_code, len(ran.output), ran.truncated) == (5, 1_000, True)


@sandboxed
async def test_a_root_that_became_a_link_is_not_followed(scene: Scene) -> None:
    inner = scene.write / "inner"
    inner.symlink_to(scene.outside)
    ran = await scene.run("sh", "-c", f"cat {inner}/secret.txt", by=scene.of([inner], [scene.write]))
    assert ran.exit_code != 0
    assert "secret" not in ran.output.replace("secret.txt", "")


@sandboxed
async def test_a_root_that_is_swapped_for_a_link_while_sandboxes_are_made_never_shows_the_outside(
    scene: Scene,
) -> None:
    inner, link = scene.write / "inner", scene.write / "link"
    inner.mkdir()
    (inner / "secret.txt").write_text("mine")
    link.symlink_to(scene.outside)
    sandbox, seen = scene.of([scene.read, inner], []), set[str]()
    with swapping(inner, link):
        for _ in range(40):
            with suppress(ToolError):
                script = f"cat {inner}/secret.txt"
                ran = await sandbox.run(("sh", "-c", script), folder=scene.read, timeout_seconds=20, limit_bytes=1_000)
                seen.add(ran.output if ran.exit_code == 0 else "")
    assert "secret" not in seen
    assert seen <= {"mine", ""}


@sandboxed
async def test_a_program_that_is_not_there_is_named(scene: Scene) -> None:
    with pytest.raises(ToolError, match="no program senter-no-such-program in the sandbox"):
        await scene.run("senter-no-such-program")


@sandboxed
async def test_a_program_meets_its_bounds_before_the_machine_does(scene: Scene) -> None:
    ran = await scene.shell("ulimit -v; ulimit -n; ulimit -c; ulimit -t")
    assert ran.output.split() == ["4194304", "1024", "0", "21"]


@pytest.mark.parametrize("argv", [[], [""], ["a\0b"], ["echo", "x" * 200_000]])
async def test_arguments_that_no_program_can_have_are_refused(scene: Scene, argv: list[str]) -> None:
    with pytest.raises(ToolError):
        await scene.run(*argv)


async def test_without_bubblewrap_programs_are_refused(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(scene.outside))
    with pytest.raises(ToolError, match="bubblewrap is not installed"):
        await scene.run("true")


async def test_with_the_sandbox_off_programs_run_without_our_variables(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTER_SECRET", "secret")
    off = Sandbox([], [str(scene.write)], scene.home, [], "off", as_root=True)
    ran = await scene.run("sh", "-c", "env; pwd; exit 2", by=off)
    assert ran.exit_code == 2
    assert str(scene.write) in ran.output
    assert "SENTER" not in ran.output
