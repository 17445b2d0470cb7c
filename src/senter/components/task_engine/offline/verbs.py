"""The words that say what is wanted, as data: a row for each family of verbs, and the words around them. English.

Verbs are patterns. Where a row names a tool, `slots` is what must follow the verb for a call of it, to the end; names
in angle brackets are those of `actions.SLOTS`. `says` is what the call is shown as. The first row that fits counts.
"""

from __future__ import annotations

from typing import NamedTuple

from senter.components.task_engine.offline.request import ClauseKind


class Verbs(NamedTuple):
    """Verbs that ask for the same."""

    kind: ClauseKind
    verbs: str
    tool: str = ""
    slots: str = ""
    says: str = ""


_TO = "(?:to|in|into|as|under)"
_KEPT = rf" (?:it|this|that|them|the \w+) {_TO} <the><path>"
_MOVED = " <the><source> (?:to|into|as) <the><target>"
_RESTORED = " <the><which>(?: (?:back )?from (?:the |my )?trash)?"
_LISTED = " (?:(?:the|all|files|folders|contents|and|in|of|below) )*<path>"
_CHECKED = " (?:my |the )?calendar(?: for| on)?(?: <days>)?"
_CHECK = "Look at the calendar of the next {days} days"
RESEARCH, WRITE, COMPARE, ORGANISE, ACTION, LOOK, OTHER = ClauseKind

# fmt: off
VERBS = (
    Verbs(RESEARCH, "research|find out(?: about)?|find|search(?: for)?|learn(?: about)?|look (?:up|into|for)"
          "|investigate|study|explore|summari[sz]e|read up on|gather information (?:on|about)"),
    Verbs(WRITE, "write up|write|draft|create|compose|prepare"
          r"|tell(?: me| us)?(?= (?:an?|another) (?:[\w-]{1,30} ){0,3}(?:story|tale|joke|poem|riddle)\b)"),
    Verbs(COMPARE, "compare|contrast"),
    Verbs(ORGANISE, "organi[sz]e|tidy(?: up)?|sort(?: out)?|clean up"),
    Verbs(LOOK, "read|open|show(?: me)?|view|look at|explain|describe|analy[sz]e|what (?:is in|does|do)"
          "|tell me what(?: is in)?"),
    Verbs(ACTION, f"save|store|put|write(?= (?:it|this|that|them) {_TO} <any path>)",
          "file_write", _KEPT, "Write it to {path}"),
    Verbs(OTHER, "write", "file_write", _KEPT, "Write it to {path}"),
    Verbs(ACTION, "delete|trash|remove|throw away", "file_trash", " <the><paths>", "Put {path} in the trash"),
    Verbs(ACTION, "move|rename", "file_move", _MOVED, "Move {source} to {target}"),
    Verbs(ACTION, "copy", "file_copy", _MOVED, "Copy {source} to {target}"),
    Verbs(ACTION, "(?:make|create) (?:(?:a|the|new) )*(?:folder|directory)",
          "make_folder", " (?:called |named |at )?<path>", "Make the folder {path}"),
    Verbs(ACTION, "run|execute",
          "run_command", " (?:the command )?<command> in <the><folder>", "Run {command} in {folder}"),
    Verbs(ACTION, "add|put|save|schedule|remind|note(?: down)?|(?:make|take|leave) a note"),
    Verbs(ACTION, "restore|undelete|(?:bring|put|get) back|undo (?:the )?(?:deletion|deleting|removal|trashing) of",
          "trash_restore", _RESTORED, "Put {which} back from the trash"),
    Verbs(OTHER, "list|show(?: me)?|what(?:'s| is)", "file_list", _LISTED, "List {path}"),
    Verbs(OTHER, "check|list|show(?: me)?|look (?:at|in|into)|what(?:'s| is)(?: on| in)?",
          "calendar_check", _CHECKED, _CHECK),
    Verbs(ACTION, "archive|attach|back ?up|book|buy|call|cancel|clean|close|commit|deploy|dm|download|e-?mail|empty"
          "|forward|install|invite|kill|mail|message|order|pay|phone|post|print|publish|push|reboot|replace|reply|reserve|restart|ring|send"
          "|shut|start|stop|submit|text|turn|undo|uninstall|unpack|update|upload|whatsapp|wipe|zip"
          "|(?:organi[sz]e|tidy|sort|clean)(?=.* <any path>)"),
)
# fmt: on

POLITE = (
    "please|kindly|now|can you|could you|would you|will you|i need(?: you)? to|i want(?: you)? to"
    "|i(?:'d| would) like(?: you)? to|help me(?: to)?|let's|senter|hey|go and|also|then|and|to"
)
"""Looked past for a verb."""
HOLDS_BACK = r"if|when(?:ever)?|unless|once|until|before|after|in case|never|do not|don['’]t"
"""What follows is asked for not here and now."""
SPEAKS_OF = (
    r"\b(?:must|should|that|who|which)\s+[a-z]|"
    r"\bto\s+(?!(?:my|the|an?|our|your|his|her|their|it|me|us|him|them|this|that|these|those|all)\b|\S*@|~?/)[a-z]"
)
"""`How to choose a bicycle and buy it` is about buying; it is no request to buy."""
NO_REQUEST = "of|in|is|are|was|were|and|or"
"""After these `order of the planets` orders nothing."""
OBJECT = r"(?:the|my|all|an?|it|them|this|that|these|those|everything)\b|<any path>|[`\"'“]|\S+@"
"""What an action later in a sentence must be done to, to be seen."""
VERSUS = (
    r"\s+(?:vs\.?|versus)\s+|^(?:what(?:'s| is| are) the )?differences? between\s+|"
    r"\s*:\s*(?:what(?:'s| is) )?the differences?$"
)
EMAIL = ("email", "e-mail", "mail")
CORRESPONDENCE = (*EMAIL, "letter", "message")
LIKE_SUMMARY = ("", "summary", "overview", "report", "digest", "brief", "note", "table", "conclusion", "list")
"""What research and comparing end in anyway."""
VERSE = ("poem", "story", "tale", "joke", "riddle", "speech")
FORMS = (
    "summary|overview|report|digest|brief|note|memo|email|e-mail|mail|letter|message|essay|article|blog post|post|poem|"
    "story|tale|joke|riddle|speech|outline|proposal|plan|list|table|text|paper|review|introduction|conclusion|presentation|guide|readme"
)
"""What is written."""
STYLES = (
    "short|brief|quick|long|detailed|thorough|concise|clear|simple|nice|good|great|new|small|little|friendly|warm|kind"
    "|polite|formal|informal|funny|sad|happy|one-page|first|final"
)
