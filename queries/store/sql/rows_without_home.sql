-- Question: which rows belong to nothing, or are there twice?
-- Parameters: none.
-- Columns: what (a sentence's beginning), rows (0: all is well).
select 'snapshots of one name' as what, count(*) - count(distinct snapshot_id) as rows
from snapshots
union all
select 'deployments of no snapshot', count(*)
from deployments_seen
where snapshot_id not in (select snapshot_id from snapshots)
union all
select 'shares of traffic of no snapshot', count(*)
from traffic_shares
where snapshot_id not in (select snapshot_id from snapshots)
union all
select 'numbers or resources that are twice',
    2 * count(*) - count(distinct resource) - count(distinct resource_key)
from resources
union all
select 'metric values of no resource', count(*)
from metric_values
anti join resources using (resource)
union all
select 'metric answers of no resource', count(*)
from (select unnest(resources) as resource from metric_answers) as asked
anti join resources using (resource)
union all
select 'what snapshots said, of no version', sum(lost)
from (
    select count(*) as lost from workspaces_seen anti join workspaces_versions using (version)
    union all
    select count(*) from endpoints_seen anti join endpoints_versions using (version)
    union all
    select count(*) from traffic_shares_seen
    anti join traffic_shares_versions using (version)
    union all
    select count(*) from deployments_seen anti join deployments_versions using (version)
    union all
    select count(*) from tags_seen anti join tags_versions using (version)
    union all
    select count(*) from judgements_seen anti join judgements_versions using (version)
    union all
    select count(*) from deployment_sizing_seen
    anti join deployment_sizing_versions using (version)
)
