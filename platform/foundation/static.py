"""Static files under names that change with their content, ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Folders of our own modules: libraries bring scripts whose comments look like imports.
OUR_SCRIPTS = ("shell/js/*.js", "teacher/js/*.js")


class ModuleStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Rewrite `import … from "./x.js"` too: else a browser runs old modules after an update."""

    patterns = CompressedManifestStaticFilesStorage.patterns + tuple(
        (folder, CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1])
        for folder in OUR_SCRIPTS
    )
