"""Reports: what leaves the store for a meeting, a mail or a spreadsheet."""
