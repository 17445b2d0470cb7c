"""The example component, importable in tests without being found by every daemon and command they start."""

from __future__ import annotations

import os
import sys

from tests.support.troupe import REPOSITORY, code_path

EXAMPLES = str(REPOSITORY / "examples")
ENVIRONMENT = {"PYTHONPATH": os.pathsep.join([EXAMPLES, *code_path()])}
"""Makes a daemon find the example."""

sys.path.insert(0, EXAMPLES)
try:
    from echo_component.commands import echo
    from echo_component.component import EchoComponent
    from echo_component.messages import Echo
    from echo_component.spec import SPEC
finally:
    sys.path.remove(EXAMPLES)

__all__ = ["ENVIRONMENT", "EXAMPLES", "SPEC", "Echo", "EchoComponent", "echo"]
