"""No page of any list reads or sorts a whole table, at 100,000 cases, whoever asks and however it is sorted."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from complaints.models import Complaint
from lightpoint.rest.pagination import Cursor
from lightpoint.rest.views import ApiView
from tests.load.plans import blocks, faults, statements
from users.models import Practice, User
from users.roles import Role, allows

CASES = "/api/v1/complaints/"


def views(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, type[ApiView]]]:
    """Address and class of every REST view."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from views(entry, prefix + str(entry.pattern))
        elif isinstance(entry, URLPattern) and issubclass(getattr(entry.callback, "view_class", object), ApiView):
            yield prefix + str(entry.pattern), entry.callback.view_class


LISTS = sorted(
    (f"/{address}", ordering)
    for address, view in views(get_resolver())
    for ordering in view.orderings
    if "<" not in address
)
READ_BY = {f"/{address}": view.actions["GET"] for address, view in views(get_resolver()) if "GET" in view.actions}
FILTERS = (
    f"{CASES}?status=active",
    f"{CASES}?status=active&ordering=opened_on",
    f"{CASES}?q=baxter",
    f"{CASES}?q=lp-2024",
    f"{CASES}?opened_after=2024-01-01&opened_before=2024-03-01",
    f"{CASES}?tax_head=VAT",
    "/api/v1/letters/?state=in_review",
    "/api/v1/letters/?type=complaint_tier_1",
)


def client_of(role: str, practice: Practice) -> Client:
    user = User.objects.filter(practice=practice, role=role).first() or User.objects.create_superuser("plans@x.example")
    client = Client()
    client.force_login(user)
    return client


def read(client: Client, address: str) -> list[str]:
    """The statements of a request that is answered."""
    client.get(address)  # what is cached is cached
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    assert answer.status_code == 200, answer.content[:300]
    return statements(captured)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["admin", "manager", "analyst", "viewer", "superuser"])
@pytest.mark.parametrize(("address", "ordering"), LISTS)
def test_a_page_of_a_list_grows_with_no_table(loaded: Practice, role: str, address: str, ordering: str) -> None:
    client = client_of(role, loaded)
    if role != "superuser" and not allows(Role(role), READ_BY[address]):
        assert client.get(address).status_code == 403
        return
    found = [fault for sql in read(client, f"{address}?ordering={ordering}") for fault in faults(sql)]
    assert not found, "\n".join(map(str, found))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["manager", "analyst"])
@pytest.mark.parametrize("address", FILTERS)
def test_a_filtered_list_grows_with_no_table(loaded: Practice, role: str, address: str) -> None:
    found = [fault for sql in read(client_of(role, loaded), address) for fault in faults(sql)]
    assert not found, "\n".join(map(str, found))


@pytest.mark.django_db
def test_the_pages_of_a_case_grow_with_no_table(loaded: Practice) -> None:
    client, case = client_of("manager", loaded), Complaint.objects.filter(practice=loaded).order_by("-pk")[0]
    parts = ("", "timeline/", "documents/", "analyses/", "runs/", "context/")
    found = [fault for part in parts for sql in read(client, f"{CASES}{case.pk}/{part}") for fault in faults(sql)]
    assert not found, "\n".join(map(str, found))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["manager", "superuser"])
def test_the_last_page_costs_no_more_than_page_two(loaded: Practice, role: str) -> None:
    """Counted in blocks that PostgreSQL looks at; `manage.py bench web` has the seconds."""
    client = client_of(role, loaded)
    second = client.get(CASES).json()["next"]
    last = client.get(f"{CASES}?ordering=opened_on").json()["results"]
    oldest = Complaint.objects.get(pk=last[-1]["id"])
    deep = walk_to(client, oldest)
    assert sum(map(blocks, page(client, deep))) <= 1.2 * sum(map(blocks, page(client, second))) + 8


def walk_to(client: Client, complaint: Complaint) -> str:
    """The address of the page of the list that begins after `complaint`."""
    answer = client.get(f"{CASES}?ordering=-opened_on&page_size=1").json()
    cursor = Cursor("-opened_on", False, (complaint.opened_on, complaint.pk)).written()
    return answer["next"].split("?")[0] + f"?ordering=-opened_on&cursor={cursor}"


def page(client: Client, address: str) -> list[str]:
    return [sql for sql in read(client, address) if "complaints_complaint" in sql]


ADMIN_LISTS = sorted(
    reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for model in admin.site._registry
    if model._meta.app_label != "knowledge"
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "query"), [("admin", ""), ("admin", "?q=baxter+joinery"), ("admin", "?q=lp-2024"), ("superuser", "")]
)
@pytest.mark.parametrize("address", ADMIN_LISTS)
def test_a_page_of_the_admin_grows_with_no_table(loaded: Practice, role: str, address: str, query: str) -> None:
    client = client_of(role, loaded)
    if client.get(address).status_code == 403:
        return
    found = [fault for sql in read(client, address + query) for fault in faults(sql)]
    assert not found, "\n".join(map(str, found))
