"""The wiring app: command line, urls, demo city."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "nanglucso.project"

    def ready(self) -> None:
        """Compile the Vietnamese catalogue when a fragment changed; beside the data where the package is read-only."""
        from django.conf import settings

        from nanglucso.project.messages import merge_and_compile

        source = settings.PACKAGE / "locale"
        try:
            merge_and_compile(source)
        except OSError:
            own = settings.HOME / "locale"
            merge_and_compile(source, own)
            settings.LOCALE_PATHS = [own, *settings.LOCALE_PATHS]
