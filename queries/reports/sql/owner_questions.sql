-- Question: what were owners asked, and when did they answer last?
-- Parameters: none.
-- Columns: deployment_key; asked_at (UTC, of the open question; null: none is open); answered_at
--   (UTC; null: never).
select deployment_key, asked_at, answered_at from owner_questions
