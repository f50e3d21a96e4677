-- Question: what did one snapshot conclude of each deployment that it read?
-- Parameters: $snapshot_id.
-- Columns: those of the view judged_deployments; tags (JSON object); those of
--   the view deployment_money, as far as it is known.
select
    judged_deployments.* exclude (findings),
    list_concat(
        judged_deployments.findings,
        coalesce(money.money_findings, []),
        case when sizing.finding is not null
            then [sizing.finding || coalesce(
                ', saving up to ' || format('{:,.0f}', money.monthly_run_rate::double * greatest(
                    sizing.share_saved_by_instances, sizing.share_saved_by_size
                )) || ' ' || money.currency || ' a month',
                ''
            )]
        end
    ) as findings,
    (
        select json_group_object(tags.name, tags.value)
        from tags
        where tags.snapshot_id = judged_deployments.snapshot_id
            and tags.resource_key = judged_deployments.deployment_key
    )::varchar as tags,
    money.* exclude (deployment_key, snapshot_id, money_findings)
from judged_deployments
left join deployment_money as money
    on money.deployment_key = judged_deployments.deployment_key
    and money.snapshot_id = judged_deployments.snapshot_id
left join deployment_sizing as sizing
    on sizing.deployment_key = judged_deployments.deployment_key
    and sizing.snapshot_id = judged_deployments.snapshot_id
where judged_deployments.snapshot_id = $snapshot_id
order by
    judged_deployments.kind <> 'managed',
    money.list_price_per_month is not null,
    money.ranking_amount desc nulls first,
    workspace, endpoint, deployment
