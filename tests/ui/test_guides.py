"""Guides from Markdown."""

import pytest
from django.urls import reverse

from nanglucso.core import content


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
