-- A million rows of a FOCUS export in Parquet: 20 subscriptions, 30 days, 2,000 deployments.
copy (
    select
        ((n % 997) / 7.0)::decimal(38, 18) as BilledCost,
        ((n % 997) / 7.0)::decimal(38, 18) as EffectiveCost,
        'USD' as BillingCurrency,
        timestamptz '2026-10-01T00:00:00Z' + to_days((n % 30)::integer) as ChargePeriodStart,
        timestamptz '2026-10-02T00:00:00Z' + to_days((n % 30)::integer) as ChargePeriodEnd,
        'Usage' as ChargeCategory,
        '/subscriptions/' || lpad((n % 20)::varchar, 8, '0') || '-0000-4000-8000-000000000000'
            || '/resourcegroups/rg/providers/microsoft.machinelearningservices/workspaces/ws-'
            || (n % 40) as ResourceId,
        '/subscriptions/' || lpad((n % 20)::varchar, 8, '0') || '-0000-4000-8000-000000000000'
            as SubAccountId,
        json_object('azuremlendpoint', 'ep-' || (n % 400), 'azuremldeployment', 'd-' || (n % 2000))
            ::varchar as Tags,
        'Microsoft.MachineLearningServices/workspaces' as x_ResourceType
    from range(1000000) as t (n)
) to '{path}' (format parquet)
