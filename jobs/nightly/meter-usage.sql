-- Takes what has arrived for :accounts of the days before :date, each arrival once: it is added to the daily usage in the
-- same transaction. Usage of a month that is invoiced goes to the next open one. Few rows are of a frozen month: only for
-- them the function is asked.
delete from usage_arrival
 where account = any(:accounts)
   and day < :date
returning account, product, day,
          case when day >= (select coalesce(max(period) + interval '1 month', '-infinity') from billing_period)
               then date_trunc('month', day)::date
               else billed_in(account, day) end as period,
          quantity, records, free_quantity, free_records, gate_charge
