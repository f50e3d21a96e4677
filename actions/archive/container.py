"""Archives of a team in Azure Storage: a zip file each, beside a private copy on this machine."""

from __future__ import annotations

import os
import re
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from actions.archive.reading import FILE, ArchiveFailure
from collectors.connection.errors import one_line
from queries.store.urls import CONNECTION_STRING, SCHEME
from queries.text.causes import cause_of

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.core.exceptions import AzureError
    from azure.storage.blob import ContainerClient

# An archive has some hundred kilobytes at most; what is larger is none.
MOST_BYTES = 64 * 2**20
_SUFFIX = ".zip"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_CONNECT_SECONDS, _READ_SECONDS = 10, 60


@dataclass(frozen=True, slots=True)
class ArchiveContainer:
    """Where a team keeps its archives: `az://container/path` of a storage account.

    `copies` is a folder of this machine, for its owner alone, that has what was read or written
    here. A connection string in the environment signs in by itself. Raises ArchiveFailure.
    """

    url: str
    account: str
    copies: Path
    sign_in: Callable[[], TokenCredential]

    def fetch(self) -> None:
        """Copy each archive that is not here yet."""
        self.copies.mkdir(parents=True, exist_ok=True, mode=0o700)
        here = {each.name for each in self.copies.iterdir()}
        with self._opened() as container:
            for blob in container.list_blobs(name_starts_with=self._prefix):
                name = blob.name.removeprefix(self._prefix).removesuffix(_SUFFIX)
                is_ours = blob.name.endswith(_SUFFIX) and _NAME.fullmatch(name)
                if is_ours and name not in here and blob.size <= MOST_BYTES:
                    self._unpack(name, container.download_blob(blob.name).readall())

    def keep(self, folder: Path) -> None:
        """Write an archive of `copies` there, read it back, and compare; never over another."""
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
            for path in sorted(folder.iterdir()):
                if FILE.fullmatch(path.name):
                    file.write(path, path.name)
        blob = self._prefix + folder.name + _SUFFIX
        with self._opened() as container:
            container.upload_blob(blob, packed.getvalue(), overwrite=False)
            if container.download_blob(blob).readall() != packed.getvalue():
                raise ArchiveFailure(f"{self.url}/{folder.name}{_SUFFIX} is not what was archived")

    def _unpack(self, name: str, packed: bytes) -> None:
        """Put the files of an archive beside the others; of what is no archive an empty folder."""
        aside = Path(mkdtemp(prefix=".", dir=self.copies))
        try:
            for file, content in _files_of(packed):
                (aside / file).write_bytes(content)
                (aside / file).chmod(0o600)
            aside.rename(self.copies / name)
        except OSError as error:
            shutil.rmtree(aside, ignore_errors=True)
            if not (self.copies / name).is_dir():  # another program may have put it there
                raise ArchiveFailure(f"{self.copies}: {cause_of(error)}") from error

    @property
    def _container(self) -> str:
        return self.url.removeprefix(SCHEME).partition("/")[0]

    @property
    def _prefix(self) -> str:
        _container, _, path = self.url.removeprefix(SCHEME).partition("/")
        return f"{path}/" if path else ""

    @contextmanager
    def _opened(self) -> Iterator[ContainerClient]:
        from azure.core.exceptions import AzureError

        try:
            with self._client() as container:
                yield container
        except (AzureError, ValueError) as error:
            raise ArchiveFailure(f"the archives in {self.url}: {self._cause(error)}") from error

    def _client(self) -> ContainerClient:
        from azure.storage.blob import ContainerClient

        times: dict[str, Any] = {
            "connection_timeout": _CONNECT_SECONDS,
            "read_timeout": _READ_SECONDS,
            "retry_total": 1,
        }
        string = os.environ.get(CONNECTION_STRING)
        if string:
            return ContainerClient.from_connection_string(string, self._container, **times)
        host = f"https://{self.account}.blob.core.windows.net"
        return ContainerClient(host, self._container, credential=self.sign_in(), **times)

    def _cause(self, error: AzureError | ValueError) -> str:
        from azure.core.exceptions import HttpResponseError, ResourceExistsError

        code = str(getattr(error, "error_code", None) or "")
        if code == "ContainerNotFound":
            words = "make it, and give the operators rights to it"
            return f"there is no container {self._container!r}: {words}"
        if isinstance(error, ResourceExistsError):
            return "there is one of this name already"
        if isinstance(error, HttpResponseError) and error.status_code == 403:
            needed = "the role Storage Blob Data Contributor on it"
            return f"Azure Storage lets you not do this ({code}): you need {needed}"
        return one_line(str(error).partition("\n")[0], 200)


def _files_of(packed: bytes) -> list[tuple[str, bytes]]:
    """The files of a zip file that an archive may have; empty where it is none, or too large."""
    try:
        with zipfile.ZipFile(BytesIO(packed)) as file:
            if sum(one.file_size for one in file.infolist()) > MOST_BYTES:
                return []
            return [(name, file.read(name)) for name in file.namelist() if FILE.fullmatch(name)]
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        return []
