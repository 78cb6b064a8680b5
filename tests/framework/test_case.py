"""CASE 1.0 and 1.1: what goes out is valid and comes back as the same framework; packages of others are read."""

import json
import uuid
from pathlib import Path

import jsonschema
import pytest

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework import casein, caseout
from nanglucso.workforce.framework.models import Competence, Descriptor, Framework
from nanglucso.workforce.framework.outline import outline, part_uid
from nanglucso.workforce.framework.services import import_case
from tests import make

pytestmark = pytest.mark.django_db
SCHEMAS = Path(__file__).parent.parent / "fixtures" / "case"
FILES = {"1.0": "case-v1p0-cfpackage.json", "1.1": "case-v1p1-cfpackage.json"}
# What the information models of 1EdTech require of each class, written out apart from the schemas.
REQUIRED = {
    "CFDocument": {"identifier", "uri", "creator", "title", "lastChangeDateTime"},
    "CFItems": {"identifier", "fullStatement", "uri", "lastChangeDateTime"},
    "CFAssociations": {
        "identifier",
        "associationType",
        "uri",
        "originNodeURI",
        "destinationNodeURI",
        "lastChangeDateTime",
    },
    "CFRubrics": {"identifier", "uri", "lastChangeDateTime"},
}


def package(framework, version="1.1"):
    framework.refresh_from_db()
    return caseout.package(outline(framework), changed_at=framework.changed_at, version=version)


def sent(found):
    return json.dumps(found, ensure_ascii=False).encode()


def valid(found, version):
    schema = json.loads((SCHEMAS / FILES[version]).read_text(encoding="utf-8"))
    kind = jsonschema.Draft7Validator if version == "1.0" else jsonschema.Draft201909Validator
    return [f"{list(e.path)}: {e.message}" for e in kind(schema, format_checker=kind.FORMAT_CHECKER).iter_errors(found)]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_package_is_valid_and_has_every_required_property(version):
    found = package(make.framework(), version)
    assert valid(found, version) == []
    for part, needed in REQUIRED.items():
        for row in found[part] if isinstance(found[part], list) else [found[part]]:
            assert needed <= row.keys(), part
    ids = [row["identifier"] for part in ("CFItems", "CFAssociations") for row in found[part]]
    assert len(ids) == len(set(ids)) == len({str(uuid.UUID(one)) for one in ids})
    assert len(found["CFItems"]) == 6 + 20 + Descriptor.objects.count()


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_the_schema_check_can_fail(version):
    found = package(make.framework(), version)
    del found["CFItems"][3]["fullStatement"]
    found["CFAssociations"][0]["associationType"] = "somehow"
    assert len(valid(found, version)) == 2


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_export_import_export_is_byte_equal(version):
    framework = make.framework()
    before, told = package(framework, version), outline(framework)
    Framework.objects.update(code="khac")
    again = import_case(actor=None, data=sent(before), name="nls.json", at=make.at(3))
    assert caseout.canonical(package(again, version)) == caseout.canonical(before)
    assert outline(again).competences == told.competences
    assert outline(again).behaviours == told.behaviours
    assert again.status == Framework.Status.DRAFT


def test_the_same_framework_gives_the_same_bytes_and_the_same_names_in_every_version():
    first = caseout.canonical(package(make.framework()))
    assert caseout.canonical(package(make.framework())) == first
    assert Competence.objects.get(code="3.3").uid == part_uid("nls-2026", "competence", "3.3")


def test_importing_what_is_held_changes_nothing():
    framework = make.framework()
    rows = AuditEntry.objects.count()
    assert import_case(actor=None, data=sent(package(framework)), name="nls.json", at=make.at(1)) == framework
    assert AuditEntry.objects.count() == rows


def test_a_changed_package_of_a_held_version_needs_a_version_of_its_own():
    framework = make.framework()
    found = package(framework)
    found["CFItems"][10]["fullStatement"] += " (mới)"
    with pytest.raises(Refused) as refusal:
        import_case(actor=None, data=sent(found), name="nls.json", at=make.at(1))
    assert refusal.value.field == "version"
    draft = import_case(actor=None, data=sent(found), name="nls.json", at=make.at(1), version="2")
    assert draft.pk != framework.pk
    assert draft.uid != framework.uid
    assert set(draft.competences.values_list("uid", flat=True)) == set(
        framework.competences.values_list("uid", flat=True)
    )


def node(text, code="", kind="", **more):
    uid = str(uuid.uuid5(uuid.NAMESPACE_URL, text + code))
    row = {
        "identifier": uid,
        "uri": f"urn:uuid:{uid}",
        "fullStatement": text,
        "lastChangeDateTime": "2025-01-02T03:04:05Z",
    }
    return row | ({"humanCodingScheme": code} if code else {}) | ({"CFItemType": kind} if kind else {}) | more


def foreign(tree, title="Khung ngoài", rubrics=()):
    """A package from nested (node, parts)."""
    uid = str(uuid.uuid5(uuid.NAMESPACE_URL, title))
    head = {
        "identifier": uid,
        "uri": f"urn:uuid:{uid}",
        "creator": "Ai đó",
        "title": title,
        "lastChangeDateTime": "2025-01-02T03:04:05Z",
    }
    found = {"CFDocument": head, "CFItems": [], "CFAssociations": [], "CFRubrics": list(rubrics)}

    def walk(rows, parent):
        for number, (row, parts) in enumerate(rows, start=1):
            found["CFItems"].append(row)
            link = node(f"{row['identifier']}>{parent['identifier']}")
            del link["fullStatement"]
            ends = {
                "originNodeURI": {"title": "a", **_ends(row)},
                "destinationNodeURI": {"title": "b", **_ends(parent)},
            }
            found["CFAssociations"].append({**link, "associationType": "isChildOf", "sequenceNumber": number, **ends})
            walk(parts, row)

    walk(tree, head)
    return found


def _ends(row):
    return {"identifier": row["identifier"], "uri": row["uri"]}


def scale(*names, item=None):
    levels = [
        {**node(name + (item or ""), str(n)), "quality": name, "position": n} for n, name in enumerate(names, start=1)
    ]
    for row in levels:
        del row["fullStatement"], row["humanCodingScheme"]
        row["description"] = f"Mức {row['quality']}" if item else ""
    criterion = {k: v for k, v in node(f"tiêu chí {item}").items() if k != "fullStatement"} | {
        "CFRubricCriterionLevels": levels
    }
    if item:
        criterion["CFItemURI"] = {"title": "x", "identifier": item, "uri": f"urn:uuid:{item}"}
    return {k: v for k, v in node(f"thang {item}").items() if k != "fullStatement"} | {"CFRubricCriteria": [criterion]}


def test_two_deep_package_without_levels():
    tree = [
        (node("Dữ liệu", "A"), [(node("Tìm dữ liệu", "A1"), []), (node("Đánh giá dữ liệu", "A2"), [])]),
        (node("Giao tiếp", "B"), [(node("Họp trực tuyến", "B1"), [])]),
    ]
    found = foreign(tree)
    assert valid(found, "1.1") == []
    row = import_case(actor=None, data=sent(found), name="hai.json", at=make.AT)
    assert list(row.competences.values_list("code", "domain__code")) == [("A1", "A"), ("A2", "A"), ("B1", "B")]
    assert row.levels.count() == 0
    assert row.cuts == []
    before = caseout.canonical(package(row))
    row.delete()
    again = import_case(actor=None, data=sent(json.loads(before)), name="hai.json", at=make.at(9))
    assert caseout.canonical(package(again)) == before


def test_four_deep_package_with_five_levels_said_by_a_rubric():
    skill = node("Lọc thông tin", kind="Competency")
    tree = [
        (node("Miền 1"), [(node("Nhóm 1.1"), [(skill, [(node("Chọn đúng nguồn"), []), (node("Bỏ tin sai"), [])])])])
    ]
    found = foreign(tree, rubrics=[scale("Một", "Hai", "Ba", "Bốn", "Năm", item=skill["identifier"])])
    row = import_case(actor=None, data=sent(found), name="bon.json", at=make.AT)
    competence = row.competences.get()
    assert competence.domain.parent.name_vi == "Miền 1"
    assert str(competence.uid) == skill["identifier"]
    assert [level.name_vi for level in row.levels.all()] == ["Một", "Hai", "Ba", "Bốn", "Năm"]
    assert row.cuts == sorted(row.cuts)
    assert len(row.cuts) == 5
    texts = set(competence.descriptors.values_list("text_vi", "level__number"))
    assert ("Chọn đúng nguồn", None) in texts
    assert ("Mức Ba", 3) in texts
    assert valid(package(row, "1.0"), "1.0") == []


def test_the_depth_of_the_competences_can_be_said():
    tree = [(node("Một"), [(node("Hai"), [(node("Ba"), [])])])]
    told = casein.read(foreign(tree), competences_at=3)
    assert [row.words.name_vi for row in told.competences] == ["Ba"]
    assert [row.words.name_vi for row in casein.read(foreign(tree)).competences] == ["Hai"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found: found["CFItems"][1].pop("fullStatement"), r"CFItems\[1\] lacks fullStatement"),
        (lambda found: found["CFDocument"].pop("creator"), "CFDocument lacks creator"),
        (lambda found: found["CFItems"][0].update(identifier="abc"), r"CFItems\[0\].*UUID"),
        (lambda found: found.update(CFDocument=None), "no CFDocument"),
        (lambda found: found["CFDocument"].update(lastChangeDateTime="yesterday"), "ISO 8601"),
        (lambda found: found["CFAssociations"][0].pop("originNodeURI"), r"CFAssociations\[0\] lacks originNodeURI"),
    ],
)
def test_faulty_package_is_refused_with_its_place_and_nothing_is_kept(change, said, settings):
    settings.LANGUAGE_CODE = "en"
    found, held = foreign([(node("Dữ liệu", "A"), [(node("Tìm", "A1"), [])])]), Framework.objects.count()
    change(found)
    with pytest.raises(Refused, match=said):
        import_case(actor=None, data=sent(found), name="x.json", at=make.AT)
    assert Framework.objects.count() == held


def test_items_in_a_ring_and_text_that_is_no_json_are_refused(settings):
    settings.LANGUAGE_CODE = "en"
    a, b = node("Vòng a"), node("Vòng b")
    found = foreign([(node("Dữ liệu", "A"), [(node("Tìm", "A1"), [])])])
    ring = foreign([(a, [(b, [])])])
    found["CFItems"] += ring["CFItems"]
    found["CFAssociations"] += ring["CFAssociations"][1:]
    back = json.loads(json.dumps(ring["CFAssociations"][1]))
    back["originNodeURI"], back["destinationNodeURI"] = back["destinationNodeURI"], back["originNodeURI"]
    back["identifier"] = str(uuid.uuid4())
    found["CFAssociations"].append(back)
    with pytest.raises(Refused, match="stand in each other"):
        import_case(actor=None, data=sent(found), name="x.json", at=make.AT)
    with pytest.raises(Refused, match="line 2"):
        import_case(actor=None, data=b'{"a": 1,\n oops}', name="x.json", at=make.AT)
