"""The commands that belong to no component; `bin/docs` makes `terminal.commands` of these and of the SPECs."""

from __future__ import annotations

from senter.component.spec import CommandLine

COMMANDS = (
    CommandLine("shell", "senter.cli.shell:shell"),
    CommandLine("setup", "senter.cli.setup:setup"),
    CommandLine("start", "senter.cli.daemon:start"),
    CommandLine("stop", "senter.cli.daemon:stop"),
    CommandLine("restart", "senter.cli.daemon:restart"),
    CommandLine("status", "senter.cli.status:status"),
    CommandLine("logs", "senter.cli.logs:logs"),
    CommandLine("config", "senter.cli.config:config"),
    CommandLine("dead-letters", "senter.cli.dead_letters:dead_letters"),
    CommandLine("service", "senter.cli.service:service"),
    CommandLine("understand", "senter.cli.understand:understand"),
    CommandLine("prove-crash", "senter.cli.prove_crash:prove_crash"),
    CommandLine("version", "senter.cli.version:version"),
    CommandLine("help", "senter.cli.help:help_"),
)
