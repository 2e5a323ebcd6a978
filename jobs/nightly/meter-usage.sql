-- Takes what has arrived for :accounts of the days before :date, each arrival once: it is added to the daily usage in the
-- same transaction. Usage of a month that is frozen goes to the next open one.
delete from usage_arrival
 where account = any(:accounts)
   and day < :date
returning account, product, day,
          greatest(date_trunc('month', day), (select max(period) + interval '1 month' from billing_period))::date as period,
          quantity, records, free_quantity, free_records, gate_charge
