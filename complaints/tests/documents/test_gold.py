"""Every quotation in the sample cases' gold answers stands in the page that was read, scans included."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaints.documents import read_bundle
from complaints.documents.records import ReadDocument

CASES = (
    "ct-loss-carry-back-tier-two",
    "paye-code-and-data-breach",
    "sa-repayment-ignored-chasers",
    "trust-penalty-lost-return",
    "vat-registration-error-adjudicator",
)


def loose(text: str) -> str:
    return "".join(character for character in text.lower() if character.isalnum() or character == "£")


def evidence(node: object) -> Iterator[dict[str, object]]:
    if isinstance(node, dict):
        if "quote" in node and "document" in node:
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from evidence(item)


def stands(item: dict[str, object], documents: dict[str, ReadDocument]) -> bool:
    pages = documents[str(item["document"])].pages
    return any(page.number == item.get("page") and loose(str(item["quote"])) in loose(page.text) for page in pages)


@pytest.mark.parametrize("case", CASES)
def test_every_gold_quotation_stands_in_the_page_that_was_read(case: str, shared_dir: Path):
    folder = shared_dir / "cases" / case
    gold = json.loads((folder / "expected.json").read_text())
    files = [(path.name, path.read_bytes()) for path in sorted((folder / "documents").iterdir())]
    documents = {document.name: document for document in read_bundle(files)}
    assert [item["quote"] for item in evidence(gold) if not stands(item, documents)] == []
    problems = {name: document.problem.kind for name, document in documents.items() if document.problem}
    assert problems == {item["document"]: item["reason"] for item in gold["unreadable_documents"]}
