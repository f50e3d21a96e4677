"""Nobody's name, value or secret is in a recording, wherever in an answer it stood."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.recording.addresses import Place, place_of
from actions.recording.allowed import KEPT, KNOWN
from actions.recording.exchanges import Pseudonymiser
from actions.recording.pseudonyms import Pseudonyms
from collectors.connection.cloud import AZURE
from collectors.connection.exchanges import Exchange
from emulator import Clock, Fault, Workspace, World, sample_tenant, steady
from queries.policy import DEFAULT_TAGS
from tests.actions.recording.tape import exchanges_of, taped, text_of
from tests.scene import NOW, Scene, playing

GRAPH = "https://management.azure.com/providers/Microsoft.ResourceGraph/resources"


KEY = bytes(range(65, 97))


@dataclass(frozen=True)
class Tape:
    """A recording that tests only look at, made with a key that is known."""

    folder: Path
    pseudonym_of_fraud: str


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tape]:
    world = World(clock=Clock(NOW))
    workspace = world.subscription("production").resource_group("rg").workspace("ws")
    workspace.endpoint("fraud").deployment("blue")
    with (
        playing(world, tmp_path_factory.mktemp("tape")) as scene,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("actions.recording.pseudonyms.secrets.token_bytes", lambda _length: KEY)
        yield Tape(taped(scene).folder, Pseudonyms().name("fraud"))


def forms_of(value: str) -> Iterator[str]:
    """A value as it may be written: in any case, and encoded."""
    for one in (value, value.lower(), value.upper(), value.swapcase()):
        data = one.encode()
        yield from (one, quote(one, safe=""), quote_plus(one), data.hex(), one[::-1])
        yield from (json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1])
        yield base64.b64encode(data).decode().rstrip("=")
        yield base64.urlsafe_b64encode(data).decode().rstrip("=")


def found_in(text: str, values: list[str]) -> list[str]:
    """Those of the values that stand in a text in any form."""
    return [value for value in values if any(form in text for form in set(forms_of(value)))]


class Planter:
    """Makes values that are nowhere else, and remembers them."""

    def __init__(self) -> None:
        self.values: list[str] = []

    def __call__(self, what: str) -> str:
        self.values.append(f"{what}-{len(self.values):03}qZ7k")
        return self.values[-1]

    def in_turn(self, what: str) -> str:
        """The same in another form: upper case, base64, encoded for an address."""
        value = self(what)
        forms = (str, str.upper, _base64, quote_plus)
        return forms[len(self.values) % 4](value)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def plant() -> Planter:
    return Planter()


def test_no_value_of_a_tenant_is_in_its_recording(
    scene: Scene, world: World, plant: Planter
) -> None:
    for _number in range(3):
        _fill(world, plant)
    bodies = {"error": {"code": "AuthorizationFailed", "message": f"no: {plant('message')}"}}
    scene.azure.faults.add(Fault("answer", path="locks", status=403, body=bodies))
    scene.azure.bend("ResourceGraph", lambda body: _spoilt(body, plant))
    text = text_of(taped(scene).folder)
    assert len(plant.values) >= 200
    assert found_in(text, plant.values) == []


def _fill(world: World, plant: Planter) -> None:
    subscription = world.subscription(plant("subscription"), tags={plant("tag"): plant("value")})
    group = subscription.resource_group(
        plant("group"), tags={"owner": plant("person") + "@x.example"}
    )
    workspace = group.workspace(plant("workspace"), tags={"purpose": f"why {plant('purpose')}"})
    for _number in range(3):
        name = plant("blue")
        extra = {
            "description": f"made by {plant('author')}",
            "properties": {plant("k"): plant("v")},
        }
        endpoint = workspace.endpoint(
            plant("endpoint"), traffic={name.upper(): 100}, extra=extra, created_by=plant("person")
        )
        deployment = endpoint.deployment(
            name,
            requests=steady(1.0),
            model=f"{plant('model')}:7",
            environment=f"{plant('environment')}:3",
            code=f"{plant('code')}:1",
            scoring_script=f"{plant('script')}.py",
            environment_variables={plant("variable"): plant.in_turn("secret")},
            tags={plant.in_turn("tag"): plant.in_turn("value"), "role": plant("role")},
            extra={"instanceType": plant("instance-type"), plant("field"): plant.in_turn("inner")},
        )
        world.autoscale(deployment)
        world.lock(deployment, name=plant("lock"), notes=f"see {plant('note')}")


def _spoilt(body: Any, plant: Planter) -> bytes:
    """Every row with fields that nobody knows, and with secrets in known ones."""
    for row in body.get("data", []):
        row["newField"] = {plant("key"): [plant.in_turn("text"), {"type": plant("type")}]}
        row["managedBy"] = f"/subscriptions/{plant('id')}/things/{plant('thing')}"
        if isinstance(row.get("properties"), dict):
            row["properties"]["primaryKey"] = plant.in_turn("key")
            row["properties"]["scoringUri"] = (
                f"https://{plant('host')}.example/{plant('path')}?sig=x"
            )
            row["properties"]["message"] = json.dumps({"log": [f"line {plant('log')}"]})
    return json.dumps(body).encode()


FIELD_NAMES = st.one_of(
    st.sampled_from(sorted(KNOWN - set(KEPT))), st.text(min_size=1, max_size=20)
)
PLANTED = st.from_regex(r"[A-Za-z]{3}[-@ .][0-9A-Za-z]{4}~[a-z]{3}", fullmatch=True)


def _within(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.lists(inner, max_size=3), st.dictionaries(FIELD_NAMES, inner, max_size=3))


@given(secret=PLANTED, data=st.data())
def test_no_value_is_kept_from_a_field_that_may_hold_anything(
    secret: str, data: st.DataObject
) -> None:
    value = data.draw(
        st.sampled_from([secret, f"see {secret}.", f"/subscriptions/{secret}/x/{secret}"])
    )
    leaf = st.one_of(st.just(value), st.dictionaries(st.just(value), st.just(1), min_size=1))
    body = data.draw(st.recursive(leaf, _within, max_leaves=6))
    assert found_in(_kept(body), [secret]) == []


STARTS = (
    "",
    "https://",
    "https://management.azure.com//[",
    "https://[",
    "/subscriptions/",
    "azureml:",
    "azureml://",
    "{",
    '["',
    "%",
)


@given(start=st.sampled_from(STARTS), text=st.text(max_size=30), field=FIELD_NAMES)
def test_whatever_an_answer_holds_can_be_recorded(start: str, text: str, field: str) -> None:
    body = {"data": [{field: start + text, "tags": {start + text: text}, "nextLink": start + text}]}
    assert json.loads(_kept(body))["data"][0].keys()


@given(number=st.integers(min_value=10**6))
def test_a_number_of_an_unknown_field_is_not_kept(number: int) -> None:
    assert str(number) not in _kept({"data": [{"pinOfTheVault": number}]})


def test_below_an_unknown_field_nothing_is_kept() -> None:
    inner = {
        "location": "Payments",
        "count": 471100,
        "type": "Payments",
        "data": {"code": "Payments"},
    }
    kept = _kept({"data": [{"newField": inner}]})
    assert "Payments" not in kept
    assert "471100" not in kept


@pytest.mark.parametrize("name", sorted(KEPT))
def test_a_field_on_the_list_keeps_no_text_of_another_form(name: str) -> None:
    value = "Contoso 4711 & Söhne: hunter2!"
    body: Any = value
    for part in reversed(name.split(".")):
        body = {part: body}
    assert found_in(_kept({"data": [body]}), [value]) == []


def _kept(body: Any) -> str:
    pseudonymiser = Pseudonymiser(AZURE, DEFAULT_TAGS)
    content = json.dumps(body).encode()
    kept = pseudonymiser.kept_of(Exchange("POST", GRAPH, b"{}", 200, {}, content))
    return json.dumps(kept["answer"]["body"], ensure_ascii=False)


def test_headers_and_signatures_are_dropped() -> None:
    headers = {
        "Authorization": "Bearer eyJhbGciOi",
        "Set-Cookie": "session=4711abc",
        "x-ms-request-id": "0f0c2a54-0000-4000-8000-1234567890ab",
        "Retry-After": "17",
        "x-ms-ratelimit-remaining-tenant-writes": "hunter2",
    }
    pseudonymiser = Pseudonymiser(AZURE, DEFAULT_TAGS)
    kept = pseudonymiser.kept_of(Exchange("GET", GRAPH, b"", 429, headers, b""))
    assert kept["answer"]["headers"] == {"retry-after": "17"}


@pytest.mark.parametrize(
    "path",
    [
        "/subscriptions/{guid}/providers/Microsoft.Insights/eventtypes/management/values",
        "/subscriptions/{guid}/providers/Microsoft.MachineLearningServices/locations/eastus/usages",
        "/v1/subscriptions/{guid}/resourceGroups/{name}/query",
        "/providers/Microsoft.ResourceGraph/resources",
    ],
)
def test_the_path_of_a_question_keeps_what_is_azures(path: str) -> None:
    pseudonymiser = Pseudonymiser(AZURE, DEFAULT_TAGS)
    own = {"guid": "0f0c2a54-0000-4000-8000-1234567890ab", "name": "rg-payments"}
    host = AZURE.logs if path.startswith("/v1") else AZURE.resource_manager
    url = f"{host}{path.format(**own)}?api-version=2015-04-01"
    kept = pseudonymiser.kept_of(Exchange("GET", url, b"", 200, {}, b"{}"))
    others = {name: pseudonymiser.text(value) for name, value in own.items()}
    assert kept["request"]["path"] == path.format(**others)
    assert set(others.values()).isdisjoint(own.values())


def test_the_traffic_in_the_body_of_an_event_is_kept_by_name() -> None:
    pseudonymiser = Pseudonymiser(AZURE, DEFAULT_TAGS)
    body = json.dumps({"properties": {"traffic": {"blue": 90}, "description": "for Ada"}})
    event = {"caller": "ada@x.example", "properties": {"requestbody": body}}
    content = json.dumps({"value": [event]}).encode()
    kept = pseudonymiser.kept_of(Exchange("GET", GRAPH, b"", 200, {}, content))["answer"]["body"]
    inner = json.loads(kept["value"][0]["properties"]["requestbody"])
    assert inner["properties"]["traffic"] == {pseudonymiser.text("blue"): 90}
    assert inner["properties"]["description"] == pseudonymiser.text("for Ada")
    assert kept["value"][0]["caller"] == pseudonymiser.text("ada@x.example")


def test_secrets_are_dropped_and_not_even_hashed() -> None:
    fields = {"primaryKey": "a", "sasToken": "b", "connectionString": "c", "TagKey": "d"}
    kept = json.loads(_kept({"data": [{**fields, "environmentVariables": {"A": "x", "B": 1}}]}))
    row = kept["data"][0]
    assert [value == "(dropped)" for value in row.values()] == [True, True, True, False, False]
    assert list(row["environmentVariables"].values()) == ["(dropped)", "(dropped)"]


def test_a_link_to_another_address_of_the_cloud_is_a_place_too() -> None:
    place = place_of(AZURE, "https://api.loganalytics.io/providers/Microsoft.Insights/x?a=b")
    assert place == Place("", "/providers/Microsoft.Insights/x", (("a", "b"),))
    assert place_of(AZURE, "https://contoso.example/x") is None


def test_an_answer_that_is_no_json_keeps_its_length_alone() -> None:
    pseudonymiser = Pseudonymiser(AZURE, DEFAULT_TAGS)
    page = b"<html>proxy.contoso.example says no</html>"
    kept = pseudonymiser.kept_of(Exchange("GET", GRAPH, b"", 502, {}, page))
    assert kept["answer"] == {
        "status": 502,
        "headers": {},
        "body": None,
        "bytes_that_are_no_json": len(page),
    }


def test_equal_things_stay_equal_wherever_and_however_they_are_written() -> None:
    pseudonymiser = Pseudonymiser(AZURE, DEFAULT_TAGS)
    home = "/subscriptions/0F0C2A54-0000-4000-8000-1234567890AB/resourceGroups/RG-ml"
    body = {
        "id": f"{home}/providers/Microsoft.MachineLearningServices/workspaces/WS/onlineEndpoints/f",
        "resourceGroup": "rg-ml",
        "subscriptionId": "0f0c2a54-0000-4000-8000-1234567890ab",
        "tags": {"owner": "rg-ml", "Team": "RG-ML"},
        "properties": {
            "columns": [{"name": "ResourceId"}, {"name": "TagValue"}],
            "rows": [[home.lower(), "rg-ml"]],
            "nextLink": f"https://management.azure.com:443{home}?$skiptoken=abc&api-version=2021-03-01",
        },
    }
    content = json.dumps(body).encode()
    kept = pseudonymiser.kept_of(Exchange("GET", GRAPH, b"", 200, {}, content))["answer"]["body"]
    words = kept["id"].split("/")
    guid, group = words[2], words[4]
    assert words[1::2] == [
        "subscriptions", "resourceGroups", "providers", "workspaces", "onlineEndpoints"
    ]  # fmt: skip
    assert kept["subscriptionId"] == guid.lower()
    assert kept["resourceGroup"] == group == kept["tags"]["owner"]
    assert kept["tags"]["Team"] == group.upper()
    assert kept["properties"]["rows"] == [
        [f"/subscriptions/{guid}/resourcegroups/{group}".lower(), group]
    ]
    assert kept["properties"]["nextLink"].startswith(
        f"https://recording.invalid/subscriptions/{guid}/"
    )
    assert "api-version=2021-03-01" in kept["properties"]["nextLink"]


def test_what_is_quoted_in_a_question_is_replaced_and_the_question_kept() -> None:
    pseudonymiser = Pseudonymiser(AZURE, DEFAULT_TAGS)
    query = "resources | where name =~ 'Fraud' and type in~ ('microsoft.insights/components')"
    sent = json.dumps({"query": query}).encode()
    kept = pseudonymiser.kept_of(Exchange("POST", GRAPH, sent, 200, {}, b"{}"))
    asked = kept["request"]["body"]["query"]
    assert asked == query.replace("Fraud", pseudonymiser.text("fraud"))


@pytest.mark.parametrize(
    ("tag", "value", "is_kept"),
    [
        ("role", "Production", True),
        ("role", "prodduction", False),
        ("expires-on", "2026-12-01", True),
        ("expires-on", "when Ada is back", False),
        ("mothball-exempt-until", "2026-12-01", True),
        ("owner", "2026-12-01", False),
        ("birthday", "1976-12-01", False),
    ],
)
def test_a_tag_keeps_what_it_is_judged_by(tag: str, value: str, is_kept: bool) -> None:
    kept = _kept({"data": [{"tags": {tag: value}}]})
    assert (value in kept) == is_kept
    assert (tag in kept) == (tag != "birthday")


def test_two_recordings_of_one_tenant_have_no_name_in_common(
    scene: Scene, workspace: Workspace
) -> None:
    workspace.endpoint("fraud").deployment("blue")
    first = _pseudonyms(text_of(taped(scene).folder))
    (scene.folder / "tape").rename(scene.folder / "first")
    second = _pseudonyms(text_of(taped(scene).folder))
    assert len(first) > 5
    assert first & second == set()


def _pseudonyms(text: str) -> set[str]:
    return set(re.findall(r"\bx[a-z2-7]{12}\b", text))


def test_nothing_of_the_key_is_kept(tape: Tape) -> None:
    text = text_of(tape.folder)
    assert tape.pseudonym_of_fraud in text
    for part in (KEY, KEY[:16], KEY[16:]):
        assert found_in(text, [part.decode("latin-1")]) == []


def test_every_field_of_the_answers_that_verdicts_rest_on_is_on_the_list() -> None:
    own = ("traffic", "mirrorTraffic", "tags", "environmentVariables")
    rows = sample_tenant(NOW).seen_by_graph()
    fields = {name for row in rows for name in _fields(row, own)}
    assert fields - KNOWN == {"azureml.onlineendpointid"}


def _fields(value: Any, own: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield name.lower()
            if name not in own:
                yield from _fields(inner, own)
    elif isinstance(value, list):
        for inner in value:
            yield from _fields(inner, own)


def test_the_folder_is_for_its_owner_alone(tape: Tape) -> None:
    folder = tape.folder
    modes = {path.stat().st_mode & 0o777 for path in [folder, *folder.rglob("*")] if path.is_dir()}
    files = {path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}
    assert (modes, files) == ({0o700}, {0o600})


def test_each_exchange_is_a_file_that_a_person_can_read(tape: Tape) -> None:
    folder = tape.folder
    first = exchanges_of(folder)[0]
    assert (first["interface"], first["request"]["path"]) == ("arm", "/subscriptions")
    path = sorted((folder / "answers").iterdir())[0]
    assert path.name == "00001-arm.json"
    assert '\n  "method": "GET",\n' in path.read_text("utf-8")
    assert Path(folder / "README.md").read_text("utf-8").startswith("# A recording")
