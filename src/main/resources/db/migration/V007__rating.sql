-- A month that is frozen takes no more usage: what arrives later goes on the next invoice, but for accounts of which the
-- month is held (takes_late_usage).
create table billing_period (
    period    date primary key check (extract(day from period) = 1),
    frozen_at timestamptz not null
);

-- So much of a UTC day's usage at one tier of one price; without a price where none is in force, or nothing is billed.
create type journal_line as (
    day           date,
    price         bigint,
    tier          integer,
    quantity      numeric,
    amount        numeric(38,12),
    records       bigint,
    free_quantity numeric,
    free_records  bigint
);

-- What each run has metered and rated of an account and product. `period` is the month on whose invoice it goes, which is
-- the month of the day unless that was frozen before the usage arrived. History: more usage of a day, or another price, is
-- another row, and what a day was rated at before is taken back by lines below zero. The lines of a run lie in one row,
-- since writing a row for each cost four times as much; the key begins with the period, so that a night writes to pages of
-- the open months.
create table usage_journal (
    period   date not null check (extract(day from period) = 1),
    account  text not null,
    product  text not null,
    n        bigint generated always as identity,
    lines    journal_line[] not null,
    last_day date not null generated always as ((lines[cardinality(lines)]).day) stored,
    -- The transaction that has added it: what a night found of an account is covered by credit together (rehearse).
    added_in xid8 not null default pg_current_xact_id(),
    primary key (period, account, product, last_day, n),
    check (period >= date_trunc('month', last_day))
)
-- The lines of a whole month are not compressed, which cost a third of writing them.
with (toast_tuple_target = 8160);
-- Nobody looks for lines by what is in them: reading their elements was most of what statistics cost.
alter table usage_journal alter lines set statistics 0;
-- Rows are added in about the order of n: a block range index finds the new ones for next to nothing.
create index usage_journal_n on usage_journal using brin (n);
create trigger usage_journal_is_history before update or delete or truncate on usage_journal
    for each statement execute function refuse_change();

-- What is referred to is looked up by index: what a statement costs must not grow with what is stored.
create function usage_journal_holds() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
    missing text;
begin
    select i.account || ', ' || i.product into missing
      from (select distinct account, product from inserted) i
      left join account a on a.id = i.account
      left join product p on p.id = i.product
     where a.id is null or p.id is null
     limit 1;
    if missing is not null then
        raise foreign_key_violation using message = 'usage of an account or product that is not there: ' || missing;
    end if;
    select format('%s, %s, %s at price %s', i.account, i.product, l.day, l.price) into missing
      from (select l.price, min(i.n) as n
              from inserted i
             cross join unnest(i.lines) l
             where l.price is not null
             group by l.price) used
      left join price p on p.id = used.price
      join inserted i on i.n = used.n
     cross join unnest(i.lines) l
     where p.id is null and l.price = used.price
     limit 1;
    if missing is not null then
        raise foreign_key_violation using message = 'usage at a price that is not there: ' || missing;
    end if;
    select format('%s, %s, %s', i.account, i.product, i.lines) into missing
      from inserted i
     cross join unnest(i.lines) l
     where l.day is null or l.day > i.last_day or l.quantity is null or l.records is null or l.free_quantity is null
        or l.free_records is null or (l.price is null) <> (l.amount is null) or (l.price is null) <> (l.tier is null)
     limit 1;
    if missing is not null then
        raise check_violation using message = 'lines of usage out of order or not whole: ' || missing;
    end if;
    -- What waited for a price may be rated still.
    select format('%s, %s, %s', i.account, i.product, to_char(i.period, 'YYYY-MM')) into missing
      from inserted i
      join billing_period f on f.period = i.period
     cross join lateral (
           select sum(quantity) as quantity, sum(records) as records, sum(free_quantity) as free_quantity,
                  sum(free_records) as free_records
             from unnest(i.lines)) added
     where (added.quantity, added.records, added.free_quantity, added.free_records) <> (0, 0, 0, 0)
       and not takes_late_usage(i.account, i.period)
     limit 1;
    if missing is not null then
        raise check_violation using message = 'more usage in a period that is frozen: ' || missing;
    end if;
    return null;
end $$;
create trigger usage_journal_holds after insert on usage_journal
    referencing new table as inserted for each statement execute function usage_journal_holds();

-- Unnested where it is selected: as a table of its own it takes three times as long.
create view usage_line as
select account, product, period, n, (line).day, (line).price, (line).tier, (line).quantity, (line).amount, (line).records,
       (line).free_quantity, (line).free_records
  from (select account, product, period, n, unnest(lines) as line from usage_journal) j;

-- Days that wait for a price, or for another than they were rated at.
create table unrated_day (
    account     text not null references account,
    product     text not null references product,
    day         date not null,
    period      date not null,
    gate_charge numeric not null default 0 check (gate_charge >= 0),
    primary key (account, product, day, period)
);

-- Metered usage per account, product and UTC day.
create view daily_usage as
select u.account, u.product, u.day, u.period, u.quantity, u.records, u.free_quantity, u.free_records, w.day is null as rated
  from (select account, product, day, period, sum(quantity) as quantity, sum(records)::bigint as records,
               sum(free_quantity) as free_quantity, sum(free_records)::bigint as free_records
          from usage_line
         group by period, account, product, day) u
  left join unrated_day w using (account, product, day, period);

-- What that usage costs, exactly, with the price and tier that it fell into.
create view daily_cost as
select account, product, day, period, price, tier, sum(quantity) as quantity, sum(amount) as amount
  from usage_line
 where price is not null
 group by period, account, product, day, price, tier
having sum(quantity) <> 0 or sum(amount) <> 0;
