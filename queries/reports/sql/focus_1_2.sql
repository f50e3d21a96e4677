-- Question: what is the bill in the columns of FOCUS 1.2?
-- Parameters: none.
-- Columns: none; makes focus_file from focus_all: without the columns of 1.3. The resource is the
--   deployment, where the line names one.
create or replace temp table focus_file as
select
    * exclude (
        AllocatedMethodDetails, AllocatedMethodId, AllocatedResourceId, AllocatedResourceName,
        AllocatedTags, ContractApplied, HostProviderName, ServiceProviderName
    )
    replace (
        coalesce(AllocatedResourceId, ResourceId) as ResourceId,
        coalesce(AllocatedResourceName, ResourceName) as ResourceName,
        case when AllocatedResourceId is not null
            then 'microsoft.machinelearningservices/workspaces/onlineendpoints/deployments'
            else ResourceType
        end as ResourceType
    )
from focus_all
