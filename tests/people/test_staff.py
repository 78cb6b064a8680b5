"""People, appointments, accounts and the head's role."""

from datetime import date

import pytest

from nanglucso.core.models import AuditEntry, Role, RoleGrant
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import NOTHING, Scope
from nanglucso.workforce.people import queries, services
from nanglucso.workforce.people.models import Appointment, Person, Position, PositionFamily
from nanglucso.workforce.people.queries import StaffFilter
from tests import make

pytestmark = pytest.mark.django_db


def other_position(than: Position) -> Position:
    return Position.objects.exclude(pk=than.pk).exclude(family=than.family).order_by("code").first()


def test_name_is_split_cleaned_and_sortable():
    row = make.person("  NGUYỄN   THỊ HÒA ")
    assert (row.ho_dem, row.ten, row.fold) == ("Nguyễn Thị", "Hòa", "nguyen thi hoa")
    assert make.person("Trần Ánh").sort_key < make.person("Lê Ân").sort_key < row.sort_key


def test_adding_leaves_an_audit_row_that_names_the_person():
    row = make.person()
    entry = AuditEntry.objects.filter(verb="people.add_person").first()
    assert entry.person_id == row.pk


@pytest.mark.parametrize(
    "fields", [{"name": " "}, {"birth_date": date(2020, 1, 1)}, {"birth_year": 1900}, {"staff_code": "TAKEN"}]
)
def test_impossible_people_are_refused_and_nothing_is_kept(fields):
    make.person(staff_code="TAKEN")
    told = {"name": "Lê Thị Tốt", "unit": make.unit(), "position": make.position(), "since": date(2026, 1, 1), **fields}
    with pytest.raises(Refused):
        services.add_person(actor=None, at=make.AT, **told)
    assert Person.objects.count() == 1


def test_citizen_number_is_hashed_and_unique():
    row = make.person(citizen_id="092085001234")
    assert "092085001234" not in str(row.__dict__)
    with pytest.raises(Refused):
        make.person(citizen_id="0920 8500 1234")


def test_appointing_moves_the_person_and_ends_the_main_position():
    row = make.person(since=date(2025, 7, 1))
    new = other_position(row.position)
    services.appoint(
        actor=None, person=row, unit=make.unit("Sở Tư pháp"), position=new, since=date(2026, 3, 1), at=make.AT
    )
    row.refresh_from_db()
    assert (row.unit.name, row.position) == ("Sở Tư pháp", new)
    assert [one.until for one in queries.appointments(row)] == [None, date(2026, 3, 1)]
    assert queries.held_on(date(2026, 2, 28)).get().position != new
    assert queries.held_on(date(2026, 3, 1)).get().position == new


def test_second_post_leaves_the_main_one_open():
    row = make.person()
    new = other_position(row.position)
    services.appoint(
        actor=None, person=row, unit=row.unit, position=new, since=date(2026, 3, 1), main=False, at=make.AT
    )
    row.refresh_from_db()
    assert row.position != new
    assert row.appointments.filter(until=None).count() == 2
    main = row.appointments.get(position=row.position)
    services.end_appointment(actor=None, appointment=main, until=date(2026, 3, 2), at=make.AT)
    row.refresh_from_db()
    assert (row.position, row.active) == (new, True)


def test_appointment_cannot_begin_before_the_one_it_ends_or_end_before_it_began():
    row = make.person(since=date(2026, 1, 1))
    with pytest.raises(Refused):
        services.appoint(
            actor=None, person=row, unit=row.unit, position=row.position, since=date(2025, 1, 1), at=make.AT
        )
    held = row.appointments.get()
    with pytest.raises(Refused):
        services.end_appointment(actor=None, appointment=held, until=date(2025, 12, 1), at=make.AT)
    services.end_appointment(actor=None, appointment=held, until=date(2026, 2, 1), at=make.AT)
    with pytest.raises(Refused):
        services.end_appointment(actor=None, appointment=held, until=date(2026, 2, 2), at=make.AT)
    assert Appointment.objects.count() == 1


def test_change_of_facts_names_the_changed_fields_in_the_log():
    row = make.person(email="cu@vidu.gov.vn")
    services.change_person(actor=None, person=row, email="moi@vidu.gov.vn", phone="", at=make.AT)
    assert AuditEntry.objects.filter(verb="people.change_person").get().details["fields"] == ["email"]


def test_account_name_comes_from_the_staff_number_and_is_unique():
    row = make.person(staff_code="CT-092-Đ1")
    user = services.create_account(actor=None, person=row, at=make.AT)
    assert user.username == "ct-092-d1"
    assert user.grants.get().role == Role.OFFICIAL
    with pytest.raises(Refused):
        services.create_account(actor=None, person=row, at=make.AT)


def test_many_accounts_share_a_password_only_when_all_are_made_up():
    people = [make.person() for _ in range(3)]
    assert services.create_accounts(actor=None, people=people, at=make.AT, password="mot-mat-khau-chung") == 3
    assert Person.objects.get(pk=people[0].pk).user.check_password("mot-mat-khau-chung")
    assert services.create_accounts(actor=None, people=Person.objects.all(), at=make.AT) == 0
    real = make.person()
    Person.objects.filter(pk=real.pk).update(made_up=False)
    with pytest.raises(Refused):
        services.create_accounts(actor=None, people=Person.objects.filter(pk=real.pk), at=make.AT, password="x" * 12)


def test_heads_get_the_role_over_their_unit_and_lose_it_when_they_leave():
    head_position = Position.objects.filter(family__code="lanh_dao_ubnd_xa").first()
    ward = make.unit("Phường Cái Khế")
    head = make.person(unit=ward, position=head_position, login=True)
    make.person(unit=ward, login=True)
    assert services.grant_heads(actor=None, at=make.AT) == (1, 0)
    grant = RoleGrant.objects.get(role=Role.HEAD, ended_at=None)
    assert (grant.user, grant.unit) == (head.user, ward)
    assert services.grant_heads(actor=None, at=make.AT) == (0, 0)
    plain = PositionFamily.objects.filter(is_head=False).first().positions.first()
    services.appoint(actor=None, person=head, unit=ward, position=plain, since=date(2026, 3, 1), at=make.AT)
    assert RoleGrant.objects.get(pk=grant.pk).ended_at == make.AT
    assert services.grant_heads(actor=None, at=make.at(1)) == (0, 0)


def test_list_is_cut_by_scope():
    ward, other = make.unit("Phường Cái Khế"), make.unit("Phường Ô Môn")
    mine, theirs = make.person(unit=ward), make.person(unit=other)
    assert set(queries.staff(scope=Scope(paths=(ward.path,)), wanted=StaffFilter())) == {mine}
    assert not queries.staff(scope=NOTHING, wanted=StaffFilter()).exists()
    assert theirs in queries.staff(scope=Scope(everything=True), wanted=StaffFilter())


def test_required_levels_of_many_positions_in_one_query(django_assert_num_queries):
    position = make.position("VTVL-XA-TN-01")
    with django_assert_num_queries(1):
        found = queries.required_levels([position.pk])
    assert len(found[position.pk]) == position.requirements.count() == 20
    assert sum(weight for _level, weight, _core in found[position.pk].values()) == pytest.approx(100)
