"""Raw resources are held packed, and each once; what many resources name is held once for all."""

from __future__ import annotations

import json
import tracemalloc

from collectors.inventory.raw import RESOURCES_A_PACK, PackedResources
from collectors.inventory.resources import deployment_from
from collectors.records import RawResource, key_of

HOME = "/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w"


def resource(number: int, text: str = "first") -> RawResource:
    return RawResource(f"{HOME}/onlineEndpoints/e{number}", {"text": text, "number": number})


def packed(*resources: RawResource) -> PackedResources:
    found = PackedResources()
    for one in resources:
        found.add(key_of(one.id), one)
    return found


def test_what_was_packed_comes_out_as_it_was() -> None:
    resources = [resource(number) for number in range(2 * RESOURCES_A_PACK + 7)]
    found = packed(*resources)
    assert len(found) == len(resources)
    assert list(found) == resources
    assert list(found) == resources


def test_a_resource_that_comes_again_counts_once_as_it_came_last() -> None:
    before = [resource(number) for number in range(RESOURCES_A_PACK + 1)]
    found = packed(*before, resource(3, "again"), resource(RESOURCES_A_PACK, "again"))
    assert len(found) == len(before)
    bodies = {one.body["number"]: one.body["text"] for one in found}
    assert len(list(found)) == len(before)
    assert [number for number, text in bodies.items() if text == "again"] == [RESOURCES_A_PACK, 3]


def test_of_two_collections_the_later_one_counts() -> None:
    found = packed(resource(1), resource(2))
    found.take(packed(resource(2, "later"), resource(3, "later")))
    found.add(key_of(resource(4).id), resource(4))
    found.close()
    assert len(found) == 4
    assert sorted((one.body["number"], one.body["text"]) for one in found) == [
        (1, "first"),
        (2, "later"),
        (3, "later"),
        (4, "first"),
    ]


def test_held_resources_take_a_small_part_of_their_text() -> None:
    texts = [json.dumps({"id": f"{HOME}/x/{n}", "tags": {"text": "a" * 2000}}) for n in range(2000)]
    tracemalloc.start()
    found = PackedResources()
    for text in texts:
        body = json.loads(text)
        found.add(key_of(body["id"]), RawResource(body["id"], body))
    held, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == 2000
    assert held < sum(map(len, texts)) / 4


def test_what_many_deployments_name_is_held_once() -> None:
    text = json.dumps(
        [
            {
                "id": f"{HOME}/onlineEndpoints/e/deployments/{name}",
                "location": "West Europe",
                "tags": {"owner": "somebody"},
                "properties": {"model": f"{HOME}/models/m/versions/1", "instanceType": "Standard"},
            }
            for name in ("blue", "green")
        ]
    )
    blue, green = (deployment_from(body, "managed") for body in json.loads(text))
    for field in ("subscription_id", "workspace_id", "endpoint_id", "endpoint", "region", "model"):
        assert getattr(blue, field) is getattr(green, field)
    assert blue.instance_type is green.instance_type
    assert blue.tags["owner"] is green.tags["owner"]
