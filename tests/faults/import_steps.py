"""Run as a script under a home's environment: one step of a staff import, telling the share done as it goes.

import_steps.py prepare FILE PEOPLE | apply | undo | sums
"""

import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nanglucso.project.settings")


def prepare(file: Path, people: int) -> None:
    """Tables, the city, people who are held already, and a list that adds as many and moves the held ones."""
    from django.core.management import call_command

    from nanglucso.workforce.people import importing, services
    from nanglucso.workforce.people.staffsheet.read import read_staff
    from tests import make
    from tests.people.workbooks import crowd

    call_command("migrate", verbosity=0)
    make.city()
    held = read_staff(crowd(file, people // 2, ["Sở Nội vụ"]))
    services.apply_import(actor=None, plan=importing.plan_changes(held, at=make.AT), at=make.AT)
    with crowd(file, people, ["Sở Tư pháp", "Xã Phong Điền"]).open("rb") as stream:
        stored = _stored(stream, file)
    row = services.start_import(actor=None, file=stored, at=make.at(1))
    importing.read_import(actor=None, row=row, at=make.at(1))


def _stored(stream: object, file: Path) -> object:
    from nanglucso.workforce.people import uploads
    from tests import make

    return uploads.store(actor=None, stream=stream, name=file.name, content_type="", at=make.at(1))  # type: ignore[arg-type]


def tell(share: float) -> None:
    print(f"{share:.3f}", flush=True)


def main(step: str, *words: str) -> None:
    import django

    django.setup()
    from nanglucso.workforce.people import services
    from nanglucso.workforce.people.models import StaffImport
    from tests import make
    from tests.people.tables import checksums

    if step == "prepare":
        prepare(Path(words[0]), int(words[1]))
        return
    row = StaffImport.objects.exclude(file=None).get()
    if step == "apply":
        services.apply_import(actor=None, row=row, at=make.at(2), tell=tell)
    elif step == "undo":
        services.undo_import(actor=None, row=row, at=make.at(3), tell=tell)
    else:
        print(json.dumps(checksums()))


if __name__ == "__main__":
    main(*sys.argv[1:])
