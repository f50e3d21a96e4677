"""The columns of the layouts of Cost Management and FOCUS, as their documents list them."""

from __future__ import annotations


def _names(text: str) -> list[str]:
    return text.split()


EA = _names(
    "InvoiceSectionName AccountName AccountOwnerId SubscriptionId SubscriptionName"
    " ResourceGroup ResourceLocation Date ProductName MeterCategory MeterSubCategory MeterId"
    " MeterName MeterRegion UnitOfMeasure Quantity EffectivePrice CostInBillingCurrency"
    " CostCenter ConsumedService ResourceId Tags OfferId AdditionalInfo ServiceInfo1"
    " ServiceInfo2 ResourceName ReservationId ReservationName UnitPrice ProductOrderId"
    " ProductOrderName Term PublisherType PublisherName ChargeType Frequency PricingModel"
    " AvailabilityZone BillingAccountId BillingAccountName BillingCurrencyCode"
    " BillingPeriodStartDate BillingPeriodEndDate BillingProfileId BillingProfileName"
    " InvoiceSectionId IsAzureCreditEligible PartNumber PayGPrice PlanName ServiceFamily"
    " CostAllocationRuleName"
)
MCA = _names(
    "invoiceId previousInvoiceId billingAccountId billingAccountName billingProfileId"
    " billingProfileName invoiceSectionId invoiceSectionName resellerName resellerMpnId"
    " costCenter billingPeriodEndDate billingPeriodStartDate servicePeriodEndDate"
    " servicePeriodStartDate date serviceFamily productOrderId productOrderName consumedService"
    " meterId meterName meterCategory meterSubCategory meterRegion ProductId ProductName"
    " SubscriptionId subscriptionName publisherType publisherId publisherName resourceGroupName"
    " ResourceId resourceLocation location effectivePrice quantity unitOfMeasure chargeType"
    " billingCurrency pricingCurrency costInBillingCurrency costInPricingCurrency costInUsd"
    " paygCostInBillingCurrency paygCostInUsd exchangeRatePricingToBilling exchangeRateDate"
    " isAzureCreditEligible serviceInfo1 serviceInfo2 additionalInfo tags PayGPrice frequency"
    " term reservationId reservationName pricingModel unitPrice costAllocationRuleName benefitId"
    " benefitName provider"
)
PAY_AS_YOU_GO = _names(
    "SubscriptionId ResourceGroup ResourceLocation Date ProductName MeterCategory"
    " MeterSubCategory MeterId MeterName MeterRegion UnitOfMeasure Quantity EffectivePrice Cost"
    " ConsumedService ResourceId Tags OfferId AdditionalInfo ServiceInfo1 ServiceInfo2"
    " ResourceName UnitPrice PublisherType PublisherName ChargeType Frequency PricingModel"
    " BillingCurrency"
)
USAGE = _names(
    "SubscriptionGuid ResourceGroup ResourceLocation UsageDateTime MeterCategory"
    " MeterSubcategory MeterId MeterName MeterRegion UsageQuantity ResourceRate PreTaxCost"
    " ConsumedService ResourceType InstanceId Tags OfferId AdditionalInfo ServiceInfo1"
    " ServiceInfo2 ServiceName ServiceTier Currency UnitOfMeasure"
)
FOCUS_10 = _names(
    "AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency"
    " BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeClass ChargeDescription"
    " ChargeFrequency ChargePeriodEnd ChargePeriodStart CommitmentDiscountCategory"
    " CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus"
    " CommitmentDiscountType ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice"
    " EffectiveCost InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingQuantity"
    " PricingUnit ProviderName PublisherName RegionId RegionName ResourceId ResourceName"
    " ResourceType ServiceCategory ServiceName SkuId SkuPriceId SubAccountId SubAccountName Tags"
)
FOCUS_11 = [
    *FOCUS_10,
    *_names("CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity"),
    *_names("CommitmentDiscountUnit ServiceSubcategory SkuMeter SkuPriceDetails"),
]
FOCUS_12 = [
    *FOCUS_11,
    *_names("BillingAccountType InvoiceId PricingCurrency SubAccountType"),
    *_names("PricingCurrencyContractedUnitPrice PricingCurrencyEffectiveCost"),
    "PricingCurrencyListUnitPrice",
]
FOCUS_13 = [
    *FOCUS_12,
    *_names("AllocatedMethodDetails AllocatedMethodId AllocatedResourceId AllocatedResourceName"),
    *_names("AllocatedTags ContractApplied HostProviderName ServiceProviderName"),
]
FOCUS_14 = [
    *(name for name in FOCUS_13 if name not in ("ProviderName", "PublisherName")),
    *_names("CommitmentProgramEligibilityDetails InvoiceDetailId"),
]
# What Azure adds to FOCUS, and FinOps hubs keep.
OF_AZURE = _names(
    "x_AccountId x_BilledCostInUsd x_BillingAccountId x_BillingProfileId x_CostCenter"
    " x_EffectiveCostInUsd x_InvoiceSectionId x_PricingSubcategory x_ResourceGroupName"
    " x_ResourceType x_ServicePeriodEnd x_ServicePeriodStart x_SkuMeterCategory x_SkuMeterId"
    " x_SkuMeterSubcategory x_SkuRegion x_SkuTier"
)
