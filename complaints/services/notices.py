"""Telling of a drafting that has ended: the practice's programs, and whoever asked for it and wants to be told."""

from datetime import datetime
from typing import Final

from django.urls import reverse

from complaints.models import CaseRun
from lightpoint import jobs
from users.services import announce
from users.services.mail import address_of, send_on_commit

EVENT: Final = "draft.ended"
TASK: Final = "complaints.mail_of_draft"


def tell_of_end(run: CaseRun, *, now: datetime) -> None:
    """Have those told who want to be, in the transaction that ends `run`. Only of letters; nothing of the client."""
    if run.kind != CaseRun.Kind.DRAFT:
        return
    links = {"run": reverse("complaints-api:run", args=[run.pk])}
    links["complaint"] = reverse("complaints-api:complaint", args=[run.complaint_id])
    data = {"run": run.pk, "complaint": run.complaint_id, "state": str(run.state)}
    data["links"] = {name: address_of(path) for name, path in links.items()}
    announce(practice=run.complaint.practice, event=EVENT, data=data, now=now)
    by = run.created_by
    if by is not None and by.mail_when_drafted and run.state != CaseRun.State.CANCELLED:
        jobs.defer(TASK, queue="mail", run_id=run.pk)


def mail_of_draft(*, run_id: int) -> None:
    """Write to whoever asked for the letters, if they are still there and still want it."""
    run = CaseRun.objects.select_related("complaint", "created_by").filter(pk=run_id).first()
    by = run.created_by if run else None
    if run is None or by is None or not by.is_active or not by.mail_when_drafted:
        return
    page = reverse("admin:complaints_complaint_change", args=[run.complaint_id])
    context = {
        "reference": run.complaint.reference,
        "failed": run.state == CaseRun.State.FAILED,
        "message": run.message,
        "address": address_of(page),
    }
    send_on_commit(to=by.email, template="drafted", context=context)
