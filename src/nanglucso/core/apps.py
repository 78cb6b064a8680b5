"""Users, roles and scope, the write door, audit, jobs."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig, apps


class CoreConfig(AppConfig):
    name = "nanglucso.core"

    def ready(self) -> None:
        """Load every room's tasks so that a worker knows them by name, and listen to the log-in library."""
        import_module("nanglucso.core.accounts")
        import_module("nanglucso.core.sessions")
        import_module("nanglucso.core.watching.figures").listen()
        for config in apps.get_app_configs():
            if config.name.startswith("nanglucso.") and find_spec(f"{config.name}.tasks"):
                import_module(f"{config.name}.tasks")
