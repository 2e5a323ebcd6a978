-- What a step could not do for one item (an account, an invoice, a mail, an event), with the reason. The step went on with
-- the others, and each later run tries the item again. A row is resolved when the item goes through.
create table held (
    id            bigint generated always as identity primary key,
    step          text not null check (step <> ''),
    -- The billing period of a monthly step.
    period        date check (extract(day from period) = 1),
    item          text not null check (item <> ''),
    account       text references account,
    reason        text not null check (reason <> ''),
    detail        text not null,
    first_at      timestamptz not null,
    last_at       timestamptz not null,
    -- The job instances that held it and did not get it done themselves, the latest one last.
    runs          bigint[] not null,
    resolved_at   timestamptz,
    check (first_at <= last_at)
);
create unique index held_open on held (step, period, item) nulls not distinct where resolved_at is null;
create index held_account on held (account) where resolved_at is null;

-- What is held of a month, for people: accounts that were not billed, and documents that could not be made.
create or replace view report_hold as
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

-- What must lie in the documents folder: the PDF of each issued invoice of a monthly run that rendered its documents, but
-- for those that are listed as held.
create or replace view verify_document as
select i.period, i.number, d.file, d.sha256
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
                      and d.invoice is null);

insert into held (step, period, item, account, reason, detail, first_at, last_at, runs)
select case when i.id is null then 'render-credit-notes' else 'render-documents' end, h.period,
       case when i.id is null then 'credit note ' else 'invoice ' end || h.number, h.account, 'NOT_RENDERED', h.reason,
       now(), now(), '{-1}'
  from document_hold h
  left join invoice i on i.number = h.number;
drop table document_hold;

-- A run with how many items it held.
create view counted_run as
select r.*, coalesce(h.held, 0) as held
  from run r
  join batch_job_execution e on e.job_execution_id = r.id
  left join (select unnest(runs) as instance, count(*) as held from held group by 1) h on h.instance = e.job_instance_id;

-- Issued later than the first of the next month: its account was held, or the run was late.
create function issued_late(issued_on date, period date) returns boolean language sql immutable
    return issued_on > (period + interval '1 month')::date;
create index invoice_late on invoice (id) where issued_late(issued_on, period);

-- Only what the customer had in the mail by then, and what was tried by then without success or has no card to try, may
-- suspend an account; what has suspended it goes on to count until it is settled.
create function counts_towards_suspension(checked bigint, by_then timestamptz default 'infinity')
returns boolean language sql stable as $$
    select exists (select from dunning_step s where s.invoice = checked and s.step = 'SUSPENSION')
        or exists (select
                     from invoice i
                     join account a on a.id = i.account
                    where i.id = checked
                      and exists (select from notice n
                                   where n.account = i.account and n.status = 'SENT' and n.sent_at < by_then
                                     and (n.key = i.number or n.key like i.number || '/%'))
                      and (a.payment_method is null
                           or exists (select from payment_attempt p
                                       where p.invoice = i.id
                                         and p.status in ('SUCCEEDED', 'DECLINED_RETRYABLE', 'DECLINED_FOR_GOOD', 'NEEDS_CUSTOMER')
                                         and p.resolved_at < by_then)))
$$;
