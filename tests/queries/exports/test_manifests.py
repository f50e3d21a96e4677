"""Exports as they lie in storage: of each month the newest whole run counts, by its manifest."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from queries.exports.files import BadExport
from queries.money.known import known_bills
from tests.queries.exports.test_exports import Desk, ea, focus, tags, text

OCTOBER = "ml/20261001-20261031"
OLD, NEW = "1c2d3e4f-0000-4000-8000-00000000000a", "6f9b0d6e-0000-4000-8000-00000000000b"
EARLIER, LATER = "2026-11-02T04:00:00.1234567Z", "2026-11-06T04:00:00.1234567Z"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def run(
    desk: Desk,
    run_id: str,
    submitted: str | None,
    *parts: list[dict[str, str]],
    kind: str = "ActualCost",
    name: str = "manifest.json",
    export: str = "ml",
) -> Path:
    """A run of an export with its manifest; the folder of the run."""
    folder = desk.folder / export / "20261001-20261031" / run_id
    blobs = []
    for number, rows in enumerate(parts):
        path = Path(desk.put(f"{folder}/part_{number}_0001.csv", text(rows)))
        size = path.stat().st_size
        blobs.append(
            {"blobName": f" {export}/x/{path.name}", "byteCount": size, "dataRowCount": len(rows)}
        )
    manifest: dict[str, Any] = {
        "exportConfig": {"exportName": export, "type": kind},
        "runInfo": {"runId": run_id, "startDate": "2026-10-01T00:00:00"},
        "blobs": blobs,
    }
    if submitted:
        manifest["runInfo"]["submittedTime"] = submitted
    (folder / name).write_text(json.dumps(manifest), encoding="utf-8-sig")
    return folder


def change(folder: Path, name: str, value: object) -> None:
    """Let the manifest say something else of its last blob."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8-sig"))
    manifest["blobs"][-1][name] = value
    path.write_text(json.dumps(manifest), encoding="utf-8")


def two_runs(desk: Desk) -> tuple[Path, Path]:
    """The bill of October as of 2 November, and restated on the 6th."""
    old = run(desk, OLD, EARLIER, [ea("10"), ea("5", "10/06/2026")])
    new = run(desk, NEW, LATER, [ea("8")], [ea("5", "10/06/2026"), ea("1", "10/07/2026")])
    return old, new


def test_the_newest_run_of_a_month_counts_whatever_its_id(desk: Desk) -> None:
    two_runs(desk)
    desk.load(str(desk.folder / "ml"))
    assert desk.total() == Decimal(14)


def test_an_older_run_is_named_with_what_it_differs_by(desk: Desk) -> None:
    two_runs(desk)
    notes = desk.load(str(desk.folder / "ml")).notes
    assert (
        "left out: export ml, run of 2026-11-02 04:00 UTC of 2026-10 (1.00 USD higher); export ml,"
        " run of 2026-11-06 04:00 UTC counts" in notes
    )


def test_of_many_older_runs_the_newest_are_compared_and_the_others_counted(desk: Desk) -> None:
    for day in range(2, 8):
        run(desk, f"{OLD[:-1]}{day}", f"2026-11-0{day}T04:00:00Z", [ea(str(day))])
    notes = desk.load(str(desk.folder / "ml")).notes
    assert [note for note in notes if "lower" in note] == list(notes[:3])
    assert notes[3] == "left out: 2 older runs of 2026-10 of export ml"


def test_equal_runs_say_so(desk: Desk) -> None:
    run(desk, OLD, EARLIER, [ea("10")])
    run(desk, NEW, LATER, [ea("4"), ea("6")])
    [note] = desk.load(str(desk.folder / "ml")).notes
    assert "(the same sum in USD)" in note
    assert desk.total() == Decimal(10)


def test_the_store_knows_which_run_a_month_is_from(desk: Desk) -> None:
    two_runs(desk)
    desk.load(str(desk.folder / "ml"))
    [known] = known_bills(desk.store)
    assert known.origin == "export ml, run of 2026-11-06 04:00 UTC"


def test_a_month_without_a_manifest_is_from_its_files(desk: Desk) -> None:
    desk.load(desk.put("october.csv", text([ea("1")])))
    assert [known.origin for known in known_bills(desk.store)] == ["october.csv"]


@pytest.mark.parametrize("given", ["folder", "pattern", "files"])
@pytest.mark.parametrize("name", ["manifest.json", "_manifest.json"])
def test_a_manifest_is_found_however_its_files_are_named(desk: Desk, given: str, name: str) -> None:
    run(desk, OLD, EARLIER, [ea("10")], name=name)
    run(desk, NEW, LATER, [ea("8")], name=name)
    if given == "files":
        desk.load(*map(str, sorted(desk.folder.rglob("*.csv"))))
    else:
        desk.load(str(desk.folder if given == "folder" else desk.folder / "**" / "*.csv"))
    assert desk.total() == Decimal(8)


def test_a_lost_part_is_named_and_nothing_known_is_touched(desk: Desk) -> None:
    desk.load(desk.put("known.csv", text([ea("9")])))
    _old, new = two_runs(desk)
    (new / "part_1_0001.csv").unlink()
    with pytest.raises(BadExport, match=r"b/part_1_0001.csv is missing: .* has 2 parts"):
        desk.load(str(desk.folder / "ml"))
    assert desk.total() == Decimal(9)


def test_a_run_without_any_part_is_found_by_its_manifest(desk: Desk) -> None:
    _old, new = two_runs(desk)
    for part in new.glob("*.csv"):
        part.unlink()
    with pytest.raises(BadExport, match="is missing"):
        desk.load(str(desk.folder / "ml"))


def test_a_part_that_was_cut_is_named(desk: Desk) -> None:
    _old, new = two_runs(desk)
    change(new, "byteCount", 100_000)
    with pytest.raises(BadExport, match="bytes where .* says 100,000: fetch it again"):
        desk.load(str(desk.folder / "ml"))


def test_a_part_with_too_few_rows_is_named(desk: Desk) -> None:
    _old, new = two_runs(desk)
    change(new, "dataRowCount", 3)
    with pytest.raises(BadExport, match=r"part_1_0001.csv has 2 rows where .* says 3"):
        desk.load(str(desk.folder / "ml"))


def test_a_damaged_older_run_is_no_matter(desk: Desk) -> None:
    old, _new = two_runs(desk)
    (old / "part_0_0001.csv").unlink()
    notes = desk.load(str(desk.folder / "ml")).notes
    assert desk.total() == Decimal(14)
    assert "cannot be compared" in notes[0]


def test_one_part_of_a_run_is_not_loaded_alone(desk: Desk) -> None:
    _old, new = two_runs(desk)
    with pytest.raises(BadExport, match=f"import the folder {new} whole"):
        desk.load(str(new / "part_0_0001.csv"))


def test_a_part_that_no_manifest_names_is_left_out(desk: Desk) -> None:
    _old, new = two_runs(desk)
    desk.put(f"{new}/part_9_0001.csv", text([ea("100")]))
    notes = desk.load(str(desk.folder / "ml")).notes
    assert desk.total() == Decimal(14)
    assert any("part_9_0001.csv is in no manifest" in note for note in notes)


def test_what_is_no_cost_is_left_out(desk: Desk) -> None:
    two_runs(desk)
    prices = run(desk, NEW, LATER, [ea("100")], kind="PriceSheet", export="prices")
    notes = desk.load(str(desk.folder)).notes
    assert desk.total() == Decimal(14)
    assert f"left out: {prices} is of kind pricesheet, which is no cost" in notes


def test_runs_that_do_not_say_when_they_were_submitted_are_refused(desk: Desk) -> None:
    run(desk, OLD, None, [ea("10")])
    run(desk, NEW, None, [ea("8")])
    with pytest.raises(BadExport, match="do not say when they were submitted"):
        desk.load(str(desk.folder / "ml"))


def test_the_kind_of_a_manifest_says_which_cost_it_is(desk: Desk) -> None:
    run(desk, NEW, LATER, [ea("8")], kind="AmortizedCost")
    desk.load(str(desk.folder / "ml"))
    assert desk.ask("select distinct basis from cost_lines") == [("AmortizedCost",)]


def test_actual_and_amortized_exports_of_a_month_are_two_bills(desk: Desk) -> None:
    run(desk, NEW, LATER, [ea("8")])
    run(desk, OLD, LATER, [ea("7")], kind="AmortizedCost", export="amortized")
    desk.load(str(desk.folder))
    sums = "select basis, sum(cost) from cost_lines where kind = 'bill' group by all order by all"
    assert desk.ask(sums) == [("ActualCost", Decimal(8)), ("AmortizedCost", Decimal(7))]


def test_a_manifest_that_is_no_json_is_named(desk: Desk) -> None:
    _old, new = two_runs(desk)
    (new / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadExport, match="manifest.json is no JSON"):
        desk.load(str(desk.folder / "ml"))


def test_another_program_s_manifest_is_none_of_an_export(desk: Desk) -> None:
    desk.put("site/manifest.json", b'{"name": "a web page"}')
    desk.load(desk.put("site/october.csv", text([ea("1")])))
    assert desk.total() == Decimal(1)


def test_a_month_with_fewer_billed_deployments_is_kept(desk: Desk) -> None:
    names = [f"d{number}" for number in range(10)]
    desk.load(desk.put("known.csv", text([ea("1", Tags=tags("fraud", name)) for name in names])))
    half = [ea("2", Tags=tags("fraud", name)) for name in names[:5]]
    [month] = desk.load(desk.put("half.csv", text(half))).months
    assert (month.is_kept, month.deployments_lacking) == (True, 5)
    assert desk.total() == Decimal(10)


def test_focus_has_both_costs_and_takes_the_one_that_counts(desk: Desk) -> None:
    folder = desk.folder / OCTOBER / NEW
    desk.put(f"{folder}/part_0_0001.csv", text([focus("3", "2")], list(focus("0", "0"))))
    blobs = [{"blobName": "part_0_0001.csv"}]
    manifest = {"exportConfig": {"type": "FocusCost"}, "blobs": blobs}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    desk.load(str(desk.folder / "ml"))
    assert desk.total() == Decimal(3)
