"""Hashed, compressed static files once collected; the plain files straight from the package before that."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """Names carry a content hash (cached for ever) when `collectstatic` has run.

    Without it, or for a file it has not seen, the plain name is used: whitenoise's finders serve it with a short
    cache, so that a fresh install shows its styles before anything was collected.
    """

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        known = self.hashed_files.get(self.hash_key(self.clean_name(name)))
        return known or name
