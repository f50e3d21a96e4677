"""The read-only connection to one cloud: asks, counts, follows pages, and cannot write."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from azure.core import PipelineClient
from azure.core.exceptions import AzureError
from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import (
    BearerTokenCredentialPolicy,
    HTTPPolicy,
    RequestIdPolicy,
    UserAgentPolicy,
)
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.core import ARMPipelineClient

from collectors.connection.cloud import Cloud
from collectors.connection.errors import (
    Forbidden,
    Misshapen,
    NotUnderstood,
    Stopped,
    from_response,
    from_sdk,
)
from collectors.connection.exchanges import Hearing, Overheard
from collectors.connection.pace import Budget, Pace
from collectors.connection.parsing import BadJson, json_of
from collectors.connection.patience import TRIES_ON_500, Patience, Stop, Waiting
from collectors.connection.shapes import Shape, each_whole, has_id, next_page
from collectors.connection.splitting import Allowance
from collectors.connection.tally import Tally
from collectors.connection.timeouts import Timeouts
from collectors.connection.watching import StoppableCredential, transport_for
from collectors.sources import (
    COST_MANAGEMENT,
    LOG_ANALYTICS,
    METRIC_BATCHES,
    PRICE_LIST,
    RESOURCE_MANAGER,
    Api,
    api_of,
    fix_of_code,
)

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.mgmt.costmanagement import CostManagementClient
    from azure.monitor.query import LogsQueryClient
    from azure.monitor.querymetrics import MetricsClient

Client = TypeVar("Client")
Answer = TypeVar("Answer")
# The POSTs that only ask. Everything else but GET is a write and is refused before it is sent.
QUERIES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r".*/providers/Microsoft\.ResourceGraph/resources",
        r".*/subscriptions/[^/]+/metrics:getBatch",
        r".*/providers/Microsoft\.CostManagement/query",
        r".*/v1/subscriptions/[^/]+/resourceGroups/[^/]+"
        r"/providers/Microsoft\.OperationalInsights/workspaces/[^/]+/query",
        # An action by its verb and by the locks that refuse it, a question by what it does: it
        # answers with the last lines of a container and changes nothing (azure.md A15). So
        # read-only mode has it too. The anchors leave listKeys and token outside.
        r"/subscriptions/[^/]+/resourceGroups/[^/]+"
        r"/providers/Microsoft\.MachineLearningServices/workspaces/[^/]+"
        r"/onlineEndpoints/[^/]+/deployments/[^/]+/getLogs",
    )
)
# So much earlier than an answer is given up, the service of logs is to give up a query.
LOG_MARGIN_SECONDS = 10


class OnlyReads(HTTPPolicy[Any, Any]):
    """Raises before anything but a GET or a known query leaves."""

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Hand a read on; refuse the rest."""
        method, path = request.http_request.method, urlsplit(request.http_request.url).path
        asks = method == "POST" and any(query.fullmatch(path) for query in QUERIES)
        if method != "GET" and not asks:
            raise Forbidden(f"a reading room tried to send {method} {path}", "WriteRefused")
        return self.next.send(request)


class OnlyNamedHosts(HTTPPolicy[Any, Any]):
    """Raises before a request, and so a token, leaves for a host that the profile does not name."""

    def __init__(self, cloud: Cloud) -> None:
        """Keep the cloud whose hosts are allowed."""
        super().__init__()
        self._cloud = cloud

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Hand on what goes to a named host."""
        if not self._cloud.names(request.http_request.url):
            host = urlsplit(request.http_request.url).netloc
            raise Forbidden(f"the cloud profile does not name the host {host!r}", "UnknownHost")
        return self.next.send(request)


class Counting(HTTPPolicy[Any, Any]):
    """Counts each request as it is really sent, inside the retries."""

    def __init__(self, tally: Tally) -> None:
        """Keep the tally to count into."""
        super().__init__()
        self._tally = tally

    def send(self, request: PipelineRequest[Any]) -> PipelineResponse[Any, Any]:
        """Send, and count whether or not an answer came."""
        status = None
        try:
            response = self.next.send(request)
            status = response.http_response.status_code
            return response
        finally:
            self._tally.count(api_of(request.http_request.url).name, status)


class Reader:
    """Asks one cloud. Safe to share between threads; close it, or use it as a context."""

    def __init__(
        self,
        cloud: Cloud,
        credential: TokenCredential,
        stop: Stop | None = None,
        report: Waiting | None = None,
        patience: Patience | None = None,
        budget: Budget | None = None,
        hearing: Hearing | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        """Open no connection yet: the first question does, and signs in.

        `hearing` is told of each exchange with Azure, also of those that are tried again.
        """
        self.cloud = cloud
        self._hearing = hearing
        self.tally = Tally()
        self.stop = stop or Stop()
        self.splitting = Allowance()
        self._credential: TokenCredential = StoppableCredential(credential, self.stop)
        self._timeouts = timeouts or Timeouts()
        self._patience = patience or Patience(self.stop.wait, report)
        self.budget = budget or Budget()
        self._pace = Pace(self.budget, self.stop.wait, report or (lambda _kind, _wait: None))
        self._transport = transport_for(cloud, self._timeouts, self.stop)
        self._arm = ARMPipelineClient[HttpRequest, HttpResponse](
            cloud.resource_manager,
            policies=self._policies(RESOURCE_MANAGER),
            transport=self._transport,
        )
        self._public = PipelineClient[HttpRequest, HttpResponse](
            cloud.resource_manager, policies=self._policies(PRICE_LIST), transport=self._transport
        )
        self._metrics: dict[str, MetricsClient] = {}
        self._costs: CostManagementClient | None = None
        self._logs: LogsQueryClient | None = None
        self._guard = threading.Lock()

    def __enter__(self) -> Reader:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()

    @property
    def newest_date(self) -> str | None:
        """The time of the newest answer, as Azure writes it; None: it gave none."""
        return self._transport.newest_date

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def get(self, path: str, **query: str) -> dict[str, Any]:
        """GET a path of Resource Manager, or a whole address that it named itself."""
        url = path if path.startswith("https://") else self.cloud.resource_manager + path
        return self._answer(self._arm, HttpRequest("GET", url, params=query))

    def pages(
        self, path: str, is_whole: Shape = has_id, /, **query: str
    ) -> Iterator[dict[str, Any]]:
        """Every element of a list, page after page to the end (`value`, `nextLink`).

        Raises Misshapen at the end where one of them was not whole.
        """
        return each_whole(self._elements(path, query), is_whole)

    def _elements(self, path: str, query: Mapping[str, str]) -> Iterator[Any]:
        page = self.get(path, **query)
        seen = {path}
        while True:
            yield from _items(page)
            link = next_page(page, "nextLink", seen)
            if link is None:
                return
            page = self.get(link)

    def ask(
        self, path: str, body: Mapping[str, Any], tries: int | None = None, **query: str
    ) -> dict[str, Any]:
        """POST a query to Resource Manager; `tries` is how often it may fail with 500 (None: as
        any other).
        """
        url = path if path.startswith("https://") else self.cloud.resource_manager + path
        return self._answer(self._arm, HttpRequest("POST", url, params=query, json=body), tries)

    def ask_metrics(
        self,
        region: str,
        subscription_id: str,
        body: Mapping[str, Any],
        tries: int | None,
        read: Callable[[HttpResponse], Answer],
        /,
        **query: str,
    ) -> Answer:
        """POST a metrics batch query to a region, through the SDK's client; `read` its answer."""
        path = f"{{endpoint}}/subscriptions/{subscription_id}/metrics:getBatch"
        request = HttpRequest("POST", path, params=query, json=body)
        return read(self._response(self._metrics_client(region), request, tries))

    def ask_costs(self, path: str, body: Mapping[str, Any], **query: str) -> dict[str, Any]:
        """POST a cost query through the SDK's client, for its raw JSON with exact amounts.

        It has a bucket of its own in Azure's throttling by naming itself in `ClientType`.
        """
        url = path if path.startswith("https://") else self.cloud.resource_manager + path
        headers = {"ClientType": "Mothball"}
        request = HttpRequest("POST", url, params=query, json=body, headers=headers)
        return self._answer(self._cost_client(), request)

    def ask_logs(self, workspace_id: str, query: str, timespan: str) -> dict[str, Any]:
        """POST a log query to a Log Analytics workspace (its ARM id), for its raw JSON.

        `timespan` is an ISO 8601 interval; the SDK's client is asked for the raw answer, since
        its tables hide which part of an answer is missing.
        """
        body = {"query": query, "timespan": timespan}
        path = f"{{endpoint}}/{{apiVersion}}{workspace_id}/query"
        # The service works on a query for 180 s by itself, longer than an answer is waited for.
        wait = max(round(self._timeouts.read_seconds) - LOG_MARGIN_SECONDS, 1)
        headers = {"Prefer": f"wait={wait}"}
        request = HttpRequest("POST", path, json=body, headers=headers)
        return self._answer(self._logs_client(), request)

    def sdk_client(self, make: Callable[[TokenCredential, list[Any], Any], Client]) -> Client:
        """Another client of Resource Manager over this connection, made by `make`.

        It gets the sign-in, the read-only policies and the transport, so that it reaches and sends
        nothing more than this connection does.
        """
        if self.stop.is_set():
            raise Stopped
        return make(self._credential, self._policies(RESOURCE_MANAGER), self._transport)

    def get_public(self, url: str, **query: str) -> dict[str, Any]:
        """GET an address that needs no sign-in: the price list."""
        return self._answer(self._public, HttpRequest("GET", url, params=query))

    def _cost_client(self) -> CostManagementClient:
        from azure.mgmt.costmanagement import CostManagementClient  # only once costs are asked

        with self._guard:
            if self._costs is None:
                self._costs = CostManagementClient(
                    self._credential,
                    base_url=self.cloud.resource_manager,
                    policies=self._policies(COST_MANAGEMENT),
                    transport=self._transport,
                )
            return self._costs

    def _logs_client(self) -> LogsQueryClient:
        from azure.monitor.query import LogsQueryClient  # only once a log is asked

        if self.cloud.logs is None:
            raise NotUnderstood("the cloud profile names no address for logs", "NoLogsAddress")
        with self._guard:
            if self._logs is None:
                self._logs = LogsQueryClient(
                    self._credential,
                    endpoint=self.cloud.logs,
                    policies=self._policies(LOG_ANALYTICS),
                    transport=self._transport,
                )
            return self._logs

    def _metrics_client(self, region: str) -> MetricsClient:
        from azure.monitor.querymetrics import MetricsClient  # only once metrics are asked

        try:
            endpoint = self.cloud.metrics_endpoint(region)
        except ValueError as error:
            raise NotUnderstood(str(error), "UnknownRegion") from error
        with self._guard:
            if endpoint not in self._metrics:
                self._metrics[endpoint] = MetricsClient(
                    endpoint,
                    self._credential,
                    policies=self._policies(METRIC_BATCHES),
                    transport=self._transport,
                )
            return self._metrics[endpoint]

    def _answer(
        self, client: Any, request: HttpRequest, tries: int | None = None
    ) -> dict[str, Any]:
        response = self._response(client, request, tries)
        return parsed(response, exactly=client is self._costs or client is self._public)

    def _response(self, client: Any, request: HttpRequest, tries: int | None) -> HttpResponse:
        if self.stop.is_set():
            raise Stopped
        options = {} if tries is None else {TRIES_ON_500: tries}
        try:
            response: HttpResponse = client.send_request(request, **options)
        except AzureError as error:
            raise from_sdk(error) from error
        if response.status_code >= 300:
            raise from_response(response)
        return response

    def _policies(self, api: Api) -> list[Any]:
        """What every request goes through; a public interface gets no token."""
        sign_in = (
            [BearerTokenCredentialPolicy(self._credential, self.cloud.scope_for(api.address))]
            if api.signs_in
            else []
        )
        return [
            RequestIdPolicy(),
            user_agent(),
            OnlyReads(),
            OnlyNamedHosts(self.cloud),
            # A pipeline links its policies to each other, so each has its own of these two; the
            # state behind them is one.
            copy(self._patience),
            *sign_in,
            # After the sign-in, so that nothing comes between a query's turn and its sending.
            copy(self._pace),
            Counting(self.tally),
            *([Overheard(self._hearing)] if self._hearing else []),
        ]


def user_agent() -> UserAgentPolicy:
    """How this program names itself to Azure."""
    return UserAgentPolicy(base_user_agent="mothball")


def parsed(response: HttpResponse, *, exactly: bool = False) -> dict[str, Any]:
    """The JSON object of an answer; anything else is an answer that was not understood.

    `exactly` keeps every digit of its fractions, for money.
    """
    if response.status_code == 204:
        return {}
    try:
        body = json_of(response.text(), exactly=exactly)
    except BadJson as error:
        failure = NotUnderstood(error.message, error.code, response.status_code)
        failure.fix = fix_of_code(error.code) or failure.fix
        raise failure from error
    except UnicodeDecodeError as error:
        raise NotUnderstood("the answer is not JSON", "NotJson", response.status_code) from error
    if not isinstance(body, dict):
        raise NotUnderstood("the answer is not a JSON object", "NotJson", response.status_code)
    if not body:
        raise Misshapen("the answer is an object with nothing in it")
    return body


def _items(page: Mapping[str, Any]) -> list[Any]:
    value = page.get("value")
    if not isinstance(value, list):
        raise NotUnderstood("a list has no items", "NoValue")
    return value
