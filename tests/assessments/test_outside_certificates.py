"""Outside certificates: entered with proof, counted only when confirmed, taken back and put back."""

from datetime import date
from io import BytesIO

import numpy as np
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests import make

from nanglucso.core.models import AuditEntry, RoleGrant
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import certifying
from nanglucso.measure.assessments.certrules import rules
from nanglucso.measure.assessments.models import OutsideCertificate
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief, Evidence

pytestmark = pytest.mark.django_db
RULE = "ud-cntt-co-ban"


@pytest.fixture(autouse=True)
def _on_a_day():
    with time_machine.travel(make.at(1), tick=False):
        yield


def mean(person):
    size = folding.frame(make.framework()).size
    return folding.of_row(Belief.objects.get(person=person), size).mean


def confirm(officer, row):
    certifying.confirm(actor=officer, certificate=row, framework=make.framework(), at=make.at(1))


def test_every_rule_speaks_of_competences_and_levels_of_the_framework_and_names_its_source():
    frame = folding.frame(make.framework())
    for rule in rules().values():
        assert set(rule.gives) <= set(frame.codes)
        assert all(1 <= level <= frame.levels for level in rule.gives.values())
        assert rule.source
        assert rule.valid_years > 0


def test_a_certificate_counts_from_its_day_of_issue_once_confirmed_and_not_before():
    person = make.person(login=True)
    officer = make.user("training")
    row = make.certificate(person)
    assert not Evidence.objects.exists()
    confirm(officer, row)
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.at.date()) == ("certificate", date(2025, 3, 1))
    assert {e["k"]: e["level"] for e in evidence.entries} == rules()[RULE].gives
    frame = folding.frame(make.framework())
    assert all(mean(person)[frame.index(code)] > 0 for code in rules()[RULE].gives)
    assert not Belief.objects.get(person=person).measured


def test_taking_it_back_is_as_if_it_had_never_been_and_confirming_again_undoes_that():
    person, officer = make.person(login=True), make.user("training")
    row = make.certificate(person)
    confirm(officer, row)
    with_it = mean(person)
    with pytest.raises(Refused):
        certifying.revoke(actor=officer, certificate=row, reason=" ", at=make.at(2))
    certifying.revoke(actor=officer, certificate=row, reason="Không đúng người", at=make.at(2))
    assert np.allclose(mean(person), 0, atol=1e-12)
    assert OutsideCertificate.objects.get().reason == "Không đúng người"
    confirm(officer, row)
    assert np.allclose(mean(person), with_it, atol=1e-9)


def test_nobody_judges_their_own_and_a_decision_is_made_once():
    person, officer = make.person(login=True), make.user("training")
    row = make.certificate(person)
    with pytest.raises(Refused):
        confirm(person.user, row)
    certifying.refuse(actor=officer, certificate=row, reason="Ảnh mờ", at=make.at(1))
    with pytest.raises(Refused):
        confirm(officer, row)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"rule": "tu-bia"}, "rule"),
        ({"day": date(2027, 1, 1)}, "issued_on"),
        ({"day": date(2020, 1, 1)}, "issued_on"),
        ({"name": "x.pdf", "proof": BytesIO(b"<script>")}, "proof"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(changed, field):
    person = make.person(login=True)
    told = {"rule": RULE, "issued_on": changed.get("day", date(2025, 3, 2)), "number": "", "name": "a.pdf",
            "proof": BytesIO(b"%PDF-1"), "at": make.AT}  # fmt: skip
    told |= {key: value for key, value in changed.items() if key != "day"}
    with pytest.raises(Refused) as no:
        certifying.enter(actor=person.user, person=person, **told)
    assert no.value.field == field
    assert not OutsideCertificate.objects.exists()


def test_the_same_certificate_is_not_entered_twice():
    person = make.person(login=True)
    make.certificate(person)
    with pytest.raises(Refused):
        make.certificate(person)


def test_the_whole_way_over_the_pages(as_user):
    person = make.person(login=True)
    url = reverse("assessments:my_certificates")
    proof = SimpleUploadedFile("anh.png", make.PNG)
    sent = {"rule": RULE, "issued_on": "02/03/2025", "number": "B 7", "proof": proof}
    assert as_user(person.user).post(url, sent).status_code == 302
    row = OutsideCertificate.objects.get()
    officer = make.user("training", person.unit)
    client = as_user(officer)
    assert person.full_name in client.get(reverse("assessments:certificates")).content.decode()
    reply = client.get(reverse("assessments:certificate_proof", args=[row.pk]))
    assert reply.getvalue().startswith(b"\x89PNG")
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.get(verb="assessments.look_at_proof").person_id == person.pk
    client.post(reverse("assessments:certificate_decide", args=[row.pk, "confirm"]))
    row.refresh_from_db()
    assert row.status == "confirmed"
    client.post(reverse("assessments:certificate_decide", args=[row.pk, "revoke"]), {"reason": "nhầm"})
    row.refresh_from_db()
    assert row.status == "revoked"
    assert "nhầm" in as_user(person.user).get(url).content.decode()


def test_a_form_with_a_wrong_day_keeps_what_was_typed(as_user):
    person = make.person(login=True)
    sent = {"rule": RULE, "issued_on": "hôm qua", "number": "B 7"}
    reply = as_user(person.user).post(reverse("assessments:my_certificates"), sent)
    assert (reply.status_code, set(reply.context["form"].errors)) == (422, {"issued_on", "proof"})
    assert 'value="B 7"' in reply.content.decode()


def test_neighbour_and_stranger_see_neither_certificate_nor_proof(as_user):
    person = make.person(unit=make.unit("Sở Nội vụ"), login=True)
    row = make.certificate(person)
    address = reverse("assessments:certificate_proof", args=[row.pk])
    neighbour = as_user(make.user("training", make.unit("Sở Tài chính")))
    assert person.full_name not in neighbour.get(reverse("assessments:certificates")).content.decode()
    assert neighbour.get(address).status_code == 404
    decide = reverse("assessments:certificate_decide", args=[row.pk, "confirm"])
    assert neighbour.post(decide).status_code == 404
    head = as_user(make.user("head", person.unit))
    assert head.get(address).status_code == 404
    assert head.post(decide).status_code == 403
    assert as_user(make.person(unit=person.unit, login=True).user).get(address).status_code == 404
    assert OutsideCertificate.objects.get().status == "waiting"


def test_a_training_officer_who_is_an_official_too_does_not_confirm_their_own_over_the_page(as_user):
    person = make.person(login=True)
    RoleGrant.objects.create(user=person.user, role="training", unit=None, granted_at=make.at(-9))
    row = make.certificate(person)
    as_user(person.user, "training").post(reverse("assessments:certificate_decide", args=[row.pk, "confirm"]))
    row.refresh_from_db()
    assert row.status == "waiting"


def test_the_holder_reads_names_and_the_basis_and_the_officer_what_is_still_to_be_looked_up(as_user):
    person, rule = make.person(login=True), rules()[RULE]
    make.certificate(person)
    page = as_user(person.user).get(reverse("assessments:my_certificates")).content.decode()
    name = make.framework().competences.get(code="3.3").short
    assert f"3.3 {name}, mức 1" in page
    assert rule.source in page
    assert rule.check not in page
    desk = as_user(make.user("training")).get(reverse("assessments:certificates")).content.decode()
    assert f"3.3 {name}, mức 1" in desk
    assert f"{rule.source}; {rule.check}" in desk
