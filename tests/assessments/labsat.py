"""Practice tasks that were really sat, for tests."""

import uuid

from tests import make

from nanglucso.measure.assessments import labexam
from nanglucso.measure.assessments.models import LabSitting
from nanglucso.measure.bank.models import LabVersion

MAIL, LETTERS = "LAB-5.2-HOPTHU", "LAB-4.1-VANBANDI"
SHORT = {"items_min": 6, "items_max": 8}


def version(code=MAIL):
    make.bank()
    return LabVersion.objects.get(lab__code=code)


def campaign(people, codes=(MAIL,), **rules):
    return make.campaign(people=people, labs=[version(code) for code in codes], **{**SHORT, **rules})


def given(campaign, person):
    return campaign.lab_sittings.get(person=person)


def begun(campaign, person, at=None, seed=0):
    """A task under way; `seed` is what the draw gave."""
    row = labexam.start(actor=person.user, sitting=given(campaign, person), at=at or make.at(1))
    row.run.seed = seed
    row.run.save(update_fields=["seed"])
    return row


def do(row, seconds, verb, key=None, **args):
    told = {"key": key or uuid.uuid4(), "verb": verb, "args": args}
    return labexam.take(sitting=row, at=make.at(1, seconds=seconds), **told)


def trace(row, name):
    for seconds, verb, args in row.version.body["traces"][name]["acts"]:
        do(row, seconds, verb, **args)


def sat(campaign, person, name="good", end=600):
    """The whole task by one of its traces."""
    row = begun(
        campaign, person, seed=campaign.labs.get(pk=given(campaign, person).version_id).body["traces"][name]["seed"]
    )
    trace(row, name)
    return labexam.finish(actor=person.user, sitting=row, at=make.at(1, seconds=end))


def fresh(row):
    return LabSitting.objects.select_related("run").get(pk=row.pk)
