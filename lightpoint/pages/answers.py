"""A page of the workplace, and what is said about a write."""

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme

from lightpoint.errors import VersionRequired

SHOWN = 10  # refusals that a message tells one by one


def page(
    request: HttpRequest, template: str, context: Mapping[str, object], *, title: str, status: int = 200
) -> TemplateResponse:
    """`template` inside the frame of the admin: menu, messages and what else it needs."""
    request.current_app = admin.site.name  # Django reads it when it makes links
    frame = admin.site.each_context(request)
    return TemplateResponse(request, template, {**frame, "title": title, **context}, status=status)


def tell(request: HttpRequest, *, done: str = "", refused: Iterable[str] = ()) -> None:
    """Say what was done, and what was refused and why, on the next page that is shown."""
    if done:
        messages.success(request, done)
    reasons = list(refused)
    for reason in reasons[:SHOWN]:
        messages.error(request, reason)
    if len(reasons) > SHOWN:
        messages.error(request, f"{len(reasons) - SHOWN} more were refused.")


def tell_form(request: HttpRequest, form: forms.BaseForm) -> None:
    """Say what is wrong with a form that has no page of its own."""
    for name, errors in form.errors.items():
        words = " ".join(str(error) for error in errors)
        label = form.fields[name].label or name.replace("_", " ").capitalize() if name in form.fields else ""
        messages.error(request, f"{label}: {words}" if label else words)


def came_from(request: HttpRequest, otherwise: str) -> str:
    """The path of the page of this site on which a form stood; `otherwise` where the browser does not say."""
    page_before = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page_before, {request.get_host()}, require_https=request.is_secure())
    parts = urlsplit(page_before)
    path = f"/{parts.path.lstrip('/')}"  # "//there" would name another site
    return parts._replace(scheme="", netloc="", fragment="", path=path).geturl() if ours else otherwise


def hidden_version(request: HttpRequest) -> int:
    """The version of the row that the form was made from, which a page sends as the API sends If-Match.

    Raises VersionRequired without one.
    """
    sent = request.POST.get("version", "")
    if not (sent.isascii() and sent.isdigit() and len(sent) < 10):
        raise VersionRequired("The form does not say which version it changes; load the page again")
    return int(sent)
