-- What the finance report prints, one view a file. Each has the period by which its rows are chosen; numbers are exact.

-- What is left to the next invoice is not due of this one.
create view report_invoice as
select i.period, i.number, i.account, a.name, to_char(i.period, 'YYYY-MM') as month, i.status, i.issued_on, i.due_on,
       i.currency, i.subtotal, i.credits, i.tax, i.total, i.carried_in,
       i.carried_forward + coalesce(s.carried, 0) as carried_forward, i.amount_due - coalesce(s.carried, 0) as amount_due,
       coalesce(s.paid, 0 * i.amount_due) as paid, coalesce(s.credited, 0 * i.amount_due) as credited,
       coalesce(s.written_off, 0 * i.amount_due) as written_off,
       i.amount_due - coalesce(s.carried + s.paid + s.credited + s.written_off, 0) as open, d.sha256 as pdf_sha256, i.from_balance
  from invoice i
  join account a on a.id = i.account
  left join (select invoice,
                    sum(case when kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED', 'CREDIT_NOTE', 'CARRIED') then 0 * amount else amount end)
                        as paid,
                    sum(case when kind = 'CREDIT_NOTE' then amount else 0 * amount end) as credited,
                    sum(case when kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED') then amount else 0 * amount end) as written_off,
                    sum(case when kind = 'CARRIED' then amount else 0 * amount end) as carried
               from settlement
              group by invoice) s on s.invoice = i.id
  left join invoice_document d on d.invoice = i.id
 where i.status <> 'DRAFT';

create view report_invoice_line as
select i.period, i.number, i.account, l.position, l.product, to_char(l.usage_period, 'YYYY-MM') as usage_period, l.tier,
       trim_scale(l.quantity) as quantity, l.unit, l.unit_price, l.listed_unit, i.currency, l.amount
  from invoice_line l
  join invoice i on i.id = l.invoice
 where i.status <> 'DRAFT';

-- Invoices as money: what the period was billed, per currency.
create view report_invoiced as
select period, currency, count(*) as invoices, sum(subtotal) as subtotal, sum(credits) as credits, sum(tax) as tax,
       sum(total) as total, sum(carried_in) as carried_in, sum(carried_forward) as carried_forward,
       sum(amount_due) as amount_due, sum(paid) as paid, sum(credited) as credited, sum(written_off) as written_off,
       sum(open) as open, sum(from_balance) as from_balance
  from report_invoice
 where status <> 'VOID'
 group by period, currency;

create view report_unpaid as
select period, number, account, name, month, issued_on, due_on, currency, amount_due, open
  from report_invoice
 where status = 'OPEN'
   and open > 0;

-- What is held of a month, for people: accounts that were not billed, and documents that could not be made.
create view report_hold as
select h.period, h.account, a.name, h.reason, h.detail
  from (select period, account, reason, detail from invoice_hold
        union all
        select o.period, o.account, o.reason, o.detail
          from held o
         where o.step in ('draft-invoices', 'render-documents', 'render-credit-notes')
           and o.resolved_at is null
           and not (o.step = 'draft-invoices'
                    and exists (select from invoice_hold i where i.account = o.account and i.period = o.period))) h
  join account a on a.id = h.account;

create view report_product_revenue as
with cost as (
    select c.period, c.product, p.currency, sum(c.quantity) as quantity, sum(c.amount) as amount
      from usage_line c
      join price p on p.id = c.price
     group by c.period, c.product, p.currency
), free as (
    select u.period, u.product, a.currency, sum(u.records) as records, sum(u.free_quantity) as quantity,
           sum(u.free_records) as free_records
      from usage_line u
      join account a on a.id = u.account
     group by u.period, u.product, a.currency
)
select coalesce(c.period, f.period) as period, p.id as product, coalesce(c.currency, f.currency) as currency,
       trim_scale(coalesce(c.quantity, 0)) as quantity, p.unit, coalesce(f.records, 0) as records,
       trim_scale(coalesce(f.quantity, 0)) as free_quantity, coalesce(f.free_records, 0) as free_records,
       trim_scale(coalesce(c.amount, 0)) as cost
  from cost c
  full join free f on f.period = c.period and f.product = c.product and f.currency = c.currency
  join product p on p.id = coalesce(c.product, f.product);

-- Credit covers an account's month and not a product, which is why it stands here.
create view report_account_revenue as
select m.period, m.account, a.name, a.currency, trim_scale(m.cost) as cost, trim_scale(m.credits) as credits,
       trim_scale(m.accrued) as accrued
  from monthly_cost m
  join account a on a.id = m.account;

create view report_revenue as
select period, currency, count(*) as accounts, trim_scale(sum(cost)) as cost, trim_scale(sum(credits)) as credits,
       trim_scale(sum(accrued)) as accrued
  from report_account_revenue
 group by period, currency;

create view report_daily_revenue as
select c.period, c.day, p.currency, count(distinct c.account) as accounts, trim_scale(sum(c.amount)) as cost,
       c.day < c.period as late
  from daily_cost c
  join price p on p.id = c.price
 group by c.period, c.day, p.currency;

create view report_late_usage as
with cost as (
    select c.account, c.product, c.day, c.period, p.currency, sum(c.amount) as amount
      from usage_line c
      join price p on p.id = c.price
     where c.day < c.period
     group by c.account, c.product, c.day, c.period, p.currency
)
select u.period, u.account, a.name, u.product, to_char(u.day, 'YYYY-MM') as usage_period, u.day,
       trim_scale(u.quantity) as quantity, p.unit, u.records, coalesce(c.currency, a.currency) as currency,
       trim_scale(coalesce(c.amount, 0)) as cost
  from daily_usage u
  join account a on a.id = u.account
  join product p on p.id = u.product
  left join cost c on c.account = u.account and c.product = u.product and c.day = u.day and c.period = u.period
 where u.day < u.period;

-- What went back to the customer, or to his bank, of a grant is neither used nor expired.
create view report_credit_movement as
select date_trunc('month', coalesce(p.period::timestamp, p.at at time zone 'UTC'))::date as period, g.kind, p.currency,
       case when p.kind in ('granted', 'expired') then p.kind
            when p.kind in ('refund-asked', 'refund-lifted', 'refund-returned', 'dispute-taken', 'dispute-returned', 'refunded', 'credit-taken')
                then 'refunded'
            else 'consumed' end as movement,
       sum(case when p.credit = 'GRANT' then p.amount else -p.amount end) as amount
  from posting p
  join credit_grant g on g.id = p.grant_id
 group by 1, 2, 3, 4;

create view report_credit_left as
select kind, currency, sum(amount - used) as amount
  from credit_grant
 group by kind, currency;

create view report_balance as
select b.account, a.name, b.currency, trim_scale(b.amount) as balance, trim_scale(b.owed) as owed
  from account_balance b
  join account a on a.id = b.account
 where b.amount <> 0 or b.owed <> 0;

create view report_payment as
select i.period, i.number, i.account, a.n as attempt, a.status as outcome, a.decline_code, a.advice_code,
       round(a.amount_minor / 10::numeric ^ currency_decimals(a.currency), currency_decimals(a.currency)) as amount,
       a.currency, a.payment_method, a.claimed_at, a.resolved_at, p.stripe_id, a.message
  from payment_attempt a
  join invoice i on i.id = a.invoice
  left join payment_intent p on p.invoice = a.invoice and p.n = a.intent;

-- All that changed what is open of an invoice beside its own total, and what went to or from the account balance instead.
create view report_settlement as
select i.period, i.number, i.account, m.kind, i.currency, m.amount, m.reference, m.at, m.balance
  from (select invoice, kind, amount, reference, at, false as balance from settlement
         union all
        select invoice, kind, amount, reference, at, true from surplus
         union all
        select invoice, 'CREDIT_NOTE', amount - settled, number, issued_on::timestamp at time zone 'UTC', true
          from credit_note
         where settled < amount and grant_id is null
         union all
        select invoice, 'REFUND', -amount, stripe_id, resolved_at, true
          from refund
         where status = 'SUCCEEDED' or returned_at is not null
         union all
        select invoice, 'REFUND_FAILED', amount, stripe_id, returned_at, true
          from refund
         where returned_at is not null
         union all
        select invoice, 'DISPUTE', -amount + owed, id, opened_at, true
          from dispute
         where owed < amount
         union all
        select invoice, 'DISPUTE_WON', amount, id, closed_at, true
          from dispute
         where status = 'WON') m
  join invoice i on i.id = m.invoice;

-- Every top-up, what was charged for it with its tax, and what the ledger's CASH says of its grant and of the tax.
create view report_top_up as
select t.id, t.account, t.reference, t.status, t.currency, t.amount, t.tax, t.total, t.intent, t.charge, t.grant_id, t.claimed_at,
       t.resolved_at,
       (select trim_scale(sum(p.amount))
          from posting p
         where p.debit = 'CASH'
           and (p.kind, p.reference) in (('granted', t.grant_id::text), ('top-up-tax', 'TOP_UP/' || t.id))) as posted
  from top_up t;

-- What the ledger's CASH says of money that came in or went out.
create function cash_posted(of_kind text, of_reference text) returns numeric language sql stable as $$
    select coalesce(sum(case when debit = 'CASH' then amount else -amount end), 0)
      from posting
     where 'CASH' in (debit, credit)
       and kind in ('paid', 'refunded', 'refund-failed', 'disputed', 'restored', 'returned')
       and reference in (of_kind || '/' || of_reference, of_kind || '/' || of_reference || '/balance')
$$;

-- Every amount that came in or went out for an invoice, a top-up or an account, and what the ledger's CASH says of it. What
-- a top-up itself brought is in report_top_up.
create view report_cash as
with moved as (
    select s.kind, s.reference, s.invoice, null::bigint as top_up, null::text as account, null::text as currency, s.amount, s.at
      from settlement s
     where s.kind in ('CARD', 'TRANSFER')
     union all
    select u.kind, u.reference, u.invoice, null, null, null, u.amount, u.at
      from surplus u
     where u.kind in ('CARD', 'TRANSFER')
     union all
    select p.kind, p.reference, null, null, p.account, p.currency, p.amount, p.at
      from account_payment p
     union all
    select 'RETURN', b.reference, null, null, b.account, b.currency, -b.amount, b.at
      from account_return b
     union all
    select 'REFUND', r.stripe_id, r.invoice, r.top_up, null, null, -r.amount, r.resolved_at
      from refund r
     where r.status = 'SUCCEEDED' or r.returned_at is not null
     union all
    select 'REFUND_FAILED', r.stripe_id, r.invoice, r.top_up, null, null, r.amount, r.returned_at
      from refund r
     where r.returned_at is not null
     union all
    select 'DISPUTE', d.id, d.invoice, d.top_up, null, null, -d.amount, d.opened_at
      from dispute d
     union all
    select 'DISPUTE_WON', d.id, d.invoice, d.top_up, null, null, d.amount, d.closed_at
      from dispute d
     where d.status = 'WON'
)
select m.kind, m.reference, i.id as invoice, t.id as top_up, i.number, coalesce(i.account, t.account, m.account) as account,
       i.period, coalesce(i.currency, t.currency, m.currency) as currency, sum(m.amount) as amount,
       trim_scale(cash_posted(m.kind, m.reference)) as posted, min(m.at) as at,
       case when i.id is not null then 'invoice ' || i.number
            when t.id is not null then 'top-up ' || t.reference || ' of ' || t.account
            else 'account ' || m.account end as what
  from moved m
  left join invoice i on i.id = m.invoice
  left join top_up t on t.id = m.top_up
 group by m.kind, m.reference, i.id, t.id, i.number, i.account, t.account, m.account, t.reference, i.period, i.currency,
          t.currency, m.currency;

-- What banks and the provider's dashboard took beyond what could be taken back or is owed.
create view report_loss as
select date_trunc('month', l.at at time zone 'UTC')::date as period, l.kind, l.reference,
       coalesce(i.account, t.account) as account, i.number, t.reference as top_up, coalesce(i.currency, t.currency) as currency,
       l.amount, l.at
  from (select 'DISPUTE' as kind, id as reference, invoice, top_up, amount - taken - owed as amount, closed_at as at
          from dispute where status = 'LOST' and taken + owed < amount
         union all
        select 'REFUND', stripe_id, invoice, top_up, lost, resolved_at
          from refund where status = 'SUCCEEDED' and lost > 0) l
  left join invoice i on i.id = l.invoice
  left join top_up t on t.id = l.top_up;

create view report_usage_file as
select f.id as file, f.name, f.started_at, f.ended_at, f.lines + coalesce(g.records, 0) as lines,
       f.accepted + coalesce(g.records, 0) as accepted, f.duplicates, f.quarantined, f.left_out,
       coalesce(q.released, 0) as released
  from usage_file f
  left join gate_file g on g.file = f.id
  left join (select file, count(*) as released from usage_quarantine where released_at is not null group by file) q
    on q.file = f.id;

create view report_usage_record as
select file, occurred_at, failed, billable, 1 as records from usage_record
 union all
select file, day::timestamp at time zone 'UTC', failed, billable, records from usage_archive_sum
 union all
select r.file, s.day::timestamp at time zone 'UTC', s.failed, s.billable, s.records
  from usage_run_sum s
  join usage_run r on r.id = s.run
 where s.records > 0;

-- The day that ages are counted at: the last night that is done.
create view report_as_of as
select max(date) as date from run where job = 'nightly' and status = 'COMPLETED';
