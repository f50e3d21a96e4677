-- Question: under which ids did each deployment lie?
-- Columns: number, deployment_key, endpoint_key; known_as, known_as_endpoint (a deployment's key and its
--   endpoint's, of now and of before). A row for its own ids, and one for each earlier pair;
--   known_resource, known_endpoint_resource (the numbers of these; null: never asked for metrics).
-- A workspace that moves to another resource group gives all in it new ids, and keeps names and
-- creation times; what is listed under both ids at once are two.
with
pairs as (
    select
        number,
        deployment_key,
        endpoint_key,
        deployment_key as known_as,
        endpoint_key as known_as_endpoint
    from subjects
    union all
    select
        subjects.number,
        subjects.deployment_key,
        subjects.endpoint_key,
        gone.deployment_key as known_as,
        gone.endpoint_key as known_as_endpoint
    from subjects
    join gone
        on gone.subscription = lower(subjects.subscription_id)
        and gone.workspace = lower(subjects.workspace)
        and gone.endpoint = lower(subjects.endpoint)
        and gone.name = lower(subjects.name)
        and abs(epoch(gone.created_at) - epoch(subjects.created_at)) < 60
        and gone.last_seen_at < subjects.first_seen_at
)
select
    pairs.*,
    own.resource as known_resource,
    its_endpoint.resource as known_endpoint_resource
from pairs
left join resources as own on own.resource_key = pairs.known_as
left join resources as its_endpoint on its_endpoint.resource_key = pairs.known_as_endpoint
