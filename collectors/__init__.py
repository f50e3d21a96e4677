"""Azure -> records. Reads only: every request goes through a pipeline that refuses writes."""
