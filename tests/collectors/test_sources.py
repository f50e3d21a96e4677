"""A source of Azure is one record, and whatever names a source takes its name from there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from collectors import sources
from collectors.connection.cloud import AZURE
from collectors.source_table import markdown
from collectors.sources import APIS, IN_PART, RESOURCE_MANAGER, SOURCES, Api, Source, api_of, fix_of
from emulator import Fault, Workspace
from tests.scene import Scene

ROOT = Path(__file__).parents[2]
ROOMS = ("mothball", "tui", "actions", "queries", "collectors")
NAMES = {source.name for source in SOURCES}
# Work with a progress of its own that asks nothing of Azure: the files of an export.
NOT_OF_AZURE = {"export"}


def spelled(*functions: str) -> Iterator[tuple[Path, str]]:
    """Where a call of one of these spells its first argument out."""
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                first, called = node.args[0], ast.unparse(node.func).rpartition(".")[2]
                if called in functions and isinstance(first, ast.Constant):
                    yield path.relative_to(ROOT), str(first.value)


def test_no_source_is_spelled_where_it_is_read() -> None:
    found = {name for _path, name in spelled("ReadError", "ScopeRead", "progress")}
    assert found == NOT_OF_AZURE


def test_every_source_that_sql_asks_for_is_in_the_table() -> None:
    pattern = re.compile(r"\b(?:read errors|reads)\.source (?:=|<>) '([^']+)'")
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "queries").rglob("*.sql")]
    asked = {name for text in texts for name in pattern.findall(text)}
    assert asked >= {"inventory", "locks"}
    assert asked <= {*NAMES, IN_PART}


def test_every_source_and_interface_that_is_written_down_is_in_its_list() -> None:
    written = vars(sources).values()
    assert {one.name for one in written if isinstance(one, Source)} == NAMES, "SOURCES"
    named = {one.name for one in written if isinstance(one, Api)}
    assert named == {api.name for api in APIS}, "APIS"


def test_names_are_used_once_and_every_interface_has_a_source() -> None:
    assert len(NAMES) == len(SOURCES)
    assert len({api.name for api in APIS}) == len(APIS)
    # Tags are written through an interface of their own, and read with what carries them.
    assert {api.name for api in APIS} - {source.api.name for source in SOURCES} == {"tags"}
    assert all(source.rests_on_it for source in SOURCES)


def test_a_snapshot_of_a_whole_tenant_names_no_other_source(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("e").deployment("d")
    report = scene.snapshot()
    heard = {source for source, _done, _total in scene.progress_made}
    assert report.errors == ()
    assert heard >= {"inventory", "locks", "metrics"}
    assert heard <= NAMES
    assert set(report.requests) <= {api.name for api in APIS}


@pytest.mark.parametrize(
    "path", ["metrics:getBatch", "CostManagement", "locks", "ResourceGraph", "onlineEndpoints"]
)
def test_what_is_refused_is_an_error_of_a_source_that_is_known(
    scene: Scene, workspace: Workspace, path: str
) -> None:
    workspace.endpoint("e").deployment("d")
    scene.azure.faults.add(Fault("forbid", path=path))
    assert {error.source for error in scene.snapshot().errors} <= NAMES


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/subscriptions/s/providers/Microsoft.Authorization/locks", "locks"),
        ("/providers/Microsoft.ResourceGraph/resources", "graph"),
        ("/subscriptions/s/metrics:getBatch", "metrics"),
        ("/v1/subscriptions/s/providers/Microsoft.OperationalInsights/workspaces/w/query", "logs"),
        ("/subscriptions/s/providers/Microsoft.CostManagement/query", "cost"),
        ("/subscriptions/s/providers/Microsoft.MachineLearningServices/workspaces", "ml"),
        ("/s/providers/Microsoft.MachineLearningServices/x/providers/Microsoft.Resources/tags/d",
         "tags"),
        ("/api/retail/prices", "prices"),
        ("/subscriptions", "arm"),
    ],
)  # fmt: skip
def test_a_request_is_counted_by_the_interface_that_it_goes_to(path: str, name: str) -> None:
    assert api_of(f"https://azure.example{path}?api-version=1").name == name


def test_every_address_that_signs_in_has_a_token_to_ask_for() -> None:
    named = replace(AZURE, metrics_scope="https://m/.default", logs_scope="https://l/.default")
    scopes = {api.name: named.scope_for(api.address) for api in APIS if api.signs_in}
    assert scopes["metrics"] == "https://m/.default"
    assert scopes["logs"] == "https://l/.default"
    assert scopes["ml"] == scopes["cost"] == named.scope_for(RESOURCE_MANAGER.address)


@pytest.mark.parametrize(
    ("name", "code", "fix"),
    [
        ("metrics", "AuthorizationFailed", "the role Monitoring Reader, on the subscription"),
        ("cost", "403", "the role Cost Management Reader"),
        ("locks", "AuthorizationFailed", "the role Reader"),
        ("traffic log", "Unread", "the role Log Analytics Reader"),
        ("container logs", "ScopeLocked", "a read-only lock"),
        ("cost", "ExportStands", "nothing"),
        ("inventory", "GraphIsBehind", "in a few minutes"),
        ("subscriptions", "NotVisible", "check the id"),
        ("metrics", "SignInFailed", "az login"),
        ("cost", "TooManyRequests", "again later"),
        ("metrics", "NoConnection", "check the network"),
        ("metrics", "WrongShape", "report it"),
        ("a source of an older version", "Forbidden", "the role Reader"),
    ],
)
def test_what_to_do_depends_on_the_source_and_the_code(name: str, code: str, fix: str) -> None:
    assert fix in fix_of(name, code)


def test_nobody_is_sent_for_a_role_that_the_public_price_list_does_not_ask() -> None:
    assert "role" not in fix_of("prices", "Forbidden")


def test_the_documented_rights_are_those_of_the_sources() -> None:
    assert markdown() in (ROOT / "docs" / "tenant.md").read_text(encoding="utf-8")
