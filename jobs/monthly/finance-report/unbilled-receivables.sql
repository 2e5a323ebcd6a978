-- Used and not yet on an invoice: opening + rated - covered by credit - invoiced + rounding = closing. Invoices are in cents, so
-- that what they ask for is the exact cost and its rounding.
with part as (
    select currency, sum(amount) filter (where account = 'UNBILLED_RECEIVABLES' and day is null) as opening,
           sum(amount) filter (where account = 'UNBILLED_RECEIVABLES' and day is not null and event = 'usage') as rated,
           -sum(amount) filter (where account = 'UNBILLED_RECEIVABLES' and day is not null and event = 'credit-used') as covered,
           -sum(amount) filter (where account = 'UNBILLED_RECEIVABLES' and day is not null and event not in ('usage', 'credit-used')) as billed,
           -sum(amount) filter (where account = 'ROUNDING' and day is not null and event = 'invoice') as rounding,
           sum(amount) filter (where account = 'UNBILLED_RECEIVABLES') as closing
      from report_leg
     where account in ('UNBILLED_RECEIVABLES', 'ROUNDING')
     group by currency
)
select currency, trim_scale(coalesce(opening, 0)) as opening, trim_scale(coalesce(rated, 0)) as rated,
       trim_scale(coalesce(covered, 0)) as covered_by_credit, trim_scale(coalesce(billed, 0) + coalesce(rounding, 0)) as invoiced,
       trim_scale(coalesce(rounding, 0)) as rounding, trim_scale(coalesce(closing, 0)) as closing
  from part
 order by currency
