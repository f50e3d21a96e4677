-- Question: what are the rows of the bill in FOCUS?
-- Parameters: none.
-- Columns: those of focus_file.
from focus_file
