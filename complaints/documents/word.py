"""DOCX: paragraphs with their list numbers, tables, text boxes, notes, headers and footers."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element as Element  # type: ignore[import-untyped]  # lxml ships no types

from complaints.documents.archives import open_archive, refuse_entities
from complaints.documents.cleaning import clean_text
from complaints.documents.errors import UnreadableFileError
from complaints.documents.limits import Limits
from complaints.documents.numbering import ListCounter, W, read_numbering
from complaints.documents.plain import CELL_GAP

_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DROPPED = {f"{W}{name}" for name in ("del", "moveFrom", "delText", "instrText", "pPr", "rPr", "txbxContent")}
_DROPPED.add(_FALLBACK)
_CHARACTERS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_LAYOUT_LINES = 3
_OFF = {"0", "false", "off", "none"}


@dataclass(frozen=True, slots=True)
class _Style:
    based_on: str | None
    list_id: str | None
    depth: int | None
    hidden: bool


@dataclass(slots=True)
class _Story:
    """What is needed to read any part of one document, and the hidden words met on the way."""

    styles: dict[str, _Style]
    default_style: str | None
    counter: ListCounter
    hidden: list[str] = field(default_factory=list)


def read_docx(data: bytes, limits: Limits) -> tuple[str, tuple[str, ...]]:
    """Return the text of a Word document, deleted text left out, and the words its author formatted as hidden.

    Order: headers, body, footnotes and endnotes, footers. Table rows are lines with " | " between cells.
    """
    refuse_entities(open_archive(data, limits))
    from docx import Document  # noqa: PLC0415  heavy: only a Word document pays for it

    try:
        document = Document(io.BytesIO(data))
        parts = {part.partname: part for part in document.part.package.iter_parts()}
        roots = {str(name): root for name, part in parts.items() if (root := _root_of(part)) is not None}
        body = document.element.body
    except Exception as error:  # python-docx lets KeyError, ValueError and lxml faults through
        raise UnreadableFileError("corrupt", "The Word document is damaged and cannot be read.") from error
    story = _story(roots)
    pieces = [*_parts_text(roots, "header", story), _blocks_text(body, story)]
    pieces += [*_parts_text(roots, "footnotes", story), *_parts_text(roots, "endnotes", story)]
    pieces += _parts_text(roots, "footer", story)
    hidden = clean_text(" ".join(" ".join(story.hidden).split()))
    return clean_text("\n\n".join(piece for piece in pieces if piece.strip())), (hidden,) if hidden else ()


def _root_of(part: object) -> Element | None:
    from docx.oxml import parse_xml  # noqa: PLC0415

    name = str(getattr(part, "partname", ""))
    wanted = ("numbering", "styles", "header", "footer", "footnotes", "endnotes")
    if not name.endswith(".xml") or not name.rpartition("/")[2].startswith(wanted):
        return None
    element = getattr(part, "element", None)
    return element if element is not None else parse_xml(part.blob)  # type: ignore[attr-defined]


def _named(roots: dict[str, Element], kind: str) -> list[Element]:
    return [roots[name] for name in sorted(roots) if name.rpartition("/")[2].startswith(kind)]


def _story(roots: dict[str, Element]) -> _Story:
    numbering, styles = _named(roots, "numbering"), _named(roots, "styles")
    nodes = styles[0].findall(f"{W}style") if styles else []
    default = next(
        (
            _attribute(node, "styleId")
            for node in nodes
            if _attribute(node, "type") == "paragraph" and _attribute(node, "default") in {"1", "true"}
        ),
        None,
    )
    known = {_attribute(node, "styleId") or "": _style(node) for node in nodes}
    return _Story(known, default, read_numbering(numbering[0] if numbering else None))


def _attribute(node: Element | None, name: str) -> str | None:
    found = None if node is None else node.get(f"{W}{name}")
    return None if found is None else str(found)


def _style(node: Element) -> _Style:
    list_id, depth = _own_numbering(node)
    return _Style(_attribute(node.find(f"{W}basedOn"), "val"), list_id, depth, _vanishes(node.find(f"{W}rPr")))


def _own_numbering(node: Element) -> tuple[str | None, int | None]:
    found = node.find(f"{W}pPr/{W}numPr")
    if found is None:
        return None, None
    depth = _attribute(found.find(f"{W}ilvl"), "val")
    return _attribute(found.find(f"{W}numId"), "val"), int(depth) if depth and depth.isdigit() else None


def _vanishes(properties: Element | None) -> bool:
    mark = None if properties is None else properties.find(f"{W}vanish")
    return mark is not None and (_attribute(mark, "val") or "1") not in _OFF


def _parts_text(roots: dict[str, Element], kind: str, story: _Story) -> list[str]:
    texts = [_blocks_text(root, story) for root in _named(roots, kind)]
    return list(dict.fromkeys(text for text in texts if text.strip()))


def _blocks_text(container: Element, story: _Story) -> str:
    return "\n".join(_blocks(container, story))


def _blocks(container: Element, story: _Story) -> Iterator[str]:
    for node in container:
        if node.tag == f"{W}p":
            yield from _paragraph(node, story)
        elif node.tag == f"{W}tbl":
            yield ""
            yield from _table(node, story)
            yield ""
        elif node.tag in _DROPPED or not isinstance(node.tag, str):
            continue
        else:  # content controls, notes, insertions and custom XML wrap blocks
            yield from _blocks(node, story)


def _paragraph(node: Element, story: _Story) -> Iterator[str]:
    text = "".join(_inline(node, story)).strip(" \t")
    label = _list_label(node, story) if text else ""
    yield f"{label} {text}" if label else text
    if text and not label:
        yield from _gap_after(text)
    for box in _text_boxes(node):
        yield from _blocks(box, story)


def _gap_after(text: str) -> Iterator[str]:
    """A paragraph with line breaks or of prose stands apart from the next, as it does on paper."""
    if "\n" in text or len(text) > 60:
        yield ""


def _text_boxes(node: Element) -> Iterator[Element]:
    for child in node:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag != _FALLBACK:
            yield from _text_boxes(child)


def _inline(node: Element, story: _Story) -> Iterator[str]:
    for child in node:
        if child.tag in _DROPPED:
            continue
        if child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag in _CHARACTERS:
            yield _CHARACTERS[child.tag]
        elif child.tag == f"{W}r" and _is_hidden(child, story):
            story.hidden.append("".join(_inline(child, story)))
        else:
            yield from _inline(child, story)


def _is_hidden(run: Element, story: _Story) -> bool:
    properties = run.find(f"{W}rPr")
    if properties is None:
        return False
    style = story.styles.get(_attribute(properties.find(f"{W}rStyle"), "val") or "")
    return _vanishes(properties) or (style is not None and style.hidden)


def _list_label(node: Element, story: _Story) -> str:
    list_id, depth = _own_numbering(node)
    style_name = _attribute(node.find(f"{W}pPr/{W}pStyle"), "val") or story.default_style
    for _ in range(12):  # styles are based on styles; a ring of them must not hang the reader
        style = story.styles.get(style_name or "")
        if style is None or list_id is not None:
            break
        list_id, depth = style.list_id, depth if depth is not None else style.depth
        style_name = style.based_on
    return story.counter.label(list_id, depth or 0) if list_id and list_id != "0" else ""


def _table(node: Element, story: _Story) -> Iterator[str]:
    for row in _rows(node):
        cells = [_cell_lines(cell, story) for cell in _children(row, "tc")]
        filled = [lines for lines in cells if lines]
        if len(filled) < 2 or max(map(len, filled)) >= _LAYOUT_LINES:
            yield from (line for lines in filled for line in lines)
        else:
            yield CELL_GAP.join(" ".join(lines) for lines in cells).strip()


def _rows(table: Element) -> Iterator[Element]:
    deleted = f"{W}trPr/{W}del"
    return (row for row in _children(table, "tr") if row.find(deleted) is None)


def _children(node: Element, name: str) -> Iterator[Element]:
    for child in node:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            yield from _children(child, name)


def _cell_lines(cell: Element, story: _Story) -> list[str]:
    text = clean_text(_blocks_text(cell, story))
    return [line.strip() for line in text.split("\n") if line.strip()]
