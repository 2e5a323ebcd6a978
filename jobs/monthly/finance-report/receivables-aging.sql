-- By the days that each invoice is overdue on the last day of the month.
with aged as (
    select grouping(account) = 1 as is_total, currency, account,
           sum(amount) filter (where days <= 0) as current, sum(amount) filter (where days between 1 and 30) as days_1_30,
           sum(amount) filter (where days between 31 and 60) as days_31_60, sum(amount) filter (where days between 61 and 90) as days_61_90,
           sum(amount) filter (where days > 90) as over_90, sum(amount) as total
      from report_owed
     group by grouping sets ((currency, account), (currency))
)
select currency, case when is_total then 'total' else account end as account,
       case when is_total then '' else coalesce(name_printed(account, :last), '') end as name,
       trim_scale(coalesce(current, 0)) as current, trim_scale(coalesce(days_1_30, 0)) as days_1_30,
       trim_scale(coalesce(days_31_60, 0)) as days_31_60, trim_scale(coalesce(days_61_90, 0)) as days_61_90,
       trim_scale(coalesce(over_90, 0)) as over_90, trim_scale(total) as total
  from aged
 order by currency, is_total, account collate "C"
