"""The dialogs and sheets that open over a place."""
