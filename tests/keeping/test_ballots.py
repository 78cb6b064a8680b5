"""The keys of open secret votes are in no copy, wherever their folder lies."""

import pytest

from nanglucso.core.keeping import archives, taking
from nanglucso.core.keeping.archives import Manifest
from nanglucso.govern.meetings import urn
from tests import make


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["ballots", "media/ballots"])
def test_no_copy_holds_the_key_of_an_open_secret_vote(settings, tmp_path, monkeypatch, place):
    settings.MEDIA_ROOT, settings.BALLOTS_ROOT = tmp_path / "media", tmp_path / place
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.txt").write_text("còn lại")
    urn.begin(7, 3)
    (key,) = settings.BALLOTS_ROOT.iterdir()
    empty = Manifest(make.AT.isoformat(), "sqlite", {}, {}, {}, {})
    for vendor in ("_sqlite", "_postgres"):
        monkeypatch.setattr(taking, vendor, lambda spare, at: empty)
    done = taking.take(folder=tmp_path / "copies", key=None, at=make.AT)
    there = tmp_path / "there"
    archives.unpack(done.path, None, there)
    files = [one for one in there.rglob("*") if one.is_file()]
    assert [one.name for one in files] == ["a.txt"]
    assert not any(key.read_bytes()[: urn.HALF] in one.read_bytes() for one in files)
