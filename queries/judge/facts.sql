-- Question: what is known of each deployment, in one row?
-- Columns: all of subjects, silence, labels, holds, lives, ages, history and siblings, and the
--   conclusions that several verdicts share: has_share, has_mirror, has_request, is_failed,
--   is_succeeded, is_busy (an operation is running on it or its endpoint).
select
    subjects.*,
    silence.* exclude (deployment_key, quiet_before),
    labels.* exclude (deployment_key),
    holds.* exclude (deployment_key),
    lives.* exclude (
        deployment_key, number,
        older_first_ends_at, older_begin_on, older_request_at, older_life_until
    ),
    ages.* exclude (deployment_key),
    history.* exclude (deployment_key),
    siblings.* exclude (endpoint_key, has_share),
    siblings.has_share as endpoint_has_share,
    coalesce(subjects.live_percent, 0) > 0 as has_share,
    coalesce(subjects.mirror_percent, 0) > 0 as has_mirror,
    coalesce(silence.requests_seen, 0) > 0 as has_request,
    coalesce(lower(subjects.provisioning_state), '') in ('failed', 'canceled') as is_failed,
    coalesce(lower(subjects.provisioning_state), '') = 'succeeded' as is_succeeded,
    coalesce(lower(subjects.provisioning_state), '')
        in ('creating', 'updating', 'scaling', 'deleting')
    or coalesce(lower(subjects.endpoint_state), '')
        in ('creating', 'updating', 'scaling', 'deleting') as is_busy
from subjects
join silence on silence.deployment_key = subjects.deployment_key
join labels on labels.deployment_key = subjects.deployment_key
join holds on holds.deployment_key = subjects.deployment_key
join lives on lives.deployment_key = subjects.deployment_key
join ages on ages.deployment_key = subjects.deployment_key
join siblings on siblings.endpoint_key = subjects.endpoint_key
left join history on history.deployment_key = subjects.deployment_key
