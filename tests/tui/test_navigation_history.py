"""Where one is and has been."""

from __future__ import annotations

from tui.state.history import HOME, Address, NavigationHistory, shared_length

WORKSPACES, OWNERS = Address("workspaces"), Address("owners")


def test_a_history_begins_at_home() -> None:
    assert NavigationHistory().path == (HOME,)


def test_back_and_forth_go_through_what_was_visited() -> None:
    history = NavigationHistory()
    history.visit((HOME, WORKSPACES))
    history.visit((HOME, OWNERS))
    assert [history.back(), history.back(), history.back()] == [
        (HOME, WORKSPACES),
        (HOME,),
        (HOME,),
    ]
    assert [history.forth(), history.forth(), history.forth()] == [
        (HOME, WORKSPACES),
        (HOME, OWNERS),
        (HOME, OWNERS),
    ]


def test_going_somewhere_forgets_what_lay_ahead() -> None:
    history = NavigationHistory()
    history.visit((HOME, WORKSPACES))
    history.back()
    history.visit((HOME, OWNERS))
    assert history.forth() == (HOME, OWNERS)
    assert history.back() == (HOME,)


def test_staying_is_no_visit() -> None:
    history = NavigationHistory()
    history.visit((HOME,))
    history.visit((HOME, OWNERS))
    assert history.back() == (HOME,)


def test_paths_share_what_they_begin_with() -> None:
    assert shared_length((HOME, WORKSPACES), (HOME, OWNERS)) == 1
    assert shared_length((HOME, OWNERS), (HOME, OWNERS, WORKSPACES)) == 2
