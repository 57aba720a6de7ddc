"""Keeps sealed files outside the database: what `put` returned from is on the disk, and nothing is ever overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from grievance.core.errors import Gone
from grievance.store.journal import Journal, Put
from grievance.store.slips import to_the_disk

if TYPE_CHECKING:
    from obstore.store import LocalStore, RetryConfig, S3Store

ORIGINAL = "-original"
"""What the name of a file ends with, under which its original lies beside it."""

PATIENCE = 10
"""Seconds in which a bucket that does not answer is asked again; then it is said that it does not."""


class Objects:
    """A folder, or a bucket when the place begins with s3:// (its keys come from the usual AWS_… variables).

    Opened at the first use: the library is heavy, and its threads must not stand before a server forks.
    """

    def __init__(self, place: str, journal: Journal | None = None) -> None:
        self.place = place
        self._journal = journal
        self._opened: LocalStore | S3Store | None = None

    def put(self, name: str, body: bytes) -> None:
        """Keep new bytes under a name that is not taken. Raises Gone."""
        import obstore

        with _reached():
            obstore.put(self._store(), name, body, mode="create")
            if self._folder:
                _kept(self._folder / name)
        if self._journal:
            self._journal.keep([Put(name, body)])

    def get(self, name: str) -> bytes:
        """The bytes. Raises Gone."""
        import obstore

        with _reached():
            return obstore.get(self._store(), name).bytes().to_bytes()

    def there(self, name: str) -> bool:
        """Whether there is such an object. Raises Gone where nobody answers."""
        import obstore

        with _reached():
            try:
                obstore.head(self._store(), name)
            except FileNotFoundError:
                return False
        return True

    def names(self) -> Iterator[list[str]]:
        """All names, some hundred at a time. Raises Gone."""
        import obstore

        with _reached():
            for found in obstore.list(self._store(), chunk_size=500):
                yield [meta["path"] for meta in found]

    def drop(self, names: Iterable[str]) -> None:
        """Forget these files, each with its original; one that is not there is no fault.

        Raises Gone at the first that cannot be: those after it are there still, and the next sweep finds them.
        """
        import obstore

        with _reached():
            for name in names:
                for one in (name, original_of(name)):
                    with suppress(FileNotFoundError):
                        obstore.delete(self._store(), one)

    @property
    def _folder(self) -> Path | None:
        return None if self.place.startswith("s3://") else Path(self.place)

    def _store(self) -> LocalStore | S3Store:
        if self._opened is None:
            from obstore.store import LocalStore, S3Store

            if self._folder:
                self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._opened = LocalStore(self._folder)
            else:
                # Somebody waits for the answer: the usual ten tries in three minutes would be no answer.
                patience: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=PATIENCE)}
                self._opened = S3Store.from_url(self.place, retry_config=patience)
        return self._opened


@contextmanager
def _reached() -> Iterator[None]:
    """Whatever goes wrong with the place is one thing to everybody else: files cannot be reached now."""
    import obstore

    try:
        yield
    except (OSError, obstore.exceptions.BaseError) as error:
        raise Gone from error


def original_of(name: str) -> str:
    """Under which name the original of a file lies."""
    return name + ORIGINAL


def file_of(name: str) -> str:
    """To which file an object belongs: itself, or the one whose original it is."""
    return name.removesuffix(ORIGINAL)


def _kept(path: Path) -> None:
    """The file, its name in the folder, and the folder's own: obstore leaves all three to the next flush."""
    for part in (path, path.parent, path.parent.parent):
        to_the_disk(part)
