create table invoice_series (
    year        integer primary key,
    last_number integer not null check (last_number >= 0)
);

-- Numbers that were given to customers after the backup that this database was restored from: what they were given to is not
-- known here, and nobody gets them again.
create table lost_number (
    series text not null constraint lost_number_series check (series in ('INVOICE', 'CREDIT_NOTE', 'TOP_UP_INVOICE', 'TOP_UP_CREDIT_NOTE')),
    year   integer not null,
    first  integer not null check (first >= 1),
    last   integer not null,
    primary key (series, year, first),
    constraint lost_number_last check (last >= first)
);
create trigger lost_number_is_history before update or delete or truncate on lost_number
    for each statement execute function refuse_change();
create function lost_numbers(of_series text, of_year integer) returns bigint language sql stable
    return (select coalesce(sum(last - first + 1), 0)::bigint from lost_number where series = of_series and year = of_year);

create table invoice (
    id              bigint generated always as identity primary key,
    account         text not null references account,
    period          date not null,
    currency        text not null,
    status          text not null default 'DRAFT' check (status in ('DRAFT', 'OPEN', 'PAID', 'VOID', 'UNCOLLECTIBLE')),
    year            integer,
    number          text unique,
    -- The customer as it stood then: name, address, tax id, card.
    customer        jsonb not null,
    issued_on       date not null,
    due_on          date not null,
    -- The day that its taxes are of; where nobody says otherwise the last one of its period.
    tax_point       date not null,
    subtotal        numeric not null,
    -- Below zero where corrections gave more credit back than the month's usage took.
    credits         numeric not null,
    tax             numeric not null,
    total           numeric not null,
    -- What earlier invoices left unpaid because it was too little to charge, and what this one does.
    carried_in      numeric not null default 0,
    carried_forward numeric not null default 0,
    -- What the account balance has paid when it was issued; below zero what went to it, where more was taken back than used.
    from_balance    numeric not null default 0,
    amount_due      numeric not null check (amount_due >= 0),
    unique (account, period, currency),
    check ((status = 'DRAFT') = (number is null)),
    check ((number is null) = (year is null)),
    constraint invoice_customer_known check (customer ->> 'name' <> '' and customer ->> 'email' <> ''),
    constraint invoice_total check (total = subtotal - credits + tax),
    constraint invoice_carried check (carried_in >= 0 and carried_forward >= 0),
    constraint invoice_from_balance check (from_balance >= least(0, total + carried_in)),
    constraint invoice_amount_due check (amount_due = total + carried_in - carried_forward - from_balance)
);
create index invoice_account on invoice (account, id);

create function invoice_has_tax_point() returns trigger language plpgsql as $$
begin
    new.tax_point := (new.period + interval '1 month - 1 day')::date;
    return new;
end $$;
create trigger invoice_has_tax_point before insert on invoice
    for each row when (new.tax_point is null) execute function invoice_has_tax_point();

-- What an account balance pays of an invoice: no more than the invoice asks for, and in units that can be charged.
create function balance_pays(gross numeric, balance numeric, unit numeric) returns numeric language sql immutable
    return greatest(0, least(gross, trunc(coalesce(balance, 0) / unit) * unit));

create index invoice_unpaid on invoice (issued_on, account) where status = 'OPEN';
create index invoice_period on invoice (period, number);
-- The work list of retries and dunning.
create index invoice_open on invoice (id) where status = 'OPEN';

-- Issued later than the first of the next month: its account was held, or the run was late.
create function issued_late(issued_on date, period date) returns boolean language sql immutable
    return issued_on > (period + interval '1 month')::date;
create index invoice_late on invoice (id) where issued_late(issued_on, period);

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

-- An issued invoice never changes but in its status, and that only forwards.
create function invoice_is_issued() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        if old.status <> 'DRAFT' then raise exception 'invoice % is issued and cannot be deleted', old.number; end if;
        return old;
    end if;
    if old.status = 'DRAFT' then return new; end if;
    if (to_jsonb(new) - 'status') <> (to_jsonb(old) - 'status') then
        raise exception 'invoice % is issued and cannot be changed', old.number;
    end if;
    -- A dispute that was lost may be owed again; what was written off may be paid after all.
    if new.status <> old.status
       and not (old.status = 'OPEN' or (old.status = 'PAID' and new.status = 'OPEN')
                or (old.status = 'UNCOLLECTIBLE' and new.status = 'PAID')) then
        raise exception 'invoice %: % cannot become %', old.number, old.status, new.status;
    end if;
    return new;
end $$;
create trigger invoice_is_issued before update or delete on invoice
    for each row execute function invoice_is_issued();

-- The tax of an invoice: a row for each rate that its lines bear, and for each reason to bear none.
create table invoice_tax (
    invoice  bigint not null references invoice,
    position integer not null constraint invoice_tax_position check (position >= 1),
    -- Of EN 16931: standard, zero rated, exempt, reverse charge, export, outside of what the seller is registered for.
    category text not null constraint invoice_tax_category check (category in ('S', 'Z', 'E', 'AE', 'G', 'O')),
    -- The imported rate (V028); null where it is of the seller file, or there is none.
    rate     bigint,
    name     text not null,
    percent  numeric not null,
    base     numeric not null,
    tax      numeric not null,
    note     text not null default '',
    -- What another service said that it follows from: a consultation number of VIES, a calculation of Stripe Tax. Or empty.
    evidence text not null default '',
    -- The tax in the currency of its country, where that is another than the invoice's: by what the European Central Bank
    -- published for one euro, of the currency of the invoice and of that of the tax, on the last day up to the tax point.
    tax_currency          text,
    tax_in_currency       numeric,
    currency_per_euro     numeric,
    tax_currency_per_euro numeric,
    rate_day              date,
    primary key (invoice, position),
    constraint invoice_tax_local check (
        num_nonnulls(tax_currency, tax_in_currency, currency_per_euro, tax_currency_per_euro, rate_day) in (0, 5)),
    constraint invoice_tax_local_of_tax check (tax_currency is null or tax <> 0),
    constraint invoice_tax_per_euro check (currency_per_euro > 0 and tax_currency_per_euro > 0),
    constraint invoice_tax_percent check (percent between 0 and 100 and (percent > 0) = (category = 'S')),
    constraint invoice_tax_none check (category = 'S' or tax = 0),
    constraint invoice_tax_of_rate check (rate is null or category in ('S', 'Z'))
);

create table invoice_line (
    invoice      bigint not null references invoice,
    position     integer not null check (position >= 1),
    product      text not null references product,
    usage_period date not null,
    price        bigint not null references price,
    tier         integer not null,
    quantity     numeric not null,
    unit         text not null,
    unit_price   numeric not null,
    listed_unit  text not null,
    amount       numeric not null,
    -- The row of invoice_tax that it bears.
    tax          integer not null default 1,
    primary key (invoice, position),
    unique (invoice, product, usage_period, price, tier),
    constraint invoice_line_tax foreign key (invoice, tax) references invoice_tax
);

create function invoice_line_is_issued() returns trigger language plpgsql as $$
declare
    changed bigint := case when tg_op = 'INSERT' then new.invoice else old.invoice end;
begin
    if (select status from invoice where id = changed) <> 'DRAFT' then
        raise exception 'lines of an issued invoice cannot be changed';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger invoice_line_is_issued before insert or update or delete on invoice_line
    for each row execute function invoice_line_is_issued();
create trigger invoice_tax_is_issued before insert or update or delete on invoice_tax
    for each row execute function invoice_line_is_issued();

-- The printed lines of an issued invoice add up to its subtotal, and its taxes to its tax.
create function invoice_lines_add_up() returns trigger language plpgsql as $$
begin
    if new.subtotal <> coalesce((select sum(amount) from invoice_line where invoice = new.id), 0) then
        raise exception 'invoice of % for %: lines do not add up to the subtotal %', new.account, new.period, new.subtotal;
    end if;
    if (new.subtotal - new.credits, new.tax)
       <> (select coalesce(sum(base), 0), coalesce(sum(tax), 0) from invoice_tax where invoice = new.id) then
        raise exception 'invoice of % for %: taxes do not add up to the tax %', new.account, new.period, new.tax;
    end if;
    return null;
end $$;
create trigger invoice_lines_add_up after update of status on invoice
    for each row when (old.status = 'DRAFT' and new.status <> 'DRAFT') execute function invoice_lines_add_up();

-- An account that cannot be billed is held with a reason, and does not stop the others.
create table invoice_hold (
    account text not null references account,
    period  date not null,
    reason  text not null,
    detail  text not null,
    primary key (account, period)
);

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

-- What ties a payment (or its like) to an invoice. The open amount is amount_due less these, and is stored nowhere. What
-- opens an invoice again is a row of its own with a negative amount. CARRIED is what was too little to be charged, and is
-- left to the account's next invoice.
create table settlement (
    id        bigint generated always as identity primary key,
    invoice   bigint not null references invoice,
    kind      text not null check (kind in (
        'CARD', 'TRANSFER', 'BALANCE', 'CARRIED', 'WRITE_OFF', 'WRITE_OFF_REVERSED', 'CREDIT_NOTE', 'DISPUTE')),
    amount    numeric not null check (amount <> 0),
    reference text not null,
    at        timestamptz not null,
    unique (kind, reference),
    constraint settlement_sign check ((amount < 0) = (kind in ('DISPUTE', 'WRITE_OFF_REVERSED')))
);
create index settlement_invoice on settlement (invoice);
create index settlement_carried on settlement (invoice) where kind = 'CARRIED';
create trigger settlement_is_history before update or delete or truncate on settlement
    for each statement execute function refuse_change();
create trigger settlement_came_in_time before insert on settlement
    for each row when (new.kind = 'TRANSFER') execute function transfer_came_in_time();

create table credit_note_series (
    year        integer primary key,
    last_number integer not null check (last_number >= 0)
);

-- Corrects an issued invoice. What it takes off the open amount is a settlement; what was paid already goes to the
-- account balance.
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
    constraint credit_note_settled check (settled between 0 and amount),
    constraint credit_note_grant check (grant_id is null or settled < amount)
);
create index credit_note_invoice on credit_note (invoice);
create trigger credit_note_is_history before update or delete or truncate on credit_note
    for each statement execute function refuse_change();

-- What a credit note returns of each tax of its invoice.
create table credit_note_tax (
    credit_note bigint not null references credit_note,
    invoice     bigint not null,
    tax         integer not null,
    base        numeric not null,
    amount      numeric not null,
    -- The same in the currency of the tax's country, by the rate of the invoice; null where that has none.
    amount_in_currency numeric,
    primary key (credit_note, tax),
    constraint credit_note_tax_of foreign key (invoice, tax) references invoice_tax
);
create index credit_note_tax_invoice on credit_note_tax (invoice, tax);
create trigger credit_note_tax_is_history before update or delete or truncate on credit_note_tax
    for each statement execute function refuse_change();

-- The PDF as it was rendered; rendering again must give the same bytes.
create table invoice_document (
    invoice bigint primary key references invoice,
    file    text not null,
    sha256  text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    bytes   integer not null,
    -- Which fonts of the machine it was printed with, beside those of the templates: "<SHA-256 of the file> <name>".
    -- Printing it again takes these and no others, so that it gives the same bytes, or says which font is missing.
    fonts   text[] not null default '{}'
);
create index invoice_document_file on invoice_document (file);

create table credit_note_document (
    credit_note bigint primary key references credit_note,
    file        text not null,
    sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    bytes       integer not null,
    fonts       text[] not null default '{}'
);
create index credit_note_document_file on credit_note_document (file);

-- The documents that were made, by the file in which each lies.
create view document_file as
select file, sha256 from invoice_document
 union all
select file, sha256 from credit_note_document;

-- Whether a frozen month still takes usage of an account: the month is held, so that there is no invoice of it yet.
create function takes_late_usage(of_account text, month date) returns boolean language sql stable as $$
    select exists (select from held
                    where step = 'draft-invoices' and account = of_account and period = month and resolved_at is null)
       and not exists (select from invoice where account = of_account and period = month)
$$;

-- The billing period of usage that is new: its own month or, where that is invoiced, the next one that is not: a held one, or
-- the first that is not frozen.
create function billed_in(of_account text, used_on date) returns date language sql stable as $$
    select coalesce((select min(h.period)
                       from held h
                      where h.step = 'draft-invoices' and h.account = of_account and h.period >= m.month
                        and takes_late_usage(of_account, h.period)),
                    greatest(m.month, (select max(period) + interval '1 month' from billing_period)::date))
      from (select date_trunc('month', used_on)::date as month) m
$$;
