"""Kinds of files by the endings of their names: those with text to read, and images, which are named as not read."""

from __future__ import annotations

from enum import StrEnum
from pathlib import PurePath

SCAN = "A scan, no text: scans are not read."
IMAGE = "An image: images are not read."
NO_KIND = "It is of no kind that is read."


class FileKind(StrEnum):
    TEXT = "text"
    MARKDOWN = "markdown"
    CODE = "code"
    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    PPTX = "pptx"
    OPEN_DOCUMENT = "opendocument"
    RTF = "rtf"
    EPUB = "epub"
    ICS = "ics"
    VCF = "vcf"
    EML = "eml"
    MBOX = "mbox"
    JSON = "json"
    JSON_LINES = "jsonl"


ENDINGS = {
    FileKind.TEXT: "txt text rst org adoc csv tsv yaml yml toml ini cfg conf tex srt vtt",
    FileKind.MARKDOWN: "md markdown",
    FileKind.HTML: "html htm xhtml",
    FileKind.PDF: "pdf",
    FileKind.DOCX: "docx docm dotx dotm",
    FileKind.XLSX: "xlsx xlsm xltx xltm",
    FileKind.XLS: "xls",
    FileKind.PPTX: "pptx pptm ppsx ppsm potx",
    FileKind.OPEN_DOCUMENT: "odt ott ods ots odp otp",
    FileKind.RTF: "rtf",
    FileKind.EPUB: "epub",
    FileKind.ICS: "ics ical",
    FileKind.VCF: "vcf vcard",
    FileKind.EML: "eml",
    FileKind.MBOX: "mbox",
    FileKind.JSON: "json geojson",
    FileKind.JSON_LINES: "jsonl ndjson",
}
LANGUAGES = {
    "Python": "py pyi",
    "JavaScript": "js mjs cjs jsx",
    "TypeScript": "ts tsx",
    "C": "c h",
    "C++": "cc cpp cxx hpp hh",
    "C#": "cs",
    "Java": "java",
    "Kotlin": "kt kts",
    "Swift": "swift",
    "Go": "go",
    "Rust": "rs",
    "Ruby": "rb",
    "PHP": "php",
    "Perl": "pl pm",
    "Lua": "lua",
    "R": "r",
    "Julia": "jl",
    "Scala": "scala",
    "Haskell": "hs",
    "Elixir": "ex exs",
    "Erlang": "erl",
    "Clojure": "clj",
    "Dart": "dart",
    "Shell": "sh bash zsh fish",
    "PowerShell": "ps1",
    "SQL": "sql",
    "CSS": "css scss less",
    "Vue": "vue",
    "Svelte": "svelte",
}
IMAGE_ENDINGS = "png jpg jpeg jpe gif bmp tif tiff webp heic heif avif svg ico raw cr2 nef arw dng psd xcf djvu"
IMAGES = frozenset(f".{ending}" for ending in IMAGE_ENDINGS.split())
LANGUAGE_OF = {f".{ending}": name for name, endings in LANGUAGES.items() for ending in endings.split()}
EXACT = frozenset({FileKind.CODE, FileKind.JSON, FileKind.JSON_LINES, FileKind.ICS, FileKind.VCF})
"""Texts that programs read, too: whoever asks for the file itself is given them as they stand."""
KINDS = {f".{ending}": kind for kind, endings in ENDINGS.items() for ending in endings.split()}


def kind_of(path: PurePath) -> FileKind | None:
    """By the ending of its name; none for a kind whose text is not looked for."""
    ending = path.suffix.lower()
    return FileKind.CODE if ending in LANGUAGE_OF else KINDS.get(ending)


def is_image(path: PurePath) -> bool:
    return path.suffix.lower() in IMAGES


def why_not_read(path: PurePath) -> str:
    """The reason where its name says already that it has no text; else empty."""
    if is_image(path):
        return IMAGE
    return "" if kind_of(path) else NO_KIND


def title_without_one(path: PurePath) -> str:
    """What a file is called that does not name itself: source code is told as such."""
    language = LANGUAGE_OF.get(path.suffix.lower())
    return f"{path.name} ({language} code)" if language else path.stem
