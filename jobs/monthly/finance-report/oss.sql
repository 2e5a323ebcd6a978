-- The return of the quarter that the month lies in, as far as this month: what it asks for, section by section.
with declared as (
    select o.*, o.currency = 'EUR' as in_euro
      from report_oss o
     where o.quarter = date_trunc('quarter', :period::timestamp)::date
       and o.counted <= :period
), row_of as (
    select 1 as place, 'SUPPLIES' as section, member_state, rate_type, percent, currency, null::date as corrected_quarter,
           sum(base) as base, sum(tax) as tax, in_euro, '' as note
      from declared
     where customer = 'consumer' and corrected_quarter is null
     group by member_state, rate_type, percent, currency, in_euro
     union all
    select 2, 'CORRECTIONS', member_state, null, null, currency, corrected_quarter, sum(base), sum(tax), in_euro,
           case when corrected_quarter + interval '3 years 4 months' <= :period
                then 'three years after its return was due: to be told to the member state itself' else '' end
      from declared
     where customer = 'consumer' and corrected_quarter is not null
     group by member_state, corrected_quarter, currency, in_euro
     union all
    select 5, 'LEFT OUT', member_state, rate_type, percent, currency, corrected_quarter, sum(base), sum(tax), in_euro,
           'charged to a business: not for this return'
      from declared
     where customer = 'business'
     group by member_state, rate_type, percent, currency, corrected_quarter, in_euro
), balance as (
    select member_state, sum(tax) as tax, bool_and(in_euro) as in_euro
      from row_of
     where place < 3
     group by member_state
), listed as (
    select place, section, member_state, rate_type, percent, currency, corrected_quarter, base, tax, in_euro, note from row_of
     union all
    select 3, 'BALANCE', member_state, null, null, 'EUR', null, null, case when in_euro then tax end, true, '' from balance
     union all
    -- What a member state owes back is paid by itself, and lessens nothing of what is due to the others.
    select 4, 'TOTAL DUE', null, null, null, 'EUR', null, null,
           case when bool_and(in_euro) then sum(greatest(tax, 0)) end, true, ''
      from balance
    having count(*) > 0
)
select to_char(:period::date, 'YYYY-"Q"Q') as quarter, to_char(:period::date, 'YYYY-MM') as until, section, member_state,
       case when rate_type is not null then 'SERVICES' end as supply, rate_type, trim_scale(percent) as percent, currency,
       base as taxable_amount, tax as vat_amount, case when in_euro then base end as taxable_amount_eur,
       case when in_euro then tax end as vat_amount_eur, to_char(corrected_quarter, 'YYYY-"Q"Q') as corrects,
       concat_ws('; ', nullif(note, ''),
                 case when not in_euro or place > 2 and tax is null then 'needs the rate to EUR of '
                      || (date_trunc('quarter', coalesce(corrected_quarter, :period::date)::timestamp) + interval '3 months'
                          - interval '1 day')::date end) as note
  from listed
 order by place, member_state collate "C", corrected_quarter, rate_type desc, percent desc, currency
