"""A small Azure on this machine: for the demo and the tests.

Real SDK clients sign in and speak to it over TLS. `World` is its state, `Clock` its time,
`Emulator` the server; `Requests` and `Life` say what deployments do.
"""

from emulator.samples.sample import sample_tenant
from emulator.server.faults import Fault, Faults
from emulator.server.record import Received, Write
from emulator.server.recording import BadRecording
from emulator.server.replay import Replay
from emulator.server.server import Emulator
from emulator.tenant.behaviour import (
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
from emulator.tenant.clock import Clock
from emulator.tenant.large import large_tenant
from emulator.tenant.resources import (
    ABSENT,
    BatchEndpoint,
    Deployment,
    Endpoint,
    Resource,
    ResourceGroup,
    Subscription,
    Workspace,
)
from emulator.tenant.state import Charge, Lock
from emulator.tenant.world import CLIENT_ID, CLIENT_NAME, CLIENT_SECRET, OBJECT_ID, World

__all__ = [
    "ABSENT",
    "CLIENT_ID",
    "CLIENT_NAME",
    "CLIENT_SECRET",
    "OBJECT_ID",
    "BadRecording",
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
    "Replay",
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
