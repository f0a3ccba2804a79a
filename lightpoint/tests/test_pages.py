"""What the pages of every app share."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from lightpoint.errors import Conflict, DomainError, TooManyRequests, VersionRequired
from lightpoint.pages import BodyLimit, BoundedPaginator, ContentSecurityPolicy, PageProblems, came_from, hidden_version
from lightpoint.pages.lists import BOUND
from users.models import AuditEvent
from users.services import record_audit
from users.tests.factories import NOW, admin, make_practice, superuser, viewer

MODELS = ["complaints_complaint", "complaints_document", "complaints_client", "letters_letter", "tickets_ticket"]
LISTS = [*MODELS, "users_user", "users_invitation", "users_practice", "users_auditevent", "knowledge_section"]


def test_a_list_counts_up_to_its_bound_and_says_so():
    few, many = BoundedPaginator(range(3), 50), BoundedPaginator(range(BOUND + 1), 50)
    assert (few.count, str(few.count), few.num_pages) == (3, "3", 1)
    assert many.num_pages == 21


@pytest.mark.django_db
def test_a_query_of_a_list_stops_at_the_bound(django_assert_num_queries):
    practice = make_practice()
    words = {"actor_label": "x", "action": "a.b", "target_type": "t", "target_label": "l", "at": NOW}
    AuditEvent.objects.bulk_create(
        AuditEvent(practice=practice, target_pk=number, **words) for number in range(BOUND + 20)
    )
    pages = BoundedPaginator(AuditEvent.objects.filter(practice=practice, action="a.b"), 50)
    with django_assert_num_queries(1) as seen:
        assert (int(pages.count), str(pages.count)) == (BOUND + 1, "more than 1,000")
    assert f"LIMIT {BOUND + 1}" in seen.captured_queries[0]["sql"]


def test_a_page_may_load_nothing_from_elsewhere_and_run_no_script_that_stands_in_it():
    answer = ContentSecurityPolicy(lambda request: HttpResponse())(RequestFactory().get("/"))
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert "unsafe-inline" not in policy["script-src"]
    assert policy["frame-ancestors"] == "'none'"
    assert not any("http" in value for value in policy.values())


def test_a_stricter_policy_of_an_answer_stays():
    strict = HttpResponse(headers={"Content-Security-Policy": "sandbox"})
    answer = ContentSecurityPolicy(lambda request: strict)(RequestFactory().get("/"))
    assert answer["Content-Security-Policy"] == "sandbox"


def test_a_refusal_that_no_page_told_becomes_a_page_with_the_reason():
    class Later(TooManyRequests):
        headers = {"Retry-After": "7"}  # noqa: RUF012 - read only

    middleware, request = PageProblems(lambda request: HttpResponse()), RequestFactory().get("/admin/")
    told = middleware.process_exception(request, Conflict("<b>Somebody</b> was quicker"))
    assert told.status_code == 409
    assert "&lt;b&gt;Somebody&lt;/b&gt; was quicker." in told.content.decode()
    assert middleware.process_exception(request, Later("wait"))["Retry-After"] == "7"
    assert middleware.process_exception(request, ValueError("a fault of ours")) is None
    api = RequestFactory().get("/api/v1/complaints/")
    assert middleware.process_exception(api, DomainError("for the API to tell")) is None


@pytest.mark.parametrize("sent", [{}, {"version": ""}, {"version": "x"}, {"version": "-1"}, {"version": "9" * 30}])
def test_a_form_says_which_version_it_changes(sent):
    with pytest.raises(VersionRequired):
        hidden_version(RequestFactory().post("/", sent))
    assert hidden_version(RequestFactory().post("/", {"version": "3"})) == 3


@pytest.mark.django_db
def test_the_site_leads_to_the_dashboard_and_has_no_second_way(client):
    client.force_login(superuser())
    assert client.get("/").url == reverse("admin:index")
    for old in ("/cases/", "/letters/cases/1/", "/guidance/"):
        assert client.get(old).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_for_an_admin_and_its_scripts_come_from_here(client, name):
    client.force_login(admin())
    answer = client.get(reverse(f"admin:{name}_changelist"))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert 'src="http' not in text
    assert "<script>" not in text
    assert "onclick=" not in text


@pytest.mark.django_db
def test_the_menu_has_what_the_role_may_see(client):
    client.force_login(viewer())
    text = client.get("/admin/").content.decode()
    assert reverse("admin:complaints_complaint_changelist") in text
    assert reverse("admin:users_auditevent_changelist") not in text
    assert reverse("admin:complaints_complaint_add") not in text


@pytest.mark.django_db
def test_the_audit_trail_costs_the_same_with_one_line_and_with_fifty(client, django_assert_num_queries):
    boss = admin()
    client.force_login(boss)
    address = reverse("admin:users_auditevent_changelist")
    for count in (1, 50):
        for _ in range(count):
            record_audit(practice=boss.practice, actor=boss, action="a.b", target=boss.practice, at=NOW)
        with django_assert_num_queries(4):
            client.get(address)


@pytest.mark.parametrize(("cookie", "status"), [({}, 413), ({"sessionid": "x"}, 200)])
def test_who_has_not_signed_in_sends_little(settings, cookie, status):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.UPLOAD_MAX_BYTES = 2**20, 3 * 2**20
    serve = BodyLimit(lambda request: HttpResponse())
    request = RequestFactory().post("/admin/login/", b"x" * 2**21, content_type="text/plain")
    request.COOKIES |= cookie
    assert serve(request).status_code == status
    request.META["CONTENT_LENGTH"] = str(4 * 2**20)
    told = serve(request)
    assert told.status_code == 413
    assert "send less at once." in told.content.decode()


def test_a_body_of_the_api_is_left_to_its_views(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1
    request = RequestFactory().post("/api/v1/complaints/", b"xyz", content_type="application/json")
    assert BodyLimit(lambda request: HttpResponse())(request).status_code == 200


@pytest.mark.django_db
def test_more_files_than_are_taken_at_once_are_a_page(settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    client = Client(enforce_csrf_checks=True)  # the check is what reads the form
    client.cookies["csrftoken"] = "a" * 32
    client.force_login(superuser())
    files = {name: SimpleUploadedFile(name, b"x") for name in ("a.txt", "b.txt")}
    told = client.post(reverse("admin:index"), files)
    assert told.status_code == 400
    assert "send fewer of them" in told.content.decode()


@pytest.mark.parametrize(
    ("before", "path"),
    [
        ("http://testserver/letters/3/?section=2#s4", "/letters/3/?section=2"),
        ("http://testserver", "/"),
        ("http://testserver//elsewhere.example/x", "/elsewhere.example/x"),
        ("http://elsewhere.example/letters/3/", "/otherwise/"),
        ("javascript:alert(1)", "/otherwise/"),
        ("", "/otherwise/"),
    ],
)
def test_one_is_led_back_to_a_page_of_this_site_alone(before, path):
    assert came_from(RequestFactory().post("/sent/", headers={"Referer": before}), "/otherwise/") == path
