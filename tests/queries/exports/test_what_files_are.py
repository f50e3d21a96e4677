"""Files that are not what they seem: read as what they mean, or refused in one sentence."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from emulator import Workspace
from queries.exports.files import BadExport
from queries.exports.reading import AMORTIZED
from queries.reports.focus import write_focus
from tests.layouts.oddities import archive, workbook
from tests.queries.exports.test_exports import FOCUS, Desk, ea, ends, focus, text, ws
from tests.scene import Scene

PROVIDERS = ["ProviderName", "PublisherName", "ServiceProviderName", "HostProviderName", *FOCUS]
BILL = [
    (date(2026, 10, 5), ws().lower(), "fraud", "blue", Decimal("2.5"), "USD"),
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def semicolons(content: bytes) -> bytes:
    return content.replace(b",", b";")


def test_semicolons_and_decimal_commas_are_what_they_mean(desk: Desk) -> None:
    rows = [ea("2#25", "05.10.2026", Tags='"azuremlendpoint": "fraud"'), ea("0#25", "05.10.2026")]
    made = semicolons(text(rows)).replace(b"#", b",")
    report = desk.load(desk.put("de.csv", made))
    assert desk.total() == Decimal("2.5")
    assert report.files[0].rows == 2
    assert not report.is_partial


def test_decimal_commas_of_the_effective_cost_alone_are_read(desk: Desk) -> None:
    made = text([focus("0", "2#5", Tags="")], FOCUS)
    path = desk.put("de.csv", semicolons(made).replace(b"#", b","))
    desk.load(path, basis=AMORTIZED)
    assert desk.by_basis() == {AMORTIZED: Decimal("2.5")}


def test_semicolons_may_go_with_points(desk: Desk) -> None:
    desk.load(desk.put("de.csv", semicolons(text([ea("2.5", "05.10.2026")]))))
    assert desk.total() == Decimal("2.5")


@pytest.mark.parametrize("costs", [("1#5", "2.5"), ("1.234#5", "2#5")])
def test_points_and_commas_in_one_column_of_costs_are_refused(
    desk: Desk, costs: tuple[str, str]
) -> None:
    made = semicolons(text([ea(cost, "05.10.2026", Tags="") for cost in costs]))
    with pytest.raises(BadExport, match=r"comma.*2[.,]5|comma.*1[.,]"):
        desk.load(desk.put("de.csv", made.replace(b"#", b",")))


def test_a_comma_in_a_cost_between_commas_is_refused(desk: Desk) -> None:
    with pytest.raises(BadExport, match=r"1,5.*comma"):
        desk.load(desk.put("ea.csv", text([ea("1"), ea("1,5")])))


def test_a_file_without_one_readable_row_is_not_called_loaded(desk: Desk) -> None:
    with pytest.raises(BadExport, match=r"none of its 2 rows.*no date that can be read"):
        desk.load(desk.put("ea.csv", text([ea("1", "soon"), ea("2", "later")])))


@pytest.mark.parametrize(
    "name",
    [
        "\ufeff{}",
        '\ufeff"{}"',
        "Name ({0})",
        "Kategorie der Einheit ( {0} )",
    ],
)
def test_a_header_is_read_past_marks_and_translations(desk: Desk, name: str) -> None:
    head, _, rest = text([ea("2.5")]).decode("utf-8-sig").partition("\r\n")
    first, *others = head.split(",")
    plain = name.replace("\ufeff", "")
    if '"' not in plain:
        others = [plain.format(other) for other in others]
    made = ",".join([name.format(first), *others]) + "\r\n" + rest
    desk.load(desk.put("de.csv", made.encode("utf-8-sig")))
    assert desk.bill() == BILL


def test_a_blank_in_a_column_s_name_does_not_matter(desk: Desk) -> None:
    made = text([ea("2.5")]).replace(b"ResourceId", b"Resource ID").replace(b"Tags", b" Tags")
    desk.load(desk.put("ea.csv", made))
    assert desk.bill() == BILL


@pytest.mark.parametrize(
    "written",
    [
        '[{"key": "azuremlendpoint", "value": "fraud"},'
        ' {"key": "azuremldeployment", "value": "Blue"}, {"key": "note", "value": "\\"x\\", {y}"}]',
        '[{"Key": "azuremlendpoint", "Value": "fraud"},'
        ' {"Key": "azuremldeployment", "Value": "blue"}, {"Key": "note", "Value": null}]',
    ],
)
def test_tags_may_be_a_list_of_keys_and_values(desk: Desk, written: str) -> None:
    report = desk.load(desk.put("ea.csv", text([ea("2.5", Tags=written)])))
    assert desk.bill() == BILL
    assert not report.is_partial


def test_tags_of_parquet_may_be_a_list_of_keys_and_values(desk: Desk) -> None:
    path = desk.folder / "focus.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 2.5 as BilledCost, 2.5 as EffectiveCost, 'USD' as BillingCurrency,"
            " timestamptz '2026-10-05T00:00:00Z' as ChargePeriodStart, $key as ResourceId,"
            " [{'key': 'azuremlendpoint', 'value': 'fraud'},"
            " {'key': 'azuremldeployment', 'value': 'blue'}] as Tags) to $path",
            {"key": ws(), "path": str(path)},
        )
    desk.load(str(path))
    assert desk.bill() == BILL


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"ProviderName": "AWS", "PublisherName": "Microsoft"}, "AWS"),
        ({"ServiceProviderName": "Google Cloud"}, "Google Cloud"),
        ({"HostProviderName": "Oracle"}, "Oracle"),
        ({"PublisherName": "Alibaba Cloud"}, "Alibaba Cloud"),
    ],
)
def test_the_bill_of_another_cloud_is_refused_by_its_name(
    desk: Desk, given: dict[str, str], named: str
) -> None:
    with pytest.raises(BadExport, match=f"bill of {named}"):
        desk.load(desk.put("f.csv", text([focus("1", "1", **given)], PROVIDERS)))


def test_a_bill_that_names_no_cloud_and_no_subscription_is_refused(desk: Desk) -> None:
    row = focus("1", "1", SubAccountId="123456789012", ResourceId="arn:aws:sagemaker:x:y")
    with pytest.raises(BadExport, match="no row of an Azure subscription"):
        desk.load(desk.put("f.csv", text([row], FOCUS)))


def test_rows_of_another_cloud_beside_azure_s_are_of_no_subscription(desk: Desk) -> None:
    other = {"SubAccountId": "123456789012", "ResourceId": "arn:x", "x_ResourceType": ""}
    rows = [
        focus("2.5", "2.5", ProviderName="Microsoft"),
        focus("9", "9", ProviderName="AWS", Tags="", **other),
    ]
    report = desk.load(desk.put("f.csv", text(rows, PROVIDERS)))
    assert desk.bill() == BILL
    assert len(report.months) == 1
    assert ends(report)[("skipped", "not of a workspace")] == 1


@pytest.mark.parametrize(
    "given",
    [
        {"ProviderName": "Microsoft", "PublisherName": "Canonical"},
        {"ProviderName": "Microsoft Azure"},
        {"ServiceProviderName": "A Reseller", "HostProviderName": "Microsoft"},
        {},
    ],
)
def test_azure_s_own_bill_may_name_others_too(desk: Desk, given: dict[str, str]) -> None:
    desk.load(desk.put("f.csv", text([focus("2.5", "2.5", **given)], PROVIDERS)))
    assert desk.bill() == BILL


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_file_of_mothball_s_own_is_no_export(
    scene: Scene, workspace: Workspace, tmp_path: Path, suffix: str
) -> None:
    workspace.endpoint("fraud").deployment("blue")
    desk = Desk(tmp_path, scene.store)
    desk.load(desk.put("focus.csv", text([focus("2.5", "2.5")], FOCUS)))
    scene.snapshot()
    own = tmp_path / f"own{suffix}"
    write_focus(desk.store, date(2026, 10, 1), own)
    with pytest.raises(BadExport, match="is a file of mothball report focus, not an export"):
        desk.load(str(own))


GOOD = text([ea("9")])
PREAMBLE = b"Contoso\r\nCosts of October,,\r\n"
STRANGE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "workbook": ("a.xlsx", workbook, "is a workbook.*CSV UTF-8"),
    "workbook by another name": ("a.csv", workbook, "is a workbook.*CSV UTF-8"),
    "old workbook": ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "workbook"),
    "open document": (
        "a.ods",
        lambda: archive({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        "is a workbook",
    ),
    "zip": ("a.zip", lambda: archive({"part": GOOD}), "is a zip archive: unpack it"),
    "cut zip": ("a.csv", lambda: archive({"part": GOOD})[:90], "is a zip archive: unpack it"),
    "other packing": ("a.csv.zst", lambda: b"\x28\xb5\x2f\xfd" + b"\1" * 99, "Zstandard.*unpack"),
    "json": ("a.json", lambda: b'{"properties": {"rows": []}}', "is JSON.*CSV or Parquet"),
    "json by another name": ("a.csv", lambda: b"\xef\xbb\xbf [\r\n{}]", "is JSON"),
    "packed json": ("a.csv.gz", lambda: gzip.compress(b"{}"), "is JSON"),
    "page": ("a.csv", lambda: b"\r\n<!DOCTYPE html><html>Sign in</html>", "is a web page.*fetch"),
    "xml": ("a.csv", lambda: b"<?xml version='1.0'?><Error><Code>x</Code></Error>", "web page"),
    "utf-16": ("a.csv", lambda: GOOD.decode("utf-8-sig").encode("utf-16"), "UTF-16.*CSV UTF-8"),
    "utf-16 unmarked": (
        "a.csv",
        lambda: GOOD.decode("utf-8-sig").encode("utf-16-le"),
        "UTF-16.*CSV UTF-8",
    ),
    "latin-1": ("a.csv", lambda: GOOD.replace(b"fraud", b"fr\xe4ud"), "is not UTF-8.*CSV UTF-8"),
    "latin-1 head": ("a.csv", lambda: GOOD.replace(b"Quantity", b"Qu\xe4ntity"), "is not UTF-8"),
    "preamble": ("a.csv", lambda: PREAMBLE + GOOD[3:], "2 lines above its header: delete"),
    "separator": ("a.csv", lambda: b"sep=,\r\n" + GOOD[3:], "1 line above its header: delete"),
    "blank first": ("a.csv", lambda: b"\r\n" + GOOD[3:], "1 line above its header: delete"),
    "half a row": ("a.csv", lambda: GOOD + GOOD.splitlines()[1][:60], "line 3.*fetch it again"),
    "half a value": (
        "a.csv",
        lambda: GOOD + GOOD.splitlines()[1].split(b"fraud")[0],
        "line 3.*fetch it again",
    ),
    "cut parquet": ("a.parquet", lambda: b"PAR1" + b"\0" * 100, "cut.*fetch it again"),
    "empty": ("a.csv", lambda: b"", "is empty"),
    "blank lines": ("a.csv", lambda: b"\xef\xbb\xbf\r\n\r\n", "is empty"),
    "words below a blank line": ("a.csv", lambda: b"\r\nhello\r\n", "lacks the columns Date"),
    "picture": ("a.csv", lambda: b"\x89PNG\r\n\x1a\n\0\0", "is no text"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_is_no_export_is_said_in_one_sentence_with_what_to_do(desk: Desk, name: str) -> None:
    desk.load(desk.put("known.csv", text([ea("2.5")])))
    called, make, match = STRANGE[name]
    path = desk.put(called, make())
    with pytest.raises(BadExport, match=match) as refused:
        desk.load(path)
    assert str(refused.value).startswith(path)
    assert "\n" not in str(refused.value)
    assert "sniffing" not in str(refused.value)
    assert desk.bill() == BILL


def test_a_folder_of_workbooks_names_one(desk: Desk) -> None:
    desk.put("in/october.xlsx", workbook())
    with pytest.raises(BadExport, match=r"october\.xlsx is a workbook"):
        desk.load(str(desk.folder / "in"))


def test_an_export_by_any_other_name_is_one(desk: Desk) -> None:
    desk.load(desk.put("october.txt", text([ea("2.5")])))
    assert desk.bill() == BILL
