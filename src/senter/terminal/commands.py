"""Every command of Senter's own: its name, where it is, and what it does. Written by bin/docs from the SPECs."""

from __future__ import annotations

COMMANDS: dict[str, tuple[str, str]] = {
    "ask": (
        "senter.components.assistant.commands.ask:ask",
        "Ask a question, or say what is to be done.",
    ),
    "query": (
        "senter.components.assistant.commands.ask:query",
        "Ask a question, or say what is to be done.",
    ),
    "conversations": (
        "senter.components.assistant.commands.conversations:conversations",
        "List, show, export and delete conversations.",
    ),
    "documents": (
        "senter.components.documents.commands:documents",
        "Name the folders that goals may read and search.",
    ),
    "models": (
        "senter.components.models.commands:models",
        "See which models answer; fetch others and have them answer.",
    ),
    "progress": (
        "senter.components.reporter.commands:progress",
        "Show what was done while you were away, and lately.",
    ),
    "digest": (
        "senter.components.reporter.commands:digest",
        "Show what your day holds, what waits and what was found.",
    ),
    "notify": (
        "senter.components.reporter.commands:notify",
        "Test where notifications go.",
    ),
    "schedule": (
        "senter.components.scheduler.commands.schedule:schedule",
        "Run work at set times.",
    ),
    "remind": (
        "senter.components.scheduler.commands.remind:remind",
        "Be reminded at a time, or again and again.",
    ),
    "timer": (
        "senter.components.scheduler.commands.timer:timer",
        "Be told when a time is over.",
    ),
    "goal": (
        "senter.components.task_engine.commands.goal:goal",
        "Have something done, and look after it.",
    ),
    "goals": (
        "senter.components.task_engine.commands.goals:goals",
        "List goals: those that are open, the most urgent first.",
    ),
    "result": (
        "senter.components.task_engine.commands.result:result",
        "Show what came of goal N, or of the one that was done last.",
    ),
    "task": (
        "senter.components.task_engine.commands.goals:task",
        "Set the result of a task by hand.",
    ),
    "undo": (
        "senter.components.task_engine.commands.undo:undo",
        "Take back what was done last, or the action with that NUMBER.",
    ),
    "approvals": (
        "senter.components.task_engine.commands.approvals:approvals",
        "Show and decide what waits for you.",
    ),
    "why": (
        "senter.components.task_engine.commands.goals:why",
        "Tell how something came about, from the request to each call.",
    ),
    "panic": (
        "senter.components.task_engine.commands.panic:panic",
        "Stop all work on goals at once, until it is released.",
    ),
    "audit": (
        "senter.components.task_engine.commands.audit:audit",
        "Read, check and export the audit log.",
    ),
    "calendar": (
        "senter.components.task_engine.commands.calendar:calendar",
        "Show what is on, add and remove events, connect calendars.",
    ),
    "tools": (
        "senter.components.task_engine.commands.tools:tools",
        "List, show and try the tools.",
    ),
    "shell": (
        "senter.cli.shell:shell",
        "Talk to Senter: ask, say what is to be done, run commands.",
    ),
    "setup": (
        "senter.cli.setup:setup",
        "Say who you are, and what is yours: folders and calendar.",
    ),
    "start": (
        "senter.cli.daemon:start",
        "Start the daemon, or one COMPONENT of a running daemon.",
    ),
    "stop": (
        "senter.cli.daemon:stop",
        "Stop the daemon, or one COMPONENT.",
    ),
    "restart": (
        "senter.cli.daemon:restart",
        "Restart the daemon, or one COMPONENT.",
    ),
    "status": (
        "senter.cli.status:status",
        "Show what runs, or one COMPONENT with its restarts.",
    ),
    "logs": (
        "senter.cli.logs:logs",
        "Show what the daemon, or one COMPONENT, wrote to its log.",
    ),
    "config": (
        "senter.cli.config:config",
        "Show, set, edit and check the settings.",
    ),
    "dead-letters": (
        "senter.cli.dead_letters:dead_letters",
        "List, show, replay and drop events that were given up on.",
    ),
    "service": (
        "senter.cli.service:service",
        "Start the daemon with the session, and again when it fails.",
    ),
    "understand": (
        "senter.cli.understand:understand",
        "Show what a sentence would do, and do nothing.",
    ),
    "prove-crash": (
        "senter.cli.prove_crash:prove_crash",
        "Prove on this machine that crashes lose and double nothing.",
    ),
    "version": (
        "senter.cli.version:version",
        "Show which Senter this is.",
    ),
    "help": (
        "senter.cli.help:help_",
        "Show every command, one of them, or those about TOPIC.",
    ),
}
