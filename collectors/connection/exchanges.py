"""What was asked of Azure and what it answered, attempt by attempt, for whoever listens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from azure.core.exceptions import AzureError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import HTTPPolicy


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request as it was sent, and its answer; `status` None: none came, or none whole."""

    method: str
    url: str
    sent: bytes
    status: int | None
    headers: Mapping[str, str]
    content: bytes


Hearing = Callable[[Exchange], None]


class Overheard(HTTPPolicy[Any, Any]):
    """Tells `hearing` of each exchange, inside the retries; the exchange itself stays as it is."""

    def __init__(self, hearing: Hearing) -> None:
        """Keep whom to tell."""
        super().__init__()
        self._hearing = hearing

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Send, and tell of it whether or not an answer came."""
        try:
            response = self.next.send(request)
        except AzureError:
            self._hearing(_exchange(request.http_request, None))
            raise
        self._hearing(_exchange(request.http_request, response.http_response))
        return response


def _exchange(asked: Any, answered: Any) -> Exchange:
    return Exchange(
        method=str(asked.method),
        url=str(asked.url),
        sent=_as_bytes(getattr(asked, "content", None)),
        status=None if answered is None else answered.status_code,
        headers={} if answered is None else dict(answered.headers),
        content=b"" if answered is None else _as_bytes(answered.content),
    )


def _as_bytes(content: Any) -> bytes:
    if isinstance(content, str):
        return content.encode("utf-8")
    return content if isinstance(content, bytes) else b""
