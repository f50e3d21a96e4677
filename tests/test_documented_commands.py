"""What scripts rely on stands in docs/: commands, fields, verdicts, settings, cloud profiles."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from actions.snapshot.take import SnapshotReport
from actions.states import Outcome
from mothball.commands.journal import FIELDS as OF_JOURNAL
from mothball.profiles import cloud_named
from mothball.settings import Settings, settings_from
from queries.estate.fields import FIELDS
from queries.vocabulary import NAMES
from tests import reference
from tui.grid.deployment_columns import DEPLOYMENT_COLUMNS

DOCS = Path(__file__).parents[1] / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def first_cells(text: str) -> list[str]:
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return [name for cell in rows for name in re.findall(r"`([\w-]+)`", cell)]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_page_of_commands_is_the_one_that_the_commands_make() -> None:
    """`python -m tests.reference docs/commands.md` renews it."""
    assert page("commands.md") == reference.markdown()


@pytest.mark.parametrize("path", [path for path, _command in reference.commands()])
def test_every_command_has_an_example_of_itself(path: str) -> None:
    (examples,) = blocks(section(page("commands.md"), path), "console")
    assert any(line.startswith(path) for line in examples.splitlines())


def test_the_documented_fields_are_those_of_list_in_their_order() -> None:
    assert tuple(first_cells(section(page("fields.md"), "mothball list"))) == FIELDS


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("mothball snapshot", [field.name for field in dataclasses.fields(SnapshotReport)]),
        ("mothball journal", OF_JOURNAL),
        ("mothball delete", get_args(Outcome)),
    ],
)
def test_the_fields_of_other_commands_are_documented(title: str, names: list[str]) -> None:
    named = set(re.findall(r"\w+", section(page("fields.md"), title)))
    assert set(names) <= named


def test_every_verdict_is_documented_once_and_no_other() -> None:
    rows = page("verdicts.md").split("\n\n")[1]
    assert sorted(first_cells(rows)) == sorted(NAMES)


def test_the_documented_defaults_are_the_defaults() -> None:
    defaults, _others = blocks(page("settings.md"), "toml")
    assert settings_from(tomllib.loads(defaults)) == Settings()


def test_every_setting_is_documented() -> None:
    defaults, others = blocks(page("settings.md"), "toml")
    given = tomllib.loads(defaults) | tomllib.loads(others)
    assert settings_from(given).stores
    known = {field.name for field in dataclasses.fields(Settings)}
    of_one = {
        "archive_url": {"archive_folder"},
        "cost_basis": {"costs"},
        "largest_cost_fall": {"costs"},
        "preferences": {"me", "views", "keys", "commands", "interface"},
        "without_bill": {"costs"},
    }
    assert set(given) == {key for name in known for key in of_one.get(name, {name})}
    assert set(given["tags"]) == set(Settings().tags)


def test_the_columns_that_a_view_may_name_are_documented() -> None:
    _defaults, others = blocks(page("settings.md"), "toml")
    listed = others.split("# columns:")[1].split("\ncolumns =")[0]
    words = re.sub(r"^\w+ = .*?#", "", listed, flags=re.MULTILINE).split()
    assert sorted(words) == sorted(column.id for column in DEPLOYMENT_COLUMNS)


def test_the_documented_cloud_profile_is_one_with_every_key(tmp_path: Path) -> None:
    (profile,) = blocks(page("tenant.md"), "toml")
    (tmp_path / "contoso.toml").write_text(profile, encoding="utf-8")
    (tmp_path / "ca.pem").write_text("", encoding="utf-8")
    cloud = cloud_named(str(tmp_path / "contoso.toml"))
    known = {field.name for field in dataclasses.fields(cloud)} - {"custom"}
    assert set(tomllib.loads(profile)) == known
