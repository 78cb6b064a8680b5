"""Loading the shipped framework, the outside components, and the arrays that the engines get."""

import numpy as np
import pytest
import yaml
from django.db.models import Q

from nanglucso.core import content
from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.engines.levels import check_cuts
from nanglucso.workforce.framework import queries
from nanglucso.workforce.framework.models import Competence, Crosswalk, Descriptor, Framework, OutsideComponent
from nanglucso.workforce.framework.services import load_framework, load_outside_components
from tests import make

pytestmark = pytest.mark.django_db


def test_shipped_framework_has_six_domains_and_twenty_competences_with_four_levels():
    framework = make.framework()
    assert framework.domains.count() == 6
    assert framework.competences.count() == 20
    assert framework.levels.count() == 4
    per_level = Descriptor.objects.values_list("competence__code", "level__code").distinct().count()
    assert per_level == 20 * 4


def test_every_component_of_the_circular_is_reached_by_the_crosswalk():
    framework = make.framework()
    assert OutsideComponent.objects.filter(scheme="tt02-2025").count() == 24
    assert not queries.unreached(framework).filter(scheme="tt02-2025").exists()


def test_foreign_components_have_a_name_in_both_languages_and_a_corrected_file_corrects_them():
    make.framework()
    rows = OutsideComponent.objects.exclude(scheme="tt02-2025")
    assert rows.count() == 26
    assert not rows.filter(Q(name_vi="") | Q(name_en="") | Q(area_vi="") | Q(area_en="")).exists()
    rows.filter(scheme="digcomp-2.2", code="2.5").update(name_vi="")
    assert load_outside_components(at=make.AT) == OutsideComponent.objects.count()
    assert rows.get(scheme="digcomp-2.2", code="2.5").title == "Quy tắc ứng xử trên mạng"


def test_loading_twice_changes_nothing_and_leaves_no_second_audit_row():
    first = load_framework(at=make.AT)
    rows = Descriptor.objects.count(), Crosswalk.objects.count(), AuditEntry.objects.count()
    again = load_framework(at=make.at(1))
    assert again.pk == first.pk
    assert (Descriptor.objects.count(), Crosswalk.objects.count(), AuditEntry.objects.count()) == rows


def test_changed_file_updates_in_place_and_keeps_competence_ids(tmp_path):
    framework = make.framework()
    before = dict(framework.competences.values_list("code", "pk"))
    told = content.read_yaml(content.root() / "frameworks" / "nls-2026.yaml")
    told["competences"][0]["short_en"] = "My computer"
    told["competences"][0]["descriptors"]["CB"].pop()
    path = tmp_path / "changed.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    count = Descriptor.objects.count()
    changed = load_framework(path=path, at=make.at(1))
    assert changed.pk == framework.pk
    assert dict(changed.competences.values_list("code", "pk")) == before
    assert Competence.objects.get(code="1.1").short_en == "My computer"
    assert Descriptor.objects.count() == count - 1


def test_new_version_retires_the_old_one(tmp_path):
    old = make.framework()
    told = content.read_yaml(content.root() / "frameworks" / "nls-2026.yaml")
    told["version"] = 2
    path = tmp_path / "second.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    new = load_framework(path=path, at=make.at(1))
    old.refresh_from_db()
    assert new.pk != old.pk
    assert old.status == Framework.Status.RETIRED
    assert queries.current_framework() == new


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told.pop("cuts"), "cuts"),
        (lambda told: told.update(cuts=[0, 1, 1, 2]), "ascending"),
        (lambda told: told["competences"][0].update(domain="S9"), "1.1"),
        (lambda told: told["crosswalks"][0].update(codes=["99.9"]), "99.9"),
    ],
)
def test_faulty_file_is_refused_in_one_sentence_and_changes_nothing(tmp_path, change, said, settings):
    settings.LANGUAGE_CODE = "en"
    told = content.read_yaml(content.root() / "frameworks" / "nls-2026.yaml")
    change(told)
    path = tmp_path / "faulty.yaml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    before = list(Framework.objects.values())
    with pytest.raises(Refused, match=said):
        load_framework(path=path, at=make.AT)
    assert list(Framework.objects.values()) == before


def test_frame_gives_arrays_of_the_right_shapes():
    arrays = queries.frame(make.framework())
    assert arrays.size == 20
    assert arrays.levels == 4
    assert arrays.cuts.shape == (20, 4)
    check_cuts(arrays.cuts)
    assert arrays.prior_mean.shape == (20,)
    assert np.allclose(np.diag(arrays.prior_cov), 1)
    assert arrays.prior_cov[arrays.index("1.1"), arrays.index("1.2")] == 0.85
    assert arrays.prior_cov[arrays.index("1.1"), arrays.index("6.4")] == 0.65
    assert arrays.labels_vi[2] == "Trung cấp 2"
    assert arrays.labels_en[0] == "Below Basic"
