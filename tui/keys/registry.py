"""Every action of the interface, once: bindings, footer, help and palette read this list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, get_args

from textual.binding import Binding, BindingType

from queries.estate.packed import counts_by, counts_of
from queries.vocabulary import ONLINE
from tui.keys.command_ids import COMMAND_IDS
from tui.keys.places import PLACES
from tui.words.untrusted import harmless

if TYPE_CHECKING:
    from actions.session import Limits
    from queries.estate.rows import DeploymentRow
    from tui.views.preferences import UserCommand

Home = Literal["place", "grid"]
Group = Literal["Act", "Yours", "Data", "Look", "Views", "Go", "Table", "Move", "Program"]
GROUPS: tuple[Group, ...] = get_args(Group)


@dataclass(frozen=True, slots=True)
class ActionContext:
    """What an action would meet now: the rows it would take, the limits, what is running.

    `targets` are the marked rows, or else the one under the cursor, which is `cursor`; `is_past`:
    an old snapshot is shown, by which nothing is written.
    """

    targets: Sequence[DeploymentRow]
    limits: Limits
    has_estate: bool
    is_collecting: bool
    has_portal: bool
    is_past: bool = False
    cursor: DeploymentRow | None = None


_OLD = "an old snapshot is shown: esc returns to the present"
NOT_HERE = "not in this place: enter goes in, to the deployments"
Needs = Callable[[ActionContext], "str | None"]


class ByLimits(str):
    """A reason that lies in the limits: such a key is dropped from the footer, and not only dim."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a key does. `key` is Textual's (several by comma), `shown` what people read.

    `needs` says what it lacks in a situation; such a key is dim, and tells when it is pressed. An
    action with a `place` goes there; one without a key is found in the palette. What `leads_home`
    is done in the deployments, from wherever it is asked for. `brief` is for the bottom line,
    where the title is long. `digit` is that of the saved view that it shows.
    """

    id: str
    key: str
    shown: str
    title: str
    group: Group
    home: Home = "place"
    needs: Needs = lambda _situation: None
    place: str | None = None
    leads_home: bool = False
    brief: str = ""
    digit: int | None = None

    @property
    def writes(self) -> bool:
        """Whether it changes something in Azure; none of these is there in read-only mode."""
        return self.group == "Act"

    def why_not(self, situation: ActionContext) -> str | None:
        """Why it cannot work now; None where it can."""
        if self.writes and situation.limits.read_only:
            return ByLimits(situation.limits.why_not(""))
        return self.needs(situation)

    @property
    def word(self) -> str:
        """What the bottom line calls it."""
        return self.brief or self.title.partition(",")[0]


def _needs_row(situation: ActionContext) -> str | None:
    return None if situation.targets else "no deployment is selected"


def _needs_two(situation: ActionContext) -> str | None:
    count = len(situation.targets)
    return None if count == 2 else f"mark two deployments with space; here are {count}"


def _needs_estate(situation: ActionContext) -> str | None:
    return None if situation.has_estate else "there is no snapshot yet: press r to take one"


def _none_runs(situation: ActionContext) -> str | None:
    return "one is running already: X stops it" if situation.is_collecting else None


def _one_runs(situation: ActionContext) -> str | None:
    return None if situation.is_collecting else "no snapshot is running"


def _needs_past(situation: ActionContext) -> str | None:
    return None if situation.is_past else "the newest is shown already"


def _refusal(row: DeploymentRow) -> str | None:
    return row.refuses_writes


def _may_write(situation: ActionContext) -> str | None:
    if (reason := _needs_row(situation)) is not None:
        return reason
    barred = map(situation.limits.why_not, counts_of(situation.targets, "subscription_id"))
    if (reason := next(filter(None, barred), None)) is not None:
        return ByLimits(reason)
    refused = next(filter(None, counts_by(situation.targets, _refusal, ("reasons",))), None)
    return refused or (_OLD if situation.is_past else None)


def _has_cursor(situation: ActionContext) -> str | None:
    return None if situation.cursor is not None else "no deployment is under the cursor"


def _may_run(situation: ActionContext) -> str | None:
    if situation.cursor is None:
        return _has_cursor(situation)
    return _may_write(replace(situation, targets=(situation.cursor,)))


def _may_tag(situation: ActionContext) -> str | None:
    if (reason := _may_write(situation)) is not None:
        return reason
    if "pay-per-use" in counts_of(situation.targets, "verdict"):
        return "only online deployments are tagged: this is a batch or serverless endpoint"
    return None


def _may_restore_tags(situation: ActionContext) -> str | None:
    return _OLD if situation.is_past else _needs_estate(situation)


def _may_delete(situation: ActionContext) -> str | None:
    if (reason := _may_write(situation)) is not None:
        return reason
    if "pay-per-use" in counts_of(situation.targets, "verdict"):
        return "batch and serverless endpoints hold no instances and are never deleted here"
    if situation.is_collecting:
        return "a snapshot is running: wait for it, or stop it with X"
    return None


def _may_delete_endpoint(situation: ActionContext) -> str | None:
    if (reason := _may_delete(situation)) is not None:
        return reason
    if len(counts_of(situation.targets, "endpoint_key")) > 1:
        return "deployments of several endpoints are marked: one endpoint at a time"
    return None


def _is_online(situation: ActionContext, what: str) -> str | None:
    if (reason := _needs_row(situation)) is not None:
        return reason
    row = situation.targets[0] if situation.cursor is None else situation.cursor
    return None if row.kind in ONLINE else f"a {row.kind} endpoint has no {what}"


def _has_callers(situation: ActionContext) -> str | None:
    return _is_online(situation, "traffic log")


def _has_logs(situation: ActionContext) -> str | None:
    return _is_online(situation, "container to ask for a log")


def _needs_portal(situation: ActionContext) -> str | None:
    if (reason := _needs_row(situation)) is not None:
        return reason
    return None if situation.has_portal else "the cloud profile names no portal"


ACTIONS: tuple[Action, ...] = (
    Action("cursor_down", "down,j", "↓ j", "one row down", "Move", "grid"),
    Action("cursor_up", "up,k", "↑ k", "one row up", "Move", "grid"),
    Action("page_down", "pagedown,ctrl+f", "pgdn", "a page down", "Move", "grid"),
    Action("page_up", "pageup,ctrl+b", "pgup", "a page up", "Move", "grid"),
    Action("half_page_down", "ctrl+d", "ctrl+d", "half a page down", "Move", "grid"),
    Action("half_page_up", "ctrl+u", "ctrl+u", "half a page up", "Move", "grid"),
    Action("first", "g,home", "g home", "to the first row", "Move", "grid"),
    Action("last", "G,end", "G end", "to the last row", "Move", "grid"),
    Action("jump", "apostrophe", "'", "to a row by the letter beside it", "Move", "grid"),
    Action("pick_left", "left", "←", "pick the column to the left", "Table", "grid"),
    Action("pick_right", "right", "→", "pick the column to the right", "Table", "grid"),
    Action("sort_picked", "s", "s", "sort by the picked column; again reverses", "Table", "grid"),
    Action("sort_then", "ampersand", "&", "sort by it, then as until now", "Table", "grid"),
    Action("widen_picked", "underscore", "_", "the picked column in full, or not", "Table", "grid"),
    Action("group_picked", "F", "F", "group by the picked column; again ends", "Table", "grid"),
    Action("columns", "L", "L", "choose columns and their order", "Table"),
    Action("toggle_mark", "space", "space", "mark, and step on", "Table", "grid"),
    Action("mark_range", "v", "v", "mark from the last mark to here", "Table", "grid"),
    Action("mark_shown", "asterisk", "*", "mark all that is shown", "Table", "grid"),
    Action("unmark_all", "u", "u", "take all marks away", "Table", "grid"),
    *(
        Action(
            f"view_{n}",
            str(n),
            str(n),
            f"saved view {n}",
            "Views",
            needs=_needs_estate,
            leads_home=True,
            digit=n,
        )
        for n in range(1, 10)
    ),
    Action("plain", "0", "0", "all, in the first order and columns", "Views", leads_home=True),
    Action("keep_view", "V", "V", "keep what is shown as a view of yours", "Views"),
    Action(
        "open_row", "enter", "enter", "go in, or fold the details", "Look", "grid", brief="open"
    ),
    Action("filter", "slash", "/", "filter", "Look", needs=_needs_estate),
    Action("like_cell", "f", "f", "rows like this cell; again takes it back", "Look"),
    Action("explain", "i", "i", "where the picked number comes from, and how old it is", "Look"),
    Action("span", "h", "h", "30 or 93 days in the charts", "Look", needs=_needs_row),
    Action("details_down", "J", "J", "scroll the details down", "Look"),
    Action("details_up", "K", "K", "scroll the details up", "Look"),
    Action("raw", "I", "I", "raw JSON of deployment and endpoint", "Look", needs=_needs_row),
    Action("callers", "w", "w", "who called it: asks Azure", "Look", needs=_has_callers),
    Action("logs", "l", "l", "logs of its containers: asks Azure", "Look", needs=_has_logs),
    Action("side_by_side", "b", "b", "two marked side by side", "Look", needs=_needs_two),
    Action("portal", "o", "o", "open in the portal", "Look", needs=_needs_portal),
    Action("yank", "y", "y", "copy: name, id, cell, row, az line, portal page", "Look"),
    Action("copy", "c", "c", "copy the resource id", "Look", needs=_needs_row),
    Action("copy_row", "C", "C", "copy the row", "Look"),
    Action("export", "e", "e", "export what is shown", "Look", needs=_needs_estate),
    Action("tag", "t", "t", "tag", "Act", needs=_may_tag),
    Action(
        "retire",
        "R",
        "R",
        "retire after a grace, or undo it",
        "Act",
        needs=_may_tag,
    ),
    Action(
        "restore_tags",
        "",
        "",
        "put back tags that were lost in Azure",
        "Act",
        needs=_may_restore_tags,
    ),
    Action("extend", "x", "x", "extend: exempt until a date", "Act", needs=_may_tag),
    Action("undo", "U", "U", "undo the last write of tags", "Act", needs=_may_tag, brief="undo"),
    Action("delete", "d", "d", "delete, by a plan", "Act", needs=_may_delete),
    Action(
        "delete_endpoint",
        "",
        "",
        "delete its whole endpoint, by a plan",
        "Act",
        needs=_may_delete_endpoint,
    ),
    Action("snapshot", "r", "r", "snapshot", "Data", needs=_none_runs),
    Action("stop_snapshot", "X", "X", "stop the snapshot that is running", "Data", needs=_one_runs),
    Action("reload", "ctrl+r", "ctrl+r", "show the newest of the store", "Data"),
    Action("older", "left_square_bracket", "[", "the snapshot before", "Data", needs=_needs_estate),
    Action("newer", "right_square_bracket", "]", "the snapshot after", "Data", needs=_needs_past),
    Action(
        "back",
        "escape",
        "esc",
        "close the innermost: filter, past, marks, place",
        "Go",
        brief="out",
    ),
    Action("compare", "equals_sign", "=", "what changed since the snapshot before", "Data"),
    Action("history_back", "less_than_sign", "<", "to the place before", "Go"),
    Action("history_forth", "greater_than_sign", ">", "forth again", "Go"),
    *(
        Action(f"go_{place.id}", place.key, place.key, place.title.lower(), "Go", place=place.id)
        for place in PLACES
    ),
    Action("help", "question_mark", "?", "help", "Program"),
    Action("palette", "colon,ctrl+p", ": ctrl+p", "all actions by name", "Program", brief="go to"),
    Action("theme", "T", "T", "choose a theme", "Program"),
    Action("suspend", "ctrl+z", "ctrl+z", "suspend; fg in the shell comes back", "Program"),
    Action("quit", "q", "q ctrl+c", "quit", "Program"),
)


def action_of(action_id: str) -> Action:
    """The action of an id."""
    return next(action for action in ACTIONS if action.id == action_id)


def actions_of(commands: Sequence[UserCommand]) -> tuple[Action, ...]:
    """The user's own commands as actions; the settings give them their keys."""
    return tuple(
        Action(
            action_id,
            "",
            "",
            harmless(command.name),
            "Yours",
            needs=_has_cursor if command.reads_only else _may_run,
        )
        for action_id, command in zip(COMMAND_IDS, commands, strict=False)
    )


def bindings_of(home: Home) -> list[BindingType]:
    """The keys of one home. Those of a place go through its `try_to`.

    Settings change the key only of what is bound: an action without one lies on its own id, which
    no key is called.
    """
    bindings: list[BindingType] = [
        Binding(
            action.key or action.id,
            action.id if home == "grid" else f"try_to('{action.id}')",
            action.title,
            key_display=action.shown,
            show=False,
            id=action.id,
        )
        for action in ACTIONS
        if action.home == home
    ]
    if home == "place":
        bindings += [Binding(own, f"try_to('{own}')", show=False, id=own) for own in COMMAND_IDS]
    return bindings
