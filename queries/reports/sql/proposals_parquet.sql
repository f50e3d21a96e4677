-- Question: what is proposed? Writes it down as Parquet.
-- Parameters: $rows (path of a file: a JSON object by column name a line), $path (of the file to
--   write).
-- Columns: none; the file has those of the recommendations of a FinOps hub, then ours.
copy (
    select * replace (x_RecommendationDate::timestamptz as x_RecommendationDate)
    from (
        from read_json($rows, format = 'newline_delimited', columns = {
            ProviderName: 'VARCHAR', ResourceId: 'VARCHAR', ResourceName: 'VARCHAR',
            ResourceType: 'VARCHAR', SubAccountId: 'VARCHAR', SubAccountName: 'VARCHAR',
            Tags: 'VARCHAR', x_EffectiveCostAfter: 'DECIMAL(38, 6)',
            x_EffectiveCostBefore: 'DECIMAL(38, 6)', x_EffectiveCostSavings: 'DECIMAL(38, 6)',
            x_RecommendationCategory: 'VARCHAR', x_RecommendationDate: 'VARCHAR',
            x_RecommendationDescription: 'VARCHAR', x_RecommendationDetails: 'VARCHAR',
            x_RecommendationId: 'VARCHAR', x_ResourceGroupName: 'VARCHAR',
            x_SourceName: 'VARCHAR', x_SourceProvider: 'VARCHAR', x_SourceType: 'VARCHAR',
            x_SourceVersion: 'VARCHAR', x_Proposal: 'VARCHAR', x_Currency: 'VARCHAR',
            x_Verdict: 'VARCHAR', x_Owner: 'VARCHAR'
        })
    )
) to $path (format parquet)
