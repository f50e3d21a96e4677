"""What all sections are made of: styled words in lines that fit a width."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len

from tui.words.untrusted import UNKNOWN, fitted, harmless
from tui.words.wrapping import Parts, hanging

LABEL_WIDTH = 13
MUTED, STRONG, WARNING = "$text-muted", "bold", "$text-warning"


def heading(title: str, width: int, aside: str = "") -> Parts:
    """`─ title ─────── aside`, across the width."""
    suffix = f" {aside}" if aside else ""
    title = shortened(title, width - cell_len(suffix) - 4)
    rule = "─" * max(width - cell_len(title) - cell_len(suffix) - 3, 1)
    return [("\n─ ", MUTED), (title, STRONG), (f" {rule}{suffix}\n", MUTED)]


def shortened(text: str, width: int) -> str:
    """The text, cut with `…` where it is longer than that many cells."""
    return text if cell_len(text) <= width else fitted(text, max(width, 1))


def labelled(label: str, value: str | None, width: int, style: str = "") -> Parts:
    """A label and its value; `–` where it is not known."""
    before = f"{harmless(label):<{LABEL_WIDTH - 1}} "
    text = UNKNOWN if value is None else hanging(harmless(value), width, cell_len(before))
    return [(before, MUTED), (f"{text}\n", style)]


def signed(sign: str, text: str, width: int, style: str = "", indent: int = 0) -> Parts:
    """`• text`, later lines under the first."""
    before = " " * indent + f"{sign} "
    return [(f"{before}{hanging(harmless(text), width, cell_len(before))}\n", style)]


def lines(texts: Iterable[str], width: int, style: str = "") -> Parts:
    """Sentences, a bullet each."""
    return [part for text in texts for part in signed("•", text, width, style)]


def section(title: str, body: Sequence[tuple[str, str]], width: int, aside: str = "") -> Parts:
    """A heading and what is under it; nothing where there is nothing to say."""
    return [*heading(title, width, aside), *body] if body else []
