-- Opening + charged - returned = closing, by the day of issue.
with part as (
    select currency, tax_country, tax_name, tax_percent, -sum(amount) filter (where day is null) as opening,
           -sum(amount) filter (where day is not null and event in ('invoice', 'top-up')) as charged,
           sum(amount) filter (where day is not null and event not in ('invoice', 'top-up')) as returned, -sum(amount) as closing
      from report_leg
     where account = 'TAX_PAYABLE'
     group by currency, tax_country, tax_name, tax_percent
), listed as (
    select false as is_total, part.* from part
     union all
    select true, currency, null, 'total', null, sum(opening), sum(charged), sum(returned), sum(closing) from part group by currency
)
select currency, tax_country as country, tax_name as name, trim_scale(tax_percent) as percent, trim_scale(coalesce(opening, 0)) as opening,
       trim_scale(coalesce(charged, 0)) as charged, trim_scale(coalesce(returned, 0)) as returned,
       trim_scale(closing) as closing
  from listed
 order by currency, is_total, tax_country collate "C", tax_name collate "C", tax_percent desc
