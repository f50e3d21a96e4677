"""Records what the sources answer to one snapshot; its store is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from actions.recording.exchanges import Pseudonymiser
from actions.recording.folder import RecordingFolder
from actions.recording.words import RECORDING, SETTINGS, index_of, readme_of, settings_of
from actions.session import Session
from actions.snapshot.collect import collect
from actions.snapshot.named import NoSuchScope
from actions.snapshot.request import request_by_settings
from actions.snapshot.take import SnapshotReport
from collectors.connection.errors import Stopped
from collectors.connection.patience import Stop
from collectors.inventory.scope import Scope
from collectors.records import Progress
from queries.store.file import Store


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was recorded where; `failure` is what ended the snapshot before it was whole."""

    folder: Path
    answers: int
    report: SnapshotReport | None
    failure: Exception | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to record: which subscriptions (empty: by the settings), and how long a window."""

    subscriptions: tuple[str, ...] = ()
    window_days: int | None = None


def record(
    session: Session,
    folder: Path,
    wanted: Wanted,
    made_by: str,
    stop: Stop,
    progress: Progress,
    throttled: Callable[[str, float], None],
) -> Recorded:
    """Take a snapshot and keep the answers in `folder`, also where the snapshot fails midway.

    The clock stands still meanwhile, so that a replay asks the same. Raises Refusal where the
    folder is not free, Stopped where that is wanted, NoSuchScope for a slip in what was named, and
    then nothing of it is there.
    """
    at = session.now().replace(microsecond=0)
    subscriptions = wanted.subscriptions or session.subscriptions
    window_days = wanted.window_days or session.policy.window_days
    pseudonymiser = Pseudonymiser(session.cloud, session.policy.tags)
    with RecordingFolder(folder) as recording, tempfile.TemporaryDirectory() as temporary:
        own = replace(
            session,
            store=Store(Path(temporary) / "store.duckdb", report=lambda _text: None),
            archive_folder=Path(temporary),
            archive_folder_given=None,
            now=lambda: at,
            hearing=lambda exchange: recording.add(pseudonymiser.kept_of(exchange)),
        )
        scope = Scope(subscriptions) if wanted.subscriptions else None
        report, failure = _snapshot(own, scope, window_days, stop, progress, throttled)
        answers = recording.interfaces.total()
        if failure is not None and not answers:
            raise failure
        ended = report.status if report else f"failed: {type(failure).__name__}"
        pseudonyms = tuple(map(pseudonymiser.text, subscriptions))
        recording.finish(
            {
                "README.md": readme_of(at, made_by, ended, answers),
                RECORDING: index_of(session, at, made_by, ended, answers),
                SETTINGS: settings_of(session, window_days, pseudonyms),
            }
        )
    return Recorded(folder, answers, report, failure)


def _snapshot(
    session: Session,
    scope: Scope | None,
    window_days: int,
    stop: Stop,
    progress: Progress,
    throttled: Callable[[str, float], None],
) -> tuple[SnapshotReport | None, Exception | None]:
    snapshot_request = request_by_settings(session, scope, window_days)
    try:
        report = collect(session, snapshot_request, stop, progress, throttled)
    except (Stopped, NoSuchScope):
        raise
    except Exception as error:  # what breaks a snapshot is what its recording is made for
        return None, error
    return report, None
