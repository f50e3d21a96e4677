"""The themes that Mothball brings, and which one it starts with. No tone means anything by itself:
each stands beside a symbol of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from textual.theme import Theme

DEFAULT = "mothball-dark"


@dataclass(frozen=True, slots=True)
class Offer:
    """A theme as the dialog tells it."""

    name: str
    title: str


OFFERS = (
    Offer("mothball-dark", "dark"),
    Offer("mothball-light", "light"),
    Offer("mothball-contrast", "high contrast"),
    Offer("mothball-deuteranopia", "dark, for red-green blindness"),
    Offer("mothball-deuteranopia-light", "light, for red-green blindness"),
    Offer("ansi-dark", "the terminal's own colours, dark"),
    Offer("ansi-light", "the terminal's own colours, light"),
)


def _bars(thumb: str, track: str) -> Mapping[str, str]:
    """Scroll bars that stay in the background."""
    return {
        "scrollbar": thumb,
        "scrollbar-hover": thumb,
        "scrollbar-active": thumb,
        "scrollbar-background": track,
        "scrollbar-background-hover": track,
        "scrollbar-background-active": track,
        "scrollbar-corner-color": track,
    }


def _cursor(background: str, foreground: str, marked: str) -> Mapping[str, str]:
    """The line under the cursor, and the background of marked ones."""
    return {
        "secondary-muted": marked,
        "block-cursor-background": background,
        "block-cursor-foreground": foreground,
        "input-selection-background": f"{background} 60%",
    }


def _words(**colours: str) -> Mapping[str, str]:
    """The colours of words, as they are: Textual tints them of others otherwise."""
    return {f"text-{name}": colour for name, colour in colours.items()}


THEMES = (
    Theme(
        name="mothball-dark",
        primary="#5fafff",
        secondary="#8fa8c8",
        accent="#ffb454",
        warning="#ffb454",
        error="#ff6b70",
        success="#7fd88f",
        foreground="#d8dee6",
        background="#10141a",
        surface="#161b23",
        panel="#222a35",
        variables={
            **_bars("#3b4656", "#10141a"),
            **_cursor("#2f6fb5", "#ffffff", "#24364d"),
            **_words(muted="#9aa5b3", primary="#74b9ff", secondary="#9db4d2", accent="#ffc274"),
            **_words(warning="#ffbe66", error="#ff8a8e", success="#8fe09e"),
        },
    ),
    Theme(
        name="mothball-light",
        primary="#0b5cad",
        secondary="#4a5f7d",
        accent="#8a4b00",
        warning="#8a4b00",
        error="#b3142a",
        success="#186a2e",
        foreground="#1c232b",
        background="#fbfbf8",
        surface="#f1f1ec",
        panel="#dfe3e6",
        dark=False,
        variables={
            **_bars("#a9b2bb", "#fbfbf8"),
            **_cursor("#0b5cad", "#ffffff", "#cfdcec"),
            **_words(muted="#55606c", primary="#0b5cad", secondary="#44597a", accent="#7d4400"),
            **_words(warning="#7d4400", error="#a81026", success="#155f29"),
        },
    ),
    Theme(
        name="mothball-contrast",
        primary="#66d9ff",
        secondary="#d0d0ff",
        accent="#ffff00",
        warning="#ffff00",
        error="#ff9c9c",
        success="#66ff66",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#262626",
        variables={
            **_bars("#ffffff", "#000000"),
            **_cursor("#ffff00", "#000000", "#202038"),
            **_words(muted="#e0e0e0", primary="#66d9ff", secondary="#d0d0ff", accent="#ffff00"),
            **_words(warning="#ffff00", error="#ff9c9c", success="#66ff66", disabled="#c0c0c0"),
        },
    ),
    # Blue against orange, which every kind of red-green blindness keeps apart.
    Theme(
        name="mothball-deuteranopia",
        primary="#b9a7ff",
        secondary="#a9b4c2",
        accent="#f0e442",
        warning="#ffb000",
        error="#ff7a3d",
        success="#56b4e9",
        foreground="#e2e6ec",
        background="#10141a",
        surface="#161b23",
        panel="#222a35",
        variables={
            **_bars("#3b4656", "#10141a"),
            **_cursor("#e2e6ec", "#10141a", "#2b3442"),
            **_words(muted="#9aa5b3", primary="#c4b5ff", secondary="#b6c0cd", accent="#f0e442"),
            **_words(warning="#ffbe33", error="#ff8f5c", success="#72c2f0"),
        },
    ),
    Theme(
        name="mothball-deuteranopia-light",
        primary="#5a3fb0",
        secondary="#4b5664",
        accent="#7a4a00",
        warning="#7a4a00",
        error="#a33c00",
        success="#00568f",
        foreground="#1c232b",
        background="#fbfbf8",
        surface="#f1f1ec",
        panel="#dfe3e6",
        dark=False,
        variables={
            **_bars("#a9b2bb", "#fbfbf8"),
            **_cursor("#1c232b", "#ffffff", "#d5dbe3"),
            **_words(muted="#55606c", primary="#5a3fb0", secondary="#4b5664", accent="#6f4300"),
            **_words(warning="#6f4300", error="#993800", success="#00568f"),
        },
    ),
)


def theme_at_start(kept: str | None, known: Mapping[str, Theme]) -> str:
    """TEXTUAL_THEME, else what was chosen the last time, else the dark one."""
    wanted = (os.environ.get("TEXTUAL_THEME"), kept, DEFAULT)
    return next(name for name in wanted if name is not None and name in known)
