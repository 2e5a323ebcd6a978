-- Adds what has arrived for :accounts of the days before :date to the daily usage, each arrival once: it is taken and
-- added in one statement. Usage of a month that is frozen goes to the next open one. The days that it returns are rated
-- in the same transaction.
with taken as (
    delete from usage_arrival
     where account = any(:accounts)
       and day < :date
    returning account, product, day, quantity, records, free_quantity, free_records, gate_charge
),
arrived as (
    select account, product, day,
           sum(quantity) as quantity, sum(records) as records,
           sum(free_quantity) as free_quantity, sum(free_records) as free_records, sum(gate_charge) as gate_charge
      from taken
     group by account, product, day
),
open as (
    select max(period) + interval '1 month' as period
      from billing_period
)
insert into daily_usage as d (account, product, day, period, quantity, records, free_quantity, free_records, gate_charge,
                              rated)
select a.account, a.product, a.day, greatest(date_trunc('month', a.day), o.period),
       a.quantity, a.records, a.free_quantity, a.free_records, a.gate_charge, true
  from arrived a
 cross join open o
 order by a.account, a.product, a.day
    on conflict (period, account, product, day) do update
   set quantity = d.quantity + excluded.quantity,
       records = d.records + excluded.records,
       free_quantity = d.free_quantity + excluded.free_quantity,
       free_records = d.free_records + excluded.free_records,
       -- The ledger knows what a rated day cost: only what is new of it still counts as charged by the gate.
       gate_charge = case when d.rated then 0 else d.gate_charge end + excluded.gate_charge,
       rated = true
returning account, product, day, period, quantity, xmax = 0 as added
