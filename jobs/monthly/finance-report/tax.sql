-- Per currency the last row is the total, beside what the invoices and credit notes themselves have.
with figure as (
    select currency, country, region, registration, customer, category, name, percent,
           coalesce(sum(base) filter (where kind = 'INVOICE'), 0 * sum(base)) as invoiced_base,
           coalesce(sum(tax) filter (where kind = 'INVOICE'), 0 * sum(tax)) as invoiced_tax,
           coalesce(-sum(base) filter (where kind = 'CREDIT_NOTE'), 0 * sum(base)) as credited_base,
           coalesce(-sum(tax) filter (where kind = 'CREDIT_NOTE'), 0 * sum(tax)) as credited_tax,
           sum(base) as net_base, sum(tax) as net_tax,
           -- Where the law wants it in the currency of the country, and all of it was converted.
           case when bool_and(tax = 0 or tax_in_currency is not null) and min(tax_currency) = max(tax_currency)
                then min(tax_currency) end as tax_currency, sum(tax_in_currency) as in_currency
      from report_tax
     where period = :period
     group by currency, country, region, registration, customer, category, name, percent
), billed as (
    select currency, sum(tax) as tax
      from (select i.currency, i.tax
              from invoice i
             where month_of(i.tax_point) = :period and i.status not in ('DRAFT', 'VOID')
             union all
            select i.currency, -c.tax
              from credit_note c
              join invoice i on i.id = c.invoice
             where c.issued_on >= :period::date and c.issued_on < :period::date + interval '1 month'
             union all
            select currency, case kind when 'INVOICE' then tax else -tax end
              from top_up_document
             where issued_on >= :period::date and issued_on < :period::date + interval '1 month') d
     group by currency
), listed as (
    select false as is_total, currency, country, region, registration, customer, category, name, percent, invoiced_base,
           invoiced_tax, credited_base, credited_tax, net_base, net_tax, tax_currency,
           case when tax_currency is not null then in_currency end as net_tax_in_currency, null::boolean as ties_out
      from figure
     union all
    select true, b.currency, null, null, null, null, null, 'total', null, coalesce(sum(invoiced_base), 0 * b.tax),
           coalesce(sum(invoiced_tax), 0 * b.tax), coalesce(sum(credited_base), 0 * b.tax), coalesce(sum(credited_tax), 0 * b.tax),
           coalesce(sum(net_base), 0 * b.tax), coalesce(sum(net_tax), 0 * b.tax), null, null, coalesce(sum(net_tax), 0) = b.tax
      from billed b
      left join figure f on f.currency = b.currency
     group by b.currency, b.tax
)
select currency, country, region, registration, customer, category, name, trim_scale(percent) as percent, invoiced_base,
       invoiced_tax, credited_base, credited_tax, net_base, net_tax, tax_currency, net_tax_in_currency, ties_out
  from listed
 order by currency, is_total, country collate "C", region collate "C", registration collate "C", customer, category,
          name collate "C", percent
