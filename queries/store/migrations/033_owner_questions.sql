-- What owners were asked, and since when.

-- A deployment whose retirement was put to its owner (is_asked), or is put to nobody any more.
-- answer_by: the day by which the owner was asked to answer.
create table asked_owners (
    deployment_key varchar,
    owner varchar,
    noted_at timestamp,
    is_asked boolean,
    answer_by date
);

-- What is known of the questions about a deployment. asked_at: when the question that is open was
-- asked first (null: none is); answered_at: the last decision, retire mark or exemption by the
-- journal; owner, answer_by: by the newest question.
create view owner_questions as
with
answers as (
    select '/' || lower(trim(target, '/')) as deployment_key, max(happened_at) as answered_at
    from journal
    where action in ('decide', 'retire', 'extend') and outcome = 'done'
    group by all
),
ends as (
    select deployment_key, max(noted_at) as ended_at
    from asked_owners
    where not is_asked
    group by deployment_key
),
asked as (
    select * from asked_owners where is_asked
)
select
    coalesce(asked.deployment_key, answers.deployment_key) as deployment_key,
    arg_max(asked.owner, asked.noted_at) as owner,
    min(asked.noted_at) filter (
        where coalesce(asked.noted_at > answers.answered_at, true)
            and coalesce(asked.noted_at >= ends.ended_at, true)
    ) as asked_at,
    arg_max(asked.answer_by, asked.noted_at) as answer_by,
    any_value(answers.answered_at) as answered_at
from asked
full join answers on answers.deployment_key = asked.deployment_key
left join ends on ends.deployment_key = asked.deployment_key
group by coalesce(asked.deployment_key, answers.deployment_key);
