"""The road of a letter: review, approval, sending; each step by a service that says why it refuses."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from letters.forms import CommentForm, ReasonForm, SendForm
from letters.services import (
    Sending,
    approve_letter,
    ask_for_review,
    lock_letter,
    newest_version,
    reopen_letter,
    return_letter,
    send_letter,
)
from letters.views.letter import CHANGE, show_letter
from letters.views.shared import caller, found_letter
from lightpoint.errors import DomainError
from lightpoint.pages import hidden_version, tell
from users.roles import Action

Step = Callable[..., object]


def _step(
    request: HttpRequest, pk: int, *, action: Action, form: forms.Form, name: str, step: Step, done: str
) -> HttpResponse:
    """Do `step` with what the form holds; what is refused is told on the page, which keeps what was typed."""
    letter = found_letter(request, pk, action)
    status = 422
    if form.is_valid():
        try:
            step(letter=letter, expected_version=hidden_version(request), by=caller(request), **form.cleaned_data)
        except DomainError as error:
            tell(request, refused=[str(error)])
            status = error.status
        else:
            tell(request, done=done)
            return redirect(CHANGE, pk)
    letter.refresh_from_db(fields=["version", "state"])
    return show_letter(request, letter, newest_version(letter), {}, status=status, **{name: form, "opened": name})


@require_POST
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a colleague to look at the newest version."""
    form = CommentForm(request.POST)
    done = "A colleague is asked to look at the letter."
    step = _now(ask_for_review)
    return _step(request, pk, action="letter.review", form=form, name="comment_form", step=step, done=done)


@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the letter back to its author, with what is to be changed."""
    form = ReasonForm(request.POST)
    done = "The letter is back with its author."
    return _step(
        request, pk, action="letter.review", form=form, name="reason_form", step=_now(return_letter), done=done
    )


@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer for the newest version."""
    form = CommentForm(request.POST)
    done = "You have approved the letter. It takes no change any more, and can be locked and sent."
    step = _now(approve_letter)
    return _step(request, pk, action="letter.approve", form=form, name="comment_form", step=step, done=done)


@require_POST
def lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Freeze the approved text for sending."""
    form = CommentForm(request.POST)
    done = "The letter is locked. Its files are the final ones."
    return _step(request, pk, action="letter.send", form=form, name="comment_form", step=_now(lock_letter), done=done)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Unlock the letter; what was sent stays as it was sent."""
    form = CommentForm(request.POST)
    done = "The letter can be changed again."
    step = _now(reopen_letter)
    return _step(request, pk, action="letter.approve", form=form, name="comment_form", step=step, done=done)


@require_POST
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the letter left."""
    form = SendForm(request.POST)
    done = "The letter is recorded as sent."
    return _step(request, pk, action="letter.send", form=form, name="send_form", step=_sent, done=done)


def _now(service: Step) -> Step:
    return lambda **values: service(**values, now=timezone.now())


def _sent(*, sent_on: Any, method: str, reference: str, **values: Any) -> object:
    return send_letter(sending=Sending(sent_on, method, reference), **values, now=timezone.now())
