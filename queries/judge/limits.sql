-- Question: how much of an instance may be in use where fewer or smaller ones take over?
-- Columns: highest, mean (percent of CPU and GPU), memory (percent of memory and GPU memory) after
--   shrinking; least_days, share_of_days (how much must be measured); failures (share of requests).
-- 70 and 80: a daily maximum is an average of its minute, which hides shorter peaks, and a full
-- memory kills a container where a busy CPU only slows it. 50: a mean above it leaves nothing for
-- an instance that fails. 14 days see each weekday twice; a tenth of the days may be missing.
-- Where 5 % of the requests fail, failing early may be what keeps the load low.
select
    70 as highest,
    50 as mean,
    80 as memory,
    14 as least_days,
    0.9 as share_of_days,
    0.05 as failures
