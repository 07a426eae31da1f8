"""Build hook: compiles the message catalogues, so that no .mo file has to be committed."""

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):
    """Compiles locales/*/LC_MESSAGES/lotse.po beside each .po file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Runs before a wheel is built, the editable one too."""
        for path in sorted(Path(self.root, "locales").glob("*/LC_MESSAGES/*.po")):
            with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
                write_mo(target, read_po(source))
        build_data["artifacts"].append("locales/**/*.mo")
