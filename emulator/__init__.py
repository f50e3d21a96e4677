"""A small Azure on this machine: for the demo and the tests.

Real SDK clients sign in and speak to it over TLS. `World` is its state, `Clock` its time,
`Emulator` the server; `Requests` and `Life` say what deployments do.
"""

from .behaviour import (
    Life,
    Requests,
    alive,
    alive_except,
    alive_since,
    alive_until,
    at,
    between,
    dead,
    once_a_month,
    silent,
    since,
    steady,
    until,
)
from .bill import Charge
from .clock import Clock
from .faults import Fault, Faults
from .large import large_tenant
from .record import Received, Write
from .resources import (
    ABSENT,
    BatchEndpoint,
    Deployment,
    Endpoint,
    Resource,
    ResourceGroup,
    Subscription,
    Workspace,
)
from .sample import sample_tenant
from .server import Emulator
from .state import Lock
from .world import CLIENT_ID, CLIENT_NAME, CLIENT_SECRET, OBJECT_ID, World

__all__ = [
    "ABSENT",
    "CLIENT_ID",
    "CLIENT_NAME",
    "CLIENT_SECRET",
    "OBJECT_ID",
    "BatchEndpoint",
    "Charge",
    "Clock",
    "Deployment",
    "Emulator",
    "Endpoint",
    "Fault",
    "Faults",
    "Life",
    "Lock",
    "Received",
    "Requests",
    "Resource",
    "ResourceGroup",
    "Subscription",
    "Workspace",
    "World",
    "Write",
    "alive",
    "alive_except",
    "alive_since",
    "alive_until",
    "at",
    "between",
    "dead",
    "large_tenant",
    "once_a_month",
    "sample_tenant",
    "silent",
    "since",
    "steady",
    "until",
]
