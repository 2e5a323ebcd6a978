-- The return of the quarter that the month lies in, as far as this month: what it asks for, section by section.
with declared as (
    select o.*, (coalesce(o.corrected_quarter, o.quarter) + interval '3 months' - interval '1 day')::date as rate_day
      from report_oss o
     where o.quarter = date_trunc('quarter', :period::timestamp)::date
       and o.counted <= :period
       -- What counts in a quarter was issued in it or later: so that not all of history is read.
       and o.issued_on >= date_trunc('quarter', :period::timestamp)::date
), rate as (
    -- That of the last day of the quarter or, where there is none, of the next day that has one.
    select d.currency, d.rate_day,
           case d.currency when 'EUR' then 1
                           else (select x.per_euro
                                   from exchange_rate x
                                  where x.currency = d.currency and x.day between d.rate_day and d.rate_day + 7
                                  order by x.day
                                  limit 1) end as per_euro
      from (select distinct currency, rate_day from declared) d
), row_of as (
    select 1 as place, 'SUPPLIES' as section, member_state, rate_type, percent, currency, null::date as corrected_quarter, rate_day,
           sum(base) as base, sum(tax) as tax, '' as note
      from declared
     where customer = 'consumer' and corrected_quarter is null
     group by member_state, rate_type, percent, currency, rate_day
     union all
    select 2, 'CORRECTIONS', member_state, null, null, currency, corrected_quarter, rate_day, sum(base), sum(tax),
           case when corrected_quarter + interval '3 years 4 months' <= :period
                then 'three years after its return was due: to be told to the member state itself' else '' end
      from declared
     where customer = 'consumer' and corrected_quarter is not null
     group by member_state, currency, corrected_quarter, rate_day
     union all
    select 5, 'LEFT OUT', member_state, rate_type, percent, currency, corrected_quarter, rate_day, sum(base), sum(tax),
           'charged to a business: not for this return'
      from declared
     where customer = 'business'
     group by member_state, rate_type, percent, currency, corrected_quarter, rate_day
), priced as (
    select r.*, round(r.base / x.per_euro, 2) as base_eur, round(r.tax / x.per_euro, 2) as tax_eur
      from row_of r
      join rate x on x.currency = r.currency and x.rate_day = r.rate_day
), balance as (
    select member_state, case when bool_and(tax_eur is not null) then sum(tax_eur) end as tax_eur
      from priced
     where place < 3
     group by member_state
), listed as (
    select place, section, member_state, rate_type, percent, currency, base, tax, base_eur, tax_eur, corrected_quarter,
           concat_ws('; ', nullif(note, ''),
                     case when tax_eur is null then 'needs the rate of ' || currency || ' of ' || rate_day end) as note
      from priced
     union all
    select 3, 'BALANCE', member_state, null, null, null, null, null, null, tax_eur, null,
           case when tax_eur is null then 'needs the rates above' else '' end
      from balance
     union all
    -- What a member state owes back is paid by itself, and lessens nothing of what is due to the others.
    select 4, 'TOTAL DUE', null, null, null, null, null, null, null,
           case when bool_and(tax_eur is not null) then sum(greatest(tax_eur, 0)) end, null,
           case when bool_and(tax_eur is not null) then '' else 'needs the rates above' end
      from balance
    having count(*) > 0
)
select to_char(:period::date, 'YYYY-"Q"Q') as quarter, to_char(:period::date, 'YYYY-MM') as until, section, member_state,
       case when rate_type is not null then 'SERVICES' end as supply, rate_type, trim_scale(percent) as percent, currency,
       base as taxable_amount, tax as vat_amount, base_eur as taxable_amount_eur, tax_eur as vat_amount_eur,
       to_char(corrected_quarter, 'YYYY-"Q"Q') as corrects, note
  from listed
 order by place, member_state collate "C", corrected_quarter, rate_type desc, percent desc, currency
