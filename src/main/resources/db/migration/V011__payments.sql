-- Tells this installation from others that use the same Stripe account; part of every idempotency key. One row, made with
-- the first use, so that a template or an empty copy of the database does not hand its identity on.
create table installation (
    id      uuid not null,
    one_row boolean primary key default true check (one_row)
);

-- The PaymentIntents of an invoice. Only one that Stripe has cancelled, which can never pay any more, has a successor: of all
-- others there is one at most, and it succeeds once.
create table payment_intent (
    invoice      bigint not null references invoice,
    n            integer not null check (n >= 1),
    -- What the intent is created with: replaying the same idempotency key needs the same amount.
    amount_minor bigint not null check (amount_minor > 0),
    stripe_id    text unique,
    status       text not null default 'LIVE' check (status in ('LIVE', 'SUCCEEDED', 'CANCELED')),
    primary key (invoice, n),
    constraint payment_intent_known check (status = 'LIVE' or stripe_id is not null)
);
create unique index payment_intent_one on payment_intent (invoice) where status <> 'CANCELED';
create index payment_intent_live on payment_intent (invoice) where status = 'LIVE';

create function payment_intent_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'intent % of invoice % is % and cannot be changed', old.n, old.invoice, old.status;
end $$;
create trigger payment_intent_is_final before update or delete on payment_intent
    for each row when (old.status <> 'LIVE') execute function payment_intent_is_final();

-- One try to charge an invoice. It is committed before Stripe is called, with the idempotency key that the call uses.
create table payment_attempt (
    id             bigint generated always as identity primary key,
    invoice        bigint not null references invoice,
    n              integer not null check (n >= 1),
    -- The one of the invoice's intents that it tries.
    intent         integer not null,
    status         text not null check (status in (
        'CLAIMED', 'UNKNOWN', 'SUCCEEDED', 'DECLINED_RETRYABLE', 'DECLINED_FOR_GOOD', 'NEEDS_CUSTOMER', 'NOT_EXECUTED')),
    payment_method text not null,
    amount_minor   bigint not null check (amount_minor > 0),
    currency       text not null,
    -- The charge that it led to at Stripe, a failed one too.
    charge         text,
    decline_code   text,
    advice_code    text,
    message        text,
    -- Where Stripe sends the customer back to, who is at the page and may confirm at the bank; null for what a run tries.
    return_url     text check (return_url <> ''),
    -- The bank asks the customer, who has the address of its page.
    at_bank        boolean not null default false,
    claimed_at     timestamptz not null,
    resolved_at    timestamptz,
    unique (invoice, n),
    constraint payment_attempt_intent foreign key (invoice, intent) references payment_intent,
    check ((status in ('CLAIMED', 'UNKNOWN')) = (resolved_at is null)),
    constraint payment_attempt_at_bank check (not at_bank or return_url is not null)
);
create unique index payment_attempt_one_success on payment_attempt (invoice) where status = 'SUCCEEDED';
create unique index payment_attempt_one_unresolved on payment_attempt (invoice) where status in ('CLAIMED', 'UNKNOWN');
create index payment_attempt_unresolved on payment_attempt (id) where status in ('CLAIMED', 'UNKNOWN');

-- The intents that could still take money which is not owed: of invoices that were settled in another way, and those that a
-- bank's page may still ask the customer to confirm with more than is open by now.
create view payment_intent_unneeded as
select t.invoice, t.n, t.stripe_id, i.number, i.account,
       (select max(s.at) from settlement s where s.invoice = i.id) as since
  from payment_intent t
  join invoice i on i.id = t.invoice
  left join payment_attempt p
    on p.invoice = t.invoice and p.intent = t.n and p.at_bank and p.resolved_at is not null
   and p.n = (select max(l.n) from payment_attempt l where l.invoice = t.invoice)
 where t.status = 'LIVE' and t.stripe_id is not null
   and (i.status <> 'OPEN'
        or p.amount_minor / 10::numeric ^ currency_decimals(i.currency)
           > i.amount_due - coalesce((select sum(s.amount) from settlement s where s.invoice = i.id), 0));

-- The cards that customers have set up at Stripe: each is taken once, and none after one that was entered later.
create table card_setup (
    setup_intent text primary key check (setup_intent <> ''),
    account      text not null references account,
    entered_at   timestamptz not null,
    taken_at     timestamptz not null
);
create index card_setup_account on card_setup (account, entered_at);

-- Money for an invoice beyond what was open of it: it goes to the account balance.
create table surplus (
    kind      text not null check (kind in ('CARD', 'TRANSFER')),
    reference text not null,
    invoice   bigint not null references invoice,
    amount    numeric not null check (amount > 0),
    at        timestamptz not null,
    primary key (kind, reference)
);
create index surplus_invoice on surplus (invoice);
create trigger surplus_is_history before update or delete or truncate on surplus
    for each statement execute function refuse_change();
create trigger surplus_came_in_time before insert on surplus
    for each row when (new.kind = 'TRANSFER') execute function transfer_came_in_time();

-- Money that came in for an account, and not for one of its invoices: by bank transfer, or by card for an invoice that a
-- restored database does not know; then the reference is the intent.
create table account_payment (
    reference text primary key check (reference <> ''),
    account   text not null references account,
    currency  text not null,
    amount    numeric not null constraint account_payment_amount check (amount > 0),
    at        timestamptz not null,
    kind      text not null default 'ACCOUNT' constraint account_payment_kind check (kind in ('ACCOUNT', 'CARD'))
);
create index account_payment_account on account_payment (account);
create trigger account_payment_is_history before update or delete or truncate on account_payment
    for each statement execute function refuse_change();
create trigger account_payment_came_in_time before insert on account_payment
    for each row execute function transfer_came_in_time();

-- What of an account's balance was sent back by bank transfer, such as what came for an invoice that was given up.
create table account_return (
    reference text primary key check (reference <> ''),
    account   text not null references account,
    currency  text not null references currency,
    amount    numeric not null check (amount > 0),
    reason    text not null check (reason <> ''),
    at        timestamptz not null
);
create index account_return_account on account_return (account);
create trigger account_return_is_history before update or delete or truncate on account_return
    for each statement execute function refuse_change();
create trigger account_return_came_in_time before insert on account_return
    for each row execute function transfer_came_in_time();

-- Credit that an account buys with its card, once for an account and reference. It is committed before Stripe is called,
-- and ends when its payment intent can move no money any more: it has succeeded, is cancelled, or was never made.
create table top_up (
    id             bigint generated always as identity primary key,
    account        text not null references account,
    reference      text not null check (length(reference) between 1 and 255),
    -- Of the credit, which is net. The tax on it is decided once, by the claim; what is charged is the total.
    amount         numeric not null check (amount > 0),
    tax            numeric not null default 0,
    total          numeric generated always as (amount + tax) stored,
    tax_category   text not null default 'O' constraint top_up_tax_category check (tax_category in ('S', 'Z', 'E', 'AE', 'G', 'O')),
    -- The imported rate (V028).
    tax_rate       bigint,
    tax_name       text not null default '',
    tax_percent    numeric not null default 0,
    tax_note       text not null default '',
    tax_evidence   text not null default '',
    currency       text not null,
    payment_method text not null,
    status         text not null check (status in (
        'CLAIMED', 'UNKNOWN', 'SUCCEEDED', 'DECLINED', 'NEEDS_CUSTOMER', 'NOT_EXECUTED')),
    intent         text unique,
    -- The charge that has moved the money.
    charge         text unique,
    -- Written before the intent is cancelled, so that the reason outlives a crash.
    decline_code   text,
    advice_code    text,
    message        text,
    grant_id       bigint unique references credit_grant,
    -- As for payment_attempt.
    return_url     text check (return_url <> ''),
    claimed_at     timestamptz not null,
    resolved_at    timestamptz,
    -- Of one that nobody asked for: the most a month that the account had set when it was claimed.
    automatic_most numeric,
    unique (account, reference),
    constraint top_up_tax check (tax >= 0 and (tax_category = 'S' or tax = 0)),
    constraint top_up_tax_percent check (tax_percent between 0 and 100 and (tax_percent > 0) = (tax_category = 'S')),
    constraint top_up_automatic_most check (automatic_most >= amount),
    constraint top_up_resolved check ((status in ('CLAIMED', 'UNKNOWN')) = (resolved_at is null)),
    constraint top_up_granted check ((status = 'SUCCEEDED') = (grant_id is not null)),
    constraint top_up_charged check ((status = 'SUCCEEDED') = (charge is not null)),
    constraint top_up_intent check (status <> 'SUCCEEDED' or intent is not null),
    constraint top_up_declined check (case when status in ('DECLINED', 'NEEDS_CUSTOMER') then decline_code is not null
                                           else status in ('CLAIMED', 'UNKNOWN') or decline_code is null end)
);
create index top_up_unresolved on top_up (id) where status in ('CLAIMED', 'UNKNOWN');
create index top_up_resolved_at on top_up (resolved_at);
create unique index top_up_one_automatic on top_up (account) where automatic_most is not null and status in ('CLAIMED', 'UNKNOWN');

-- Credit that is bought by itself when little is left: off unless the customer has turned it on.
create table automatic_top_up (
    account      text primary key references account,
    threshold    numeric not null check (threshold > 0 and threshold < 1000000000000),
    amount       numeric not null check (amount > 0 and amount < 1000000000000),
    monthly_most numeric not null,
    active       boolean not null,
    -- In words for the customer, where a payment that failed has turned it off.
    off_because  text not null default '',
    constraint automatic_top_up_most check (monthly_most >= amount and monthly_most < 1000000000000),
    constraint automatic_top_up_off check (not active or off_because = '')
);
create index automatic_top_up_active on automatic_top_up (account) where active;

create function top_up_is_final() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.resolved_at is not null then
        raise exception 'top-up % is % and cannot be changed', old.reference, old.status;
    end if;
    return new;
end $$;
create trigger top_up_is_final before update or delete on top_up for each row execute function top_up_is_final();

-- Money given back through Stripe, of an invoice or of a top-up. One that an operator asks for is committed before Stripe is
-- called; one made in Stripe's dashboard is written when it is heard of. It is made of what was set aside from the account
-- balance (or from the grant) when it was claimed, of what a credit note gives when it has succeeded, and of what went
-- beyond all that: a loss.
create table refund (
    id          bigint generated always as identity primary key,
    invoice     bigint references invoice,
    top_up      bigint references top_up,
    amount      numeric not null check (amount > 0),
    taken       numeric not null default 0,
    -- What of that is the tax of a top-up, returned by its credit note; the rest is credit.
    tax         numeric not null default 0,
    lost        numeric not null default 0,
    noted       numeric generated always as (amount - taken - lost) stored,
    reason      text not null,
    status      text not null check (status in ('CLAIMED', 'UNKNOWN', 'PENDING', 'SUCCEEDED', 'FAILED', 'REFUSED')),
    stripe_id   text unique,
    message     text,
    claimed_at  timestamptz not null,
    resolved_at timestamptz,
    -- When the money of a refund that failed after all came back.
    returned_at timestamptz,
    constraint refund_of_one check (num_nonnulls(invoice, top_up) = 1),
    constraint refund_parts check (taken >= 0 and lost >= 0 and taken + lost <= amount),
    constraint refund_tax check (tax between 0 and taken and (tax = 0 or top_up is not null)),
    constraint refund_resolved check ((status in ('CLAIMED', 'UNKNOWN', 'PENDING')) = (resolved_at is null)),
    constraint refund_known check (status not in ('PENDING', 'SUCCEEDED', 'FAILED') or stripe_id is not null),
    constraint refund_returned check (returned_at is null or status = 'FAILED')
);
create unique index refund_one_unresolved on refund (invoice) where status in ('CLAIMED', 'UNKNOWN');
create unique index refund_one_unresolved_of_top_up on refund (top_up) where status in ('CLAIMED', 'UNKNOWN');
create index refund_invoice on refund (invoice);
create index refund_top_up on refund (top_up) where top_up is not null;

-- A charge that the cardholder's bank has taken back. While it is under review nobody is reminded or suspended for it. It
-- takes back what is unspent of what it paid for; the rest is owed (of a top-up, or where the seller wants it so) or lost.
create table dispute (
    id        text primary key,
    invoice   bigint references invoice,
    top_up    bigint references top_up,
    amount    numeric not null check (amount > 0),
    taken     numeric not null default 0,
    -- As for refund; it is returned when the dispute is lost.
    tax       numeric not null default 0,
    owed      numeric not null default 0,
    reason    text not null,
    status    text not null check (status in ('UNDER_REVIEW', 'WON', 'LOST')),
    opened_at timestamptz not null,
    closed_at timestamptz,
    constraint dispute_of_one check (num_nonnulls(invoice, top_up) = 1),
    constraint dispute_parts check (taken >= 0 and owed >= 0 and taken + owed <= amount),
    constraint dispute_tax check (tax between 0 and taken and (tax = 0 or top_up is not null)),
    constraint dispute_closed check ((status = 'UNDER_REVIEW') = (closed_at is null))
);
create index dispute_invoice on dispute (invoice);
create index dispute_top_up on dispute (top_up) where top_up is not null;

create function dispute_is_final() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' or old.status <> 'UNDER_REVIEW' then
        raise exception 'dispute % is % and cannot be changed', old.id, old.status;
    end if;
    return new;
end $$;
create trigger dispute_is_final before update or delete on dispute for each row execute function dispute_is_final();

-- The numbers of invoices of top-ups (TU-2026-000001), and of their credit notes (TC-2026-000001).
create table top_up_series (
    kind        text not null,
    year        integer not null,
    last_number integer not null constraint top_up_series_last check (last_number >= 0),
    primary key (kind, year)
);

-- A top-up that was charged has an invoice of its own. A credit note takes back what a refund or a lost dispute took of it, or
-- credit that was used for what the account owed. A refund that fails after all leaves the credit with the customer: that is
-- sold again, by an invoice for what the credit note took back.
create table top_up_document (
    id           bigint generated always as identity primary key,
    kind         text not null constraint top_up_document_kind check (kind in ('INVOICE', 'CREDIT_NOTE')),
    top_up       bigint not null references top_up,
    account      text not null references account,
    corrects     bigint references top_up_document,
    refund       bigint unique references refund,
    dispute      text unique references dispute,
    year         integer not null,
    number       text not null unique,
    issued_on    date not null,
    -- The customer as it stood then.
    customer     jsonb not null,
    currency     text not null,
    tax_category text not null constraint top_up_document_tax_category check (tax_category in ('S', 'Z', 'E', 'AE', 'G', 'O')),
    tax_rate     bigint,
    tax_name     text not null,
    tax_percent  numeric not null,
    tax_note     text not null,
    tax_evidence text not null default '',
    net          numeric not null,
    tax          numeric not null,
    total        numeric not null,
    reason       text not null,
    -- The tax in the currency of its country, as for invoices; credit notes take the rates of what they correct.
    tax_currency          text,
    tax_in_currency       numeric,
    currency_per_euro     numeric,
    tax_currency_per_euro numeric,
    rate_day              date,
    constraint top_up_document_local check (
        num_nonnulls(tax_currency, tax_in_currency, currency_per_euro, tax_currency_per_euro, rate_day) in (0, 5)),
    constraint top_up_document_per_euro check (currency_per_euro > 0 and tax_currency_per_euro > 0),
    constraint top_up_document_number check (
        number ~ ('^' || case kind when 'INVOICE' then 'TU-' else 'TC-' end || year || '-[0-9]{6,}$')),
    constraint top_up_document_total check (total = net + tax and net >= 0 and tax >= 0 and total > 0),
    constraint top_up_document_tax check (tax_category = 'S' or tax = 0),
    constraint top_up_document_customer check (coalesce(customer ->> 'name', '') <> '' and coalesce(customer ->> 'email', '') <> ''),
    constraint top_up_document_corrects check (kind <> 'CREDIT_NOTE' or corrects is not null),
    constraint top_up_document_because check (
        num_nonnulls(refund, dispute) <= case kind when 'INVOICE' then 0 else 1 end and (kind <> 'CREDIT_NOTE' or reason <> ''))
);
create unique index top_up_document_sold_once on top_up_document (top_up) where kind = 'INVOICE' and corrects is null;
create unique index top_up_document_again_once on top_up_document (corrects) where kind = 'INVOICE';
create index top_up_document_top_up on top_up_document (top_up);
create index top_up_document_account on top_up_document (account, id);
create index top_up_document_issued on top_up_document (issued_on);
create trigger top_up_document_is_history before update or delete or truncate on top_up_document
    for each statement execute function refuse_change();

-- Credit notes of a top-up take back no more than its invoices charged, and correct a document of the other kind.
create function top_up_document_fits() returns trigger language plpgsql as $$
declare
    left_net numeric;
    left_tax numeric;
begin
    if new.corrects is not null
       and not exists (select from top_up_document d where d.id = new.corrects and d.top_up = new.top_up and d.kind <> new.kind) then
        raise check_violation using message = format('%s does not correct a document of its top-up', new.number);
    end if;
    select coalesce(sum(case kind when 'INVOICE' then net else -net end), 0),
           coalesce(sum(case kind when 'INVOICE' then tax else -tax end), 0)
      into left_net, left_tax
      from top_up_document d
     where d.top_up = new.top_up;
    if new.kind = 'CREDIT_NOTE' and (new.net > left_net or new.tax > left_tax) then
        raise check_violation using message = format('%s would take back %s and tax of %s, but %s and %s are left', new.number,
                                                     new.net, new.tax, left_net, left_tax);
    end if;
    return new;
end $$;
create trigger top_up_document_fits before insert on top_up_document
    for each row execute function top_up_document_fits();

-- Its PDF, as for invoices.
create table top_up_document_file (
    document bigint primary key references top_up_document,
    file     text not null,
    sha256   text not null constraint top_up_document_file_sha256 check (sha256 ~ '^[0-9a-f]{64}$'),
    bytes    integer not null,
    fonts    text[] not null default '{}'
);
create index top_up_document_file_file on top_up_document_file (file);

create or replace view document_file as
select file, sha256 from invoice_document
 union all
select file, sha256 from credit_note_document
 union all
select file, sha256 from top_up_document_file;

-- What was sold by a top-up, and what of it went back: credit, and the tax on it.
create view top_up_back as
select t.id as top_up, t.currency, t.amount as net, t.tax, coalesce(sum(b.net), 0) as net_back, coalesce(sum(b.tax), 0) as tax_back
  from top_up t
  left join (select top_up, taken - tax as net, tax from refund where top_up is not null and status not in ('FAILED', 'REFUSED')
              union all
             select top_up, taken - tax, tax from dispute where top_up is not null and status <> 'WON'
              union all
             select top_up, net, tax from top_up_document where kind = 'CREDIT_NOTE' and num_nonnulls(refund, dispute) = 0) b
    on b.top_up = t.id
 where t.status = 'SUCCEEDED'
 group by t.id;

create function under_review(invoice bigint) returns boolean language sql stable as $$
    select exists (select from dispute d where d.invoice = $1 and d.status = 'UNDER_REVIEW')
$$;

-- What corrections of the usage on an invoice take off later ones, with tax; what credit had covered is credit again.
create function taken_back(i invoice, only_not_invoiced boolean) returns numeric language sql stable as $$
    select greatest(0, least(i.total, round(coalesce(sum(m.taken), 0) * coalesce(i.total / nullif(i.total - i.tax, 0), 1),
                                            currency_decimals(i.currency))))
      from (select greatest(0, -sum(l.accrued)) as taken
              from late_cost l
             where l.account = i.account and l.period > i.period
               and l.month in (select n.usage_period from invoice_line n where n.invoice = i.id)
               and not (only_not_invoiced
                        and exists (select from invoice n
                                     where n.account = l.account and n.period = l.period and n.status <> 'DRAFT'))
             group by l.month) m
$$;

-- Whether an open invoice is owed: not while a bank holds its payment, nor where the next one gives back what is open of it.
-- Each printed line is rounded, and what is taken back of it is not.
create function is_owed(i invoice) returns boolean language sql stable as $$
    select not under_review(i.id)
       and (b.back = 0
            or b.back + (select count(*) from invoice_line l where l.invoice = i.id)
                        * (select unit from currency where code = i.currency)
               < i.amount_due - coalesce((select sum(s.amount) from settlement s where s.invoice = i.id), 0))
      from (select taken_back(i, true) as back) b
$$;

-- The facts from which what may still be given back for an invoice follows; see GivenBack.
create view given_back as
select i.id as invoice, i.number, i.account, i.currency,
       -- What is carried forward is billed by the next one.
       greatest(0, greatest(i.total, i.amount_due + i.from_balance) - greatest(i.carried_forward, 0)
         - coalesce((select sum(s.amount) from settlement s where s.invoice = i.id and s.kind = 'CARRIED'), 0)) as billed,
       coalesce((select sum(c.amount) from credit_note c where c.invoice = i.id), 0) as credited,
       coalesce((select sum(s.amount) from settlement s
                  where s.invoice = i.id and s.kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED')), 0) as written_off,
       coalesce((select sum(r.noted) from refund r
                  where r.invoice = i.id and r.status in ('CLAIMED', 'UNKNOWN', 'PENDING')), 0) as reserved,
       coalesce((select sum(d.amount - d.taken - d.owed) from dispute d where d.invoice = i.id and d.status <> 'WON'), 0)
         + coalesce((select sum(r.lost) from refund r where r.invoice = i.id and r.status not in ('FAILED', 'REFUSED')), 0)
           as banked,
       taken_back(i, false) as corrected,
       coalesce((select sum(s.amount) from settlement s where s.invoice = i.id and s.kind = 'CARD'), 0)
         + coalesce((select sum(u.amount) from surplus u where u.invoice = i.id and u.kind = 'CARD'), 0) as by_card,
       coalesce((select sum(r.amount) from refund r where r.invoice = i.id and r.status not in ('FAILED', 'REFUSED')), 0)
           as refunded,
       coalesce((select sum(d.amount) from dispute d where d.invoice = i.id and d.status <> 'WON'), 0) as disputed,
       greatest(0,
           coalesce((select sum(u.amount) from surplus u where u.invoice = i.id), 0)
         + coalesce((select sum(c.amount - c.settled) from credit_note c where c.invoice = i.id and c.grant_id is null), 0)
         + taken_back(i, false)
         - coalesce((select sum(r.taken + case when r.status = 'SUCCEEDED' then r.noted else 0 end) from refund r
                      where r.invoice = i.id and r.status not in ('FAILED', 'REFUSED')), 0)
         - coalesce((select sum(d.taken) from dispute d where d.invoice = i.id and d.status <> 'WON'), 0)) as freed
  from invoice i
 where i.status <> 'DRAFT';

-- What credit notes, refunds and write-offs gave back of an invoice, and what a bank took, and corrections of its usage once
-- more, beyond what was billed. A printed line is rounded, what is taken back of it is not.
create function given_twice(g given_back, taken_by_banks numeric) returns numeric language sql stable as $$
    select case when o.gone > 0
                 and o.gone + least(g.corrected, g.billed) - g.billed
                     > (select count(*) * power(0.1, currency_decimals(g.currency)) from invoice_line l where l.invoice = g.invoice)
                then o.gone + least(g.corrected, g.billed) - g.billed else 0 end
      from (select g.credited + g.written_off + g.reserved + taken_by_banks as gone) o
$$;

-- The same of a top-up: bought, gone back by refund or dispute, and owed for what the bank took back of what was used.
create view top_up_given_back as
select t.id as top_up, t.reference, t.account, t.currency, t.total as sold, t.grant_id,
       coalesce((select sum(r.taken) from refund r where r.top_up = t.id and r.status not in ('FAILED', 'REFUSED')), 0)
         + coalesce((select sum(d.taken + d.owed) from dispute d where d.top_up = t.id and d.status <> 'WON'), 0) as gone,
       coalesce((select sum(r.amount) from refund r where r.top_up = t.id and r.status not in ('FAILED', 'REFUSED')), 0)
           as refunded,
       coalesce((select sum(d.amount) from dispute d where d.top_up = t.id and d.status <> 'WON'), 0) as disputed
  from top_up t
 where t.status = 'SUCCEEDED';

-- Stripe's events, each taken once: by a webhook, or by the nightly sweep for what no webhook brought.
create table stripe_event (
    id       text primary key,
    type     text not null,
    object   text not null,
    made_at  timestamptz not null,
    taken_at timestamptz not null,
    effect   text not null check (effect in (
        'NONE', 'SETTLED', 'RESOLVED', 'REFUNDED', 'DISPUTE_OPENED', 'DISPUTE_CLOSED', 'CARD', 'PAYOUT', 'DISMISSED'))
);
create index stripe_event_effect on stripe_event (effect, object) where effect <> 'NONE';
create trigger stripe_event_is_history before update or delete or truncate on stripe_event
    for each statement execute function refuse_change();

-- An event that nobody could process, and that an operator has decided to leave without effect.
create table stripe_event_dismissed (
    event        text primary key references stripe_event,
    dismissed_at timestamptz not null,
    -- What kept it from being processed.
    fault        text not null,
    reason       text not null check (reason <> '')
);
create trigger stripe_event_dismissed_is_history before update or delete or truncate on stripe_event_dismissed
    for each statement execute function refuse_change();

-- Stripe's events that were delivered and not processed yet. Each is written before Stripe is answered, and deleted in the
-- transaction that takes it (stripe_event).
create table stripe_event_due (
    id          text primary key,
    type        text not null,
    object      text not null,
    made_at     timestamptz not null,
    received_at timestamptz not null,
    -- Who begins with it moves this on, so that nobody else begins too, and that it is begun again where it was broken off.
    due_at      timestamptz not null
);

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
