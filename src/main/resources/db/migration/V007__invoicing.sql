create table invoice_series (
    year        integer primary key,
    last_number integer not null check (last_number >= 0)
);

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
    subtotal        numeric not null,
    credits         numeric not null check (credits >= 0),
    tax             numeric not null,
    tax_name        text not null default '',
    tax_percent     numeric not null default 0,
    tax_note        text not null default '',
    total           numeric not null,
    -- What earlier invoices left unpaid because it was too little to charge (or too much was credited), and what this one does.
    carried_in      numeric not null default 0,
    carried_forward numeric not null default 0,
    amount_due      numeric not null check (amount_due >= 0),
    unique (account, period, currency),
    check ((status = 'DRAFT') = (number is null)),
    check ((number is null) = (year is null)),
    constraint invoice_total check (total = subtotal - credits + tax),
    constraint invoice_amount_due check (amount_due = total + carried_in - carried_forward)
);
create index invoice_account on invoice (account, id);
create index invoice_unpaid on invoice (issued_on, account) where status = 'OPEN';
create index invoice_period on invoice (period, number);

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
    primary key (invoice, position),
    unique (invoice, product, usage_period, price, tier)
);

-- An account that cannot be billed is held with a reason, and does not stop the others.
create table invoice_hold (
    account text not null references account,
    period  date not null,
    reason  text not null,
    detail  text not null,
    primary key (account, period)
);

-- The PDF as it was rendered; rendering again must give the same bytes.
create table invoice_document (
    invoice bigint primary key references invoice,
    file    text not null,
    sha256  text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    bytes   integer not null
);

-- What ties a payment (or its like) to an invoice. The open amount is amount_due less these, and is stored nowhere. Money
-- that goes back is a row of its own with a negative amount.
create table settlement (
    id        bigint generated always as identity primary key,
    invoice   bigint not null references invoice,
    kind      text not null
        check (kind in ('CARD', 'TRANSFER', 'WRITE_OFF', 'CREDIT_NOTE', 'REFUND', 'DISPUTE', 'DISPUTE_WON')),
    amount    numeric not null check (amount <> 0),
    reference text not null,
    at        timestamptz not null,
    unique (kind, reference),
    constraint settlement_sign check ((amount < 0) = (kind in ('REFUND', 'DISPUTE')))
);
create index settlement_invoice on settlement (invoice);

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
    if new.status <> old.status and not (old.status = 'OPEN' or (old.status = 'PAID' and new.status = 'OPEN')) then
        raise exception 'invoice %: % cannot become %', old.number, old.status, new.status;
    end if;
    return new;
end $$;
create trigger invoice_is_issued before update or delete on invoice
    for each row execute function invoice_is_issued();

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

-- The printed lines of an issued invoice add up to its subtotal.
create function invoice_lines_add_up() returns trigger language plpgsql as $$
begin
    if new.subtotal <> coalesce((select sum(amount) from invoice_line where invoice = new.id), 0) then
        raise exception 'invoice of % for %: lines do not add up to the subtotal %', new.account, new.period, new.subtotal;
    end if;
    return null;
end $$;
create trigger invoice_lines_add_up after update of status on invoice
    for each row when (old.status = 'DRAFT' and new.status <> 'DRAFT') execute function invoice_lines_add_up();

create trigger settlement_is_history before update or delete or truncate on settlement
    for each statement execute function refuse_change();
