"""A whole letter under its deadline, by a provider that does nothing but fail.

Each call of a drafting by `parallel` hangs, drips, half-closes or sends what is malformed; the breaker is off, so that
every call has to be met. Targets: no call outlives the deadline of the letter by more than a second, as the provider
sees its connections end, and the letter is released all the same. `manage.py bench models` has the deadline of single
calls, whole and as streams.
"""

from typing import Final

from django.conf import settings
from django.test import override_settings
from django.utils import timezone
from rich.console import Console

from complaints.bundles import load_bundle
from complaints.models import Complaint
from complaints.services import import_bundle
from knowledge.services import load_digest_into_database
from letters.management.bundles import practice_for
from letters.management.simulated import faithful
from letters.models import StageResult
from letters.services import draft_case
from lightpoint.benchmarks.harness import Figures
from lightpoint.benchmarks.server import own_database
from lightpoint.llm.simulator import Config, Fault, Simulator

SAMPLE: Final = settings.BASE_DIR / "samples" / "cgt-repayment-withheld"
FAULTS: Final = tuple(Fault(kind) for kind in ("hang", "drip", "half-close", "malformed"))
DEADLINE: Final = 3.0  # seconds, of the letter
TIME_SCALE: Final = 0.02
MOST_OVERRUN: Final = 1.0
OFF: Final = 1_000_000  # failures that a breaker waits for


def run(console: Console) -> Figures:
    """Measure, and say what holds."""
    with own_database():
        complaint = _opened()
        arms = {fault.kind: _drafted(complaint, fault) for fault in FAULTS}
    for kind, figures in arms.items():
        console.print(f"{kind}: {figures}")
    holds = all(
        arm["overrun_seconds"] <= MOST_OVERRUN and arm["released"] and arm["calls"] and not arm["still_open"]
        for arm in arms.values()
    )
    return {"deadline": DEADLINE, "arms": arms, "holds": holds}


def _opened() -> Complaint:
    """The sample case as it is after an upload: read and analysed."""
    now = timezone.now()
    load_digest_into_database(now=now)
    bundle = load_bundle(SAMPLE, max_file_bytes=settings.DOCUMENT_MAX_BYTES, max_files=settings.BUNDLE_MAX_DOCUMENTS)
    complaint = import_bundle(practice=practice_for(bundle.intake), bundle=bundle, by=None, now=now)
    draft_case(complaint=complaint, by=None, now=now, pipeline="embedded")
    return complaint


def _drafted(complaint: Complaint, fault: Fault) -> dict[str, float]:
    """The calls of one drafting, and by how long the last of them outlived the deadline, counted from the first."""
    StageResult.objects.filter(complaint=complaint).delete()
    complaint.letters.all().delete()
    config = Config(faults=lambda _number, _model: fault)
    with (
        Simulator(config, faithful, time_scale=TIME_SCALE) as provider,
        override_settings(
            **provider.settings(),
            LLM_CAPS=dict.fromkeys(settings.LLM_CAPS),
            LLM_BREAKER_FAILURES=OFF,
            LETTER_DEADLINE_SECONDS=DEADLINE,
        ),
    ):
        case = draft_case(complaint=complaint, by=None, now=timezone.now(), pipeline="parallel")
        closed = provider.wait_until_idle(MOST_OVERRUN)
        first = min(call.started for call in provider.calls)
        last = max(call.finished or provider.now for call in provider.calls)
    return {
        "calls": len(provider.calls),
        "still_open": not closed,
        "overrun_seconds": round(max(0.0, (last - first) * TIME_SCALE - DEADLINE), 3),
        "released": case.released,
    }
