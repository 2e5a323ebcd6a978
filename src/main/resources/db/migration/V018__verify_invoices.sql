create function verify_invoice_totals(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with line as (
        select l.invoice, sum(l.amount) as amount
          from invoice_line l
          join invoice i on i.id = l.invoice and i.period >= since
         group by l.invoice
    ), checked as (
        select i.currency, i.subtotal, i.total, l.amount,
               case
                   when i.subtotal <> coalesce(l.amount, 0) then
                       format('invoice %s: subtotal %s, but its lines add up to %s', i.number, i.subtotal,
                              coalesce(l.amount, 0))
                   when i.total <> i.subtotal - i.credits + i.tax then
                       format('invoice %s: total %s, but subtotal %s - credits %s + tax %s', i.number, i.total, i.subtotal,
                              i.credits, i.tax)
                   when i.amount_due <> i.total + i.carried_in - i.carried_forward - i.from_balance then
                       format('invoice %s: amount due %s, but total %s + carried in %s - carried forward %s - from balance %s',
                              i.number, i.amount_due, i.total, i.carried_in, i.carried_forward, i.from_balance)
               end as told
          from invoice i
          left join line l on l.invoice = i.id
         where i.status <> 'DRAFT'
           and i.period >= since
    ), summed as (
        select currency, count(told) as broken,
               format('%s invoices: lines %s = subtotals %s, totals %s',
                      count(*),
                      coalesce(sum(amount), 0),
                      coalesce(sum(subtotal), 0),
                      coalesce(sum(total), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no invoices'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

-- Each tax is its percentage of its base, and so is what credit notes return of it; together they are what the documents say.
create function verify_taxes(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with issued as (
        select i.id, i.number, i.currency, i.subtotal - i.credits as net, i.tax, i.credits, u.unit
          from invoice i
          join currency u on u.code = i.currency
         where i.status <> 'DRAFT' and i.period >= since
    ), line as (
        select l.invoice, l.tax, sum(l.amount) as amount
          from invoice_line l
          join issued i on i.id = l.invoice
         group by l.invoice, l.tax
    ), returned as (
        select c.invoice, c.tax, sum(c.amount) as amount
          from credit_note_tax c
          join issued i on i.id = c.invoice
         group by c.invoice, c.tax
    ), row_of as (
        select i.number, i.currency, i.unit, t.*, coalesce(l.amount, 0) as lines, coalesce(r.amount, 0) as returned,
               i.credits
          from issued i
          join invoice_tax t on t.invoice = i.id
          left join line l on l.invoice = t.invoice and l.tax = t.position
          left join returned r on r.invoice = t.invoice and r.tax = t.position
    ), summed as (
        select i.number, i.currency, i.net, i.tax, coalesce(sum(t.base), 0) as base, coalesce(sum(t.tax), 0) as taxes
          from issued i
          left join invoice_tax t on t.invoice = i.id
         group by i.id, i.number, i.currency, i.net, i.tax
    ), noted as (
        select c.number, i.currency, c.tax, least(c.amount, greatest(0, i.total)) as most,
               coalesce(sum(t.amount), 0) as taxes, coalesce(sum(t.amount + t.base), 0) as gross
          from credit_note c
          join invoice i on i.id = c.invoice and i.period >= since
          left join credit_note_tax t on t.credit_note = c.id
         group by c.id, c.number, i.currency, c.tax, c.amount, i.total
    ), checked as (
        select currency, tax, returned,
               case
                   when 2 * abs(tax - base * percent / 100) > unit then
                       format('invoice %s: tax %s is not %s %% of %s', number, tax, trim_scale(percent), base)
                   when abs(returned) > abs(tax) then
                       format('invoice %s: credit notes return %s of a tax of %s', number, returned, tax)
                   when credits = 0 and base <> lines then
                       format('invoice %s: a tax is of %s, but the lines that bear it are %s', number, base, lines)
               end as told
          from row_of
         union all
        select currency, 0, 0,
               case when base <> net or taxes <> tax then
                   format('invoice %s: its taxes are %s on %s, but it bills %s with tax %s', number, taxes, base, net, tax)
               end
          from summed
         union all
        select currency, 0, 0,
               case when taxes <> tax or gross > most then
                   format('credit note %s: its taxes are %s of %s, but its tax is %s', number, taxes, gross, tax)
               end
          from noted
    ), told as (
        select currency, count(told) as broken,
               format('%s charged, %s returned', coalesce(sum(tax), 0), coalesce(sum(returned), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no invoices'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from told
$$;

create function verify_invoice_postings(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with issued as (
        select id, number, account, currency, period, subtotal - credits as net, tax, total, from_balance
          from invoice
         where status not in ('DRAFT', 'VOID')
           and period >= since
    ), posted as (
        select p.invoice,
               sum(case when p.debit = 'RECEIVABLE' then p.amount when p.credit = 'RECEIVABLE' then -p.amount else 0 end)
                   as receivable,
               -- What a credit note takes back of the tax is its own (verify_credit_notes).
               sum(case when p.kind in ('credited', 'granted') then 0 when p.credit = 'TAX' then p.amount
                        when p.debit = 'TAX' then -p.amount else 0 end) as tax,
               sum(case when p.credit = 'ACCRUED' then p.amount when p.debit = 'ACCRUED' then -p.amount else 0 end) as accrued,
               sum(case when p.kind <> 'balance-applied' then 0 when p.debit = 'BALANCE' then p.amount else -p.amount end) as applied
          from posting p
          join issued i on i.id = p.invoice
         group by p.invoice
    ), settled as (
        select s.invoice, sum(s.amount) as amount
          from settlement s
          join issued i on i.id = s.invoice
         where s.kind <> 'CARRIED'
         group by s.invoice
    ), line as (
        select l.invoice, count(*) as lines
          from invoice_line l
          join issued i on i.id = l.invoice
         group by l.invoice
    ), checked as (
        select i.currency, i.total, i.tax, s.amount as settled,
               case
                   -- Each printed line is rounded, and so is the credit.
                   when abs(i.net - coalesce(m.accrued, 0))
                        > (coalesce(l.lines, 0) + 1) * u.unit then
                       format('invoice %s: %s before tax, but %s accrued in its period: more than rounding', i.number, i.net,
                              coalesce(trim_scale(m.accrued), 0))
                   when coalesce(p.applied, 0) <> i.from_balance then
                       format('invoice %s of %s: %s paid from the account balance, but posted %s', i.number, i.account,
                              i.from_balance, coalesce(trim_scale(p.applied), 0))
                   when coalesce(p.receivable, 0) <> i.total - i.from_balance - coalesce(s.amount, 0) then
                       format('invoice %s: total %s less settled %s, but RECEIVABLE says %s', i.number,
                              i.total - i.from_balance, coalesce(s.amount, 0), coalesce(trim_scale(p.receivable), 0))
                   when coalesce(p.tax, 0) <> i.tax then
                       format('invoice %s: tax %s, but posted %s', i.number, i.tax, coalesce(trim_scale(p.tax), 0))
                   when coalesce(p.accrued, 0) <> coalesce(m.accrued, 0) then
                       format('invoice %s: %s accrued in its period, but posted %s as invoiced', i.number,
                              coalesce(trim_scale(m.accrued), 0), coalesce(trim_scale(p.accrued), 0))
               end as told
          from issued i
          join currency u on u.code = i.currency
          left join posted p on p.invoice = i.id
          left join settled s on s.invoice = i.id
          left join line l on l.invoice = i.id
          left join monthly_cost m on m.account = i.account and m.period = i.period
    ), summed as (
        select currency, count(told) as broken,
               format('%s invoices of %s, of which tax %s, less settled %s',
                      count(*),
                      coalesce(sum(total), 0),
                      coalesce(sum(tax), 0),
                      coalesce(sum(settled), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no invoices'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create function verify_invoice_numbers(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with issued as (
        select year, count(*) as invoices, count(distinct number) as numbers, count(distinct n) as counted, min(n) as first,
               max(n) as last
          from (select year, number, substring(number from '(\d+)$')::integer as n from invoice where number is not null) i
         where year >= extract(year from greatest(since, date '0001-01-01'))
         group by year
    ), series as (
        select year, last_number, lost_numbers('INVOICE', year) as lost
          from invoice_series
         where year >= extract(year from greatest(since, date '0001-01-01'))
    ), checked as (
        select coalesce(i.year, s.year) as year, coalesce(i.invoices, 0) as invoices, coalesce(s.last_number, 0) as last,
               coalesce(s.lost, 0) as lost,
               case when coalesce(s.last_number, 0) <> coalesce(i.invoices, 0) + coalesce(s.lost, 0)
                      or i.invoices <> i.counted or i.invoices <> i.numbers
                      or i.first < 1 or i.last > s.last_number
                      or exists (select
                                   from lost_number l
                                   join invoice k on k.year = l.year and substring(k.number from '(\d+)$')::integer between l.first and l.last
                                  where l.series = 'INVOICE' and l.year = s.year) then
                   format('%s: %s invoices with %s numbers from %s to %s, but the series is at %s', coalesce(i.year, s.year),
                          coalesce(i.invoices, 0), coalesce(i.counted, 0), coalesce(i.first, 0), coalesce(i.last, 0),
                          coalesce(s.last_number, 0))
               end as told
          from issued i
          full join series s on s.year = i.year
    )
    select coalesce(string_agg(format('%s: %s invoices, 1 to %s', year, invoices, last)
                               || case when lost > 0 then format(', %s of them lost before a restore', lost) else '' end, '; ' order by year),
                    'no invoice is issued'),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_invoice_dates() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select case
                   when due_on < issued_on then
                       format('invoice %s is due on %s, before it was issued on %s', number, due_on, issued_on)
                   when extract(year from issued_on) <> year then
                       format('invoice %s was issued on %s, in another year than its number', number, issued_on)
               end as told
          from invoice
         where status <> 'DRAFT'
    )
    select format('%s invoices are due after they were issued', count(*) - count(told)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_one_invoice(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select count(*) as invoices,
               case when count(*) > 1 then
                   format('%s has %s invoices for %s in %s: %s', account, count(*), to_char(period, 'YYYY-MM'), currency,
                          string_agg(coalesce(number, 'draft'), ', ' order by id))
               end as told
          from invoice
         where period >= since
         group by account, period, currency
    )
    select format('%s invoices for %s accounts and periods', coalesce(sum(invoices), 0), count(*)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- What was left of an invoice after it was issued comes back with the next one that is issued on a later day.
create function verify_carried() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with entry as (
        select id, account, currency, number, issued_on as day, carried_in, carried_forward, 0 as settled
          from invoice
         where status not in ('DRAFT', 'VOID')
         union all
        select s.invoice, i.account, i.currency, null, (s.at at time zone 'UTC')::date, 0, 0, s.amount
          from settlement s
          join invoice i on i.id = s.invoice
         where s.kind = 'CARRIED'
    ), chain as (
        select e.*,
               coalesce(sum(carried_forward - carried_in) over earlier, 0) as brought,
               -- Of its own day is what may have come just before it was drafted, or just after.
               coalesce(sum(settled) over sooner, 0) as least, coalesce(sum(settled) over (partition by account, currency), 0) as most
          from entry e
        window earlier as (partition by account, currency order by id, number nulls last
                           rows between unbounded preceding and 1 preceding),
               sooner as (partition by account, currency order by day
                          range between unbounded preceding and interval '1 day' preceding)
    ), checked as (
        select currency, carried_in, carried_forward, settled,
               case when number is not null and not carried_in between brought + least and brought + most then
                   format('invoice %s of %s carries in %s, but %s was left of what came before it', number, account,
                          carried_in, brought + least)
               end as told
          from chain
    ), summed as (
        select currency, count(told) as broken,
               format('%s invoices: carried in %s, carried forward %s',
                      count(*) filter (where settled = 0),
                      coalesce(sum(carried_in), 0),
                      coalesce(sum(carried_forward + settled), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no invoices'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create function verify_credit_notes() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with noted as (
        select c.year, count(*) as notes, count(distinct substring(c.number from '(\d+)$')::integer) as numbers,
               max(substring(c.number from '(\d+)$')::integer) as last
          from credit_note c
         group by c.year
    ), posted as (
        select split_part(p.reference, '/', 2) as number, sum(case when p.debit = 'TAX' then p.amount when p.credit = 'TAX' then -p.amount end) as tax,
               sum(case when p.credit = 'BALANCE' then p.amount when p.debit = 'BALANCE' then -p.amount end) as freed
          from posting p
         where p.kind in ('credited', 'granted')
           and p.reference like 'CREDIT_NOTE/%'
         group by 1
    ), checked as (
        select null as currency, null as amount,
               case when coalesce(n.notes, 0) <> coalesce(n.numbers, 0)
                      or coalesce(s.last_number, 0) <> coalesce(n.numbers, 0) + lost_numbers('CREDIT_NOTE', s.year)
                      or n.last > s.last_number or s.year is null then
                   format('%s: %s credit notes with %s numbers up to %s, but the series is at %s', coalesce(n.year, s.year),
                          coalesce(n.notes, 0), coalesce(n.numbers, 0), coalesce(n.last, 0), coalesce(s.last_number, 0))
               end as told
          from noted n
          full join credit_note_series s on s.year = n.year
         union all
        select i.currency, c.amount,
               case when c.settled <> coalesce(s.amount, 0)
                      or c.amount <> coalesce(s.amount, 0) + coalesce(g.amount, p.freed, 0)
                      or c.tax <> coalesce(p.tax, 0) then
                   format('credit note %s of %s with tax %s: %s is settled, %s went to the balance, tax of %s is posted',
                          c.number, c.amount, c.tax, coalesce(s.amount, 0),
                          coalesce(trim_scale(coalesce(g.amount, p.freed)), 0), coalesce(trim_scale(p.tax), 0))
               end
          from credit_note c
          join invoice i on i.id = c.invoice
          left join posted p on p.number = c.number
          left join settlement s on s.kind = 'CREDIT_NOTE' and s.reference = c.number
          left join credit_grant g on g.id = c.grant_id
    ), summed as (
        select currency, count(told) as broken,
               format('%s credit notes of %s',
                      count(*),
                      coalesce(sum(amount), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no credit notes'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

-- What we gave back is never more than what was billed, whatever banks took beside it.
create function verify_given_back() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with touched as (
        -- What a month takes off that is not invoiced yet is not given: drafting holds it.
        select g.*, case when exists (select from late_cost l
                                        join invoice taken on taken.account = l.account and taken.period = l.period
                                                          and taken.status <> 'DRAFT'
                                       where l.account = g.account and l.accrued < 0
                                         and l.month in (select n.usage_period from invoice_line n where n.invoice = g.invoice))
                         then given_twice(g, 0) else 0 end as given_twice
          from given_back g
         where invoice in (select invoice from credit_note
                            union select invoice from refund
                            union select invoice from settlement where kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED'))
    ), checked as (
        select currency, credited, written_off,
               case
                   when credited + written_off + reserved > billed then
                       format('invoice %s of %s: %s is credited, %s written off and %s about to be, of %s billed: stop the'
                              || ' refund in the provider''s dashboard, or agree with the customer', number, account, credited,
                              written_off, reserved, billed)
                   when given_twice > 0 then
                       format('invoice %s of %s: %s is given back of %s billed, and usage of %s was taken back besides: report'
                              || ' that usage again under another id, or agree with the customer', number, account,
                              credited + written_off + reserved, billed, corrected)
               end as told
          from touched
    ), summed as (
        select currency, count(told) as broken,
               format('%s invoices: %s credited, %s written off',
                      count(*),
                      coalesce(sum(credited), 0),
                      coalesce(sum(written_off), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'nothing was credited, refunded or written off'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

-- Nobody is billed in what cannot be charged, and nothing that was issued and is open is more than can be charged at once.
create function verify_chargeable() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select 1 as accounts, 0 as open,
               case when c.code is null or c.refused_because <> '' then
                   format('%s is billed in %s, which cannot be charged (%s): import it under another id, in another currency',
                          a.id, a.currency, coalesce(c.refused_because, 'it is no currency'))
               end as told
          from account a
          left join currency c on c.code = a.currency
         union all
        select 0, 1,
               case when i.amount_due * 10::numeric ^ c.stripe_decimals > 999999999999 then
                   format('invoice %s of %s: %s %s is due, more than can be charged: void the usage that is wrong, and credit'
                          || ' the invoice', i.number, i.account, i.amount_due, i.currency)
               end
          from invoice i
          join currency c on c.code = i.currency
         where i.status = 'OPEN'
    )
    select format('%s accounts, %s open invoices', coalesce(sum(accounts), 0), coalesce(sum(open), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- What must lie in the documents folder: the PDF of each issued invoice of a monthly run that rendered its documents, but
-- for those that are listed as held, and of each credit note that is rendered.
create view verify_document as
select 'invoice ' || i.number as document, d.file, d.sha256
  from invoice i
  join (select date as period
          from run
         where job = 'monthly'
           and latest
         group by date
        having bool_and(status = 'COMPLETED')) done on done.period = i.period
  left join invoice_document d on d.invoice = i.id
 where i.status <> 'DRAFT'
   and not exists (select
                     from held h
                    where h.step = 'render-documents'
                      and h.item = 'invoice ' || i.number
                      and h.resolved_at is null
                      and d.invoice is null)
 union all
select 'credit note ' || c.number, d.file, d.sha256
  from credit_note c
  join credit_note_document d on d.credit_note = c.id;

-- What is held is not done. An item may be done by other ways after a run has held it: the next night finds that.
create function verify_held() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select h.step || ' holds ' || h.item || ', which is done' as told
          from held h
          cross join verify_last_night n
         where h.resolved_at is null
           and h.last_at < n.date::timestamp at time zone 'UTC'
           and case h.step
                   when 'draft-invoices' then
                       exists (select from invoice i
                                where i.account = h.account and i.period = h.period and i.status <> 'DRAFT')
                   when 'charge-invoices' then
                       exists (select from invoice i where h.item = 'invoice ' || i.number and i.status <> 'OPEN')
                   when 'send-mail' then
                       exists (select from notice m where h.item = 'mail ' || m.message_id and m.status = 'SENT')
                   when 'render-credit-notes' then
                       exists (select from credit_note c
                                 join credit_note_document d on d.credit_note = c.id
                                where h.item = 'credit note ' || c.number)
                   else false end
        union all
        select 'draft-invoices holds account ' || h.account || ', which has an invoice of ' || to_char(h.period, 'YYYY-MM')
          from invoice_hold h
          join invoice i on i.account = h.account and i.period = h.period and i.status <> 'DRAFT'
    )
    select format('%s items are held', (select count(*) from held where resolved_at is null)),
           count(*), coalesce((array_agg(told order by told))[1:5], '{}')
      from checked
$$;
