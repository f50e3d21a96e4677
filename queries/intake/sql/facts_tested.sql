-- Question: was the tenant ever asked about any fact of Azure?
-- Parameters: none.
-- Columns: tested_at (UTC, of any); no row: never.
select tested_at
from azure_facts
limit 1
