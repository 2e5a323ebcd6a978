-- Invoices that a night has issued, and not the run of their month: their account was held then. The night may be that of
-- the first itself, so that the day of issue alone does not show it.
create view invoice_by_night as
select id
  from invoice
 where status <> 'DRAFT' and issued_late(issued_on, period)
 union
select i.id
  from held h
  join invoice i on i.account = h.account and i.period = h.period
 where h.step = 'draft-invoices' and i.status <> 'DRAFT';

-- The documents that were made, by the file in which each lies.
create view document_file as
select file, sha256 from invoice_document
 union all
select file, sha256 from credit_note_document;
create index invoice_document_file on invoice_document (file);
create index credit_note_document_file on credit_note_document (file);

-- A transfer for an invoice comes on the day on which it is issued or later; one of an account, on its first day or later.
create function transfer_came_in_time() returns trigger language plpgsql as $$
declare
    earliest date;
    came     date = (new.at at time zone 'UTC')::date;
begin
    if tg_table_name in ('settlement', 'surplus') then
        select issued_on into earliest from invoice where id = new.invoice;
    else
        select created_on into earliest from account where id = new.account;
    end if;
    if came < earliest then
        raise check_violation using message = format('the transfer %s of %s is before %s', new.reference, came, earliest);
    end if;
    return new;
end $$;
create trigger settlement_came_in_time before insert on settlement
    for each row when (new.kind = 'TRANSFER') execute function transfer_came_in_time();
create trigger surplus_came_in_time before insert on surplus
    for each row when (new.kind = 'TRANSFER') execute function transfer_came_in_time();
create trigger account_payment_came_in_time before insert on account_payment
    for each row execute function transfer_came_in_time();
create trigger account_return_came_in_time before insert on account_return
    for each row execute function transfer_came_in_time();

-- An event of Stripe that nobody could process, and that an operator has decided to leave without effect.
alter table stripe_event
    drop constraint stripe_event_effect_check,
    add constraint stripe_event_effect_check check (effect in (
        'NONE', 'SETTLED', 'RESOLVED', 'REFUNDED', 'DISPUTE_OPENED', 'DISPUTE_CLOSED', 'CARD', 'PAYOUT', 'DISMISSED'));
create table stripe_event_dismissed (
    event        text primary key references stripe_event,
    dismissed_at timestamptz not null,
    -- What kept it from being processed.
    fault        text not null,
    reason       text not null check (reason <> '')
);
create trigger stripe_event_dismissed_is_history before update or delete or truncate on stripe_event_dismissed
    for each statement execute function refuse_change();

-- What a mail is written from has names. One that was never sent because it has none is for a person.
update notice
   set status = 'FAILED', error = 'it cannot be written: its view was no JSON object, but ' || left(view::text, 200), view = '{}'
 where jsonb_typeof(view) <> 'object' and status <> 'SENT';
alter table notice add constraint notice_view check (jsonb_typeof(view) = 'object');

-- Amounts that people give have twelve digits at most.
with too_high as (
    update account set monthly_limit = 999999999999 where monthly_limit >= 1000000000000
    returning id, monthly_limit
)
insert into account_event (account, at, event, detail)
select id, now(), 'LIMIT_SET', monthly_limit || ': the highest limit there is' from too_high;
update account set free_credit = 999999999999 where free_credit >= 1000000000000;
alter table account
    add constraint account_monthly_limit_max check (monthly_limit < 1000000000000),
    add constraint account_free_credit_max check (free_credit < 1000000000000);
alter table limit_request add constraint limit_request_amount_max check (amount < 1000000000000);

-- The figure also says what operators have decided to leave.
create or replace function verify_events_due(moment timestamptz) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select case when d.received_at < moment - interval '1 day' then
                   format('event %s (%s) of %s UTC is not processed: %s', d.id, d.type,
                          to_char(d.received_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
                          coalesce((select h.detail || ' (./postpaid held). Look at it in Stripe''s dashboard; the next night tries again,'
                                           || ' and ./postpaid payments dismiss-event ends one that has no effect on the books'
                                      from held h
                                     where h.step = 'sweep-events' and h.resolved_at is null
                                       and starts_with(h.item, 'event ' || d.id || ' ')),
                                   'no nightly run has tried it. Run the nightly job'))
               end as told
          from stripe_event_due d
    ), dismissed as (
        select count(*) as events from stripe_event_dismissed
    )
    select format('%s delivered events wait to be processed, %s of them for more than a day', count(*), count(told))
               || (select case when events > 0 then format('; %s are dismissed', events) else '' end from dismissed),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
