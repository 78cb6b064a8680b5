"""Badges: signed by a job, checked here and as another system would, revoked, keys changed."""

import copy
import json
import stat
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse

from nanglucso.core import jobs
from nanglucso.core.models import AuditEntry, Job
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials import keys, queries, services, signing
from nanglucso.develop.credentials.models import Badge, Certificate, SigningKey, StatusList
from tests import make
from tests.credentials.elsewhere import bit, field, verified_elsewhere
from tests.training import planned as plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(tmp_path, settings):
    settings.KEYS_ROOT = tmp_path / "keys"
    settings.PUBLIC_URL = "https://nanglucso.cantho.example"
    cache.clear()
    with time_machine.travel(make.at(30), tick=False):
        yield
    cache.clear()


@pytest.fixture
def holder():
    return make.person("Nguyễn Thị Hồng Hạnh", unit=make.unit("Sở Nội vụ"), login=True)


@pytest.fixture
def certificate(holder):
    return services.issue(actor=None, training_class=plan.finished([holder]), at=make.at(20))[0]


@pytest.fixture
def badge(certificate):
    assert signing.sign_all(actor=None, at=make.at(21)) == 1
    return Badge.objects.select_related("certificate", "key", "status_list").get()


def url(name, *args):
    return reverse(f"credentials:{name}", args=args)


def test_the_chain_from_certificate_to_a_badge_another_system_accepts(client, as_user, certificate, holder):
    """Issue → job → download by its holder → profile and list fetched as the public would → verified → revoked."""
    job = Job.objects.get(kind="credentials.sign_badges")
    jobs.perform(str(job.pk))
    job.refresh_from_db()
    assert (job.status, job.result) == ("done", {"signed": 1})
    reply = as_user(holder.user).get(url("badge", certificate.pk))
    assert reply["Content-Disposition"] == 'attachment; filename="huy-hieu-00001-2026-xn.json"'
    document = json.loads(reply.content)
    profile = client.get(url("issuer")).json()
    assert document["issuer"]["id"] == profile["id"] == "https://nanglucso.cantho.example/chung-nhan/don-vi-cap/"
    assert verified_elsewhere(document, profile)
    assert not verified_elsewhere(document | {"name": "Khóa khác"}, profile)
    entry = document["credentialStatus"]
    address = entry["statusListCredential"].removeprefix("https://nanglucso.cantho.example")
    reply = client.get(address)
    assert (reply["Content-Type"], reply["Access-Control-Allow-Origin"]) == ("application/vc", "*")
    listed = json.loads(reply.content)
    assert verified_elsewhere(listed, profile)
    assert bit(listed, int(entry["statusListIndex"])) == 0
    services.revoke(actor=make.user("training"), certificate=certificate, reason="Ghi sai tên", at=make.at(25))
    listed = json.loads(client.get(address).content)
    assert verified_elsewhere(listed, profile)
    assert bit(listed, int(entry["statusListIndex"])) == 1
    assert sum(bin(byte).count("1") for byte in field(listed)) == 1


def test_the_badge_says_what_the_certificate_says(badge, certificate):
    document, told = badge.document, certificate.content
    subject = document["credentialSubject"]
    assert document["type"] == ["VerifiableCredential", "AchievementCredential"]
    assert (document["validFrom"], document["validUntil"]) == ("2026-03-22T02:00:00Z", "2031-03-22T16:59:59Z")
    assert (subject["identifier"][0]["identityHash"], subject["licenseNumber"]) == (told["name"], told["number"])
    course = certificate.training_class.course
    targets = {one["targetCode"] for one in subject["achievement"]["alignment"]}
    codes = dict(make.framework().levels.values_list("number", "code"))
    assert targets == {f"{one.competence.code}.{codes[one.to_level]}" for one in course.covers.all()}
    assert targets
    assert document["issuer"]["name"] == "SỞ NỘI VỤ - Thành phố Cần Thơ"


def test_the_private_key_is_a_file_of_its_owner_alone_and_never_in_the_database(badge):
    folder = Path(settings.KEYS_ROOT)
    file = next(folder.iterdir())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    private = file.read_text()
    assert private not in json.dumps(list(SigningKey.objects.values()), default=str)
    assert private not in json.dumps(list(AuditEntry.objects.values("details")))
    file.chmod(0o640)
    with pytest.raises(Refused, match="0600"):
        keys.signer(at=make.at(22))
    file.chmod(0o600)
    file.write_text("z123")
    with pytest.raises(Refused):
        keys.signer(at=make.at(22))
    file.unlink()
    with pytest.raises(Refused):
        keys.signer(at=make.at(22))


def test_a_new_key_signs_and_what_the_old_one_signed_still_verifies(client, as_user, badge):
    admin = as_user(make.user("admin"))
    assert admin.post(url("rotate")).status_code == 302
    assert badge.key.name in admin.get(url("keys")).content.decode()
    services.issue(actor=None, training_class=plan.finished([make.person()]), at=make.at(31))
    assert signing.sign_all(actor=None, at=make.at(31)) == 1
    old, new = Badge.objects.order_by("signed_at")
    assert old.key != new.key
    profile = client.get(url("issuer")).json()
    assert len(profile["verificationMethod"]) == 2
    assert verified_elsewhere(old.document, profile)
    assert verified_elsewhere(new.document, profile)
    assert queries.badge_holds(old.certificate, old)
    assert queries.badge_holds(new.certificate, new)
    assert SigningKey.objects.filter(ended_at=None).count() == 1


def test_the_check_page_tells_valid_expired_revoked_and_tampered_apart(client, badge, certificate):
    page = url("check_code", certificate.check_code)
    assert "Có hiệu lực" in client.get(page).content.decode()
    with time_machine.travel(make.at(20 + 5 * 365 + 3), tick=False):
        expired = client.get(page).content.decode()
    assert "Hết hạn" in expired
    assert "22/03/2031" in expired
    changed = copy.deepcopy(badge.document)
    changed["credentialSubject"]["identifier"][0]["identityHash"] = "Người Khác"
    Badge.objects.update(document=changed)
    assert "Không đáng tin" in client.get(page).content.decode()
    Badge.objects.update(document=badge.document)
    Certificate.objects.update(valid_until="2050-01-01")
    assert "Không đáng tin" in client.get(page).content.decode()
    Certificate.objects.update(valid_until="2031-03-22")
    services.revoke(actor=make.user("training"), certificate=certificate, reason="x", at=make.at(25))
    assert "Đã thu hồi" in client.get(page).content.decode()


def test_the_badge_opens_for_owner_head_and_training_only(as_user, badge, certificate, holder):
    page = url("badge", certificate.pk)
    assert as_user(holder.user).get(page).status_code == 200
    assert not AuditEntry.objects.filter(verb="credentials.download_badge").exists()
    assert as_user(make.user("head", unit=holder.unit)).get(page).status_code == 200
    assert AuditEntry.objects.filter(verb="credentials.download_badge", person_id=holder.pk).count() == 1
    for user in (make.user("head", unit=make.unit("Sở Tài chính")), make.person(login=True).user, make.user("leader")):
        assert as_user(user).get(page).status_code == 404


def test_bits_are_given_once_and_a_full_list_is_followed_by_another(badge, monkeypatch):
    first = badge.status_list
    StatusList.objects.update(taken=131072 - 1)
    Badge.objects.update(index=(first.start + 5 * first.step) % 131072)
    for week in range(2):
        services.issue(actor=None, training_class=plan.finished([make.person()], start=week), at=make.at(40))
    assert signing.sign_all(actor=None, at=make.at(41)) == 2
    assert list(StatusList.objects.order_by("number").values_list("number", "taken")) == [(1, 131072), (2, 1)]
    assert Badge.objects.values("status_list", "index").distinct().count() == 3


def test_every_bit_of_a_list_is_given_once():
    row = StatusList(number=1, start=77, step=4095)
    assert len({(row.start + n * row.step) % 131072 for n in range(131072)}) == 131072


def test_the_desk_signs_what_waits_as_a_job(as_user, certificate):
    officer = make.user("training")
    client = as_user(officer)
    Job.objects.all().delete()
    assert client.post(url("sign")).status_code == 302
    assert Job.objects.get().kind == "credentials.sign_badges"
    assert client.post(url("sign"), follow=True).content.decode().count("đang được ký") >= 1
    jobs.perform(str(Job.objects.get().pk))
    page = client.get(url("badges"))
    assert (page.context["signed"], page.context["waiting"]) == (1, 0)
    with pytest.raises(Refused):
        services.ask_sign(actor=officer, at=make.at(31))
    assert as_user(make.user("head", unit=make.unit())).get(url("badges")).status_code == 403


def test_an_erased_holder_has_a_badge_under_the_code_at_the_same_place_of_the_list(badge, certificate, holder):
    from nanglucso.core import audit
    from nanglucso.workforce.people import services as people

    place, name = (badge.status_list_id, badge.index), holder.full_name
    people.end_appointment(actor=None, appointment=holder.appointments.get(), until=make.at(22).date(), at=make.at(22))
    holder.refresh_from_db()
    erased = people.erase_person(actor=make.user("leader"), person=holder, at=make.at(23))
    assert signing.sign_all(actor=None, at=make.at(24)) == 1
    again, row = Badge.objects.get(), Certificate.objects.get()
    assert (again.status_list_id, again.index) == place
    assert row.content["name"] == again.document["credentialSubject"]["identifier"][0]["identityHash"]
    assert row.content["name"] == erased.full_name
    assert queries.verdict(row.check_code, day=make.at(24).date()).state == "valid"
    assert name not in json.dumps([row.content, again.document], ensure_ascii=False)
    assert audit.verify().ok
