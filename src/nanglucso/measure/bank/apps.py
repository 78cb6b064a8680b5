"""Items and their versions."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BankConfig(AppConfig):
    name = "nanglucso.measure.bank"

    def ready(self) -> None:
        """Give this room's verbs their words; count what waits for a reader."""
        from nanglucso.core.wording import name_codes
        from nanglucso.measure.bank.moving import ItemMover
        from nanglucso.ui.badges import badge
        from nanglucso.workforce.framework import passing

        badge("bank:drafts", _waiting)
        passing.register("bank", ItemMover())
        name_codes(
            {
                "bank.load_items": _("Loaded items"),
                "bank.load_labs": _("Loaded practice tasks"),
                "bank.set_status": _("Changed an item's status"),
                "bank.set_practice": _("Released an item for practice or ended it"),
                "bank.read_key": _("Read an item's answer key"),
                "bank.start_draft": _("Began to write an item"),
                "bank.save_draft": _("Changed a draft of an item"),
                "bank.submit_draft": _("Gave a draft to a second reader"),
                "bank.take_back_draft": _("Took a draft back"),
                "bank.drop_draft": _("Set a draft aside"),
                "bank.read_draft": _("Answered a draft as second reader"),
                "bank.judge_draft": _("Gave a verdict on a draft"),
                "bank.publish_draft": _("Published an item version"),
                "bank.read_import": _("Read a file of items"),
                "bank.take_import": _("Took items over from a file"),
                "bank.export_items": _("Exported items with their keys"),
            }
        )


def _waiting(request: Any) -> Any:
    from nanglucso.measure.bank.drafting import to_read

    return to_read(request.user) if request.access.may("bank.change") else ()
