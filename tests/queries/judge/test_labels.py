"""What tags say: role, owner, purpose, dates; and the findings that rest on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from emulator import Workspace, steady
from queries.estate.rows import DeploymentRow
from queries.policy import DEFAULT_TAGS, Policy
from tests.scene import Gallery, Scene, ago, day, playing

gallery = Gallery()
Rows = dict[str, DeploymentRow]
RETIRED = {"role": "retire", "mothball-retire-after": day(9)}
NAMES: Mapping[str, tuple[str, ...]] = {
    **DEFAULT_TAGS,
    "owner": ("owner", "Contact"),
    "purpose": ("purpose",),
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with playing(gallery.world(), tmp_path_factory.mktemp("store")) as scene:
        scene.snapshot(policy=Policy(tags=NAMES))
        yield scene


@pytest.fixture(scope="module")
def rows(scene: Scene) -> Rows:
    return scene.rows()


@gallery.shows
def _inherited(workspace: Workspace) -> None:
    subscription = workspace.world.subscription("tagged", tags={"owner": "sub", "purpose": "sub"})
    group = subscription.resource_group("rg-own", tags={"OWNER": "group"})
    plain = subscription.resource_group("rg-plain")
    plain.workspace("ws-plain").endpoint("from-subscription").deployment("d")
    group.workspace("ws-group").endpoint("from-group").deployment("d")
    home = group.workspace("ws-home", tags={"Owner": "workspace"})
    home.endpoint("from-workspace").deployment("d")
    endpoint = home.endpoint("from-endpoint", tags={"owner": "endpoint", "purpose": "demo"})
    endpoint.deployment("d")
    endpoint.deployment("own", tags={"owner": "deployment"})


@pytest.mark.parametrize(
    ("name", "owner", "source"),
    [
        ("from-subscription/d", "sub", "subscription"),
        ("from-group/d", "group", "resource_group"),
        ("from-workspace/d", "workspace", "workspace"),
        ("from-endpoint/d", "endpoint", "endpoint"),
        ("from-endpoint/own", "deployment", "deployment"),
    ],
)
def test_the_owner_comes_from_the_nearest_scope_that_names_one(
    rows: Rows, name: str, owner: str, source: str
) -> None:
    assert (rows[name].owner, rows[name].owner_source) == (owner, source)


def test_the_purpose_is_inherited_by_itself(rows: Rows) -> None:
    assert rows["from-endpoint/own"].purpose == "demo"
    assert rows["from-group/d"].purpose == "sub"


@gallery.shows
def _hint(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("hint")
    endpoint.deployment("d", created_by="grace@contoso.example")
    endpoint.deployment("nobody", created_by=None)
    endpoint.deployment("empty", tags={"owner": "  "}, created_by="ada@contoso.example")


def test_without_a_tag_the_creator_is_a_hint(rows: Rows) -> None:
    assert rows["hint/d"].owner == "grace@contoso.example"
    assert rows["hint/d"].owner_source == "created_by"
    assert rows["hint/empty"].owner == "ada@contoso.example"


def test_an_owner_may_be_unknown(rows: Rows) -> None:
    assert rows["hint/nobody"].owner is None
    assert rows["hint/nobody"].owner_source is None


@gallery.shows
def _batch(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("several", tags={"owner": "far"})
    endpoint.deployment("second", tags={"contact": "near"})
    endpoint.deployment("both", tags={"contact": "second", "owner": "first"})


def test_several_names_stand_for_one_meaning_the_first_counts(rows: Rows) -> None:
    assert rows["several/both"].owner == "first"


def test_a_nearer_scope_counts_before_a_better_name(rows: Rows) -> None:
    assert rows["several/second"].owner == "near"


@gallery.shows
def _roles(workspace: Workspace) -> None:
    above = workspace.endpoint("role-above", tags={"role": "production"})
    above.deployment("d")
    workspace.endpoint("role-odd").deployment("d", tags={"role": "champion"})


def test_a_role_counts_on_the_deployment_only(rows: Rows) -> None:
    assert rows["role-above/d"].role is None
    assert rows["role-above/d"].verdict == "idle"


def test_a_role_outside_the_four_is_no_role(rows: Rows) -> None:
    assert rows["role-odd/d"].role is None
    assert rows["role-odd/d"].verdict == "idle"
    assert any("champion" in finding for finding in rows["role-odd/d"].findings.sentences)


@gallery.shows
def _contradictions(workspace: Workspace) -> None:
    busy = workspace.endpoint("roles", traffic={"retire": 40, "rollback": 30, "test": 30})
    for role in ("retire", "rollback", "test"):
        busy.deployment(role, tags={"role": role}, requests=steady(1))
    workspace.endpoint("silent-production").deployment("d", tags={"role": "production"})
    quiet = workspace.endpoint("aside", traffic={"live": 100})
    quiet.deployment("live", requests=steady(1))
    quiet.deployment("asked", tags={"role": "production"}, requests=steady(1))
    kept = workspace.endpoint("kept", traffic={"live": 100})
    kept.deployment("live", requests=steady(1))
    kept.deployment("fallback", tags=RETIRED)
    other = workspace.endpoint("unfit")
    other.deployment("undated", tags={"role": "retire"})
    other.deployment("failed", tags={"role": "rollback"}, state="Failed")
    other.deployment("empty", tags={"role": "rollback"}, instances=0)
    other.deployment("dated", tags=RETIRED)


@pytest.mark.parametrize("role", ["retire", "rollback", "test"])
def test_a_role_that_contradicts_what_is_seen_is_a_finding(rows: Rows, role: str) -> None:
    assert any(
        f"its role is {role}" in finding for finding in rows[f"roles/{role}"].findings.sentences
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("aside/asked", "its role is production, but it holds no live traffic"),
        ("kept/fallback", "its role is retire, but its endpoint falls back on it"),
        ("unfit/undated", "its role is retire, but no date says from when on"),
        ("unfit/failed", "its role is rollback, but its provisioning is Failed"),
        ("unfit/empty", "its role is rollback, but it has no instance"),
    ],
)
def test_a_role_that_cannot_be_what_it_says_is_a_finding(rows: Rows, name: str, text: str) -> None:
    assert text in rows[name].findings.sentences
    assert not any("its role is" in finding for finding in rows["unfit/dated"].findings.sentences)


def test_production_that_nobody_asks_is_a_finding(rows: Rows) -> None:
    row = rows["silent-production/d"]
    assert row.verdict == "protected"
    assert any("nobody asks" in finding for finding in row.findings.sentences)


@gallery.shows
def _dates(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("dates")
    endpoint.deployment("over", tags={"expires-on": day(-1)})
    endpoint.deployment("today", tags={"expires-on": day(0)})
    endpoint.deployment("extended", tags={"expires-on": day(-1), "mothball-exempt-until": day(30)})
    endpoint.deployment(
        "extended-once", tags={"expires-on": day(-9), "mothball-exempt-until": day(-1)}
    )
    endpoint.deployment("odd", tags={"expires-on": "Q3", "mothball-retire-after": "31.12."})
    endpoint.deployment("retire", tags={"mothball-retire-after": day(4)})


def test_an_expired_date_is_a_finding_from_the_day_after(rows: Rows) -> None:
    assert any("expired on" in finding for finding in rows["dates/over"].findings.sentences)
    assert not rows["dates/today"].findings.sentences


def test_an_extension_in_force_moves_the_expiry_and_one_that_ended_does_not(rows: Rows) -> None:
    assert not rows["dates/extended"].findings.sentences
    assert {"expired on " + day(-9), "its exemption ended on " + day(-1)} == set(
        rows["dates/extended-once"].findings.sentences
    )


def test_dates_that_cannot_be_read_are_findings(rows: Rows) -> None:
    findings = " ".join(rows["dates/odd"].findings.sentences)
    assert "Q3" in findings
    assert "31.12." in findings


def test_the_retirement_date_is_shown_as_written(rows: Rows) -> None:
    assert rows["dates/retire"].retire_after == day(4)


@gallery.shows
def _tests(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("tests")
    endpoint.deployment("young", created_at=ago(13), tags={"role": "test"})
    endpoint.deployment("old", created_at=ago(15), tags={"role": "test"})
    dated = {"role": "test", "expires-on": day(5)}
    endpoint.deployment("dated", created_at=ago(15), tags=dated)
    odd = {"role": "test", "expires-on": "soon"}
    endpoint.deployment("odd", created_at=ago(15), tags=odd)
    endpoint.deployment(
        "extended",
        created_at=ago(15),
        tags={"role": "test", "mothball-exempt-until": day(5)},
    )


def test_a_test_older_than_14_days_without_extension_is_a_finding(rows: Rows) -> None:
    assert any("older than 14 days" in finding for finding in rows["tests/old"].findings.sentences)
    assert not rows["tests/young"].findings.sentences
    assert not rows["tests/extended"].findings.sentences
    assert not rows["tests/dated"].findings.sentences
    assert any(
        finding.startswith("expired: a test") for finding in rows["tests/odd"].findings.sentences
    )


@gallery.shows
def _failing(workspace: Workspace) -> None:
    endpoint = workspace.endpoint("failing")
    endpoint.deployment("all", requests=steady(1).split({"5xx": 1.0}))
    endpoint.deployment("half", requests=steady(1).split({"2xx": 0.5, "5xx": 0.5}))
    endpoint.deployment("none", requests=steady(1))


def test_every_request_failing_is_a_finding_some_failing_is_not(rows: Rows) -> None:
    assert any("fails" in finding for finding in rows["failing/all"].findings.sentences)
    assert not any("fails" in finding for finding in rows["failing/half"].findings.sentences)
    assert not any("fails" in finding for finding in rows["failing/none"].findings.sentences)


def test_tags_are_shown_as_they_are(rows: Rows) -> None:
    assert rows["dates/odd"].tags == {"expires-on": "Q3", "mothball-retire-after": "31.12."}
    assert rows["hint/d"].tags == {}


@gallery.shows
def _paid(workspace: Workspace) -> None:
    subscription = workspace.world.subscription("paid", tags={"COSTCENTER": "4711"})
    endpoint = subscription.resource_group("rg-paid").workspace("ws-paid").endpoint("paid")
    endpoint.deployment("by-subscription")
    endpoint.deployment("by-itself", tags={"cost-center": "0815"})


def test_the_cost_centre_is_that_of_the_nearest_scope_under_either_of_its_names(
    scene: Scene,
) -> None:
    found = scene.sql(
        "select d.deployment, j.cost_center from current_deployments as d"
        " join judgements as j using (snapshot_id, deployment_key) where d.endpoint = 'paid'"
    )
    assert dict(found) == {"by-subscription": "4711", "by-itself": "0815"}
