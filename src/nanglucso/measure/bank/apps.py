"""Items and their versions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BankConfig(AppConfig):
    name = "nanglucso.measure.bank"

    def ready(self) -> None:
        """Give this room's verbs their words."""
        from nanglucso.core.wording import name_codes

        name_codes(
            {
                "bank.load_items": _("Loaded items"),
                "bank.load_labs": _("Loaded practice tasks"),
                "bank.set_status": _("Changed an item's status"),
                "bank.set_practice": _("Released an item for practice or ended it"),
                "bank.read_key": _("Read an item's answer key"),
            }
        )
