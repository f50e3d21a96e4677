"""On what less a deployment could run: never said of a load that was not measured."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from emulator import (
    Deployment,
    Workspace,
    World,
    alive_until,
    silent,
    steady,
)
from queries.money.sizing import AutoscaleRow, QuotaRow, SizingRow, autoscale_of, quota_returned
from queries.money.sizing import right_sizing as right_sizing_of
from queries.store import library
from tests.queries.bills import cents, read_bill
from tests.scene import Gallery, Scene, ago, playing

gallery = Gallery()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    world = gallery.world()
    for name in ("CpuMemoryUtilizationPercentage", "GpuUtilizationPercentage"):
        world.metric_error(name, "Forbidden", resource="unmeasured")
    world.metric_error("CpuUtilizationPercentage", "BadRequest", "maximum", resource="averages")
    with playing(world, tmp_path_factory.mktemp("store")) as scene:
        read_bill(scene, ())
        yield scene


def sized(scene: Scene, endpoint: str, deployment: str = "d") -> SizingRow:
    found = right_sizing_of(scene.store, scene.rows()[f"{endpoint}/{deployment}"].deployment_key)
    assert found is not None
    return found


def returned(scene: Scene, endpoint: str) -> QuotaRow:
    (found,) = quota_returned(scene.store, [scene.rows()[f"{endpoint}/d"].deployment_key])
    return found


def settings_of(scene: Scene, endpoint: str, deployment: str = "d") -> list[AutoscaleRow]:
    return autoscale_of(scene.store, scene.rows()[f"{endpoint}/{deployment}"].deployment_key)


def stands(workspace: Workspace, endpoint: str, **given: Any) -> Deployment:
    """A deployment `d` with all the traffic of an endpoint, asked at all times."""
    values: dict[str, Any] = {"requests": steady(5), "cpu_percent": 10.0, "created_at": ago(200)}
    home = workspace.endpoint(endpoint, traffic={"d": 100}, created_at=ago(200))
    return home.deployment("d", **(values | given))


def is_clear(row: SizingRow) -> bool:
    return row.could_run_on_instances is None and row.could_run_on_size is None


def test_the_listing_says_of_every_size_what_the_view_says(scene: Scene) -> None:
    with scene.store.reading() as connection:
        for row in scene.rows().values():
            values = {"deployment_key": row.deployment_key}
            (whole,) = library.ask(connection, "snapshot_of_listing", values)
            listed = library.ask(connection, "right_sizing_listed", values | whole)
            viewed = library.ask(connection, "right_sizing", values)
            assert listed == [{name: one[name] for name in listed[0]} for one in viewed]
            assert len(viewed) == (row.kind == "managed")
            scaled = library.ask(connection, "autoscale_listed", values)
            assert scaled == library.ask(connection, "autoscale_of", values)
        keys = {"deployment_keys": [row.deployment_key for row in scene.rows().values()]}
        listed = library.ask(connection, "quota_returned_listed", keys)
        assert listed == library.ask(connection, "quota_returned", keys) != []


@gallery.shows
def _roomy(workspace: Workspace) -> None:
    stands(workspace, "roomy", instances=3, requests=steady(5).with_latency(50).split({"2xx": 1.0}))


def test_less_is_found_from_means_and_highest_values_with_latency_and_failures_beside(
    scene: Scene,
) -> None:
    row = sized(scene, "roomy")
    assert row.could_run_on_instances == 1
    assert row.could_run_on_size == "Standard_DS2_v2"
    assert row.days_measured == row.days_to_measure == 35
    assert row.cpu_mean is not None
    assert row.cpu_highest is not None
    assert 9 < row.cpu_mean < 11 < row.cpu_highest + 1 < 13.2
    assert row.latency_p95_ms is not None
    assert row.latency_p95_ms > 50
    assert row.failure_share == 0


def test_fewer_instances_save_their_share_of_the_price_to_the_cent(scene: Scene) -> None:
    ((price,),) = scene.sql(
        "select per_hour from hourly_prices where instance_type = 'standard_ds3_v2'"
    )
    row = sized(scene, "roomy")
    assert cents(row.saving_by_instances_per_month) == cents(price * 730 * 2)
    assert row.run_rate_source == "list"


def test_a_smaller_size_saves_the_difference_of_the_prices_to_the_cent(scene: Scene) -> None:
    reported = scene.sql("select instance_type, per_hour from hourly_prices where region <> 'x'")
    price = dict(reported)
    row = sized(scene, "roomy")
    difference = price["standard_ds3_v2"] - price["standard_ds2_v2"]
    assert cents(row.saving_by_size_per_month) == cents(difference * 730 * 3)
    assert row.saving_per_month == row.saving_by_instances_per_month


def test_the_finding_says_both_ways_and_the_better_saving(scene: Scene) -> None:
    saving = sized(scene, "roomy").saving_per_month
    assert saving is not None
    assert (
        "a smaller size would do: 1 of its 3 instances, or Standard_DS2_v2 in place of"
        f" Standard_DS3_v2, saving up to {saving:,.0f} USD a month"
    ) in scene.rows()["roomy/d"].findings.sentences


@gallery.shows
def _one(workspace: Workspace) -> None:
    stands(workspace, "one")


def test_one_instance_cannot_be_fewer_but_may_be_smaller(scene: Scene) -> None:
    row = sized(scene, "one")
    assert row.could_run_on_instances is None
    assert "one instance already" in row.why_not.sentences
    assert row.could_run_on_size == "Standard_DS2_v2"


@gallery.shows
def _smallest(workspace: Workspace) -> None:
    stands(workspace, "smallest", instance_type="Standard_F2s_v2")


def test_the_smallest_of_a_family_cannot_be_smaller(scene: Scene) -> None:
    row = sized(scene, "smallest")
    assert is_clear(row)
    assert "no smaller size in its family: Standard_F2s_v2" in row.why_not.sentences


@gallery.shows
def _cpu_bound(workspace: Workspace) -> None:
    stands(workspace, "busy", instances=2, cpu_percent=48.0)
    stands(workspace, "half", instances=4, cpu_percent=34.0)


def test_a_busy_cpu_is_reported_as_what_is_in_the_way(scene: Scene) -> None:
    row = sized(scene, "busy")
    assert is_clear(row)
    assert [why.split(":")[0] for why in row.why_not.sentences] == ["CPU bound", "CPU bound"]


def test_what_is_left_has_room_for_the_mean_and_the_highest_value(scene: Scene) -> None:
    row = sized(scene, "half")
    assert row.could_run_on_instances == 3
    assert row.could_run_on_size is None


@gallery.shows
def _memory_bound(workspace: Workspace) -> None:
    stands(workspace, "full", instances=2, memory_percent=90.0)
    stands(workspace, "filled", instances=2, memory_percent=60.0)


def test_a_full_memory_binds_both_ways(scene: Scene) -> None:
    row = sized(scene, "full")
    assert is_clear(row)
    assert [why.split(":")[0] for why in row.why_not.sentences] == ["memory bound", "memory bound"]


def test_memory_that_each_instance_holds_whole_binds_the_size_alone(scene: Scene) -> None:
    row = sized(scene, "filled")
    assert (row.could_run_on_instances, row.could_run_on_size) == (1, None)
    (why,) = row.why_not.sentences
    assert why.startswith("memory bound: 6")
    assert why.endswith("Standard_DS2_v2 would not do")


@gallery.shows
def _gpus(workspace: Workspace) -> None:
    stands(workspace, "gpu-busy", instance_type="Standard_NC12s_v3", instances=2, gpu_percent=60.0)
    stands(workspace, "gpu-lazy", instance_type="Standard_NC12s_v3", instances=2, gpu_percent=9.0)


def test_a_busy_gpu_binds_where_the_cpu_is_free(scene: Scene) -> None:
    row = sized(scene, "gpu-busy")
    assert is_clear(row)
    assert [why.split(":")[0] for why in row.why_not.sentences] == ["GPU bound", "GPU bound"]


def test_a_free_gpu_fits_half_the_gpus(scene: Scene) -> None:
    row = sized(scene, "gpu-lazy")
    assert (row.could_run_on_instances, row.could_run_on_size) == (1, "Standard_NC6s_v3")


@gallery.shows
def _unmeasured(workspace: Workspace) -> None:
    stands(workspace, "unmeasured", instances=3)
    stands(workspace, "averages", instances=3)
    stands(
        workspace,
        "unmeasured-gpu",
        instances=3,
        instance_type="Standard_NC12s_v3",
        gpu_percent=1.0,
    )
    stands(workspace, "gone-quiet", instances=3, life=alive_until(ago(20)))


@pytest.mark.parametrize("endpoint", ["unmeasured", "averages", "unmeasured-gpu", "gone-quiet"])
def test_what_was_not_measured_is_unknown_and_never_could_shrink(
    scene: Scene, endpoint: str
) -> None:
    row = sized(scene, endpoint)
    assert is_clear(row)
    assert row.saving_per_month is None
    assert any(
        why.startswith("measured on ") and why.endswith(" days only")
        for why in row.why_not.sentences
    )
    assert not any(
        "would do" in finding for finding in scene.rows()[f"{endpoint}/d"].findings.sentences
    )


def test_a_metric_that_was_refused_is_unknown_and_not_0(scene: Scene) -> None:
    row = sized(scene, "unmeasured")
    assert (row.memory_mean, row.memory_highest) == (None, None)
    assert sized(scene, "averages").cpu_highest is None


@gallery.shows
def _scaled(workspace: Workspace) -> None:
    world = workspace.world
    world.autoscale(stands(workspace, "scaled", instances=3), 2, 6)
    off = world.autoscale(stands(workspace, "scaled-off", instances=3), 1, 2)
    off["properties"]["enabled"] = False
    off["id"] = off["id"].replace("d-autoscale", "off-autoscale")
    plain = stands(workspace, "beside", instances=3)
    other = world.autoscale(plain, 1, 2)
    other["id"] = other["id"].replace("d-autoscale", "another-autoscale")
    other["properties"]["targetResourceUri"] = "/".join(
        [*plain.id.split("/")[:5], "providers/Microsoft.Compute/virtualMachineScaleSets/vmss"]
    )
    gone = world.autoscale(plain, 1, 9)
    gone["id"] = gone["id"].replace("d-autoscale", "gone-autoscale")
    gone["properties"]["targetResourceUri"] = plain.id.replace("/beside/", "/no-more/")


def test_active_autoscale_is_shown_and_keeps_from_shrinking(scene: Scene) -> None:
    row = sized(scene, "scaled")
    assert is_clear(row)
    assert "autoscale is active: 2 to 6 instances" in row.why_not.sentences
    (setting,) = settings_of(scene, "scaled")
    assert (setting.enabled, setting.minimum, setting.maximum) == (True, 2, 6)
    assert setting.default_count == 2


def test_autoscale_that_is_switched_off_is_shown_and_keeps_from_nothing(scene: Scene) -> None:
    (setting,) = settings_of(scene, "scaled-off")
    assert setting.enabled is False
    assert sized(scene, "scaled-off").could_run_on_instances == 1


def test_a_setting_for_another_resource_is_not_attached(scene: Scene) -> None:
    assert settings_of(scene, "beside") == []
    assert sized(scene, "beside").could_run_on_instances == 1
    assert scene.sql("from autoscale where id like '%another-autoscale'") == []
    assert scene.sql("select deployment_key from autoscale where maximum = 9") == [(None,)]


@gallery.shows
def _unasked(workspace: Workspace) -> None:
    home = workspace.endpoint("unasked", traffic={}, created_at=ago(200))
    home.deployment("d", instances=3, requests=silent(), created_at=ago(200))
    pair = workspace.endpoint("pair", traffic={"blue": 100}, created_at=ago(200))
    pair.deployment("blue", instances=3, requests=steady(5), created_at=ago(90), cpu_percent=60.0)
    pair.deployment("green", instances=3, created_at=ago(180))
    young = workspace.endpoint("young", traffic={"d": 100}, created_at=ago(9))
    young.deployment("d", instances=3, requests=steady(5), created_at=ago(9))
    failing = steady(5).split({"2xx": 0.9, "5xx": 0.1})
    stands(workspace, "failing", instances=3, requests=failing)


@pytest.mark.parametrize(
    ("endpoint", "deployment", "why"),
    [
        ("unasked", "d", "nobody asks it: retire it rather than shrink it"),
        ("pair", "green", "kept to fall back on: it must be able to carry the live load"),
        ("young", "d", "measured on 8 of 8 days only"),
        ("failing", "d", "10 % of its requests fail: fix it first"),
    ],
)
def test_a_load_that_says_nothing_is_no_reason_to_shrink(
    scene: Scene, endpoint: str, deployment: str, why: str
) -> None:
    row = sized(scene, endpoint, deployment)
    assert is_clear(row)
    assert why in row.why_not.sentences


@gallery.shows
def _odd_sizes(workspace: Workspace) -> None:
    stands(workspace, "odd", instance_type="Standard_D4s_v99", instances=2)
    stands(workspace, "loud", instance_type="STANDARD_DS3_V2", instances=2)
    stands(workspace, "exempt", instance_type="STANDARD_NC24ADS_A100_V4", instances=3)
    stands(workspace, "uncounted", sku=None)


def test_an_unknown_size_has_no_smaller_one_and_no_quota_and_says_so(scene: Scene) -> None:
    row = sized(scene, "odd")
    assert row.could_run_on_size is None
    assert any("not in Microsoft's list" in why for why in row.why_not.sentences)
    assert row.could_run_on_instances == 1
    quota = returned(scene, "odd")
    assert (quota.cores, quota.family) == (None, None)
    assert "Standard_D4s_v99" in (quota.why_unknown or "")


def test_a_size_is_known_in_any_spelling(scene: Scene) -> None:
    assert sized(scene, "loud").could_run_on_size == "Standard_DS2_v2"


def test_an_unknown_number_of_instances_is_no_quota_and_no_shrinking(scene: Scene) -> None:
    row = sized(scene, "uncounted")
    assert is_clear(row)
    assert "its number of instances is not known" in row.why_not.sentences
    assert returned(scene, "uncounted").cores is None


def test_quota_comes_back_with_the_reserve_of_a_fifth_rounded_up(scene: Scene) -> None:
    # ceil(1.2 x 3) = 4 instances of 4 cores.
    quota = returned(scene, "roomy")
    assert (quota.cores, quota.family, quota.region) == (16, "standardDSv2Family", "westeurope")


@gallery.shows
def _counted(workspace: Workspace) -> None:
    for count in (1, 5, 6, 10):
        stands(workspace, f"of-{count}", instances=count, instance_type="Standard_F2s_v2")


@pytest.mark.parametrize(("count", "held"), [(1, 2), (5, 6), (6, 8), (10, 12)])
def test_the_reserve_is_whole_instances(scene: Scene, count: int, held: int) -> None:
    assert returned(scene, f"of-{count}").cores == held * 2


def test_an_exempt_size_gives_back_its_own_cores_alone(scene: Scene) -> None:
    quota = returned(scene, "exempt")
    assert (quota.cores, quota.skips_reserve) == (3 * 24, True)


def test_kubernetes_and_pay_per_use_have_no_size_to_change(world: World, scene_of: Any) -> None:
    workspace = world.subscription("p").resource_group("g").workspace("ws")
    cluster = workspace.endpoint("k", traffic={"d": 100}, kind="K8S")
    cluster.deployment("d", instance_type="cpuinstance", requests=steady(1))
    scene = scene_of(world)
    scene.snapshot()
    key = scene.rows()["k/d"].deployment_key
    assert right_sizing_of(scene.store, key) is None
    assert quota_returned(scene.store, [key]) == []


def test_autoscale_is_read_without_a_request_more(world: World, scene_of: Any) -> None:
    workspace = world.subscription("p").resource_group("g").workspace("ws")
    deployment = stands(workspace, "e", instances=2)
    scene = scene_of(world)
    before = scene.snapshot()
    world.autoscale(deployment, 1, 4)
    scene.clock.advance(timedelta(minutes=5))
    scene.azure.requests.clear()
    after = scene.snapshot()
    assert dict(after.requests) == {**before.requests, "metrics": after.requests["metrics"]}
    assert not [one for one in scene.azure.requests if one.source == "autoscale"]
    assert len(scene.asked("graph")) == before.requests["graph"]
    assert len(settings_of(scene, "e")) == 1


def test_settings_alone_do_not_make_a_subscription_readable(world: World, scene_of: Any) -> None:
    subscription = world.subscription("p")
    deployment = stands(subscription.resource_group("g").workspace("ws"), "e")
    scene = scene_of(world)
    world.freeze_graph()
    assert world.graph_rows is not None
    world.autoscale(deployment)
    world.thaw_graph()
    world.freeze_graph()
    world.graph_rows = [row for row in world.graph_rows if "autoscale" in row["type"]]
    assert [read_error.code for read_error in scene.snapshot().errors] == ["GraphIsBehind"]


def test_prices_of_smaller_sizes_come_with_those_in_use(world: World, scene_of: Any) -> None:
    workspace = world.subscription("p").resource_group("g").workspace("ws")
    stands(workspace, "e", instance_type="Standard_DS4_v2")
    stands(workspace, "f", instance_type="Standard_DS3_v2")
    stands(workspace, "h", instance_type="Standard_F8s_v2")
    scene = scene_of(world)
    read_bill(scene, ())
    sizes = {size for (size,) in scene.sql("select instance_type from list_prices")}
    assert sizes >= {"standard_ds4_v2", "standard_ds3_v2", "standard_ds2_v2", "standard_f2s_v2"}
    assert len(scene.asked("prices")) == 2


def test_a_price_list_that_answers_one_size_at_a_time_is_asked_so(
    world: World, scene_of: Any
) -> None:
    workspace = world.subscription("p").resource_group("g").workspace("ws")
    stands(workspace, "e", instances=2)
    scene = scene_of(world)
    scene.azure.bend(" or |%20or%20|\\+or\\+", lambda body: {**body, "Items": []})
    assert read_bill(scene, ()).errors == ()
    assert scene.rows()["e/d"].list_price_per_month is not None
    row = sized(scene, "e")
    assert row.could_run_on_size == "Standard_DS2_v2"
    assert row.saving_by_size_per_month is None
    assert row.saving_per_month == row.saving_by_instances_per_month


def test_a_bill_below_the_list_saves_no_more_than_it_bills(world: World, scene_of: Any) -> None:
    workspace = world.subscription("p").resource_group("g").workspace("ws")
    stands(workspace, "e", instance_type="Standard_NC6s_v3", instances=2)
    world.reserved_sizes.add("standard_nc6s_v3")
    scene = scene_of(world)
    read_bill(scene)
    row = sized(scene, "e")
    money = scene.rows()["e/d"]
    assert row.run_rate_source == "billed"
    assert money.monthly_run_rate is not None
    assert cents(row.saving_by_instances_per_month) == cents(money.monthly_run_rate / 2)
    assert (row.saving_by_instances_per_month or 0) < Decimal(100)


def test_a_count_that_changed_in_the_window_is_reported(world: World, scene_of: Any) -> None:
    workspace = world.subscription("p").resource_group("g").workspace("ws")
    deployment = stands(workspace, "e", instances=6)
    scene = scene_of(world)
    scene.snapshot()
    deployment.instances = 3
    scene.clock.advance(timedelta(days=1))
    scene.snapshot()
    row = sized(scene, "e")
    assert is_clear(row)
    assert "its number of instances changed in the window, from 3 to 6" in row.why_not.sentences
