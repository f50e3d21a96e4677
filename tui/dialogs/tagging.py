"""The tag dialog: what the tags are, what is to be set or removed, and what Azure has then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.widgets import Static, TextArea

from tui.dialogs.tag_writes import TagWrites
from tui.dialogs.write_targets import Foreseen
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from queries.estate.rows import DeploymentRow


@dataclass(frozen=True, slots=True)
class TagChange:
    """What typed lines mean: tags to set, names to remove, and lines that mean nothing."""

    set_tags: Mapping[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


class Tagging(TagWrites[TagChange]):
    """A line a tag: `name=value` sets, `-name` removes; all others stay as they are."""

    TITLE_WORD = "Tag"
    BUTTON = "Set these tags in Azure"
    FIRST = "#tag-lines"

    def compose_fields(self) -> ComposeResult:
        """The lines."""
        yield Static("name=value sets, -name removes; a line each", classes="hint")
        yield TextArea(id="tag-lines", compact=True)

    @on(TextArea.Changed)
    def judge_lines(self) -> None:
        """Say what the lines would do, or what is wrong with them."""
        self.judge()

    def read_change(self) -> TagChange:
        """What the lines mean."""
        change = change_of(self.query_one(TextArea).text)
        if change.errors:
            raise ValueError("\n".join(change.errors))
        if not (change.set_tags or change.remove):
            raise ValueError("nothing to do yet")
        return change

    def foresee(self, row: DeploymentRow, change: TagChange) -> Foreseen:
        """What will be written on every target."""
        sets = [f"set {name}={value}" for name, value in change.set_tags.items()]
        removes = [f"remove {named_in(row.tags, name)}" for name in change.remove]
        return Foreseen(", ".join(sets + removes))

    def write(self, row: DeploymentRow, change: TagChange) -> Mapping[str, str]:
        """Merge the tags."""
        from actions.tags.tag import tag

        remove = [named_in(row.tags, name) for name in change.remove]
        return tag(self.app.session, row, change.set_tags, remove)

    def prepare(self) -> None:
        """There is nothing to wait for."""


def change_of(typed: str) -> TagChange:
    """`name=value` sets, `-name` removes; an empty line is nothing."""
    set_tags: dict[str, str] = {}
    remove: list[str] = []
    errors: list[str] = []
    for line in filter(None, map(str.strip, typed.splitlines())):
        name, sign, value = (part.strip() for part in line.partition("="))
        if not line.isprintable():
            errors.append(f"{harmless(line)}: a control character")
        elif line.startswith("-") and not sign and line[1:].strip():
            remove.append(line[1:].strip())
        elif sign and name:
            set_tags[name] = value
        else:
            errors.append(f"{line}: write name=value, or -name to remove")
    both = [n for n in remove if n.casefold() in {s.casefold() for s in set_tags}]
    errors += [f"{name}: set and removed at once" for name in both]
    return TagChange(set_tags, tuple(remove), tuple(errors))


def named_in(tags: Mapping[str, str], typed: str) -> str:
    """The tag's own spelling of a name that was typed as it is shown."""
    folded = typed.casefold()
    return next((name for name in tags if harmless(name).casefold() == folded), typed)
