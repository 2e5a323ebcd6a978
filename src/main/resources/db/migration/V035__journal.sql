-- Journals for an accounting program: what a closed month adds to the accounts of the general ledger, in amounts that can be
-- booked. A line is a rounded balance less what earlier journals have of it: what one month cuts off is not lost to the next.
create table journal (
    id            bigint generated always as identity primary key,
    period        date not null constraint journal_period check (extract(day from period) = 1),
    -- 1, and one more for each time that the month was closed again.
    version       integer not null constraint journal_version check (version >= 1),
    written_at    timestamptz not null,
    -- Null where each currency is booked by itself.
    book_currency text references currency,
    constraint journal_once unique (period, version)
);
create trigger journal_is_history before update or delete or truncate on journal
    for each statement execute function refuse_change();

create table booked_line (
    journal     bigint not null references journal,
    n           integer not null constraint booked_line_n check (n >= 1),
    entry       integer not null constraint booked_line_entry check (entry >= 1),
    event       text not null,
    account     text not null,
    product     text,
    tax_country text,
    tax_percent numeric,
    tax_name    text,
    currency    text not null references currency,
    debit       numeric not null,
    credit      numeric not null,
    -- The same in the currency of the books.
    book_debit  numeric not null,
    book_credit numeric not null,
    primary key (journal, n),
    constraint booked_line_one_side check (debit >= 0 and credit >= 0 and 0 in (debit, credit)),
    constraint booked_line_one_side_of_books check (book_debit >= 0 and book_credit >= 0 and 0 in (book_debit, book_credit)),
    constraint booked_line_moves check (greatest(debit, credit, book_debit, book_credit) > 0)
);
create trigger booked_line_is_history before update or delete or truncate on booked_line
    for each statement execute function refuse_change();

-- All lines of a journal are one statement, and each of its entries balances in its currency and in that of the books.
create function journal_balances() returns trigger language plpgsql as $$
declare
    told text;
begin
    select format('entry %s of journal %s: debits %s, credits %s; in the books %s and %s', entry, journal, sum(debit), sum(credit),
                  sum(book_debit), sum(book_credit))
      into told
      from written
     group by journal, entry
    having sum(debit) <> sum(credit) or sum(book_debit) <> sum(book_credit) or count(distinct (event, currency)) > 1
     limit 1;
    if told is null then
        select format('journal %s has its lines already', journal) into told
          from booked_line l
         where exists (select from written w where w.journal = l.journal)
           and not exists (select from written w where w.journal = l.journal and w.n = l.n)
         limit 1;
    end if;
    if told is not null then
        raise check_violation using message = told, constraint = 'journal_balances';
    end if;
    return null;
end $$;
create trigger journal_balances after insert on booked_line
    referencing new table as written for each statement execute function journal_balances();

-- By what an amount of one currency becomes one of another on a day: by the newest rates, at most a week old, that were
-- published for both on one day. No row where there are none.
create function exchange_of(from_currency text, to_currency text, on_day date)
returns table (from_per_euro numeric, to_per_euro numeric) language sql stable as $$
    (select 1::numeric, 1::numeric where from_currency = to_currency)
     union all
    (select coalesce(f.per_euro, 1), coalesce(t.per_euro, 1)
       from generate_series(0, 7) as ago
       left join exchange_rate f on f.day = on_day - ago and f.currency = from_currency
       left join exchange_rate t on t.day = on_day - ago and t.currency = to_currency
      where from_currency <> to_currency
        and (from_currency = 'EUR' or f.per_euro is not null)
        and (to_currency = 'EUR' or t.per_euro is not null)
      order by ago
      limit 1)
$$;

-- What each account had of each event, exactly, at the end of a journal's month; debits are above zero. The next month begins here.
create table journal_balance (
    journal     bigint not null references journal,
    event       text not null,
    account     text not null,
    product     text,
    tax_country text,
    tax_percent numeric,
    tax_name    text,
    currency    text not null references currency,
    amount      numeric not null,
    -- The same in the currency of the books, each day's by its rate.
    in_books    numeric not null,
    constraint journal_balance_once unique nulls not distinct (journal, event, account, product, tax_country, tax_percent, tax_name, currency)
);
create trigger journal_balance_is_history before update or delete or truncate on journal_balance
    for each statement execute function refuse_change();

-- The last journal of the last month before one: what it left is where that month begins.
create function journal_before(of_period date) returns bigint language sql stable as $$
    select id from journal where period < of_period order by period desc, version desc limit 1
$$;

-- What a month, and those before it that have no journal, moved: by day.
create function journal_moves(of_period date)
returns table (posted_on date, event text, account text, product text, tax_country text, tax_percent numeric, tax_name text,
               currency text, amount numeric)
language sql stable as $$
    select e.posted_on, e.event, leg.account,
           case leg.account when 'REVENUE' then e.product end,
           case leg.account when 'TAX_PAYABLE' then e.tax_country end,
           case leg.account when 'TAX_PAYABLE' then trim_scale(e.tax_percent) end,
           case leg.account when 'TAX_PAYABLE' then e.tax_name end,
           e.currency, sum(leg.amount)
      from ledger_entries(coalesce((select (j.period + interval '1 month')::date from journal j where j.id = journal_before(of_period)),
                                   '-infinity'),
                          (of_period + interval '1 month')::date - 1) e
     cross join lateral (values (e.debit, e.amount), (e.credit, -e.amount)) leg (account, amount)
     group by 1, 2, 3, 4, 5, 6, 7, 8
$$;

-- Rates into the currency of the books that the journal of a month needs, and that there are not: of each day on which something
-- moved, and of the last one for what is money.
create function journal_missing_rates(of_period date, book text, monetary text[])
returns table (currency text, first date, last date, days integer) language sql stable as $$
    with moved as materialized (
        select * from journal_moves(of_period) m where m.currency <> book
    ), needed as (
        select m.currency, m.posted_on as day from moved m
         union
        select t.currency, (of_period + interval '1 month')::date - 1
          from (select m.account, m.currency, m.amount from moved m
                 union all
                select b.account, b.currency, b.amount
                  from journal_balance b
                 where b.journal = journal_before(of_period) and b.currency <> book) t
         where t.account = any(monetary)
         group by t.account, t.currency
        having sum(t.amount) <> 0
    )
    select n.currency, min(n.day), max(n.day), count(*)::integer
      from needed n
     where not exists (select from exchange_of(n.currency, book, n.day))
     group by n.currency
     order by n.currency
$$;

-- The balances at the end of a month. Without a currency of the books each is booked by itself.
create function journal_balances_of(of_period date, book text)
returns table (event text, account text, product text, tax_country text, tax_percent numeric, tax_name text, currency text,
               amount numeric, in_books numeric)
language sql stable as $$
    with moved as materialized (
        select * from journal_moves(of_period)
    ), rate as (
        select n.posted_on, n.currency, r.from_per_euro, r.to_per_euro
          from (select distinct m.posted_on, m.currency from moved m) n
         cross join lateral exchange_of(n.currency, coalesce(book, n.currency), n.posted_on) r
    ), movement as (
        select b.event, b.account, b.product, b.tax_country, b.tax_percent, b.tax_name, b.currency, b.amount, b.in_books
          from journal_balance b
         where b.journal = journal_before(of_period)
         union all
        select m.event, m.account, m.product, m.tax_country, m.tax_percent, m.tax_name, m.currency, m.amount,
               round(m.amount * r.to_per_euro / r.from_per_euro, 12)
          from moved m
          join rate r on r.posted_on = m.posted_on and r.currency = m.currency
    )
    select m.event, m.account, m.product, m.tax_country, m.tax_percent, m.tax_name, m.currency, sum(m.amount), sum(m.in_books)
      from movement m
     group by 1, 2, 3, 4, 5, 6, 7
$$;

-- What the balances of a journal are more than all lines up to its month, rounded: of each event, and of two more, `rounding`, which
-- is what the roundings of its events leave of an account, and `exchange`, which is what its money is worth by the rate of the last
-- day. What an entry does not balance by is rounding, or the difference of exchange.
create function journal_differences(of_journal bigint, monetary text[])
returns table (event text, account text, product text, tax_country text, tax_percent numeric, tax_name text, currency text,
               amount numeric, in_books numeric)
language sql stable as $$
    with balance as (
        select b.*, scale(own.unit) as decimals, scale(books.unit) as of_books, j.book_currency,
               (j.period + interval '1 month')::date - 1 as last_day
          from journal j
          join journal_balance b on b.journal = j.id
          join currency own on own.code = b.currency
          join currency books on books.code = coalesce(j.book_currency, b.currency)
         where j.id = of_journal and b.account <> 'ROUNDING'
    ), total as (
        select b.account, b.product, b.tax_country, b.tax_percent, b.tax_name, b.currency, b.of_books, b.book_currency, b.last_day,
               round(sum(b.amount), b.decimals) as amount, sum(round(b.amount, b.decimals)) as of_events,
               round(sum(b.in_books), b.of_books) as in_books, sum(round(b.in_books, b.of_books)) as in_books_of_events
          from balance b
         group by 1, 2, 3, 4, 5, 6, 7, 8, 9, b.decimals
    ), wanted as (
        select b.event, b.account, b.product, b.tax_country, b.tax_percent, b.tax_name, b.currency,
               round(b.amount, b.decimals) as amount, round(b.in_books, b.of_books) as in_books
          from balance b
         union all
        select 'rounding', t.account, t.product, t.tax_country, t.tax_percent, t.tax_name, t.currency, t.amount - t.of_events,
               t.in_books - t.in_books_of_events
          from total t
         union all
        select 'exchange', t.account, t.product, t.tax_country, t.tax_percent, t.tax_name, t.currency, 0,
               coalesce(round(t.amount * r.to_per_euro / r.from_per_euro, t.of_books), 0) - t.in_books
          from total t
          left join lateral exchange_of(t.currency, t.book_currency, t.last_day) r on true
         where t.currency <> t.book_currency and t.account = any(monetary)
         union all
        select l.event, l.account, l.product, l.tax_country, l.tax_percent, l.tax_name, l.currency, l.credit - l.debit,
               l.book_credit - l.book_debit
          from journal this
          join journal j on j.period <= this.period
          join booked_line l on l.journal = j.id
         where this.id = of_journal
           and l.account <> 'ROUNDING' and (l.event, l.account) <> ('exchange', 'FOREIGN_EXCHANGE')
    ), difference as (
        select w.event, w.account, w.product, w.tax_country, w.tax_percent, w.tax_name, w.currency,
               sum(w.amount) as amount, sum(w.in_books) as in_books
          from wanted w
         group by 1, 2, 3, 4, 5, 6, 7
        having sum(w.amount) <> 0 or sum(w.in_books) <> 0
    )
    select * from difference
     union all
    select d.event, case d.event when 'exchange' then 'FOREIGN_EXCHANGE' else 'ROUNDING' end, null, null, null, null, d.currency,
           -sum(d.amount), -sum(d.in_books)
      from difference d
     group by d.event, d.currency
    having sum(d.amount) <> 0 or sum(d.in_books) <> 0
$$;

-- Each month whose books are closed has a journal. The last one has what the ledger says, and the lines up to it are its balances, each
-- rounded once.
create function verify_journals() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with closed as (
        select c.period from ledger_close c where closed_at(c.period) is not null group by c.period
    ), last as (
        select j.id, j.period, (j.period + interval '1 month')::date - 1 as last_day
          from journal j
         where j.period <= closed_through()
         order by j.period desc, j.version desc
         limit 1
    ), ledger as (
        select leg.account, e.currency, sum(leg.amount) as amount
          from last
         cross join lateral ledger_entries('-infinity', last.last_day) e
         cross join lateral (values (e.debit, e.amount), (e.credit, -e.amount)) leg (account, amount)
         group by leg.account, e.currency
    ), kept as (
        select b.account, b.currency, sum(b.amount) as amount
          from last
          join journal_balance b on b.journal = last.id
         group by b.account, b.currency
    ), booked as (
        select l.account, l.product, l.tax_country, l.tax_percent, l.tax_name, l.currency, sum(l.debit - l.credit) as amount
          from last
          join journal j on j.period <= last.period
          join booked_line l on l.journal = j.id
         where l.account <> 'ROUNDING'
         group by 1, 2, 3, 4, 5, 6
         union all
        select b.account, b.product, b.tax_country, b.tax_percent, b.tax_name, b.currency, -round(sum(b.amount), scale(c.unit))
          from last
          join journal_balance b on b.journal = last.id
          join currency c on c.code = b.currency
         where b.account <> 'ROUNDING'
         group by 1, 2, 3, 4, 5, 6, c.unit
    ), told as (
        select format('%s is closed, and has no journal', to_char(c.period, 'YYYY-MM')) as told
          from closed c
         where not exists (select from journal j where j.period = c.period)
         union all
        select format('%s is %s %s in the journal, and %s in the ledger', coalesce(k.account, l.account), trim_scale(coalesce(k.amount, 0)),
                      coalesce(k.currency, l.currency), trim_scale(coalesce(l.amount, 0)))
          from kept k
          full join ledger l on l.account = k.account and l.currency = k.currency
         where coalesce(k.amount, 0) <> coalesce(l.amount, 0)
         union all
        select format('%s: the lines of journals are %s %s away from its rounded balance',
                      concat_ws(' ', b.account, b.product, b.tax_country, b.tax_percent), trim_scale(sum(b.amount)), b.currency)
          from booked b
         group by b.account, b.product, b.tax_country, b.tax_percent, b.tax_name, b.currency
        having sum(b.amount) <> 0
    )
    select format('%s journals, %s', (select count(*) from journal),
                  coalesce('the last of ' || (select to_char(period, 'YYYY-MM') from last), 'and no month is closed')),
           (select count(*) from told), coalesce((select (array_agg(told order by told))[1:5] from told), '{}')
$$;
