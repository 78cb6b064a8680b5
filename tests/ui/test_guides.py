"""Guides from Markdown."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from nanglucso.core import content
from nanglucso.core.models import Role
from nanglucso.ui import nav


@pytest.fixture
def docs(tmp_path, monkeypatch):
    (tmp_path / "operate.md").write_text("# Operating\n\n| a | b |\n|---|---|\n| 1 | 2 |\n", encoding="utf-8")
    (tmp_path / "operate.vi.md").write_text(
        "# Vận hành\n\n<script>alert(1)</script>\n\n**đậm** [x](methods.vi.md#do)\n", encoding="utf-8"
    )
    monkeypatch.setattr(content, "docs", lambda: tmp_path)


@pytest.mark.django_db
def test_the_list_and_a_guide_follow_the_language(client, docs):
    assert "Vận hành" in client.get(reverse("ui:help")).content.decode()
    english = client.get(reverse("ui:guide", args=["operate"]), {"lang": "en"}).content.decode()
    assert "<h1>Operating</h1>" in english
    assert '<table class="tbl">' in english


@pytest.mark.django_db
def test_markup_in_a_guide_is_not_run(client, docs):
    page = client.get(reverse("ui:guide", args=["operate"])).content.decode()
    assert "<strong>đậm</strong>" in page
    assert 'href="../methods/#do"' in page
    assert "<script>alert" not in page


@pytest.mark.django_db
def test_a_guide_that_is_not_there(client, docs):
    assert client.get(reverse("ui:guide", args=["khac"])).status_code == 404
    assert client.get("/huong-dan/..%2fsettings/").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "language"), [("start.vi.md", "vi"), ("start.md", "en")])
def test_the_guide_by_role_names_entries_of_the_menu_of_that_role(name, language):
    parts = re.split(r"(?m)^## (.+)$", (content.docs() / name).read_text(encoding="utf-8"))
    texts = dict(zip(parts[1::2], parts[2::2], strict=True))
    with translation.override(language):
        assert list(texts) == [str(label) for label in Role.labels]
        for role, label in Role.choices:
            entries = {str(one.label) for _title, group in nav.MENU[role] for one in group}
            quoted = re.findall(r"\*\*(.+?)\*\*", texts[str(label)])
            assert quoted, label
            assert set(quoted) <= entries, label


@pytest.mark.django_db
def test_the_guide_for_starting_stands_first_and_others_are_named(client):
    page = client.get(reverse("ui:help")).content.decode()
    assert page.index("Bắt đầu theo vai trò") < page.index("Cách đo và cách lập kế hoạch")
    assert "Security and personal data" in page
