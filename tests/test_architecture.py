"""Which package may import which; docs/adr/0003 says why. Imports are read from the source, nothing is run."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = {
    "lightpoint": set[str](),
    "users": {"lightpoint"},
    "knowledge": {"lightpoint", "users"},
    "complaints": {"lightpoint", "users", "knowledge"},
    "letters": {"lightpoint", "users", "knowledge", "complaints"},
    "tickets": {"lightpoint", "users", "knowledge", "complaints"},
}
EXCEPTIONS = {"tickets": {"letters.selectors"}}  # the figures of a practice count its letters; docs/adr/0003
DOORS = {"services", "selectors", "models", "permissions"}
PUBLISHED_RECORDS = {"complaints.facts.records", "complaints.analysis.records", "complaints.documents.records"} | {
    "knowledge.digest",  # load_digest and, in records, the type of a section: data that ships with the product
    "knowledge.digest.records",
    "knowledge.anonymising",  # what tells who a text is about: pure
    "complaints.facts.corrections",  # what falls with words that somebody struck: pure
    "complaints.api.shapes.RunShape",  # a run is told over REST in one way, whoever starts it
    "complaints.api.work.followed",
    "complaints.plain",  # facts and analysis in the names of letter.json: pure
    "users.roles",  # the matrix of roles and actions: pure, and the words of it are everybody's
}
COMPOSERS = {"lightpoint/settings.py", "lightpoint/urls.py"}  # and whatever stands in a management folder
PURE = (
    "lightpoint/language",
    "lightpoint/grounding",
    "lightpoint/calendars.py",
    "lightpoint/errors.py",
    "lightpoint/embedded",
    "complaints/documents",
    "complaints/facts",
    "complaints/analysis",
    "knowledge/digest",
    "knowledge/ingestion",
    "knowledge/terms.py",
    "knowledge/answers",
    "knowledge/chat",
    "knowledge/comparison",
    "knowledge/anonymising",
    "knowledge/staging_status.py",
    "letters/drafting",
    "letters/outline.py",
    "letters/pipelines",
    "letters/privacy.py",
    "letters/ledger.py",
    "letters/records.py",
    "letters/export",
)
FRAMEWORK = {"django", "rest_framework", "environ", "unfold"}


@cache
def sources() -> list[str]:
    files = (path.relative_to(ROOT) for app in LAYERS for path in (ROOT / app).rglob("*.py"))
    return sorted(str(path) for path in files if not {"tests", "migrations"} & set(path.parts))


@cache
def imports(source: str) -> tuple[tuple[int, str], ...]:
    """Line and full name of everything that `source` imports, names imported from a package included."""
    return tuple(_read_imports(source))


def _read_imports(source: str) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse((ROOT / source).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = _module(source, node)
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def _module(source: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = Path(source).with_suffix("").parts[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])


def is_pure(source: str) -> bool:
    return any(source == pure or source.startswith(f"{pure}/") for pure in PURE)


def composes(source: str) -> bool:
    return source in COMPOSERS or "management" in Path(source).parts


def _is_excepted(here: str, name: str) -> bool:
    return any(name == door or name.startswith(f"{door}.") for door in EXCEPTIONS.get(here, ()))


def fault(source: str, name: str) -> str | None:
    """What is wrong with `source` importing `name`, in words; None when nothing is."""
    here, there = source.split("/", maxsplit=1)[0], name.split(".", maxsplit=1)[0]
    if is_pure(source) and there in FRAMEWORK:
        return f"is pure, and imports {name}"
    if there == here or there not in LAYERS or composes(source) or _is_excepted(here, name):
        return None
    if there not in LAYERS[here]:
        return f"lies below {there}, and imports {name}"
    if there == "lightpoint":
        return None
    if any(name == record or name.startswith(f"{record}.") for record in PUBLISHED_RECORDS):
        return None
    if is_pure(source):
        return f"is pure, and takes more than records from {there}: {name}"
    if name.split(".")[1] not in DOORS:
        return f"reaches into {there}: {name}"
    return None


KEPT_ANSWERS = ("knowledge.answers", "knowledge.services.answers", "knowledge.services.judging")


def test_no_letter_is_made_of_an_answer_kept_for_another_question() -> None:
    """A letter is drafted for its own case; `evaluate`, which measures, is no part of one."""
    found = [
        f"{source}:{line} imports {name}"
        for source in sources()
        if source.startswith("letters/") and not composes(source)
        for line, name in imports(source)
        if name.startswith(KEPT_ANSWERS) or name == "knowledge.models.KeptAnswer"
    ]
    assert not found, "\n" + "\n".join(found)


def test_every_import_keeps_the_direction_the_doors_and_the_purity() -> None:
    found = [(source, line, fault(source, name)) for source in sources() for line, name in imports(source)]
    faults = sorted({f"{source}:{line} {what}" for source, line, what in found if what})
    assert not faults, "\n" + "\n".join(faults)


def test_what_pure_modules_import_of_their_own_app_is_pure_too() -> None:
    """One import of Django anywhere below would make the whole of it need a configured Django."""
    reached = {source: set(_own_imports(source)) for source in sources()}
    faults = []
    for source in filter(is_pure, reached):
        for other in sorted(_closure(source, reached)):
            faults += [
                f"{source} imports {other}, which imports {name}"
                for _, name in imports(other)
                if name.split(".")[0] in FRAMEWORK
            ]
    assert not faults, "\n" + "\n".join(sorted(set(faults)))


def _own_imports(source: str) -> Iterator[str]:
    known = frozenset(sources())
    for _, name in imports(source):
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            stem = "/".join(parts[:length])
            hit = next((path for path in (f"{stem}.py", f"{stem}/__init__.py") if path in known), None)
            if hit:
                yield hit
                break


def _closure(start: str, reached: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for other in reached[waiting.pop()] - seen:
            seen.add(other)
            waiting.append(other)
    return seen


@pytest.mark.parametrize(
    ("source", "name", "part"),
    [
        ("users/services.py", "complaints.models.Complaint", "lies below complaints"),
        ("lightpoint/cache.py", "users.models.User", "lies below users"),
        ("letters/services.py", "complaints.facts.extract.find", "reaches into complaints"),
        ("letters/outline.py", "complaints.services.open_case", "more than records"),
        ("complaints/facts/dates.py", "django.utils.timezone", "is pure"),
        ("tickets/views.py", "letters.models.Letter", "lies below letters"),
    ],
)
def test_a_wrong_import_is_found(source: str, name: str, part: str) -> None:
    assert part in (fault(source, name) or "")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("letters/services.py", "complaints.selectors.facts_of"),
        ("letters/outline.py", "complaints.analysis.records.Analysis"),
        ("complaints/analysis/breaches.py", "knowledge.digest.records.GuidanceSection"),
        ("lightpoint/urls.py", "letters.views.letter"),
        ("tickets/selectors.py", "letters.selectors.visible_letters"),
        ("letters/management/commands/draft_case.py", "complaints.bundles.load_bundle"),
        ("complaints/facts/dates.py", "lightpoint.language.dates.find_dates"),
    ],
)
def test_a_right_import_is_let_through(source: str, name: str) -> None:
    assert fault(source, name) is None


def test_a_relative_import_is_read_as_what_it_means() -> None:
    node = ast.parse("from ..services import open_case").body[0]
    assert isinstance(node, ast.ImportFrom)
    assert _module("complaints/facts/dates.py", node) == "complaints.services"


def test_the_pure_packages_are_where_the_test_looks_for_them() -> None:
    assert [pure for pure in PURE if not (ROOT / pure).exists()] == []
