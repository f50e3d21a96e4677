-- Question: what is the newest that is known of each deployment?
-- Parameters: none.
-- Columns: those of the view current_deployments; tags (JSON object); those of
--   the view deployment_money, as far as it is known; place (in the order of the list, from 1).
select
    current_deployments.* exclude (findings),
    list_concat(
        current_deployments.findings,
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
        where tags.snapshot_id = current_deployments.snapshot_id
            and tags.resource_key = current_deployments.deployment_key
    )::varchar as tags,
    money.* exclude (deployment_key, snapshot_id, money_findings),
    row_number() over (
        order by
            current_deployments.kind <> 'managed',
            money.list_price_per_month is not null,
            money.ranking_amount desc nulls first,
            workspace, endpoint, deployment
    ) as place
from current_deployments
left join deployment_money as money
    on money.deployment_key = current_deployments.deployment_key
    and money.snapshot_id = current_deployments.snapshot_id
left join deployment_sizing as sizing
    on sizing.deployment_key = current_deployments.deployment_key
    and sizing.snapshot_id = current_deployments.snapshot_id
order by place
