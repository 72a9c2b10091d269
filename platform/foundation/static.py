"""Static files under names that change with their content, ES modules included."""

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Folders of our own modules: libraries bring scripts whose comments look like imports.
OUR_SCRIPTS = ("shell/js/*.js", "teacher/js/*.js")


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Rewrite `import … from "./x.js"` too: else a browser runs old modules after an update."""

    patterns = CompressedManifestStaticFilesStorage.patterns + tuple(
        (folder, CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1])
        for folder in OUR_SCRIPTS
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        """Return the address of a file; a page asks a dozen, and a started process finds the same.

        Raise `ValueError` for a file that was not collected.
        """
        if force:
            return str(super().url(name, force))
        if name not in self._addresses:
            self._addresses[name] = str(super().url(name))
        return self._addresses[name]

    def save_manifest(self) -> None:
        """Write what was collected: from now on the addresses are others."""
        super().save_manifest()
        self._addresses.clear()
