"""Words for codes of this room."""

from django.utils.translation import gettext_lazy as _

KINDS = {
    "about": _("The framework as a whole"),
    "levels": _("Levels"),
    "groups": _("Domains"),
    "competences": _("Competences"),
    "behaviours": _("Observable behaviours"),
}
HOWS = {"added": _("added"), "removed": _("removed"), "changed": _("changed")}
FIELDS = {
    "name_vi": _("Name in Vietnamese"), "name_en": _("Name in English"), "short_vi": _("Short name"),
    "short_en": _("Short name in English"), "head_vi": _("Column head"), "head_en": _("Column head in English"),
    "code": _("Code"), "ref": _("Code"), "group": _("Group"), "parent": _("Group"), "competence": _("Competence"),
    "level": _("Level"), "text_vi": _("Text in Vietnamese"), "text_en": _("Text in English"), "cuts": _("Cut points"),
    "principle_vi": _("Principle in Vietnamese"), "principle_en": _("Principle in English"),
    "facets_vi": _("Contents"), "facets_en": _("Contents in English"), "order": _("Order"), "origin": _("Origin"),
    "note_vi": _("Note in Vietnamese"), "note_en": _("Note in English"), "source": _("Source"),
    "is_proposal": _("Only a proposal"), "below_vi": _("Below the first level"),
    "below_en": _("Below the first level, in English"), "cuts_note": _("Note on the cut points"),
    "cuts_note_en": _("Note on the cut points, in English"), "level_map": _("Levels of other frameworks"),
    "correlation_within": _("Correlation within a domain"), "correlation_between": _("Correlation between domains"),
}  # fmt: skip
ORIGINS = {"added": _("added by this project")}
SAID = {
    "The version is open to comments and closed to edits.": _("The version is open to comments and closed to edits."),
    "The version can be edited again.": _("The version can be edited again."),
    "The version is published.": _("The version is published."),
    "The draft is deleted.": _("The draft is deleted."),
}
