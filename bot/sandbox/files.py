"""Files that bots and people have sent, kept in memory."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.parameters import Parameters, Upload
from bot.sandbox.rules import body_size
from bot.sandbox.wire import Json, bad

# How JPEG, PNG, GIF and WebP files begin.
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file with the identifiers under which it is known; `kind` is document, photo, voice or sticker."""

    id: str
    upload: Upload
    kind: str

    @property
    def path(self) -> str:
        """Where `getFile` says it can be fetched, below `/file/bot<token>/`."""
        return f"files/{self.id}/{self.upload.name}"

    def as_api(self) -> Json:
        """The fields that all kinds of files share."""
        return {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": len(self.upload.content)}

    def as_document(self) -> Json:
        """The file as a Document."""
        return {"file_name": self.upload.name, "mime_type": self.upload.mime, **self.as_api()}


class Files:
    """The files of one bot, by their identifiers."""

    def __init__(self) -> None:
        self._kept: dict[str, StoredFile] = {}

    def keep(self, upload: Upload, kind: str) -> StoredFile:
        """Stores a file under a new identifier."""
        kept = StoredFile(f"file-{len(self._kept) + 1}", upload, kind)
        self._kept[kept.id] = kept
        return kept

    def get(self, file_id: str) -> StoredFile | None:
        """The file of that identifier."""
        return self._kept.get(file_id)

    def sent(self, parameters: Parameters, name: str, limit: int) -> StoredFile:
        """The file that the parameter `name` uploads (itself, or by `attach://`) or names by its file_id.

        A file goes out again as what it was, document or photo.
        """
        reference = parameters.text(name)
        upload = parameters.files.get(reference.removeprefix("attach://") if reference else name)
        if upload:
            body_size(len(upload.content), limit)
            if name == "photo" and not upload.content.startswith(_PICTURES):
                raise bad("IMAGE_PROCESS_FAILED")
            return self.keep(upload, name)
        if not reference:
            raise bad(f"there is no {name} in the request")
        if "://" in reference:
            raise bad("failed to get HTTP URL content")  # nothing is fetched from elsewhere
        known = self._kept.get(reference)
        if not known:
            raise bad("wrong remote file identifier specified: Wrong string length")
        if known.kind != name:
            raise bad(f"can't use file of type {known.kind.title()} as {name.title()}")
        return known
