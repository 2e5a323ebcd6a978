-- A month of three products a day for every account, a night a day, as the nightly run would have rated and posted it: every second account
-- has its allowance, which covers all of it.
select grant_allowances(array_agg(id), :first::timestamp at time zone 'UTC') from account where right(id, 1)::integer % 2 = 0;

insert into usage_journal (period, account, product, lines, added_in)
select :first, a.id, u.product, array[row(d::date, p.id, 1, u.quantity, u.amount, 10, 0, 0)::journal_line],
       (extract(day from d)::integer)::text::xid8
  from generate_series(:first::date, :first::date + interval '1 month' - interval '1 day', '1 day') d
 cross join account a
 cross join (values ('audio', 60, 0.0639), ('image', 100, 0.204), ('text', 1000, 0.24)) u (product, quantity, amount)
  join price p on p.product = u.product
 order by d, a.id, u.product;

insert into posting (at, account, kind, debit, credit, amount, currency, period, grant_id)
select (d + interval '1 day') at time zone 'UTC', a.id, 'usage', case when g.id is null then 'ACCRUED' else 'GRANT' end, 'REVENUE',
       0.5079, 'USD', :first, g.id
  from generate_series(:first::date::timestamp, :first::date + interval '1 month' - interval '1 day', '1 day') d
 cross join account a
  left join credit_grant g on g.account = a.id
 order by d, a.id;

insert into billing_period (period, frozen_at) values (:first, :first::date + interval '1 month');

vacuum (analyze)
