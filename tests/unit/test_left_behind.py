"""What a test started does not outlive tests that were killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from senter.operations.scratch import wait_until
from tests.support.left_behind import processes_of

ROOT = Path(__file__).parents[2]
TESTS = """
import os, signal, subprocess, sys
from pathlib import Path
from tests.support.left_behind import end_with_these_tests
home = Path(sys.argv[1])
end_with_these_tests(home)
subprocess.Popen(["sleep", "300"], env={**os.environ, "SENTER_HOME": str(home)}, start_new_session=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_runs_for_a_home_ends_with_the_tests_that_made_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    paths = os.pathsep.join(map(str, (ROOT / "src", ROOT)))
    killed = subprocess.run(
        [sys.executable, "-P", "-c", TESTS, home], env={**os.environ, "PYTHONPATH": paths}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    wait_until(lambda: not processes_of(home) and not home.exists(), "it was left behind", 60)
