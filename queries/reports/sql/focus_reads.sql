-- Question: how was a month's bill read, of which subscriptions?
-- Parameters: $month (its first day).
-- Columns: subscription_id; has_actual (whether the actual cost was read); is_chosen_actual
--   (whether that is what the views show); last_day (the newest day read).
select
    subscription_id,
    bool_or(basis = 'ActualCost') as has_actual,
    arg_max(basis, read_at) = 'ActualCost' as is_chosen_actual,
    max(last_day) as last_day
from cost_reads
where month = $month
group by subscription_id
order by subscription_id
