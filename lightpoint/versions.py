"""Versions of the rules, from their own source: a stage is run again when its rules have changed, and only then."""

import hashlib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def rules_version(*packages: str) -> str:
    """Short hash of the Python and data files of `packages` ("complaints/facts", "lightpoint/language").

    Tests and caches are left out. Raises FileNotFoundError for a package that does not exist.
    """
    total = hashlib.sha256()
    for package in packages:
        for path in _sources(ROOT / package):
            total.update(path.relative_to(ROOT).as_posix().encode())
            total.update(path.read_bytes())
    return total.hexdigest()[:12]


def _sources(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise FileNotFoundError(f"no rules at {path.name}")
    kinds = {".py", ".toml", ".json", ".typ"}
    found = [file for file in path.rglob("*") if file.suffix in kinds and "tests" not in file.parts]
    return sorted(found)
