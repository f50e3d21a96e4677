"""Azure Storage on this machine: azurite, in a folder and at a port of its own."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

from azure.core.exceptions import AzureError
from azure.storage.blob import BlobServiceClient

from tests.team.server import ADDRESS, free_port

VERSION = "3.37.0"
INSTALLED = Path(__file__).parents[2] / ".venv" / "azurite" / "node_modules" / ".bin"
CONTAINER = "team"
# The account that azurite comes with, by its own manual.
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
LONGEST_START_SECONDS = 60


def missing() -> str | None:
    """What a machine lacks for it, in one line; None: nothing."""
    if _program() is None:
        return f"azurite is not installed (npm install --prefix .venv/azurite azurite@{VERSION})"
    if find_spec("duckdb_extension_azure") is None:
        return "duckdb-extension-azure is not installed (pip install '.[team]')"
    return None


@dataclass
class Storage:
    """A storage account that runs, with one container."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    def connection_string(self, key: str = KEY) -> str:
        """What the environment is given."""
        address = f"BlobEndpoint=http://{ADDRESS}:{self.port}/{ACCOUNT}"
        return f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={key};{address};"

    @property
    def client(self) -> BlobServiceClient:
        """One of Microsoft's own, which asks once."""
        return BlobServiceClient.from_connection_string(self.connection_string(), retry_total=0)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        own = ["--location", str(self.folder), "--blobHost", ADDRESS, "--blobPort", str(self.port)]
        quiet = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"]
        self.process = subprocess.Popen([str(_program()), *own, *quiet], stdout=subprocess.DEVNULL)
        given_up_at = time.monotonic() + LONGEST_START_SECONDS
        while True:
            try:
                with self.client as client:
                    client.get_service_properties()
                return
            except AzureError:
                if time.monotonic() > given_up_at:
                    raise
                time.sleep(0.1)

    def stop(self) -> None:
        """End it. It writes what it has acknowledged, as Azure keeps what it acknowledged."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=60)
            self.process = None


@contextmanager
def storing() -> Iterator[Storage]:
    """Such an account for a while. Its folder is gone afterwards."""
    storage = Storage(Path(mkdtemp(prefix="mothball-storage-")), free_port())
    try:
        storage.start()
        with storage.client as client:
            client.create_container(CONTAINER)
        yield storage
    finally:
        storage.stop()
        shutil.rmtree(storage.folder, ignore_errors=True)


def _program() -> Path | None:
    name = shutil.which("azurite-blob", path=INSTALLED) or shutil.which("azurite-blob")
    return Path(name) if name else None
