"""The browser of the desktop; one that draws in this terminal would take its screen."""

from __future__ import annotations

import os
import sys

# Systems whose desktop is there without a variable that names its display.
_DESKTOPS = ("darwin", "win32")
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")


def opened_in_browser(url: str) -> bool:
    """Hand a page to the browser; False where there is none, or none takes it."""
    if sys.platform not in _DESKTOPS and not any(os.environ.get(name) for name in _DISPLAYS):
        return False
    import webbrowser  # not needed to start

    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    # Of the browsers that are found, those that are not sent into the background are for terminals.
    if type(browser) is webbrowser.GenericBrowser and not os.environ.get("BROWSER"):
        return False
    return browser.open(url)
