"""The letter as PDF, set by typst with its embedded fonts. The text goes in as data and is never read as markup."""

import json
from pathlib import Path
from typing import Any

import typst

from letters.export.layout import TABLE_HEAD, joined, row_cells, schedule_cells, title_of, typeset
from letters.practice import PracticeDetails
from letters.records import Block, DraftLetter, Sentence

TEMPLATE = Path(__file__).resolve().parent / "letter.typ"


def write_pdf(letter: DraftLetter, practice: PracticeDetails) -> bytes:
    """PDF bytes, dated on the letter's date. Raises typst.TypstError when the template is broken."""
    data = typeset(json.dumps(letter_data(letter, practice), ensure_ascii=False, sort_keys=True))
    fonts = typst.Fonts(include_system_fonts=False)
    made = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", sys_inputs={"letter": data}, font_paths=fonts, timestamp=_timestamp(letter)
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no single PDF")
    return made


def _timestamp(letter: DraftLetter) -> int:
    return (letter.dated.toordinal() - 719163) * 86400


def letter_data(letter: DraftLetter, practice: PracticeDetails) -> dict[str, Any]:
    """The letter as plain data for the template."""
    on = letter.dated
    return {
        "title": title_of(letter),
        "author": practice.name,
        "date": [on.year, on.month, on.day],
        "blocks": [_block(block) for block in letter.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    """One block as kind and content; tables as rows of cells, items as runs."""
    if block.kind == "chronology":
        return {"kind": block.kind, "head": TABLE_HEAD, "rows": [row_cells(row) for row in block.rows]}
    if block.kind == "schedule":
        head, *rows = schedule_cells(block)
        return {"kind": block.kind, "head": head, "rows": rows}
    if block.kind == "numbered":
        return {"kind": block.kind, "items": [_runs(item) for item in block.items]}
    if block.kind == "paragraph":
        return {"kind": block.kind, "text": joined(block.sentences)}
    return {"kind": block.kind, "lines": [sentence.text for sentence in block.sentences]}


def _runs(item: tuple[Sentence, ...]) -> list[dict[str, Any]]:
    return [{"text": sentence.text, "lead": sentence.lead} for sentence in item]
