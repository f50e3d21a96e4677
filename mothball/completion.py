"""What the shell offers in place of a word that is begun: targets, owners, snapshots and the like.

Click calls these with what was typed so far. A shell puts what it is given on the command line as
it stands, so nothing is offered that it would read as more than a word: names and tags come from
Azure. Whatever cannot be read offers nothing, without a word.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stderr
from itertools import islice
from typing import TYPE_CHECKING

import click

from mothball.context import AppContext

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Find = Callable[[AppContext, str], Iterable[str]]
Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem[str]]"]
MOST = 200
# Nothing that a shell expands, and no option.
_WORD = re.compile(r"(?![-~=])[\w./@:+=,~-]+")


def _completing(find: Find, *, with_files: bool = False) -> Complete:
    """Of what is found, the words that begin as typed, whatever the case."""

    def complete(
        ctx: click.Context, _parameter: click.Parameter, typed: str
    ) -> list[CompletionItem[str]]:
        from click.shell_completion import CompletionItem

        context = ctx.find_object(AppContext) or AppContext()
        with redirect_stderr(io.StringIO()):
            try:
                found = list(islice(_begun(find(context, typed), typed), MOST))
            except Exception:  # the word may be typed by hand all the same
                found = []
        if with_files and not found:
            return [CompletionItem(typed, type="file")]
        return [CompletionItem(each) for each in found]

    return complete


def _begun(words: Iterable[str], typed: str) -> Iterator[str]:
    folded = typed.casefold()
    fitting = (word for word in words if word.casefold().startswith(folded))
    return (word for word in dict.fromkeys(fitting) if _WORD.fullmatch(word))


def _listed(find: Find) -> Find:
    """The same for the last of several that stand with commas between them."""

    def find_last(context: AppContext, typed: str) -> Iterator[str]:
        before, comma, last = typed.rpartition(",")
        return (f"{before}{comma}{word}" for word in find(context, last))

    return find_last


def _deployments(context: AppContext, typed: str) -> Iterable[str]:
    """Paths, or ids where an id is begun; a path that several have is no target."""
    from mothball.targets import deployments_among
    from queries.estate.questions import known_ids

    known = deployments_among(known_ids(context.store_as_it_is))
    if typed.startswith("/"):
        return sorted(each.id for each in known)
    return _only_once(each.path for each in known)


def _tails(context: AppContext, typed: str) -> Iterable[str]:
    """For what only reads: tails of paths too, as far as they mean one deployment."""
    paths = list(_deployments(context, typed))
    tails = (tail for path in paths for tail in {path.split("/", place)[-1] for place in (1, 2)})
    return [*paths, *_only_once(tails)]


def _endpoints(context: AppContext, _typed: str) -> Iterable[str]:
    from queries.estate.questions import current_endpoints

    return _only_once(each.path for each in current_endpoints(context.store_as_it_is))


def _endpoint_names(context: AppContext, _typed: str) -> Iterable[str]:
    from queries.estate.questions import current_endpoints

    return sorted({each.name for each in current_endpoints(context.store_as_it_is)})


def _only_once(words: Iterable[str]) -> list[str]:
    return sorted(word for word, count in Counter(words).items() if count == 1)


def _verdicts(_context: AppContext, _typed: str) -> Iterable[str]:
    from queries.vocabulary import NAMES

    return NAMES


def _owners(context: AppContext, _typed: str) -> Iterable[str]:
    from queries.estate.packed_questions import current_rows

    return sorted(filter(None, set(current_rows(context.store_as_it_is).column("owner").values)))


def _snapshots(context: AppContext, _typed: str) -> Iterable[str]:
    from queries.estate.questions import snapshots

    known = snapshots(context.store_as_it_is)
    return [row.snapshot_id for row in known if row.status in ("complete", "partial")]


def _snapshot_words(context: AppContext, typed: str) -> Iterable[str]:
    return ["latest", "latest~1", *_snapshots(context, typed)]


def _archives(context: AppContext, _typed: str) -> Iterable[str]:
    from actions.archive.reading import archives_in
    from actions.archive.writing import archive_root

    return [each.name for each in archives_in(archive_root(context.session))[0]]


def _views(context: AppContext, _typed: str) -> Iterable[str]:
    """Names of one word, else the first word that no other view has."""
    from mothball.start import views_of

    names = [view.name.casefold().split() for view in views_of(context)]
    words = Counter(word for name in names for word in name)
    return [next((word for word in name if words[word] == 1), "") for name in names]


def _stores(context: AppContext, _typed: str) -> Iterable[str]:
    return sorted(context.settings.stores)


def _clouds(_context: AppContext, _typed: str) -> Iterable[str]:
    from collectors.connection.cloud import KNOWN

    return [cloud.name for cloud in KNOWN.values()]


def _filters(context: AppContext, typed: str) -> Iterator[str]:
    """A name of a field, or after it a value that deployments have."""
    from queries.estate.packed_questions import current_rows
    from queries.filter import completions

    rows = current_rows(context.store_as_it_is)
    for each in completions(typed, len(typed), rows):
        yield typed[: each.start] + each.text.rstrip(">") + typed[each.end :]


def among(names: Callable[[], Iterable[str]]) -> Complete:
    """One of some names."""
    return _completing(lambda _context, _typed: names())


def several_among(names: Callable[[], Iterable[str]]) -> Complete:
    """Some of them, with commas between."""
    return _completing(_listed(lambda _context, _typed: names()))


targets = _completing(_deployments)
targets_to_read = _completing(_tails)
endpoints = _completing(_endpoints)
endpoint_names = _completing(_endpoint_names)
verdicts = _completing(_listed(_verdicts))
owners = _completing(_owners)
snapshots_known = _completing(_snapshots)
snapshots_to_compare = _completing(_snapshot_words)
archives = _completing(_archives, with_files=True)
views = _completing(_views)
stores = _completing(_stores, with_files=True)
clouds = _completing(_clouds, with_files=True)
filters = _completing(_filters)
