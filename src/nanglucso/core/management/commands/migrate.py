"""`migrate`, which lays an empty database out at once (`core.tables`)."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from nanglucso.core import tables


class Command(migrate.Command):
    """Django's command; `--step-by-step` applies the migrations one after another in an empty database too."""

    def add_arguments(self, parser: Any) -> None:
        super().add_arguments(parser)
        parser.add_argument("--step-by-step", action="store_true", help="Never lay the tables out at once.")

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        whole = not (options["app_label"] or options["plan"] or options["check_unapplied"] or options["fake"])
        if whole and not options["step_by_step"] and tables.is_empty(connection):
            tables.lay_out(connection)
        super().handle(*args, **options)
