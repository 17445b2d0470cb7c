"""Binary kinds of papers, built from a text: paragraphs, and under `# NAME` a table with a tab between its cells."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from html import escape
from itertools import groupby

TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
ODF = f'xmlns:office="{OFFICE}" xmlns:text="{TEXT}" xmlns:table="{TABLE}" office:version="1.3"'
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SLIDES = "http://schemas.openxmlformats.org/presentationml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MAIN = "application/vnd.openxmlformats-officedocument"
HIDDEN = " (hidden)"
LINES_A_PAGE = 40
EPOCH = (1980, 1, 1, 0, 0, 0)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

Block = tuple[str, list[list[str]]]
"""The name of a table and its rows; rows of one cell and no name are paragraphs."""


def docx(text: str) -> bytes:
    body = "".join(_word_table(rows) if name else _word_paragraphs(rows) for name, rows in _blocks(text))
    document = f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return _package("word/document.xml", document, f"{MAIN}.wordprocessingml.document.main+xml")


def odt(text: str) -> bytes:
    body = "".join(_odf_table(name, rows) if name else _odf_paragraphs(rows) for name, rows in _blocks(text))
    return _open_document("text", body)


def ods(text: str) -> bytes:
    return _open_document("spreadsheet", "".join(_odf_table(name, rows) for name, rows in _sheets(text)))


def xlsx(text: str) -> bytes:
    """Sheets whose name is marked as hidden are."""
    sheets = list(_sheets(text))
    parts = {f"xl/worksheets/sheet{number}.xml": _sheet(rows) for number, (_, rows) in enumerate(sheets, 1)}
    entries = "".join(_sheet_entry(number, name) for number, (name, _) in enumerate(sheets, 1))
    book = f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}"><sheets>{entries}</sheets></workbook>'
    types = dict.fromkeys(parts, f"{MAIN}.spreadsheetml.worksheet+xml")
    relations = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
    parts["xl/_rels/workbook.xml.rels"] = _relations(relations)
    return _package("xl/workbook.xml", book, f"{MAIN}.spreadsheetml.sheet.main+xml", parts, types)


def pptx(text: str) -> bytes:
    """One slide a block."""
    slides = [_slide(name, rows) for name, rows in _blocks(text)]
    parts = {f"ppt/slides/slide{number}.xml": slide for number, slide in enumerate(slides, 1)}
    numbers = range(1, len(slides) + 1)
    entries = "".join(f'<p:sldId id="{255 + number}" r:id="rId{number}"/>' for number in numbers)
    show = f'<p:presentation xmlns:p="{SLIDES}" xmlns:r="{RELATIONS}"><p:sldIdLst>{entries}</p:sldIdLst>'
    types = dict.fromkeys(parts, f"{MAIN}.presentationml.slide+xml")
    relations = _relations([("slide", f"slides/slide{number}.xml") for number in numbers])
    parts["ppt/_rels/presentation.xml.rels"] = relations
    kind = f"{MAIN}.presentationml.presentation.main+xml"
    return _package("ppt/presentation.xml", f"{show}</p:presentation>", kind, parts, types)


def epub(text: str) -> bytes:
    """One chapter."""
    title, *_ = text.splitlines()
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    chapter = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{escape(title)}</title></head>'
    container = (
        '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    book = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier id="id">book</dc:identifier>'
        f"<dc:title>{escape(title)}</dc:title><dc:language>en</dc:language></metadata>"
        '<manifest><item id="c1" href="c1.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="c1"/></spine></package>'
    )
    parts = {
        "META-INF/container.xml": container,
        "book.opf": book,
        "c1.xhtml": f"{chapter}<body>{lines}</body></html>",
    }
    return _zip({"mimetype": "application/epub+zip", **parts})


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


def _word_paragraphs(rows: list[list[str]]) -> str:
    return "".join(f"<w:p><w:r><w:t>{escape(cell)}</w:t></w:r></w:p>" for row in rows for cell in row)


def _word_table(rows: list[list[str]]) -> str:
    made = "".join(
        f"<w:tr>{''.join(f'<w:tc>{_word_paragraphs([[cell]])}</w:tc>' for cell in row)}</w:tr>" for row in rows
    )
    return f"<w:tbl>{made}</w:tbl>"


def _odf_paragraphs(rows: list[list[str]]) -> str:
    return "".join(f"<text:p>{escape(cell)}</text:p>" for row in rows for cell in row)


def _odf_table(name: str, rows: list[list[str]]) -> str:
    made = "".join(f"<table:table-row>{''.join(map(_odf_cell, row))}</table:table-row>" for row in rows)
    return f'<table:table table:name="{escape(name)}">{made}</table:table>'


def _odf_cell(cell: str) -> str:
    kind = f'office:value-type="float" office:value="{cell}"' if _NUMBER.fullmatch(cell) else ""
    return f"<table:table-cell {kind}>{_odf_paragraphs([[cell]])}</table:table-cell>"


def _open_document(kind: str, body: str) -> bytes:
    mime = f"application/vnd.oasis.opendocument.{kind}"
    content = f"<office:document-content {ODF}><office:body><office:{kind}>{body}</office:{kind}></office:body>"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    parts = {"content.xml": f"{content}</office:document-content>", "META-INF/manifest.xml": manifest}
    return _zip({"mimetype": mime, **parts})


def _sheet_entry(number: int, name: str) -> str:
    state = ' state="hidden"' if name.endswith(HIDDEN) else ""
    return f'<sheet name="{escape(name.removesuffix(HIDDEN))}" sheetId="{number}"{state} r:id="rId{number}"/>'


def _sheet(rows: list[list[str]]) -> str:
    made = "".join(f'<row r="{number}">{_row(number, row)}</row>' for number, row in enumerate(rows, 1))
    return f'<worksheet xmlns="{SHEET}"><sheetData>{made}</sheetData></worksheet>'


def _row(number: int, row: list[str]) -> str:
    return "".join(_cell(f"{chr(ord('A') + place)}{number}", cell) for place, cell in enumerate(row) if cell)


def _cell(place: str, cell: str) -> str:
    if _NUMBER.fullmatch(cell):
        return f'<c r="{place}"><v>{cell}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'


def _slide(name: str, rows: list[list[str]]) -> str:
    shape = _slide_table(name, rows) if name else _slide_text(rows)
    return (
        f'<p:sld xmlns:p="{SLIDES}" xmlns:a="{DRAWING}"><p:cSld><p:spTree><p:nvGrpSpPr><p:cNvPr id="1" name=""/>'
        f"<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>{shape}</p:spTree></p:cSld></p:sld>"
    )


def _slide_text(rows: list[list[str]]) -> str:
    return (
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="text"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/>'
        f"<p:txBody><a:bodyPr/>{_drawn(rows)}</p:txBody></p:sp>"
    )


def _slide_table(name: str, rows: list[list[str]]) -> str:
    made = "".join(f'<a:tr h="1">{"".join(map(_slide_cell, row))}</a:tr>' for row in rows)
    return (
        f'<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="2" name="{escape(name)}"/><p:cNvGraphicFramePr/><p:nvPr/>'
        '</p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/><a:ext cx="1" cy="1"/></p:xfrm><a:graphic>'
        f'<a:graphicData uri="{DRAWING.removesuffix("main")}table"><a:tbl><a:tblGrid/>{made}</a:tbl>'
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )


def _slide_cell(cell: str) -> str:
    return f"<a:tc><a:txBody><a:bodyPr/>{_drawn([[cell]])}</a:txBody></a:tc>"


def _drawn(rows: list[list[str]]) -> str:
    return "".join(f"<a:p><a:r><a:t>{escape(cell)}</a:t></a:r></a:p>" for row in rows for cell in row)


def _package(
    main: str, content: str, kind: str, parts: Mapping[str, str] | None = None, types: Mapping[str, str] | None = None
) -> bytes:
    """An Office Open XML file around its main part."""
    kinds = {main: kind, **(types or {})}
    overrides = "".join(f'<Override PartName="/{part}" ContentType="{of}"/>' for part, of in kinds.items())
    content_types = (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )
    start = {"[Content_Types].xml": content_types, "_rels/.rels": _relations([("officeDocument", main)])}
    return _zip({**start, main: content, **(parts or {})})


def _relations(targets: list[tuple[str, str]]) -> str:
    made = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{made}</Relationships>'


def _zip(parts: Mapping[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            head = "" if name == "mimetype" or content.startswith("<?xml") else '<?xml version="1.0" encoding="UTF-8"?>'
            archive.writestr(zipfile.ZipInfo(name, EPOCH), head + content)
    return packed.getvalue()


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
