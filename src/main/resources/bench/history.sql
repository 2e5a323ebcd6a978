-- A month of history: every day of every account and product metered, rated and posted; of the raw records, one in ten.
select usage_record_month(:first), :records::bigint;

with file as (
    insert into usage_file (name, format, started_at, ended_at, lines, accepted, records)
    values ('history-' || :first::date, 'ndjson', :first::date, :first::date, :records, :records, :records)
    returning id
), record as (
    select gen_random_uuid() as key, n, id as file, :first::timestamp at time zone 'UTC' + n * (interval '27 days' / :records) as at
      from file, generate_series(1, :records::bigint) n
), keyed as (
    insert into usage_key (key, content, file, line, day) select key, n, file, n, at::date from record
)
insert into usage_record (key, source, id, account, product, quantity, occurred_at, failed, billable, operation, file, line)
select r.key, 'default', :first::date || '-' || r.n, a.id, 'audio', 10, r.at, false, true, 'predict', r.file, r.n
  from record r
  join (select id, row_number() over () - 1 as n from account) a on a.n = r.n % (select count(*) from account)
returning 1;

insert into usage_journal (period, account, product, lines)
select :first, a.id, p.product, array[row(d::date, p.id, 1, 100, 0.1, 10, 0, 0)::journal_line]
  from account a, price p, generate_series(:first::date, :first::date + interval '1 month' - interval '1 day', '1 day') d
 where :records > 0
returning 1;

insert into posting (at, account, kind, debit, credit, amount, currency, period)
select day::timestamp at time zone 'UTC', account, 'usage', 'ACCRUED', 'REVENUE', sum(amount), 'USD', period
  from usage_line
 where period = :first and :records > 0
 group by account, day, period
returning 1;

insert into billing_period (period, frozen_at)
select :first, :first::date + interval '1 month' where :records > 0
returning 1;
