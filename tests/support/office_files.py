"""Binary kinds of papers, built from a text: paragraphs, and under `# NAME` a table with a tab between its cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from itertools import groupby

from tests.support import office_bytes
from tests.support.office_bytes import DRAWING, open_document, paragraph, word_table

HIDDEN = " (hidden)"
LINES_A_PAGE = 40
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

Block = tuple[str, list[list[str]]]
"""The name of a table and its rows; rows of one cell and no name are paragraphs."""


def docx(text: str) -> bytes:
    return office_bytes.docx(
        "".join(word_table(rows) if name else "".join(map(paragraph, _cells(rows))) for name, rows in _blocks(text))
    )


def odt(text: str) -> bytes:
    body = "".join(_odf_table(name, rows) if name else _odf_paragraphs(rows) for name, rows in _blocks(text))
    return _open_document("text", body)


def ods(text: str) -> bytes:
    return _open_document("spreadsheet", "".join(_odf_table(name, rows) for name, rows in _sheets(text)))


def xlsx(text: str) -> bytes:
    """Sheets whose name is marked as hidden are."""
    sheets = list(_sheets(text))
    hidden = [name.removesuffix(HIDDEN) for name, _ in sheets if name.endswith(HIDDEN)]
    return office_bytes.xlsx({name.removesuffix(HIDDEN): _sheet(rows) for name, rows in sheets}, hidden=hidden)


def pptx(text: str) -> bytes:
    """One slide a block."""
    return office_bytes.pptx([_slide(name, rows) for name, rows in _blocks(text)])


def epub(text: str) -> bytes:
    """One chapter."""
    lines = [line for line in text.splitlines() if line.strip()]
    return office_bytes.epub(["".join(f"<p>{escape(line)}</p>" for line in lines)], lines[0])


def pdf(text: str) -> bytes:
    """Pages of lines, in Latin-1; a form feed ends one, too."""
    leaves = [leaf.splitlines() for leaf in text.split("\f")]
    pages = [lines[at : at + LINES_A_PAGE] for lines in leaves for at in range(0, len(lines), LINES_A_PAGE)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>", font]
    for number, page in enumerate(pages):
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 1190] /Resources << /Font << /F1 3 0 R >> >> "
            f"/Contents {5 + 2 * number} 0 R >>"
        )
        drawn = " ".join(f"({_pdf_text(line)}) Tj T*" for line in page)
        stream = f"BT /F1 11 Tf 14 TL 60 1100 Td {drawn} ET"
        objects.append(f"<< /Length {len(stream.encode('cp1252'))} >>\nstream\n{stream}\nendstream")
    return _numbered(objects)


BUILDERS: Mapping[str, Callable[[str], bytes]] = {
    ".docx": docx,
    ".odt": odt,
    ".ods": ods,
    ".xlsx": xlsx,
    ".pptx": pptx,
    ".epub": epub,
    ".pdf": pdf,
}


def _blocks(text: str) -> Iterator[Block]:
    """Paragraphs, and the tables that are named."""
    name = ""
    for is_blank, group in groupby(text.splitlines(), lambda line: not line.strip()):
        lines = list(group)
        if is_blank:
            name = ""
            continue
        if lines[0].startswith("# "):
            name = lines.pop(0)[2:]
        yield name, [line.split("\t") if name else [line] for line in lines]


def _sheets(text: str) -> Iterator[Block]:
    """Each with its blank rows between."""
    for part in re.split(r"^# ", text, flags=re.MULTILINE)[1:]:
        name, *lines = part.rstrip("\n").split("\n")
        yield name, [line.split("\t") for line in lines]


def _cells(rows: list[list[str]]) -> Iterator[str]:
    return (cell for row in rows for cell in row)


def _odf_paragraphs(rows: list[list[str]]) -> str:
    return "".join(f"<text:p>{escape(cell)}</text:p>" for cell in _cells(rows))


def _odf_table(name: str, rows: list[list[str]]) -> str:
    made = "".join(f"<table:table-row>{''.join(map(_odf_cell, row))}</table:table-row>" for row in rows)
    return f'<table:table table:name="{escape(name)}">{made}</table:table>'


def _odf_cell(cell: str) -> str:
    kind = f'office:value-type="float" office:value="{cell}"' if _NUMBER.fullmatch(cell) else ""
    return f"<table:table-cell {kind}>{_odf_paragraphs([[cell]])}</table:table-cell>"


def _open_document(kind: str, body: str) -> bytes:
    return open_document(f"<office:body><office:{kind}>{body}</office:{kind}></office:body>")


def _sheet(rows: list[list[str]]) -> str:
    return "".join(f'<row r="{number}">{_row(number, row)}</row>' for number, row in enumerate(rows, 1))


def _row(number: int, row: list[str]) -> str:
    return "".join(_cell(f"{chr(ord('A') + place)}{number}", cell) for place, cell in enumerate(row) if cell)


def _cell(place: str, cell: str) -> str:
    if _NUMBER.fullmatch(cell):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'


def _slide(name: str, rows: list[list[str]]) -> str:
    if name:
        return _slide_table(name, rows)
    return f"<p:sp><p:txBody>{_drawn(rows)}</p:txBody></p:sp>"


def _slide_table(name: str, rows: list[list[str]]) -> str:
    made = "".join(f"<a:tr>{''.join(map(_slide_cell, row))}</a:tr>" for row in rows)
    return (
        f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="2" name="{escape(name)}"/></p:nvGraphicFramePr><a:graphic>'
        f'<a:graphicData uri="{DRAWING.removesuffix("main")}table"><a:tbl>{made}</a:tbl></a:graphicData></a:graphic>'
        "</p:graphicFrame>"
    )


def _slide_cell(cell: str) -> str:
    return f"<a:tc><a:txBody>{_drawn([[cell]])}</a:txBody></a:tc>"


def _drawn(rows: list[list[str]]) -> str:
    return "".join(f"<a:p><a:r><a:t>{escape(cell)}</a:t></a:r></a:p>" for cell in _cells(rows))


def _pdf_text(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _numbered(objects: list[str]) -> bytes:
    content, places = b"%PDF-1.4\n", list[int]()
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(content)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return content + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{end}".encode()
