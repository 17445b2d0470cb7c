"""What a grant can hold. What is closed to goals in any case would be shown in it and never be so."""

from __future__ import annotations

import ipaddress

from senter.components.task_engine.permissions.addresses import is_public
from senter.components.task_engine.permissions.decide import open_to_goals
from senter.components.task_engine.permissions.folders import KERNEL_FOLDERS
from senter.components.task_engine.permissions.hostnames import host_of
from senter.components.task_engine.permissions.roots import resolved
from senter.errors import InvalidInput
from senter.messages.goals import Grant
from senter.paths import Paths


def check_holds(grant: Grant, paths: Paths) -> None:
    """Raises `InvalidInput` for the first thing that no grant opens."""
    for root in (*grant.read_roots, *grant.write_roots):
        _check_root(root, paths)
    for pattern in grant.hosts:
        if _is_near(host_of(pattern)):
            raise InvalidInput(
                f"{pattern} is this machine or its neighbourhood, which no goal reaches.", "Name a public host."
            )


def _check_root(root: str, paths: Paths) -> None:
    target = resolved(root)
    if target is None:
        raise InvalidInput(f"{root} is no folder that can be named.", "Give the whole path, from the root.")
    if any(target.is_relative_to(folder) for folder in KERNEL_FOLDERS):
        raise InvalidInput(f"{root} holds the system's inside, which is closed to goals.", "Name a folder with files.")
    opened = (resolved(folder) or folder for folder in open_to_goals(paths))
    if target.is_relative_to(paths.home.resolve()) and not any(target.is_relative_to(folder) for folder in opened):
        raise InvalidInput(f"{root} is Senter's own and closed to goals.", "Name a folder with your own files.")


def _is_near(host: str) -> bool:
    try:
        return not is_public(ipaddress.ip_address(host))
    except ValueError:  # a name; what it stands for is judged when it is reached
        return host == "localhost" or host.endswith(".localhost")
