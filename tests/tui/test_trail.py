"""Where one is and has been."""

from __future__ import annotations

from tui.state.history import HOME, Address, Trail, shared_length

WORKSPACES, OWNERS = Address("workspaces"), Address("owners")


def test_a_trail_begins_at_home() -> None:
    assert Trail().path == (HOME,)


def test_back_and_forth_go_through_what_was_visited() -> None:
    trail = Trail()
    trail.visit((HOME, WORKSPACES))
    trail.visit((HOME, OWNERS))
    assert [trail.back(), trail.back(), trail.back()] == [(HOME, WORKSPACES), (HOME,), (HOME,)]
    assert [trail.forth(), trail.forth(), trail.forth()] == [
        (HOME, WORKSPACES),
        (HOME, OWNERS),
        (HOME, OWNERS),
    ]


def test_going_somewhere_forgets_what_lay_ahead() -> None:
    trail = Trail()
    trail.visit((HOME, WORKSPACES))
    trail.back()
    trail.visit((HOME, OWNERS))
    assert trail.forth() == (HOME, OWNERS)
    assert trail.back() == (HOME,)


def test_staying_is_no_visit() -> None:
    trail = Trail()
    trail.visit((HOME,))
    trail.visit((HOME, OWNERS))
    assert trail.back() == (HOME,)


def test_paths_share_what_they_begin_with() -> None:
    assert shared_length((HOME, WORKSPACES), (HOME, OWNERS)) == 1
    assert shared_length((HOME, OWNERS), (HOME, OWNERS, WORKSPACES)) == 2
