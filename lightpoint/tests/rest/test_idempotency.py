"""A POST that is sent again with its key creates once, on a real database and by real threads."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from lightpoint.rest.idempotency import StillRunning
from users.idempotency import DatabaseStore
from users.models import IdempotencyKey, Practice, User

JSON = "application/json"
GOOD = {"name": "Harrow", "address": "1 Mill Lane"}
MARK = "0" * 64


def post(client: Client, body: object, key: str, path: str = "/api/practices/"):
    return client.post(path, json.dumps(body), content_type=JSON, headers={"Idempotency-Key": key})


@pytest.mark.django_db
def test_a_repeat_gets_the_first_answer_and_creates_nothing(api):
    first, second = post(api, GOOD, "k1"), post(api, dict(reversed(GOOD.items())), "k1")
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["Location"] == second.headers["Location"]
    assert first.headers["ETag"] == second.headers["ETag"]
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert second.headers["Content-Type"] == JSON
    assert Practice.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/practices/", "/api/upload/"])
def test_a_key_with_another_request_is_refused(api, path):
    post(api, GOOD, "k1")
    if path == "/api/upload/":
        file = SimpleUploadedFile("a.txt", b"abc")
        answer = api.post(path, {"file": file}, headers={"Idempotency-Key": "k1"})
    else:
        answer = post(api, {**GOOD, "name": "Lytle"}, "k1")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:lightpoint:idempotency-key-reused")
    assert Practice.objects.count() == 1


@pytest.mark.django_db
def test_a_file_sent_again_is_told_by_its_bytes(api):
    def send(data: bytes):
        return api.post("/api/upload/", {"file": SimpleUploadedFile("a.txt", data)}, headers={"Idempotency-Key": "k"})

    assert [send(b"abc").status_code, send(b"abc").status_code, send(b"abd").status_code] == [201, 201, 422]
    assert Practice.objects.get().address == "3"


@pytest.mark.django_db
def test_a_key_is_the_callers_own(api):
    post(api, GOOD, "k1")
    other = Client()
    other.force_login(User.objects.create_superuser("other@example.org"))
    assert post(other, {**GOOD, "name": "Lytle"}, "k1").status_code == 201


@pytest.mark.django_db
def test_a_refusal_is_not_kept_and_leaves_nothing(api):
    assert post(api, {**GOOD, "name": "refused"}, "k1").status_code == 409
    assert not Practice.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert post(api, GOOD, "k1").status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "é"])
def test_a_key_must_be_visible_ascii(api, key):
    answer = post(api, GOOD, key)
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:lightpoint:idempotency-key-unusable")


@pytest.mark.django_db
def test_a_key_is_forgotten_after_its_hours(api, settings):
    post(api, GOOD, "k1")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=settings.IDEMPOTENCY_HOURS, minutes=1))
    assert "Idempotent-Replayed" not in post(api, {**GOOD, "name": "Lytle"}, "k1").headers
    assert Practice.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_duplicates_at_the_same_moment_create_one_row_and_get_one_answer(platform):
    together = Barrier(4)

    def send(_: int) -> tuple[int, bytes, str]:
        client = Client()
        client.force_login(platform)
        together.wait()
        try:
            answer = post(client, GOOD, "k1")
            return answer.status_code, answer.content, answer.headers["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(send, range(4)))
    assert len(answers) == 1
    assert answers.pop()[0] == 201
    assert Practice.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_waits_too_long_for_the_first_is_told_to_come_back(platform):
    started, told = Barrier(2), Barrier(2)

    def hold() -> None:
        with transaction.atomic():
            DatabaseStore().claim(user_id=platform.pk, key="k1", fingerprint=MARK, now=timezone.now())
            started.wait()
            told.wait()
        connection.close()

    with ThreadPoolExecutor(1) as threads:
        holding = threads.submit(hold)
        started.wait()
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        client = Client()
        client.force_login(platform)
        answer = post(client, GOOD, "k1")
        told.wait()
        holding.result()
        connection.close()
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:lightpoint:idempotency-key-in-use")
    assert answer.headers["Retry-After"] == "2"


@pytest.mark.django_db
def test_a_row_without_an_answer_is_taken_for_a_request_under_way(platform):
    now = timezone.now()
    IdempotencyKey.objects.create(user=platform, key="k1", fingerprint=MARK, created_at=now)
    with pytest.raises(StillRunning), transaction.atomic():
        DatabaseStore().claim(user_id=platform.pk, key="k1", fingerprint=MARK, now=now)


@pytest.mark.django_db
def test_people_who_are_not_signed_in_share_one_space_of_keys(db):
    now = timezone.now()
    store = DatabaseStore()
    assert store.claim(user_id=None, key="k1", fingerprint=MARK, now=now) is None
    with pytest.raises(StillRunning):
        store.claim(user_id=None, key="k1", fingerprint=MARK, now=now)
