"""A job is measured, and goes under the id of the request that deferred it."""

import pytest
from django.db import DataError
from psycopg.errors import NumericValueOutOfRange

from complaints.documents.errors import UnreadableFileError
from lightpoint.errors import InvalidInput, ServiceUnavailable
from lightpoint.telemetry.context import current_request_id
from lightpoint.telemetry.errors import group_of
from lightpoint.telemetry.jobs import bind_job, report_error
from lightpoint.telemetry.tests.test_metrics import value


def states(task: str) -> dict[str, float]:
    known = ("started", "succeeded", "failed")
    return {state: value("lightpoint_jobs_total", task=task, state=state) for state in known}


def raised(error: BaseException, cause: BaseException | None = None) -> BaseException:
    try:
        raise error from cause
    except BaseException as caught:
        return caught


def test_a_job_carries_the_id_of_its_request(log_lines: list[str]) -> None:
    with bind_job("test.carry", request_id="of-the-request-1"):
        assert current_request_id() == "of-the-request-1"
        report_error(ValueError("quoted"))
    assert current_request_id() == ""
    (line,) = log_lines
    assert "request_id='of-the-request-1'" in line
    assert "job='test.carry'" in line
    assert "quoted" not in line


def test_a_job_without_an_id_gets_one() -> None:
    with bind_job("test.bare"):
        assert len(current_request_id()) == 32


def test_a_job_that_ends_well_is_counted_and_timed() -> None:
    with bind_job("test.well"):
        pass
    assert states("test.well") == {"started": 1, "succeeded": 1, "failed": 0}
    assert value("lightpoint_job_seconds_count", task="test.well") == 1


def test_a_job_that_fails_is_counted_with_the_group_of_its_error() -> None:
    before = value("lightpoint_errors_total", group="database")
    with pytest.raises(DataError), bind_job("test.fails"):
        raise DataError
    assert states("test.fails") == {"started": 1, "succeeded": 0, "failed": 1}
    assert value("lightpoint_errors_total", group="database") == before + 1


def test_a_refusal_in_a_job_is_counted_as_one_of_users_and_not_logged(log_lines: list[str]) -> None:
    before = value("lightpoint_errors_total", group="user")
    with pytest.raises(InvalidInput), bind_job("test.refuses"):
        raise InvalidInput
    assert value("lightpoint_errors_total", group="user") == before + 1
    assert log_lines == []


@pytest.mark.parametrize(
    ("error", "group"),
    [
        (InvalidInput(), "user"),
        (ServiceUnavailable(), "other"),
        (DataError(), "database"),
        (raised(RuntimeError(), NumericValueOutOfRange()), "database"),
        (raised(ServiceUnavailable(), DataError()), "database"),
        (raised(InvalidInput(), DataError()), "user"),
        (UnreadableFileError("corrupt", "damaged"), "parsing"),
        (ExceptionGroup("", [InvalidInput(), InvalidInput()]), "user"),
        (ExceptionGroup("", [InvalidInput(), DataError()]), "database"),
        (ZeroDivisionError(), "other"),
    ],
)
def test_an_error_belongs_to_one_group(error: BaseException, group: str) -> None:
    assert group_of(error) == group


def test_an_error_of_the_way_to_a_model_is_one_of_models() -> None:
    kind = type("LLMError", (Exception,), {"__module__": "lightpoint.llm.errors"})
    assert group_of(kind()) == "model"
