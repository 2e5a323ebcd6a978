-- What the finance report prints, one view a file. Each has the period by which its rows are chosen; numbers are exact.

create view report_invoice as
select i.period, i.number, i.account, a.name, to_char(i.period, 'YYYY-MM') as month, i.status, i.issued_on, i.due_on,
       i.currency, i.subtotal, i.credits, i.tax, i.total, i.carried_in, i.carried_forward, i.amount_due,
       coalesce(s.paid, 0 * i.amount_due) as paid, coalesce(s.credited, 0 * i.amount_due) as credited,
       coalesce(s.written_off, 0 * i.amount_due) as written_off,
       i.amount_due - coalesce(s.paid + s.credited + s.written_off, 0) as open, d.sha256 as pdf_sha256
  from invoice i
  join account a on a.id = i.account
  left join (select invoice, sum(case when kind in ('WRITE_OFF', 'CREDIT_NOTE') then 0 * amount else amount end) as paid,
                    sum(case when kind = 'CREDIT_NOTE' then amount else 0 * amount end) as credited,
                    sum(case when kind = 'WRITE_OFF' then amount else 0 * amount end) as written_off
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
       sum(open) as open
  from report_invoice
 where status <> 'VOID'
 group by period, currency;

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

create view report_payment as
select i.period, i.number, i.account, a.n as attempt, a.status as outcome, a.decline_code, a.advice_code,
       round(a.amount_minor / 10::numeric ^ currency_decimals(a.currency), currency_decimals(a.currency)) as amount,
       a.currency, a.payment_method, a.claimed_at, a.resolved_at, p.stripe_id, a.message
  from payment_attempt a
  join invoice i on i.id = a.invoice
  left join payment_intent p on p.invoice = a.invoice;

create view report_unpaid as
select period, number, account, name, month, issued_on, due_on, currency, amount_due, open
  from report_invoice
 where status = 'OPEN'
   and open > 0;

-- What moved a grant, in the month that it belongs to: usage in the period it is billed for, all else when it happened.
create view report_credit_movement as
select date_trunc('month', coalesce(p.period::timestamp, p.at at time zone 'UTC'))::date as period, g.kind, p.currency,
       case when p.kind = 'granted' then 'granted' when p.kind = 'expired' then 'expired' else 'consumed' end as movement,
       sum(case when p.credit = 'GRANT' then p.amount else -p.amount end) as amount
  from posting p
  join credit_grant g on g.id = p.grant_id
 group by 1, 2, 3, 4;

create view report_credit_left as
select kind, currency, sum(amount - used) as amount
  from credit_grant
 group by kind, currency;

create view report_usage_file as
select f.id as file, f.name, f.started_at, f.ended_at, f.lines, f.accepted, f.duplicates, f.quarantined,
       coalesce(q.released, 0) as released
  from usage_file f
  left join (select file, count(*) as released from usage_quarantine where released_at is not null group by file) q
    on q.file = f.id;

create view report_usage_record as
select file, occurred_at, failed, billable from usage_record;

create view report_hold as
select h.period, h.account, a.name, h.reason, h.detail
  from invoice_hold h
  join account a on a.id = h.account;

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

-- The day that ages are counted at: the last night that is done.
create view report_as_of as
select max(date) as date from run where job = 'nightly' and status = 'COMPLETED';
