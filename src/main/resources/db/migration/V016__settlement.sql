-- Money that reaches or leaves an invoice outside of our own charge attempts, and what Stripe tells of it.

create table credit_note_series (
    year        integer primary key,
    last_number integer not null check (last_number >= 0)
);

-- Corrects an issued invoice. What it takes off the open amount is a settlement; what was paid already becomes credit.
create table credit_note (
    id        bigint generated always as identity primary key,
    invoice   bigint not null references invoice,
    year      integer not null,
    number    text not null unique check (number ~ '^CN-[0-9]{4}-[0-9]{6,}$'),
    issued_on date not null,
    amount    numeric not null check (amount > 0),
    -- The part of the amount that is tax.
    tax       numeric not null,
    settled   numeric not null,
    grant_id  bigint references credit_grant,
    reason    text not null check (reason <> ''),
    constraint credit_note_tax check (tax between 0 and amount),
    constraint credit_note_settled check (settled between 0 and amount),
    constraint credit_note_grant check ((settled < amount) = (grant_id is not null))
);
create index credit_note_invoice on credit_note (invoice);
create trigger credit_note_is_history before update or delete or truncate on credit_note
    for each statement execute function refuse_change();

-- The PDF as it was rendered; rendering again must give the same bytes.
create table credit_note_document (
    credit_note bigint primary key references credit_note,
    file        text not null,
    sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    bytes       integer not null
);

-- Money for an invoice beyond what was open of it: it became credit. What went back of that is a row with a negative amount.
create table surplus (
    kind      text not null check (kind in ('CARD', 'TRANSFER', 'DISPUTE_WON', 'REFUND_FAILED', 'REFUND', 'DISPUTE')),
    reference text not null,
    invoice   bigint not null references invoice,
    grant_id  bigint not null references credit_grant,
    amount    numeric not null check (amount <> 0),
    at        timestamptz not null,
    primary key (kind, reference),
    constraint surplus_sign check ((amount < 0) = (kind in ('REFUND', 'DISPUTE')))
);
create index surplus_invoice on surplus (invoice);
create index surplus_grant on surplus (grant_id);
create trigger surplus_is_history before update or delete or truncate on surplus
    for each statement execute function refuse_change();

-- Money given back through Stripe. One that an operator asks for is committed before Stripe is called; one made in
-- Stripe's dashboard is written when it is heard of.
create table refund (
    id          bigint generated always as identity primary key,
    invoice     bigint not null references invoice,
    amount      numeric not null check (amount > 0),
    reason      text not null,
    status      text not null check (status in ('CLAIMED', 'UNKNOWN', 'SUCCEEDED', 'FAILED', 'REFUSED')),
    stripe_id   text unique,
    message     text,
    claimed_at  timestamptz not null,
    resolved_at timestamptz,
    constraint refund_resolved check ((status in ('CLAIMED', 'UNKNOWN')) = (resolved_at is null)),
    constraint refund_known check (status not in ('SUCCEEDED', 'FAILED') or stripe_id is not null)
);
create unique index refund_one_unresolved on refund (invoice) where status in ('CLAIMED', 'UNKNOWN');
create index refund_invoice on refund (invoice);

-- A charge that the cardholder's bank has taken back. While it is under review nobody is reminded or suspended for it.
create table dispute (
    id        text primary key,
    invoice   bigint not null references invoice,
    amount    numeric not null check (amount > 0),
    reason    text not null,
    status    text not null check (status in ('UNDER_REVIEW', 'WON', 'LOST')),
    opened_at timestamptz not null,
    closed_at timestamptz,
    constraint dispute_closed check ((status = 'UNDER_REVIEW') = (closed_at is null))
);
create index dispute_invoice on dispute (invoice);

create function dispute_is_final() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.status <> 'UNDER_REVIEW' then
        raise exception 'dispute % is % and cannot be changed', old.id, old.status;
    end if;
    return new;
end $$;
create trigger dispute_is_final before update or delete on dispute for each row execute function dispute_is_final();

create function under_review(invoice bigint) returns boolean language sql stable as $$
    select exists (select from dispute d where d.invoice = $1 and d.status = 'UNDER_REVIEW')
$$;

-- Stripe's events, each taken once: by a webhook, or by the nightly sweep for what no webhook brought.
create table stripe_event (
    id       text primary key,
    type     text not null,
    object   text not null,
    made_at  timestamptz not null,
    taken_at timestamptz not null,
    effect   text not null
        check (effect in ('NONE', 'SETTLED', 'RESOLVED', 'REFUNDED', 'DISPUTE_OPENED', 'DISPUTE_CLOSED', 'CARD', 'PAYOUT'))
);
create index stripe_event_effect on stripe_event (effect, object) where effect <> 'NONE';
create trigger stripe_event_is_history before update or delete or truncate on stripe_event
    for each statement execute function refuse_change();

-- Up to when all events were looked through. One row, made with the first sweep.
create table stripe_sweep (
    swept_until timestamptz not null,
    one_row     boolean primary key default true check (one_row)
);

create table stripe_payout (
    id         text primary key,
    amount     numeric not null,
    currency   text not null,
    arrives_on date not null
);

-- Every amount that came in or went out for an invoice, and what the ledger's CASH says of it.
create view report_cash as
with part as (
    select s.kind, s.reference, s.invoice, s.amount, s.at,
           (select sum(case when p.debit = 'CASH' then p.amount else -p.amount end)
              from posting p
             where p.kind in ('paid', 'refunded', 'disputed', 'restored')
               and p.reference = s.kind || '/' || s.reference
               and 'CASH' in (p.debit, p.credit)) as posted
      from settlement s
     where s.kind not in ('WRITE_OFF', 'CREDIT_NOTE')
     union all
    select u.kind, u.reference, u.invoice, u.amount, u.at,
           case when u.amount > 0 then
               (select sum(p.amount) from posting p
                 where p.kind = 'granted' and p.reference = u.grant_id::text and p.debit = 'CASH')
           else
               (select -sum(p.amount) from posting p
                 where p.kind in ('refunded', 'disputed')
                   and p.reference = u.kind || '/' || u.reference || '/credit' and p.credit = 'CASH')
           end
      from surplus u
)
select p.kind, p.reference, i.id as invoice, i.number, i.account, i.period, i.currency, sum(p.amount) as amount,
       trim_scale(sum(coalesce(p.posted, 0))) as posted, min(p.at) as at
  from part p
  join invoice i on i.id = p.invoice
 group by p.kind, p.reference, i.id, i.number, i.account, i.period, i.currency;

-- All that changed what is open of an invoice, beside its own total; and what became credit instead.
create view report_settlement as
select i.period, i.number, i.account, s.kind, i.currency, s.amount, s.reference, s.at, false as credit
  from settlement s
  join invoice i on i.id = s.invoice
 union all
select i.period, i.number, i.account, u.kind, i.currency, u.amount, u.reference, u.at, true
  from surplus u
  join invoice i on i.id = u.invoice;

create function verify_money_in() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with part as (
        select currency, amount as paid, 0 as topped_up, 0 as posted from report_cash
         union all
        select currency, 0, amount, 0
          from credit_grant g
         where kind = 'TOP_UP'
           and not exists (select from surplus u where u.grant_id = g.id and u.amount > 0)
           and not exists (select from credit_note c where c.grant_id = g.id)
         union all
        select currency, 0, 0, case when debit = 'CASH' then amount else -amount end
          from posting
         where 'CASH' in (debit, credit)
    ), summed as (
        select currency, trim_scale(sum(paid)) as paid, trim_scale(sum(topped_up)) as topped_up,
               trim_scale(sum(posted)) as posted
          from part
         group by currency
    ), checked as (
        select *, case when posted <> paid + topped_up then
                   format('%s: CASH is %s, but %s was paid and %s topped up', currency, posted, paid, topped_up)
               end as told
          from summed
    )
    select coalesce(string_agg(format('%s: CASH %s = paid for invoices %s + topped up %s', currency, posted, paid, topped_up),
                               '; ' order by currency), 'no money came in'),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_settlement_postings(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with settled as (
        select i.number, s.kind, s.reference, s.amount,
               (select sum(case when p.credit = 'RECEIVABLE' then p.amount else -p.amount end)
                  from posting p
                 where p.kind in ('paid', 'written-off', 'credited', 'refunded', 'disputed', 'restored')
                   and p.reference in (s.kind || '/' || s.reference, s.kind || '/' || s.reference || '/tax')
                   and 'RECEIVABLE' in (p.debit, p.credit)) as posted
          from settlement s
          join invoice i on i.id = s.invoice
         where s.at >= since::timestamp at time zone 'UTC'
         union all
        select number, kind, reference, amount, posted
          from report_cash
         where at >= since::timestamp at time zone 'UTC'
           and (kind, reference) in (select kind, reference from surplus)
    ), checked as (
        select amount, case when amount <> coalesce(posted, 0) then
                   format('invoice %s: the %s %s of %s has postings of %s', number, kind, reference, amount,
                          coalesce(trim_scale(posted), 0))
               end as told
          from settled
    )
    select format('%s settlements of %s', count(*), coalesce(sum(amount), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_credit_notes() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with noted as (
        select c.year, count(*) as notes, count(distinct substring(c.number from '(\d+)$')::integer) as numbers,
               max(substring(c.number from '(\d+)$')::integer) as last
          from credit_note c
         group by c.year
    ), posted as (
        select p.reference, sum(p.amount) as tax
          from posting p
         where p.kind in ('credited', 'granted')
           and p.debit = 'TAX'
         group by p.reference
    ), per_invoice as (
        select c.invoice, sum(c.amount) as amount from credit_note c group by c.invoice
    ), checked as (
        select case when s.last_number is distinct from n.last or n.notes <> n.numbers or n.numbers <> n.last then
                   format('%s: %s credit notes with %s numbers up to %s, but the series is at %s', coalesce(n.year, s.year),
                          coalesce(n.notes, 0), coalesce(n.numbers, 0), coalesce(n.last, 0), coalesce(s.last_number, 0))
               end as told
          from noted n
          full join credit_note_series s on s.year = n.year
         union all
        select case when c.amount > greatest(i.total, i.amount_due) then
                   format('invoice %s: %s is credited of a total of %s', i.number, c.amount, greatest(i.total, i.amount_due))
               end
          from per_invoice c
          join invoice i on i.id = c.invoice
         union all
        select case when c.settled <> coalesce(s.amount, 0) or c.amount <> coalesce(s.amount, 0) + coalesce(g.amount, 0)
                      or c.tax <> coalesce(p.tax, 0) then
                   format('credit note %s of %s with tax %s: %s is settled, %s became credit, tax of %s is posted', c.number,
                          c.amount, c.tax, coalesce(s.amount, 0), coalesce(trim_scale(g.amount), 0),
                          coalesce(trim_scale(p.tax), 0))
               end
          from credit_note c
          left join posted p on p.reference = 'CREDIT_NOTE/' || c.number || '/tax'
          left join settlement s on s.kind = 'CREDIT_NOTE' and s.reference = c.number
          left join credit_grant g on g.id = c.grant_id
    )
    select format('%s credit notes of %s', (select count(*) from credit_note),
                  (select coalesce(sum(amount), 0) from credit_note)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_refunds() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select case when r.amount <> -coalesce(c.amount, 0) then
                   format('invoice %s: the refund %s of %s has moved %s', i.number, r.stripe_id, r.amount,
                          coalesce(c.amount, 0))
               end as told
          from refund r
          join invoice i on i.id = r.invoice
          left join report_cash c on c.kind = 'REFUND' and c.reference = r.stripe_id
         where r.status in ('SUCCEEDED', 'FAILED')
         union all
        select format('invoice %s: a refund %s is booked that is not there', c.number, c.reference)
          from report_cash c
         where c.kind = 'REFUND'
           and not exists (select from refund r where r.stripe_id = c.reference and r.status in ('SUCCEEDED', 'FAILED'))
         union all
        select case when -coalesce(c.amount, 0) <> d.amount or (w.reference is not null) <> (d.status = 'WON') then
                   format('invoice %s: the dispute %s of %s (%s) has moved %s and brought back %s', i.number, d.id,
                          d.amount, d.status, coalesce(c.amount, 0), coalesce(w.amount, 0))
               end
          from dispute d
          join invoice i on i.id = d.invoice
          left join report_cash c on c.kind = 'DISPUTE' and c.reference = d.id
          left join report_cash w on w.kind = 'DISPUTE_WON' and w.reference = d.id
         union all
        select format('invoice %s: %s more went back than came in by card', number, -sum(amount))
          from report_cash
         where kind in ('CARD', 'REFUND', 'DISPUTE', 'DISPUTE_WON')
         group by number
        having sum(amount) < 0
    )
    select format('%s refunds, %s disputes', (select count(*) from refund where status = 'SUCCEEDED'),
                  (select count(*) from dispute)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_events(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with effect as (
        select effect, object, count(*) as events
          from stripe_event
         where effect <> 'NONE'
           and taken_at >= since::timestamp at time zone 'UTC'
         group by effect, object
    ), checked as (
        select events,
               case
                   when effect in ('SETTLED', 'DISPUTE_OPENED', 'DISPUTE_CLOSED') and events > 1 then
                       format('%s: %s events had the effect %s', object, events, effect)
                   when effect = 'SETTLED'
                        and not exists (select from report_cash c where c.kind = 'CARD' and c.reference = object) then
                       format('%s: an event has settled it, but no money is booked', object)
                   when effect like 'DISPUTE%' and not exists (select from dispute d where d.id = object) then
                       format('%s: an event told of a dispute that is not there', object)
               end as told
          from effect
    )
    select format('%s events, %s of them had an effect',
                  (select count(*) from stripe_event where taken_at >= since::timestamp at time zone 'UTC'),
                  coalesce(sum(events), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_charged_once(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with charged as (
        select a.invoice, count(*) as successes, sum(a.amount_minor / 10::numeric ^ currency_decimals(a.currency)) as amount
          from payment_attempt a
          join invoice i on i.id = a.invoice and i.period >= since
         where a.status = 'SUCCEEDED'
         group by a.invoice
    ), card as (
        -- What was charged beyond the open amount settles nothing and became credit; it counts all the same.
        select i.id as invoice, count(distinct c.reference) as payments, sum(c.amount) as amount
          from invoice i
          join (select invoice, reference, amount from settlement where kind = 'CARD'
                 union all
                select invoice, reference, amount from surplus where kind = 'CARD') c on c.invoice = i.id
         where i.period >= since
         group by i.id
    ), checked as (
        select c.successes, s.payments,
               case
                   when c.successes > 1 then format('invoice %s was charged %s times', i.number, c.successes)
                   when s.payments > 1 or (c.successes is not null and s.payments is null) then
                       format('invoice %s was charged, but has %s card settlements', i.number, coalesce(s.payments, 0))
                   when c.amount <> s.amount then
                       format('invoice %s was charged %s, but %s is settled', i.number, trim_scale(c.amount), s.amount)
               end as told
          from charged c
          full join card s on s.invoice = c.invoice
          join invoice i on i.id = coalesce(c.invoice, s.invoice)
    )
    select format('%s charges that succeeded, %s payments by card', coalesce(sum(successes), 0), coalesce(sum(payments), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_confirmed_once(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with paid as (
        select i.number, count(*) as settlements
          from settlement s
          join invoice i on i.id = s.invoice and i.period >= since
         where s.kind = 'CARD'
         group by i.number
    ), confirmed as (
        -- The key of a payment's notice is the invoice's number and the attempt's.
        select split_part(key, '/', 1) as number, count(*) as notices
          from notice
         where kind = 'payment-succeeded'
           -- Not what a person had sent again, nor what confirms a transfer.
           and key not like '%/again-%'
           and key not like '%/transfer/%'
           and queued_at >= since::timestamp at time zone 'UTC'
         group by 1
    ), checked as (
        select p.settlements, c.notices,
               case when p.settlements <> coalesce(c.notices, 0) then
                   format('invoice %s has %s card settlements, but %s confirmations', p.number, p.settlements,
                          coalesce(c.notices, 0))
               end as told
          from paid p
          left join confirmed c on c.number = p.number
    )
    select format('%s card settlements, %s confirmations of them', coalesce(sum(settlements), 0), coalesce(sum(notices), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_suspension() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with begun as (
        select max(date) as date from run where job = 'nightly'
    ), monthly as (
        select date as period, max(id) as run from run where job = 'monthly' group by date
    ), unpaid as (
        select i.account, min(i.issued_on) as issued_on,
               -- An invoice counts once a nightly run has come after the run that issued it.
               -- While nobody knows whether it was charged, nobody is suspended for it.
               min(i.issued_on) filter (where (m.run is null or m.run < n.run)
                   and not exists (select from payment_attempt p
                                    where p.invoice = i.id and p.status in ('CLAIMED', 'UNKNOWN'))
                   -- What a lost dispute has opened again waits for the next night.
                   and not exists (select from dispute d
                                    where d.invoice = i.id and d.closed_at >= n.date::timestamp at time zone 'UTC'))
                   as seen_on,
               min(n.date) as last_night
          from invoice i
          left join verify_last_night n on true
          left join monthly m on m.period = i.period
         where i.status = 'OPEN'
           and not under_review(i.id)
         group by i.account
    ), checked as (
        select a.status,
               case
                   when a.status = 'SUSPENDED' and u.account is null then
                       format('%s is suspended, but has no unpaid invoice', a.id)
                   when a.status = 'SUSPENDED' and u.issued_on + 7 > b.date then
                       format('%s is suspended, but its oldest unpaid invoice is of %s, which is not overdue', a.id,
                              u.issued_on)
                   when a.status = 'ACTIVE' and u.seen_on + 7 < u.last_night then
                       format('%s is active, but has an invoice of %s that is unpaid', a.id, u.seen_on)
               end as told
          from account a
          cross join begun b
          left join unpaid u on u.account = a.id
         where a.status = 'SUSPENDED' or u.account is not null
    )
    select format('%s accounts are suspended, %s active ones have an unpaid invoice that is not overdue',
                  count(*) filter (where status = 'SUSPENDED'), count(*) filter (where status = 'ACTIVE' and told is null)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
