-- What Azure bills, and what it lists. Amounts are in `currency`; currencies are never added up.
-- `month` is its first day; `basis` is ActualCost or AmortizedCost; `source` is query or export.

-- Which month of which subscription was read whole.
create table cost_reads (
    snapshot_id varchar,
    subscription_id varchar,
    month date,
    basis varchar,
    source varchar,
    last_day date,
    queries integer,
    read_at timestamp
);

-- Lines of Machine Learning workspaces; tags are in lower case, null: untagged. kind:
--   bill    by the two tags: the bill itself, each cent once
--   place   the same money by workspace and endpoint: shows where an endpoint's name occurs twice
--   split   the lines of such names once more, each with its workspace
create table cost_lines (
    subscription_id varchar,
    month date,
    basis varchar,
    source varchar,
    kind varchar,
    day date,
    resource_key varchar,
    endpoint varchar,
    deployment varchar,
    cost decimal(38, 18),
    currency varchar
);

-- List price per hour and instance of a size in a region; null: the list does not have it.
create table list_prices (
    region varchar,
    instance_type varchar,
    currency varchar,
    per_hour decimal(38, 18),
    product varchar,
    meter_id varchar,
    read_at timestamp
);

-- How the settings bend the list, as of the newest snapshot: an own price of a size, or (with
-- instance_type null) the share that is taken off the list (0 to 1).
create table price_rules (
    instance_type varchar,
    per_hour decimal(38, 18),
    discount decimal(38, 18)
);
