"""The sources of Azure: what each is called, where it is asked, by what right, what rests on it.

Each source is one record of `SOURCES`, each interface of Azure through which they are asked one
record of `APIS`. Read errors, progress, the tally of requests, the doctor and the documented table
of rights read them here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

# Which address of the cloud profile, and so which token, an interface is asked by.
Address = Literal["resource_manager", "metrics", "logs", "retail_prices"]
RESOURCES_A_BATCH = 50
ROWS_A_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Reach:
    """What a snapshot has to ask about: counts of things that the sign-in sees.

    `metric_batches` are those that it would send.
    """

    subscriptions: int = 0
    subscriptions_with_deployments: int = 0
    deployments: int = 0
    metric_batches: int = 0


@dataclass(frozen=True, slots=True)
class Api:
    """An interface of Azure: its requests are counted, throttled and priced together.

    `name` is the key in a report's `requests`, `title` what the doctor calls it, `path` what an
    address of it contains. `signs_in` False: it is public and gets no token. `requests` counts
    what one snapshot sends it (None: a few, and only where something is in doubt).
    """

    name: str
    title: str
    address: Address
    path: re.Pattern[str]
    signs_in: bool = True
    price: str = "free"
    requests: Callable[[Reach], int] | None = None


@dataclass(frozen=True, slots=True)
class Right:
    """A role that a sign-in needs, and where; `action` is the one permission that it is for."""

    role: str
    on: str
    action: str | None = None

    @property
    def fix(self) -> str:
        """What to do without it: `ask for the role Reader, on the subscription`."""
        of_it = f" ({self.action})" if self.action else ""
        return f"ask for the role {self.role}, {self.on}{of_it}"


@dataclass(frozen=True, slots=True)
class Source:
    """Something that Azure is asked for.

    `name` stands in read errors, progress and the store. `right` None: anybody may ask.
    `rests_on_it` is what is unknown without it. `fixes` are what a person can do by code, for codes
    that mean something special here; `fix` helps with all others but throttling.
    """

    name: str
    api: Api
    right: Right | None
    rests_on_it: tuple[str, ...]
    fixes: Mapping[str, str] = field(default_factory=dict)
    fix: str | None = None

    @property
    def fix_of_refusal(self) -> str:
        """What to do where the sign-in is refused."""
        return self.fix or (self.right or READER).fix


def _path(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


RESOURCE_GRAPH = Api(
    "graph",
    "Resource Graph",
    "resource_manager",
    _path(r"/providers/microsoft\.resourcegraph/"),
    requests=lambda reach: 2 + reach.deployments // ROWS_A_PAGE,
)
MACHINE_LEARNING = Api(
    "ml",
    "Machine Learning",
    "resource_manager",
    _path(r"/providers/microsoft\.machinelearningservices/"),
)
LOCK_LIST = Api(
    "locks",
    "locks",
    "resource_manager",
    _path(r"/providers/microsoft\.authorization/locks"),
    requests=lambda reach: reach.subscriptions,
)
METRIC_BATCHES = Api(
    "metrics",
    "metrics",
    "metrics",
    _path(r"/metrics:getbatch"),
    price="billed by Azure Monitor as batch queries",
    requests=lambda reach: reach.metric_batches,
)
COST_MANAGEMENT = Api(
    "cost",
    "cost",
    "resource_manager",
    _path(r"/providers/microsoft\.costmanagement/"),
    price="free, for two months of bill",
    requests=lambda reach: 4 * reach.subscriptions_with_deployments,
)
PRICE_LIST = Api("prices", "prices", "retail_prices", _path(r"/api/retail/prices"), signs_in=False)
ACTIVITY_EVENTS = Api(
    "activity",
    "Activity Log",
    "resource_manager",
    _path(r"/providers/microsoft\.insights/eventtypes/"),
    requests=lambda reach: reach.subscriptions_with_deployments,
)
LOG_ANALYTICS = Api("logs", "Log Analytics", "logs", _path(r"/v1/.+/query$"))
TAGS = Api("tags", "tags", "resource_manager", _path(r"/providers/microsoft\.resources/tags/"))
# It has what no other claims.
RESOURCE_MANAGER = Api(
    "arm",
    "Resource Manager",
    "resource_manager",
    _path(""),
    requests=lambda reach: (
        1 + reach.subscriptions_with_deployments + reach.deployments // ROWS_A_PAGE
    ),
)
# The first whose path fits counts: the path of a log query or a lock names other providers too.
APIS = (
    LOG_ANALYTICS,
    ACTIVITY_EVENTS,
    RESOURCE_GRAPH,
    METRIC_BATCHES,
    LOCK_LIST,
    PRICE_LIST,
    COST_MANAGEMENT,
    TAGS,
    MACHINE_LEARNING,
    RESOURCE_MANAGER,
)

_SUBSCRIPTION = "on the subscription"
READER = Right("Reader", _SUBSCRIPTION)
MONITORING_READER = Right("Monitoring Reader", "on the subscription itself")
LOG_READER = Right("Log Analytics Reader", "on the workspace that the traffic log goes to")
# A source on which this rests finds deployments: what it misses is unseen, not only unknown.
EXISTENCE = "which deployments there are"

SUBSCRIPTIONS = Source(
    "subscriptions",
    RESOURCE_MANAGER,
    READER,
    (EXISTENCE, "inherited tags"),
    fixes={"NotVisible": f"check the id, or {READER.fix}"},
)
INVENTORY = Source(
    "inventory",
    RESOURCE_GRAPH,
    READER,
    (EXISTENCE, "state", "traffic", "tags"),
    fixes={
        "GraphIsBehind": "run the snapshot again in a few minutes: Resource Graph lags behind",
        "EndlessPages": "run the snapshot again: Resource Graph repeats one page",
        "RowsMissing": "run the snapshot again: rows moved between the pages of Resource Graph",
    },
)
# What a scope counts as read for where all but a few rows of it came: of what did not, nothing is
# known, so it is not gone.
IN_PART = f"{INVENTORY.name} in part"
AUTOSCALE = Source("autoscale", RESOURCE_GRAPH, READER, ("autoscale",))
RESOURCE_GROUPS = Source("resource groups", RESOURCE_MANAGER, READER, ("inherited tags",))
ENDPOINTS = Source("endpoints", MACHINE_LEARNING, READER, ("traffic",))
DEPLOYMENTS = Source("deployments", MACHINE_LEARNING, READER, ("creation",))
CREATION_TIMES = Source("creation times", RESOURCE_MANAGER, READER, ("creation",))
ASSETS = Source("assets", MACHINE_LEARNING, READER, ("whether its model still exists",))
QUOTA = Source("quota", MACHINE_LEARNING, READER, ("whether a restore finds cores",))
DIAGNOSTIC_SETTINGS = Source("diagnostic settings", RESOURCE_MANAGER, READER, ("callers",))
LOCKS = Source(
    "locks",
    LOCK_LIST,
    READER,
    ("locks",),
)
METRICS = Source(
    "metrics",
    METRIC_BATCHES,
    MONITORING_READER,
    ("requests", "signs of life"),
    fixes={
        "BadRequest": "run the snapshot again in a few minutes, since what was just moved or"
        " deleted is refused so; if it stays, report it with `mothball record`",
    },
)
# The code of a subscription whose offer Cost Management keeps no costs of.
NO_BILL = "NoBill"
COST = Source(
    "cost",
    COST_MANAGEMENT,
    Right("Cost Management Reader", _SUBSCRIPTION),
    ("the bill",),
    fixes={
        "ExportStands": "nothing: the imported export counts until it is a day old",
        NO_BILL: "nothing, or name it under `without_bill` of [costs] in the settings; an export"
        " can be imported",
        "AccountCostDisabled": "ask the administrator of the enterprise agreement to let account"
        " owners view charges",
        "IndirectCostDisabled": "ask your partner to let you see costs",
    },
)
PRICES = Source(
    "prices",
    PRICE_LIST,
    None,
    ("list prices",),
    fix="check the network: without the list, list prices are unknown",
)
ACTIVITY_LOG = Source(
    "activity log",
    ACTIVITY_EVENTS,
    Right("Reader", _SUBSCRIPTION, "Microsoft.Insights/eventtypes/values/read"),
    ("who changed what", "when it was deleted"),
)
TRAFFIC_LOG = Source(
    "traffic log",
    LOG_ANALYTICS,
    LOG_READER,
    ("callers",),
    fixes={"Unread": LOG_READER.fix},
)
CONTAINER_LOGS = Source(
    "container logs",
    MACHINE_LEARNING,
    Right(
        "AzureML Data Scientist",
        "on the workspace",
        "Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/getLogs/action",
    ),
    ("logs of its containers",),
    fixes={"ScopeLocked": "a read-only lock refuses this: whoever may lift it can read the log"},
)
SOURCES = (
    SUBSCRIPTIONS,
    INVENTORY,
    RESOURCE_GROUPS,
    AUTOSCALE,
    ENDPOINTS,
    DEPLOYMENTS,
    CREATION_TIMES,
    LOCKS,
    METRICS,
    COST,
    PRICES,
    ACTIVITY_LOG,
    TRAFFIC_LOG,
    DIAGNOSTIC_SETTINGS,
    ASSETS,
    QUOTA,
    CONTAINER_LOGS,
)

_ONLINE = "Microsoft.MachineLearningServices/workspaces/onlineEndpoints"
_SCIENTIST = ("AzureML Data Scientist", "on the workspace")
# The actions that the writes of this program need, beside that on tags.
ML_WRITES = {
    "delete": f"{_ONLINE}/deployments/delete",
    "delete endpoint": f"{_ONLINE}/delete",
    "create": f"{_ONLINE}/deployments/write",
    "create endpoint": f"{_ONLINE}/write",
}
TAG_CONTRIBUTOR = Right("Tag Contributor", _SUBSCRIPTION, "Microsoft.Resources/tags/write")
# The right that each write needs, by its method and what its path contains; the first that fits.
RIGHTS_TO_WRITE = (
    ("PATCH", "/providers/microsoft.resources/tags/", TAG_CONTRIBUTOR),
    ("DELETE", "/deployments/", Right(*_SCIENTIST, ML_WRITES["delete"])),
    ("DELETE", "", Right(*_SCIENTIST, ML_WRITES["delete endpoint"])),
    ("PUT", "/deployments/", Right(*_SCIENTIST, ML_WRITES["create"])),
    ("PUT", "", Right(*_SCIENTIST, ML_WRITES["create endpoint"])),
)
# What to do where Azure refuses a write for what it is asked of, by its code.
FIXES_OF_WRITES = {
    "ReadOnlyDisabledSubscription": "enable the subscription, then run `mothball snapshot`",
    "ScopeLocked": "a lock refuses it: ask whoever may lift the lock",
    "RequestDisallowedByPolicy": "a policy of Azure refuses it, whatever your rights: ask whoever"
    " assigned it for an exemption, or give the resource what it asks for",
}

_PROXY_PAGE = "something on the way answers in Azure's place: check HTTPS_PROXY and NO_PROXY"
# What to do about what lies on the way to Azure, by our own codes, whatever was asked for.
FIXES_ON_THE_WAY = {
    "UntrustedCertificate": "where a proxy inspects TLS, name the file with its certificate in"
    " REQUESTS_CA_BUNDLE, or as `ca_bundle` of a cloud profile",
    "NoProxy": "check HTTPS_PROXY, or put the host into NO_PROXY",
    "ProxySignIn": "put user and password into HTTPS_PROXY: http://USER:PASSWORD@PROXY:PORT",
    "407": "put user and password into HTTPS_PROXY: http://USER:PASSWORD@PROXY:PORT",
    "Redirect": _PROXY_PAGE,
    "WebPage": _PROXY_PAGE,
}

_BY_NAME = {source.name: source for source in SOURCES}
SIGN_IN = "sign in with `az login`, or set AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET"
_AGAIN = "sign in again with `az login`"
# What helps where no token was had, by the number of Entra ID, or our own code.
FIXES_OF_SIGN_IN = {
    "AADSTS7000215": "set AZURE_CLIENT_SECRET to the secret's value, which is not its id; without"
    " the AZURE_ variables `az login` counts",
    "AADSTS7000222": "make a new secret for the application and set AZURE_CLIENT_SECRET to it",
    "AADSTS700016": "check AZURE_CLIENT_ID and AZURE_TENANT_ID: the application must be there",
    "AADSTS90002": "check AZURE_TENANT_ID",
    "AADSTS900023": "check AZURE_TENANT_ID",
    "AADSTS500011": "check the addresses and scopes of the cloud profile",
    "AADSTS50057": "ask for the account to be enabled",
    "AADSTS53003": "conditional access refuses it: sign in from where it allows, or ask whoever"
    " set it up",
    "AADSTS530003": "sign in from a device that your organisation manages",
    "AADSTS50076": f"{_AGAIN}: a second factor is wanted",
    "AADSTS50079": f"{_AGAIN}: a second factor is to be set up",
    "AADSTS50078": f"{_AGAIN}: the second factor has expired",
    "AADSTS50173": f"{_AGAIN}: the password was changed",
    "AADSTS700082": f"{_AGAIN}: it was not used for too long",
    "AADSTS70043": f"{_AGAIN}: it has expired",
    "ClaimsChallenge": _AGAIN,
    "AzSlow": "see why `az` is slow, or raise `sign_in_seconds` under [timeouts] in the settings",
}
_THROTTLED = ("throttl", "toomany", "429", "529", "budget")
_REFUSED = ("authorization", "forbidden", "denied", "unauthorized", "401", "403")
_SILENT = (
    "noconnection",
    "noanswer",
    "cutanswer",
    "timeout",
    "unavailable",
    "internal",
    "500",
    "502",
    "503",
)


def api_of(url: str) -> Api:
    """The interface that a request belongs to."""
    path = urlsplit(url).path
    return next(api for api in APIS if api.path.search(path))


def fix_of_code(code: str) -> str | None:
    """What a person can do about the way to Azure; None: the code says nothing of it."""
    return FIXES_ON_THE_WAY.get(code)


def fix_of_sign_in(code: str) -> str:
    """What a person can do where no token was had."""
    return FIXES_OF_SIGN_IN.get(code, SIGN_IN)


def fix_of_write(method: str, url: str, code: str, *, is_refused: bool) -> str | None:
    """What a person can do about a write that failed; None: nothing that is special to it.

    `is_refused`: the sign-in lacks the right.
    """
    if not is_refused or code in FIXES_OF_WRITES:
        return FIXES_OF_WRITES.get(code)
    path = urlsplit(url).path.lower()
    rights = (r for known, part, r in RIGHTS_TO_WRITE if known == method and part in path)
    return next((right.fix for right in rights), None)


def fix_of(name: str, code: str) -> str:
    """What a person can do about a source that was not read, in one clause.

    By Azure's code, which is all that the store keeps of a failure.
    """
    source, folded = _BY_NAME.get(name), code.casefold()
    own = source.fixes.get(code) if source else None
    if own is not None:
        return own
    if code in ("SignInFailed", "401") or folded.startswith("aadsts") or code in FIXES_OF_SIGN_IN:
        return fix_of_sign_in(code)
    if folded.endswith("authenticationtoken"):
        return SIGN_IN
    if code in FIXES_ON_THE_WAY:
        return FIXES_ON_THE_WAY[code]
    if any(word in folded for word in _THROTTLED):
        return "run `mothball snapshot` again later: it goes on where it stopped"
    if source is not None and source.fix is not None:
        return source.fix
    if any(word in folded for word in _REFUSED):
        return source.fix_of_refusal if source else READER.fix
    if any(word in folded for word in _SILENT):
        return "check the network and run `mothball snapshot` again"
    return "run `mothball doctor`; if it stays, report it"
