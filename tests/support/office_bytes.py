"""Papers as the programs of offices write them: the least that is still one, made here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
SLIDE = "http://schemas.openxmlformats.org/presentationml/2006/main"
OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def related(*targets: tuple[str, str]) -> str:
    """What a part refers to: kind and part, r1 the first."""
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{rows}</Relationships>'


def docx(body: str, parts: Mapping[str, str] | None = None, title: str = "", prefix: str = "w") -> bytes:
    """`body` and the further parts are what stands in them; parts are named by their kind, such as `footnotes`."""
    others = parts or {}
    kinds = ("footnotes", "comments", "header", "footer", "styles")
    return zipped(
        {
            "_rels/.rels": related(("officeDocument", "word/document.xml")),
            "docProps/core.xml": properties(title),
            "word/document.xml": _word(body, "document", prefix),
            "word/_rels/document.xml.rels": related(*((kind, f"{kind}.xml") for kind in kinds if kind in others)),
            **{f"word/{kind}.xml": _word(content, kind, prefix) for kind, content in others.items()},
        }
    )


def _word(content: str, name: str, prefix: str) -> str:
    return f'<{prefix}:{name} xmlns:{prefix}="{WORD}">{content}</{prefix}:{name}>'


def paragraph(text: str, style: str = "") -> str:
    named = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{named}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def word_table(rows: Sequence[Sequence[str]]) -> str:
    told = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in told)}</w:tbl>"


def properties(title: str) -> str:
    return f'<p xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title></p>'


def xlsx(
    sheets: Mapping[str, str],
    *,
    texts: Sequence[str] = (),
    formats: Sequence[str] = (),
    hidden: Sequence[str] = (),
    properties_of_book: str = "",
) -> bytes:
    """`sheets` are rows as they stand in the part; style n of a cell is the n-th of `formats`, 0 being plain."""
    states = dict.fromkeys(hidden, ' state="hidden"')
    names = "".join(
        f'<sheet name="{escape(name)}"{states.get(name, "")} sheetId="{number}" r:id="r{number}"/>'
        for number, name in enumerate(sheets, 1)
    )
    codes = "".join(f'<numFmt numFmtId="{200 + n}" formatCode="{escape(code)}"/>' for n, code in enumerate(formats))
    styles = "".join(f'<xf numFmtId="{200 + n}"/>' for n in range(len(formats)))
    parts = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)]
    book = f'<workbook xmlns="{SHEET}" xmlns:r="{RELATIONS}">{properties_of_book}<sheets>{names}</sheets></workbook>'
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return zipped(
        {
            "_rels/.rels": related(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": related(
                *parts, ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")
            ),
            "xl/sharedStrings.xml": f'<sst xmlns="{SHEET}">{shared}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{SHEET}"><numFmts>{codes}</numFmts>'
            f'<cellXfs><xf numFmtId="0"/>{styles}</cellXfs></styleSheet>',
            **{
                f"xl/worksheets/sheet{number}.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData>'
                "</worksheet>"
                for number, rows in enumerate(sheets.values(), 1)
            },
        }
    )


def pptx(slides: Sequence[str], notes: Mapping[int, str] | None = None) -> bytes:
    """`slides` are what stands on each; `notes` are the speaker's, by the number of the slide."""
    told = notes or {}
    order = "".join(f'<p:sldId id="{255 + number}" r:id="r{number}"/>' for number in range(1, len(slides) + 1))
    parts = [("slide", f"slides/slide{number}.xml") for number in range(1, len(slides) + 1)]
    head = f'xmlns:p="{SLIDE}" xmlns:a="{DRAWING}" xmlns:r="{RELATIONS}"'
    return zipped(
        {
            "_rels/.rels": related(("officeDocument", "ppt/presentation.xml")),
            "ppt/presentation.xml": f"<p:presentation {head}><p:sldIdLst>{order}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": related(*parts),
            **{f"ppt/slides/slide{n}.xml": f"<p:sld {head}>{slide}</p:sld>" for n, slide in enumerate(slides, 1)},
            **{
                f"ppt/slides/_rels/slide{n}.xml.rels": related(("notesSlide", f"../notesSlides/notes{n}.xml"))
                for n in told
            },
            **{f"ppt/notesSlides/notes{n}.xml": f"<p:notes {head}>{shape(text)}</p:notes>" for n, text in told.items()},
        }
    )


def shape(text: str, kind: str = "body") -> str:
    return (
        f'<p:sp><p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
        f"<p:txBody><a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p></p:txBody></p:sp>"
    )


def open_document(body: str, *, styles: str = "", title: str = "", manifest: str = "") -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="{OPEN}:{name}:1.0"' for name in ("office", "text", "table", "draw", "style", "presentation")
    )
    dublin = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return zipped(
        {
            "META-INF/manifest.xml": f"<manifest>{manifest}</manifest>",
            "meta.xml": properties(title),
            "content.xml": f"<office:document-content {spaces} {dublin}>{body}</office:document-content>",
            "styles.xml": f"<office:document-styles {spaces}>{styles}</office:document-styles>",
        }
    )


def epub(chapters: Sequence[str], title: str = "") -> bytes:
    """`chapters` in the order of reading; they lie in the archive the other way round."""
    places = range(len(chapters))
    items = "".join(f'<item id="c{place}" href="text/c%20{place}.xhtml"/>' for place in reversed(places))
    order = "".join(f'<itemref idref="c{place}"/>' for place in places)
    return zipped(
        {
            "META-INF/container.xml": '<container><rootfile full-path="OPS/book.opf"/></container>',
            "OPS/book.opf": f"<package><metadata>{properties(title)}</metadata>"
            f"<manifest>{items}</manifest><spine>{order}</spine></package>",
            **{
                f"OPS/text/c {place}.xhtml": f"<html><body>{chapters[place]}</body></html>"
                for place in reversed(places)
            },
        }
    )
