-- What triggers of all wings call. History is never edited.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is history: rows are added, never changed (% refused)', tg_table_name, lower(tg_op);
end $$;

-- The same of a table that names accounts, but for the columns that the arguments name: of an account that is erased, they are
-- made empty.
create function refuse_change_but_erasure() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and to_jsonb(new) - tg_argv = to_jsonb(old) - tg_argv
       and not exists (select from jsonb_each(to_jsonb(new)) e
                        where e.key = any(tg_argv) and e.value not in ('""', '{}', 'null') and e.value <> to_jsonb(old) -> e.key)
       and is_erased(old.account) then
        return new;
    end if;
    raise exception '% is history: rows are added, never changed (% refused)', tg_table_name, lower(tg_op);
end $$;

-- Where a foreign key would cost more than the row that it checks, what is referred to is never deleted instead.
create function refuse_deletion() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are referred to, and never deleted', tg_table_name;
end $$;

-- The customer that is billed. What is known of its card is brand, last four digits, expiry and country, never more.
create table account (
    id                    text primary key check (id ~ '^[^\s/\\[:cntrl:]]{1,100}$'),
    -- Both are empty of an account that its first call has created, until they are known; then they are never empty again.
    name                  text not null,
    email                 text not null check (email = '' or email ~ '^[^\s@]+@[^\s@]+$'),
    line1                 text not null default '',
    line2                 text not null default '',
    city                  text not null default '',
    state                 text not null default '',
    postal_code           text not null default '',
    country               text not null default '',
    tax_id                text not null default '',
    currency              text not null check (currency ~ '^[A-Z]{3}$'),
    monthly_limit         numeric not null check (monthly_limit >= 0),
    -- The allowance that credit grants once; 0 for none.
    free_credit           numeric not null check (free_credit >= 0),
    -- The most that the customer himself wants to accrue in a month, below the limit; 0 for nothing beyond credit.
    spending_cap          numeric check (spending_cap >= 0),
    created_on            date not null,
    -- The customer's own number for its invoices, and who gets its mails beside the address above.
    purchase_order        text not null default '' check (length(purchase_order) <= 100),
    -- Whether it buys as a business: yes, no, or empty where its tax id decides; its reference for invoices, and its address at Peppol.
    business              text not null default '' constraint account_business check (business in ('', 'yes', 'no')),
    buyer_reference       text not null default '' constraint account_buyer_reference check (length(buyer_reference) <= 100),
    peppol_id             text not null default '' constraint account_peppol_id check (
        peppol_id ~ '^([0-9]{4}:[A-Za-z0-9._~-]{1,50})?$'),
    -- Of its invoices and mails; empty for the seller's own.
    language              text not null default '' constraint account_language check (language ~ '^([a-z]{2,3}(-[A-Z]{2})?)?$'),
    billing_emails        text[] not null default '{}' check (
        cardinality(billing_emails) <= 5
        and (billing_emails = '{}' or array_to_string(billing_emails, ' ', ' ') ~ '^[^\s@]+@[^\s@]+( [^\s@]+@[^\s@]+)*$')),
    status                text not null default 'ACTIVE' check (status in ('ACTIVE', 'SUSPENDED')),
    -- Why an operator has paused its access, whatever it has paid; empty if none has.
    paused                text not null default '' check (length(paused) <= 1000),
    -- Why an operator holds it from being billed; empty if none does.
    billing_held          text not null default '' constraint account_billing_held check (length(billing_held) <= 1000),
    -- What was asked for at import or by the operator; it becomes payment_method once Stripe has attached it.
    payment_method_wanted text,
    stripe_customer       text unique,
    -- The customer at Stripe still has an earlier name or e-mail address.
    customer_stale        boolean not null default false,
    payment_method        text,
    card_brand            text,
    card_last4            text check (card_last4 ~ '^[0-9]{4}$'),
    card_expires          date,
    -- Of the bank that issued it.
    card_country          text constraint account_card_country check (card_country ~ '^[A-Z]{2}$'),
    -- Since when nothing is known any more of the person that it was: see V026. It is never filled again.
    erased_at             timestamptz,
    constraint account_erased check (erased_at is null or
        (name, email, line1, line2, city, state, postal_code, country, tax_id, purchase_order, business, buyer_reference,
         peppol_id, language, paused, billing_held)
            = ('erased', '', '', '', '', '', '', '', '', '', '', '', '', '', 'erased', '')
        and billing_emails = '{}'
        and num_nonnulls(payment_method_wanted, stripe_customer, payment_method, card_brand, card_last4, card_expires,
                         card_country) = 0),
    check (payment_method is null or stripe_customer is not null),
    constraint account_customer_stale check (not customer_stale or stripe_customer is not null),
    -- Amounts that people give have twelve digits at most.
    constraint account_monthly_limit_max check (monthly_limit < 1000000000000),
    constraint account_free_credit_max check (free_credit < 1000000000000),
    constraint account_spending_cap_max check (spending_cap < 1000000000000)
);
create index account_email on account (lower(email));
create index account_card_wanted on account (id) where payment_method_wanted is not null;
create index account_stale_customers on account (id) where customer_stale;
create trigger account_stays before delete or truncate on account for each statement execute function refuse_deletion();

create function customer_becomes_stale() returns trigger language plpgsql as $$
begin
    new.customer_stale := true;
    return new;
end $$;
create trigger customer_becomes_stale before update of name, email on account
    for each row when (new.stripe_customer is not null and (old.name, old.email) is distinct from (new.name, new.email))
    execute function customer_becomes_stale();

create function account_stays_known() returns trigger language plpgsql as $$
begin
    raise exception 'account % has a name and an e-mail address, and keeps one', old.id;
end $$;
create trigger account_stays_known before update on account
    for each row when ((old.name <> '' and new.name = '' or old.email <> '' and new.email = '') and new.erased_at is null)
    execute function account_stays_known();

create function account_stays_erased() returns trigger language plpgsql as $$
begin
    raise exception 'account % is erased, and stays so', old.id;
end $$;
create trigger account_stays_erased before update on account
    for each row when (old.erased_at is not null and new.erased_at is distinct from old.erased_at)
    execute function account_stays_erased();

create function is_erased(of_account text) returns boolean language sql stable as $$
    select exists (select from account where id = of_account and erased_at is not null)
$$;

-- What logs call an account beside its id: usage of the source finds it by this name, and usage of every source where the source
-- is empty. An id wins, so that no alias is the id of another account.
create table account_alias (
    source  text not null,
    name    text not null,
    account text not null references account,
    primary key (name, source),
    constraint account_alias_source check (length(source) <= 100 and source !~ '[\s:[:cntrl:]]'),
    -- Usage of the gate, and what the keys of accounts report, names accounts by their ids.
    constraint account_alias_not_reserved check (source not in ('gate', 'account')),
    constraint account_alias_name check (length(name) between 1 and 500 and name !~ '[\s[:cntrl:]]')
);
create index account_alias_account on account_alias (account);

create function alias_is_no_id() returns trigger language plpgsql as $$
begin
    if exists (select from account where id = new.name and id <> new.account) then
        raise exception '% is the id of an account, and cannot be an alias of %', new.name, new.account;
    end if;
    if is_erased(new.account) then
        raise exception 'account % is erased, and has no aliases', new.account;
    end if;
    return new;
end $$;
create trigger alias_is_no_id before insert or update on account_alias for each row execute function alias_is_no_id();

create function id_is_no_alias() returns trigger language plpgsql as $$
begin
    if exists (select from account_alias where name = new.id and account <> new.id) then
        raise exception '% is an alias of an account, and cannot be the id of another', new.id;
    end if;
    return new;
end $$;
create trigger id_is_no_alias before insert or update of id on account for each row execute function id_is_no_alias();

-- As a file of accounts has it: what is before the first colon is the source.
create function alias_text(source text, name text) returns text language sql immutable as $$
    select case when source = '' and position(':' in name) = 0 then name else source || ':' || name end
$$;

-- By what usage finds an account beside its id.
create view account_called as
select l.source, l.name, l.account
  from account_alias l
  join account a on a.id = l.account
 where a.erased_at is null;

-- What happened to an account and why: suspension, reactivation, limits, cards. Never edited.
create table account_event (
    id      bigint generated always as identity primary key,
    account text not null references account,
    at      timestamptz not null,
    event   text not null,
    detail  text not null
);
create index account_event_account on account_event (account, id);
create trigger account_event_is_history before update or delete on account_event
    for each row execute function refuse_change_but_erasure('detail');
create trigger account_event_stays before truncate on account_event
    for each statement execute function refuse_change();

-- From where on an account wants a mail about its month, in percent of what it may accrue or as an amount of it.
create table spending_alert (
    account text not null references account,
    percent integer check (percent between 1 and 100),
    amount  numeric check (amount > 0 and amount < 1000000000000),
    constraint spending_alert_of_one check (num_nonnulls(percent, amount) = 1),
    constraint spending_alert_once unique nulls not distinct (account, percent, amount)
);

create table limit_request (
    id         bigint generated always as identity primary key,
    account    text not null references account,
    amount     numeric not null check (amount > 0),
    reason     text not null default '',
    status     text not null default 'OPEN' check (status in ('OPEN', 'APPROVED', 'REJECTED')),
    asked_at   timestamptz not null,
    decided_at timestamptz,
    check ((status = 'OPEN') = (decided_at is null)),
    constraint limit_request_amount_max check (amount < 1000000000000)
);
create unique index limit_request_open on limit_request (account) where status = 'OPEN';
