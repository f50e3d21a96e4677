-- Question: what does a DuckDB file hold that may be no store?
-- Parameters: none.
-- Columns: relations (tables and views), has_ledger (a table of migrations as a store has it).
with own as (
    select table_name from duckdb_tables()
    where database_name = current_database() and not internal
    union all
    select view_name from duckdb_views()
    where database_name = current_database() and not internal
)
select
    count(*) as relations,
    exists (
        from duckdb_columns()
        where database_name = current_database() and table_name = 'migrations'
            and column_name = 'name'
    ) as has_ledger
from own;
