-- Takes what has arrived for :accounts of the days before :date, each arrival once: it is added to the daily usage in the
-- same transaction. Usage of a month that is invoiced goes to the next open one. Few rows are of a frozen month: only for
-- them the function is asked.
with batch as (
    delete from arrived_batch
     where account = any(:accounts)
       and first_day < :date
    returning file, account, days, last_day
), left_over as (
    insert into arrived_batch (file, account, days)
    select file, account, array(select d from unnest(days) d where d.day >= :date order by d.day)
      from batch
     where last_day >= :date
), single as (
    delete from usage_arrival
     where account = any(:accounts)
       and day < :date
    returning account, product, day, quantity, records, free_quantity, free_records, gate_charge
), open as (
    select coalesce(max(period) + interval '1 month', '-infinity')::date as since from billing_period
)
select account, product, day,
       case when day >= open.since then date_trunc('month', day)::date else billed_in(account, day) end as period,
       quantity, records, free_quantity, free_records, gate_charge
  from (select b.account, d.*, 0 as gate_charge
          from batch b
         cross join unnest(b.days) d
         where d.day < :date
         union all
        select * from single) arrived
 cross join open
