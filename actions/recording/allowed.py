"""What a recording keeps as it is: a list of fields, each with the form that its texts may have.

Whatever is not on the list is replaced. A field stands here by its name in lower case, or by that
of the one above and its own (`sku.name`), and keeps a text only where the text has the form too:
so that neither a field that is new to us nor a surprising text in a known one gives anything away.
A new source of Azure adds its fields here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

Form = re.Pattern[str]


def _form(pattern: str) -> Form:
    return re.compile(pattern, re.IGNORECASE)


TIME: Final = _form(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?)?\s?(Z|[+-]\d\d:?\d\d)?"
    r"|\d{8}"
)
DAY_IN_TAG: Final = _form(r"\s*\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ][\d:.]*(Z|[+-]\d\d:?\d\d)?)?\s*")
GUID: Final = _form(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# All, or a path's root: short enough to be nobody's.
NO_WORD: Final = _form(r"[*/]?")
_DURATION = _form(r"P(\d+[DWMY])*(T(\d+(\.\d+)?[HMS])+)?")
_SPAN = _form(rf"({TIME.pattern}|{_DURATION.pattern})(/({TIME.pattern}|{_DURATION.pattern}))?")
_WORD = _form(r"[a-z]{1,40}|k8s")
_WORDS = _form(r"[a-z]{1,40}(, ?[a-z]{1,40}){0,9}")
_NAME_OF_METRIC = _form(r"[a-z][a-z0-9_]{1,60}(,[a-z][a-z0-9_]{1,60}){0,30}")
_COLUMN = _form(r"_?[a-z][a-z0-9_]{0,40}")
_CODE = _form(r"[a-z_]{2,60}(\.[a-z_]{1,60}){0,4}\d{0,3}|\d{1,5}")
_REGION = _form(r"[a-z]{2,20}( ?[a-z]{1,20}){0,3} ?\d?")
_SIZE = _form(r"(standard|basic)_[a-z0-9_-]{1,40}")
_SKU = _form(r"[a-z]{1,20}|[a-z]{1,2}\d|(standard|basic)_[a-z0-9_-]{1,40}")
_COUNT = _form(r"-?\d{1,9}(\.\d{1,9})?")
_QUANTITY = _form(r"\d{1,9}(\.\d{1,6})?(m|k|ki|mi|gi|ti|g|t)?")
_CURRENCY = _form(r"'?[a-z]{3}'?")
_VERSION = _form(r"\d{4}-\d\d-\d\d(-preview)?")
_QUOTA_ID = _form(r"[a-z]{1,40}_\d{4}-\d\d-\d\d")
_STATUS = _form(r"[1-5]xx|\d{3}")
_OPERATION = _form(r"microsoft\.[a-z]{1,40}(/[a-z]{1,60}){1,9}")
_LISTED = _form(r"[\w .,/()+&-]{1,120}")  # texts of the public price list
_COST_TAG = _form(r"azureml(endpoint|deployment)")
_TRUTH = _form(r"true|false")


def words_of(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


# The words at the places of an ARM id where a kind of thing stands, and what its providers are.
COLLECTIONS: Final = words_of(
    """
    subscriptions resourcegroups providers workspaces onlineendpoints deployments batchendpoints
    serverlessendpoints models environments codes versions computes data datastores jobs
    registries locations usages quotas components locks tags autoscalesettings diagnosticsettings
    diagnosticsettingscategories metrics metricdefinitions eventtypes values managementgroups
    descendants tenants resources query storageaccounts vaults registeredresources skus
    metrics:getbatch getlogs tagnames operationresults operationsstatus assets
    userassignedidentities virtualnetworks subnets privateendpoints quotausages
    deletedworkspaces operations
    """
)
NAMESPACES: Final = words_of(
    """
    microsoft.machinelearningservices microsoft.insights microsoft.authorization
    microsoft.costmanagement microsoft.resourcegraph microsoft.resources
    microsoft.operationalinsights microsoft.storage microsoft.keyvault microsoft.management
    microsoft.consumption microsoft.network microsoft.containerregistry microsoft.compute
    microsoft.managedidentity microsoft.quota microsoft.features microsoft.support
    """
)
# What stands at the place of a name in an id and is nobody's: by the kind of thing before it.
NOT_NAMES: Final[Mapping[str, Form]] = {
    "versions": _form(r"\d{1,4}"),
    "locations": _REGION,
    "eventtypes": _form("management"),
    "tags": _form("default"),
}
# The texts that are a question of ours: only what is quoted in them can be somebody's.
QUESTIONS: Final = frozenset({"query", "filter", "$filter"})
# Maps whose names are somebody's own.
OWN_NAMES: Final = words_of(
    """
    traffic mirrortraffic userassignedidentities headers claims facets hiddentags annotations
    environmentvariables tags
    """
)
# Texts that name an asset and its version in one.
ASSETS: Final = frozenset({"model", "environmentid", "codeid", "assetid", "modelid", "environment"})
# What may be a secret by the name of its field alone.
SECRET: Final = _form(
    r".*(password|passwd|secret|token|credential|connectionstring|sasuri|sas|signature"
    r"|(?<!tag)key)s?"
)
NO_SECRET: Final = frozenset({"$skiptoken", "skiptoken"})


def _kept() -> Iterator[tuple[str, Form]]:
    for names, form in (
        ("createdat lastmodifiedat createdtime changedtime starttime endtime timestamp", TIME),
        ("effectivestartdate effectiveenddate from to eventtimestamp submissiontimestamp", TIME),
        ("creationtime lastmodifiedtime expireson movedat scheduledpurgedate softdeletedat", TIME),
        ("maxqueuewait requesttimeout timeout period initialdelay timegrain retention", _DURATION),
        ("interval timewindow cooldown pollinginterval progressdeadline", _DURATION),
        ("timespan", _SPAN),
        ("state provisioningstate authmode publicnetworkaccess egresspublicnetworkaccess", _WORD),
        ("endpointcomputetype scaletype kind tier createdbytype lastmodifiedbytype", _WORD),
        ("authorizationsource spendinglimit level unit granularity timeframe function", _WORD),
        ("operator resultformat outputaction logginglevel contentsafetystatus", _WORD),
        ("endpointstate referencetype primaryaggregationtype customerentitytype", _WORD),
        ("customerentityid subscriptionstate workspacestate pricetype timeaggregation", _WORD),
        ("isolationmode systemdatastoresauthmode workspacetype defaultworkspacekind", _WORD),
        ("statistic direction grouping.type columns.type dimensions.name grouping.name", _WORD),
        ("totalcost.name status.value substatus.value category.value", _WORD),
        ("status resulttype eventname.value httprequest.method logs.category", _WORD),
        ("operationname.value operationname authorization.action", _OPERATION),
        ("aggregation supportedaggregationtypes dimension.state", _WORDS),
        ("$expand $select select $orderby metricnames name.value", _NAME_OF_METRIC),
        ("columns.name", _COLUMN),
        ("code errorcode", _CODE),
        ("location region resourceregion armregionname targetresourcelocation", _REGION),
        ("instancetype armskuname vmsize", _SIZE),
        ("sku.name sku.size sku.family", _SKU),
        ("capacity minimum maximum default $top top $skip first", _COUNT),
        ("cpu memory nvidia.com/gpu", _QUANTITY),
        ("currency currencycode billingcurrency", _CURRENCY),
        ("api-version", _VERSION),
        ("quotaid locationplacementid", _QUOTA_ID),
        ("dimension.statuscode dimension.statuscodeclass dimension.modelstatuscode", _STATUS),
        ("dimension.envoy_response_code", _STATUS),
        ("items.productname items.skuname items.metername items.servicename", _LISTED),
        ("items.unitofmeasure items.reservationterm items.servicefamily servicename", _LISTED),
        ("tagkey", _COST_TAG),
        ("resulttruncated autoadjusttimegrain validatedimensions", _TRUTH),
    ):
        for name in names.split():
            yield name, form


KEPT: Final[Mapping[str, Form]] = dict(_kept())
# Numbers that are kept, beside those of a field that keeps its texts.
NUMBERS: Final = words_of(
    """
    instancecount totalrecords count average total retailprice unitprice tierminimumunits
    failurethreshold successthreshold maxconcurrentrequestsperinstance maxretries errorthreshold
    minibatchsize maxconcurrencyperinstance status limit currentvalue cost pretaxcost totalcost
    costinbillingcurrency usagedate threshold usage mininstances maxinstances
    targetutilizationpercentage softdeleteretentionindays privatelinkcount
    """
)
# Names of fields that are kept, beside those above; what stands in them is replaced.
FIELDS: Final = words_of(
    """
    value properties data rows columns error details innererror inner additionalinfo info
    systemdata sku identity profiles rules metrictrigger scaleaction timeseries metadatavalues
    name values items options dataset aggregation totalcost grouping and or dimensions timeperiod
    codeconfiguration requestsettings scalesettings livenessprobe readinessprobe resources
    retrysettings inferenceendpoint modelsettings contentsafety subscriptionpolicies logs metrics
    tags traffic mirrortraffic environmentvariables userassignedidentities headers facets defaults
    tables containerresourcerequirements containerresourcerequests containerresourcelimits
    nextlink nextpagelink $skiptoken skiptoken resourceids subscriptions managementgroups id type
    resourcetype subscriptionid resourcegroup displayname tenantid createdby lastmodifiedby
    managedby parent target targetresourceuri metricresourceuri description scoringuri swaggeruri
    compute friendlyname storageaccount keyvault applicationinsights containerregistry workspaceid
    hubresourceid principalid clientid message errormessage innerexception workspaceguid
    resourceid localizedvalue displaydescription metricname namespace metricnamespace enabled
    appinsightsenabled modelmountpath privatenetworkconnection scoringscript uri etag plan zones
    extendedlocation categorygroup category retentionpolicy notifications fixeddate recurrence
    outputfilename marketplacesubscriptionid meterid metername productid skuid productname skuname
    servicename serviceid unitofmeasure reservationterm servicefamily isprimarymeterregion
    tagvalue allproperties deploymentname isdimensionrequired dimension query filter $filter
    issues notes owners operationname caller correlationid eventdataid operationid authorization
    claims httprequest eventname scope action role substatus resourceprovidername
    resourcegroupname issystem isarchived associatedworkspaces hbiworkspace imagebuildcompute
    allowpublicaccesswhenbehindvnet discoveryurl mlflowtrackinguri storagehnsenabled
    enabledataisolation managednetwork encryption sharedprivatelinkresources
    privateendpointconnections notebookinfo fqdn v1legacymode primaryuserassignedidentity
    workspacehubconfig ipallowlist serverlesscomputesettings servicemanagedresourcessettings
    featurestoresettings datacollector collections requestlogging startupprobe additionaldetails
    requestbody responsebody statuscode servicerequestid entity eventcategory hierarchy
    """
)
KNOWN: Final = (
    FIELDS
    | NUMBERS
    | OWN_NAMES
    | ASSETS
    | {part for name in KEPT for part in name.split(".") if part != "dimension"}
    | set(KEPT)
)
# What a throttled answer says of its wait: nothing else of the headers is kept.
HEADERS: Final = _form(
    r"retry-after|retry-after-ms|x-ms-retry-after-ms|x-ms-user-quota-(remaining|resets-after)"
    r"|x-ms-ratelimit-[a-z.-]{1,80}"
)
HEADER_VALUE: Final = _form(r"[\d:.]{1,20}|[a-z]{3}, \d\d [a-z]{3} \d{4} \d\d:\d\d:\d\d gmt")


def is_type(text: str) -> bool:
    """Whether a text names a type of Azure: a provider and collections of it."""
    provider, *collections = text.lower().split("/")
    return provider in NAMESPACES and all(one in COLLECTIONS for one in collections)


def keeps(path: tuple[str, ...], text: str) -> bool:
    """Whether a field keeps such a text.

    `path` are the names that lead to it, in lower case; empty for one that is not on the list.
    """
    if NO_WORD.fullmatch(text):
        return True
    if "" in path:
        return False
    own = path[-1] if path else ""
    if is_type(text):
        return own in ("type", "resourcetype", "metricnamespace", "namespace", "values")
    form = KEPT.get(".".join(path[-2:]), KEPT.get(own))
    if own == "type":
        form = _WORDS
    return form is not None and form.fullmatch(text) is not None


def keeps_number(path: tuple[str, ...]) -> bool:
    """Whether a field keeps its numbers."""
    if "" in path:
        return False
    own = path[-1] if path else ""
    return own in NUMBERS or own in KEPT or ".".join(path[-2:]) in KEPT
