-- Question: what is the bill in the columns of FOCUS 1.3?
-- Parameters: none.
-- Columns: none; makes focus_file from focus_all. ProviderName and PublisherName are deprecated in
--   1.3, and still mandatory.
create or replace temp table focus_file as
from focus_all
