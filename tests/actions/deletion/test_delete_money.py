"""What the plan of a deletion says of money."""

from __future__ import annotations

from actions.deletion.delete import plan_deletion
from emulator import Workspace
from tests.queries.bills import cents, read_bill
from tests.scene import Scene, ago


def test_the_plan_says_when_the_bill_will_not_fall(scene: Scene, workspace: Workspace) -> None:
    endpoint = workspace.endpoint("score", traffic={}, created_at=ago(200))
    endpoint.deployment("gpu", instance_type="Standard_NC6s_v3", created_at=ago(200))
    endpoint.deployment("cpu", created_at=ago(200))
    scene.world.reserved_sizes.add("standard_nc6s_v3")
    read_bill(scene)
    rows = scene.rows()
    plan = plan_deletion(scene.session(), [rows["score/gpu"], rows["score/cpu"]])
    [result] = [value for value in plan.warnings if "the bill will not fall" in value]
    assert "gpu" in result
    [note] = [note for note in plan.notes if "the bill will not fall" in note.text]
    assert note.about == rows["score/gpu"].id
    gpu, cpu = plan.targets
    assert cents(gpu.monthly_saving) == 0
    assert cents(cpu.monthly_saving) > 100
