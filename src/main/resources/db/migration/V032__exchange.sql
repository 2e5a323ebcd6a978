-- A file of exchange rates of which something was new. The rates are too many for the audit log: it has this row of them.
create table exchange_import (
    id        bigint generated always as identity primary key,
    file      text not null,
    added     integer not null constraint exchange_import_added check (added > 0),
    first_day date not null,
    last_day  date not null,
    constraint exchange_import_days check (first_day <= last_day)
);
create trigger exchange_import_is_history before update or delete or truncate on exchange_import
    for each statement execute function refuse_change();
create trigger audited after insert on exchange_import for each row execute function audit('file', '', 'id');

-- How much of a currency the European Central Bank published for one euro.
create table exchange_rate (
    currency text not null constraint exchange_rate_currency check (currency ~ '^[A-Z]{3}$' and currency <> 'EUR'),
    day      date not null,
    per_euro numeric not null constraint exchange_rate_positive check (per_euro > 0),
    import   bigint not null references exchange_import,
    constraint exchange_rate_once primary key (day, currency)
);
create trigger exchange_rate_is_history before update or delete or truncate on exchange_rate
    for each statement execute function refuse_change();
