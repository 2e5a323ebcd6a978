-- One row for each day of the period; late usage is not of these days.
select coalesce(r.cost, 0) as cost
  from generate_series(:period::date, :period::date + interval '1 month' - interval '1 day', '1 day') d (day)
  left join report_daily_revenue r on r.day = d.day::date and r.period = :period and r.currency = :currency and not r.late
 order by d.day
