"""A small tenant that serves, and a client for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from emulator import Clock, Deployment, Emulator, Endpoint, Workspace, World, steady
from tests.emulator.client import NOW, Client


@pytest.fixture
def world() -> World:
    return World(clock=Clock(NOW))


@pytest.fixture
def workspace(world: World) -> Workspace:
    group = world.subscription("production").resource_group("rg-ML")
    return group.workspace("ws", region="westeurope")


@pytest.fixture
def endpoint(workspace: Workspace) -> Endpoint:
    return workspace.endpoint("fraud", traffic={"blue": 100}, tags={"owner": "fraud-team"})


@pytest.fixture
def blue(endpoint: Endpoint) -> Deployment:
    return endpoint.deployment("blue", instances=2, requests=steady(3.0), tags={"Role": "test"})


@pytest.fixture
def green(endpoint: Endpoint) -> Deployment:
    return endpoint.deployment("green", created_at=NOW - timedelta(days=50))


@pytest.fixture
def azure(world: World, blue: Deployment, green: Deployment) -> Iterator[Emulator]:
    with Emulator(world) as running:
        yield running


@pytest.fixture
def client(azure: Emulator) -> Iterator[Client]:
    connected = Client(azure)
    yield connected
    connected.close()
