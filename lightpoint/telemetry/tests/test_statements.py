"""A fingerprint says what a statement does and keeps none of its values."""

import pytest

from lightpoint.telemetry.statements import LONGEST, fingerprint


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT a FROM t WHERE b = 'Mrs Canary'", "SELECT a FROM t WHERE b = ?"),
        ("SELECT a FROM t WHERE b = 'it''s Canary' AND c=12.50", "SELECT a FROM t WHERE b = ? AND c=?"),
        (r"SELECT E'a\'Canary' || 'b'", "SELECT ? || ?"),
        ("SELECT $$Canary 'x'$$, $tag$Canary $$ $tag$", "SELECT ?"),
        ("SELECT a -- Canary\nFROM t /* 'Canary' */ LIMIT 21", "SELECT a FROM t LIMIT ?"),
        ("SELECT %s, %(name)s, $1", "SELECT ?"),
        ("SELECT a FROM t WHERE id IN (%s, %s,\n %s)", "SELECT a FROM t WHERE id IN (?)"),
        ("INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y')", "INSERT INTO t (a, b) VALUES (?)"),
        ('SELECT "t1"."col 2" FROM "t1"', 'SELECT "t1"."col 2" FROM "t1"'),
        ("SELECT 'Canary", "SELECT ?"),
        ("SELECT 1 /* Canary", "SELECT ?"),
        ("SELECT x1e5, 1e5, 0x1F", "SELECT x1e5, ?"),
    ],
)
def test_values_are_replaced_and_names_are_kept(statement: str, expected: str) -> None:
    assert fingerprint(statement) == expected


def test_a_long_statement_is_cut_even_inside_a_value() -> None:
    assert len(fingerprint("SELECT " + "column_name, " * 1_000)) <= LONGEST
    assert "Canary" not in fingerprint("SELECT '" + "x" * 19_990 + "Canary' " * 1_000)


def test_the_memory_for_fingerprints_is_bounded() -> None:
    for number in range(600):
        fingerprint(f'SELECT "column{number}"')
    assert fingerprint.cache_info().currsize <= 512
