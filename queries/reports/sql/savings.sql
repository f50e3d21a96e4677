-- Question: what did each deletion promise to save, and what does the bill show since?
-- Parameters: none.
-- Columns: target (ARM id); deployment_key; deleted_at, restored_at, ended_at (UTC; null: it was not
--   restored, its saving goes on); currency; forecast (a month, at the deletion; null: not known in
--   this currency); rate_before (a day; null: no whole day of the week before was read), cost_since
--   (billed for it since), days_before, days_read_before, days_tagged_before, days_since (see
--   rates_before_deletions);
--   saved, growth (in all, see savings_by_month; null: no settled day since).
select
    deletions.target,
    deletions.deployment_key,
    deletions.deleted_at,
    deletions.restored_at,
    deletions.ended_at,
    coalesce(rates.currency, deletions.forecast_currency) as currency,
    case when rates.currency is null or rates.currency = deletions.forecast_currency
        then deletions.forecast
    end as forecast,
    rates.rate_before,
    rates.cost_since,
    coalesce(rates.days_before, 0) as days_before,
    coalesce(rates.days_read_before, 0) as days_read_before,
    coalesce(rates.days_tagged_before, 0) as days_tagged_before,
    coalesce(rates.days_since, 0) as days_since,
    sum(saved.saved) as saved,
    sum(saved.growth) as growth
from deletions
left join rates_before_deletions as rates
    on rates.deployment_key = deletions.deployment_key
    and rates.deleted_at = deletions.deleted_at
left join savings_by_month as saved
    on saved.deployment_key = deletions.deployment_key
    and saved.deleted_at = deletions.deleted_at
group by all
order by deletions.deleted_at, deletions.target
