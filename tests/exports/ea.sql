-- A million rows of an EA export: 20 subscriptions, 30 days, 2,000 deployments, other services too.
copy (
    select
        uuid() as InvoiceSectionId,
        lpad((n % 20)::varchar, 8, '0') || '-0000-4000-8000-000000000000' as SubscriptionId,
        strftime(date '2026-10-01' + (n % 30)::integer, '%m/%d/%Y') as Date,
        if(n % 3 = 0, 'Bandwidth', 'Virtual Machines') as MeterCategory,
        md5((n % 200)::varchar) as MeterId,
        (n % 24)::varchar as Quantity,
        format('{{:.10f}}', (n % 997) / 7.0) as CostInBillingCurrency,
        '/subscriptions/' || lpad((n % 20)::varchar, 8, '0') || '-0000-4000-8000-000000000000'
            || '/resourceGroups/rg/providers/'
            || if(n % 5 = 0, 'Microsoft.Compute/disks/d',
                'Microsoft.MachineLearningServices/workspaces/ws-' || (n % 40)) as ResourceId,
        if(n % 5 = 0, '', '"azuremlendpoint": "ep-' || (n % 400) || '","azuremldeployment": "d-'
            || (n % 2000) || '","org": "someone"') as Tags,
        'Usage' as ChargeType,
        'OnDemand' as PricingModel,
        'USD' as BillingCurrencyCode
    from range(1000000) as t (n)
) to '{path}' (format csv, header)
