"""Build steps: dependencies come from requirements.in, catalogues are compiled."""

from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class Dependencies(MetadataHookInterface):
    PLUGIN_NAME = "custom"

    def update(self, metadata: dict) -> None:
        lines = Path(self.root, "requirements.in").read_text(encoding="utf-8").splitlines()
        metadata["dependencies"] = [line.strip() for line in lines if line.strip() and not line.startswith("#")]


class Catalogues(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict) -> None:
        import importlib.util

        path = Path(self.root, "src/nanglucso/project/messages.py")
        spec = importlib.util.spec_from_file_location("messages", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.merge_and_compile(Path(self.root, "src/nanglucso/locale"))


def get_build_hook() -> type[BuildHookInterface]:
    return Catalogues


def get_metadata_hook() -> type[MetadataHookInterface]:
    return Dependencies
