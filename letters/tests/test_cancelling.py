"""A drafting that is cancelled ends at the provider; what was asked up to then is paid for, and nothing is written."""

import threading
import time

from django.db import connection

from complaints.models import CaseRun
from complaints.services import cancel_run, perform_run, start_run
from complaints.tests.factories import NOW
from complaints.tests.workers import forget_jobs
from letters.management.simulated import faithful
from letters.models import Letter, StageResult
from letters.services import work_on_letters
from lightpoint.llm.simulator import Simulator
from users.models import LLMCall


def test_cancelling_reaches_the_provider_and_keeps_what_was_spent(transactional_db, drafted, settings) -> None:
    settings.RUN_WATCH_SECONDS = 0.1
    letters = set(Letter.objects.values_list("versions", flat=True))
    with Simulator(answer=faithful, time_scale=20.0) as provider:  # twelve seconds to the first token
        for name, value in provider.settings().items():
            setattr(settings, name, value)
        run = start_run(
            complaint=drafted, kind="draft", by=None, now=NOW, options={"pipeline": "parallel", "tone": "robust"}
        )
        killer = threading.Thread(target=_cancel_when_asked, args=(provider, run))
        killer.start()
        perform_run(run_id=run.pk, work=work_on_letters)
        ended = time.monotonic()
        killer.join()
        assert provider.wait_until_idle(5.0)
        assert time.monotonic() - ended < 5.0
        assert provider.calls
        assert all(call.cancelled for call in provider.calls)
        _until_booked(len(provider.calls))
        booked = list(LLMCall.objects.all())
        assert {call.outcome for call in booked} == {"cancelled"}
        assert all(call.cost and call.sent for call in booked)
    run.refresh_from_db()
    assert run.state == CaseRun.State.CANCELLED
    assert not StageResult.objects.exists()
    assert set(Letter.objects.values_list("versions", flat=True)) == letters
    forget_jobs()


def _cancel_when_asked(provider: Simulator, run: CaseRun) -> None:
    ends = time.monotonic() + 60
    while not provider.calls and time.monotonic() < ends:
        time.sleep(0.02)
    cancel_run(run=run, by=None, now=NOW)
    connection.close()


def _until_booked(count: int) -> None:
    ends = time.monotonic() + 10
    while LLMCall.objects.count() < count:
        assert time.monotonic() < ends
        time.sleep(0.05)
