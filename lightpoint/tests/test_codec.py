from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import pytest

from lightpoint.codec import OutdatedRecord, digest, from_plain, to_plain


@dataclass(frozen=True)
class Paper:
    name: str


@dataclass(frozen=True)
class Rule:
    section: str


@dataclass(frozen=True)
class Record:
    on: date
    value: Decimal | None
    kind: Literal["a", "b"]
    sources: tuple[Paper | Rule, ...]
    pair: tuple[str, int]


RECORD = Record(date(2024, 8, 12), Decimal("6324.40"), "a", (Paper("x.pdf"), Rule("CRG4025")), ("p", 2))


def test_a_record_comes_back_equal():
    assert from_plain(Record, to_plain(RECORD)) == RECORD


def test_a_missing_amount_stays_missing():
    record = Record(date(2024, 8, 12), None, "b", (), ("", 0))
    assert from_plain(Record, to_plain(record)) == record


def test_an_unknown_word_is_refused():
    with pytest.raises(OutdatedRecord, match="an earlier version"):
        from_plain(Record, {**to_plain(RECORD), "kind": "c"})


def test_an_unknown_field_is_refused():
    with pytest.raises(OutdatedRecord, match="an earlier version"):
        from_plain(Record, {**to_plain(RECORD), "colour": "red"})


def test_a_field_that_is_missing_is_refused():
    plain = to_plain(RECORD)
    del plain[next(iter(plain))]
    with pytest.raises(OutdatedRecord):
        from_plain(Record, plain)


def test_a_thing_nobody_knows_is_refused():
    with pytest.raises(TypeError, match="cannot store"):
        to_plain(object())


def test_the_digest_follows_the_content_not_the_order_of_keys():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
