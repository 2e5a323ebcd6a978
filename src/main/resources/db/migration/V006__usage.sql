-- A file (or stream) of usage records as it came in, with its tie-out.
create table usage_file (
    id          bigint generated always as identity primary key,
    name        text not null,
    format      text not null,
    header      text,
    mapping     text,
    started_at  timestamptz not null,
    ended_at    timestamptz,
    lines       bigint not null default 0,
    accepted    bigint not null default 0,
    duplicates  bigint not null default 0,
    quarantined bigint not null default 0,
    -- By the mapping: none of our business.
    left_out    bigint not null default 0,
    -- What the accepted lines gave: a line may give several records, and some of them may have been known.
    records     bigint not null default 0,
    -- Running hash over the lines taken so far: an interrupted file goes on behind them when it is the same file.
    fingerprint bigint not null default 0,
    -- The account whose own key sent what this file keeps: its lines speak for that account alone, now and when one of them
    -- is released from quarantine. Null for files and operators, who speak for every account.
    reporter    text references account,
    -- The run of usage aggregate that read it outside of the database: its records are in the sums of that run.
    run         text,
    constraint usage_file_ties_out check (lines = accepted + duplicates + quarantined + left_out),
    constraint usage_file_records check (records >= accepted)
);
create index usage_file_unfinished on usage_file (name) where ended_at is null;

-- Who has been seen: one row for each (source, id) ever accepted, as 128 bits of SHA-256 over both.
-- The content hash tells a resend (same content) from a conflict (other content); file and line tell which line was
-- the first, and thereby whether it is this one.
create table usage_key (
    key     uuid primary key,
    content bigint not null,
    file    bigint not null,
    line    bigint not null,
    day     date not null
)
-- Nothing is ever deleted of it or read without its index, so that vacuuming what was added gains nothing.
with (autovacuum_vacuum_insert_threshold = -1);

-- The raw facts, immutable, one partition a month of use. What an account reports about itself has a namespace of its own,
-- so that it can never stand before, block or change what the operator sends: the source of such a record is
-- 'account:ACCOUNT/SOURCE', and nobody else's.
create table usage_record (
    key         uuid not null,
    source      text not null,
    id          text not null,
    account     text not null,
    product     text not null,
    quantity    numeric not null check (quantity >= 0),
    occurred_at timestamptz not null,
    failed      boolean not null,
    billable    boolean not null,
    operation   text,
    metadata    text,
    file        bigint not null,
    line        bigint not null,
    constraint usage_record_namespace
        check (not starts_with(source, 'account:') or starts_with(source, 'account:' || account || '/'))
) partition by range (occurred_at);
-- Usage comes in about the order of its time, so that a day's records are found without an index over each of them.
create index usage_record_occurred on usage_record using brin (occurred_at);

-- Makes the partition of a month when it is not there. It is attached instead of created in place, and there is no
-- default partition, so that neither writers nor readers of other months wait.
create function usage_record_month(month date) returns void language plpgsql as $$
declare
    first_day date := date_trunc('month', month);
    name      text := 'usage_record_' || to_char(first_day, 'YYYY_MM');
begin
    perform pg_advisory_xact_lock(hashtextextended('usage_record_month', 0));
    if to_regclass(name) is not null then return; end if;
    execute format('create table %I (like usage_record including constraints)', name);
    execute format('alter table usage_record attach partition %I for values from (%L) to (%L)', name,
                   first_day::text || ' 00:00:00+00', (first_day + interval '1 month')::date::text || ' 00:00:00+00');
end $$;

-- A correction: the record with this key is taken back. One per record, ever. It may arrive before its record, and is
-- applied by the nightly run once both are there.
create table usage_void (
    voided_key uuid primary key,
    key        uuid not null unique,
    account    text not null references account,
    file       bigint not null references usage_file,
    line       bigint not null,
    applied_at timestamptz
);
create index usage_void_pending on usage_void (voided_key) where applied_at is null;

-- An account takes nothing back, neither of its own nor of others.
create function usage_void_is_an_operators() returns trigger language plpgsql as $$
begin
    if exists (select from usage_file where id = new.file and reporter is not null) then
        raise check_violation using message = 'an account cannot take usage back',
                                    constraint = 'usage_void_is_an_operators';
    end if;
    return new;
end $$;
create trigger usage_void_is_an_operators before insert on usage_void
    for each row execute function usage_void_is_an_operators();

-- What could not be billed, with the raw text, until its cause is mended and it is released.
create table usage_quarantine (
    id          bigint generated always as identity primary key,
    file        bigint not null references usage_file,
    line        bigint not null,
    reason      text not null,
    detail      text not null,
    account     text,
    raw         text not null,
    released_at timestamptz,
    -- Where the lines of a file have no ids of their own, a line is known by what the file says up to it. It is kept here,
    -- because it can't be made again from the line alone.
    line_id     text,
    -- How many records the line gave when it was released.
    records     bigint not null default 0,
    -- When what came a little before its time is usage like any other: the nightly run takes it in then.
    retry_at    timestamptz check (reason = 'IN_FUTURE' or retry_at is null),
    unique (file, line),
    constraint usage_quarantine_records check (records = 0 or released_at is not null)
);
create index usage_quarantine_open on usage_quarantine (id) where released_at is null;
create index usage_quarantine_account on usage_quarantine (account, id) where released_at is null;
create index usage_quarantine_early on usage_quarantine (retry_at) where released_at is null and retry_at is not null;

-- Usage accepted but not yet metered: each committed batch leaves the sums per account, product and day, so that
-- metering costs what is new and not what is stored. The gate leaves them in rows, and a correction, with negative quantities. What the gate has charged
-- travels with the usage until the ledger knows it: through arrivals to the unrated days, where it counts as long as the day
-- is one. So the very transaction that draws credit for usage stops counting its charge.
create table usage_arrival (
    file          bigint not null,
    account       text not null,
    product       text not null,
    day           date not null,
    quantity      numeric not null,
    records       bigint not null,
    free_quantity numeric not null,
    free_records  bigint not null,
    gated         boolean not null default false,
    gate_charge   numeric not null default 0 check (gate_charge >= 0)
);
create index usage_arrival_account on usage_arrival (account, day);
-- An account's calls of a day are added up in one row, whose index does not change with them.
create unique index usage_arrival_gated on usage_arrival (account, product, day) where gated;

-- What a committed batch of a file has brought of an account, in the order of days. It is one row, since a row for each day
-- cost five times as much to write and twice as much to take.
create type arrived_day as (
    product       text,
    day           date,
    quantity      numeric,
    records       bigint,
    free_quantity numeric,
    free_records  bigint
);
create table arrived_batch (
    file      bigint not null,
    account   text not null,
    days      arrived_day[] not null,
    first_day date not null generated always as ((days[1]).day) stored,
    last_day  date not null generated always as ((days[cardinality(days)]).day) stored
)
with (toast_tuple_target = 8160);
alter table arrived_batch alter days set statistics 0;
create index arrived_batch_account on arrived_batch (account);
create function arrived_batch_holds() returns trigger language plpgsql as $$
declare
    missing text;
begin
    select format('%s, %s', i.account, i.days) into missing
      from inserted i
     cross join unnest(i.days) d
     where d.day is null or d.day < i.first_day or d.day > i.last_day or d.product is null or d.quantity is null
        or d.records is null or d.free_quantity is null or d.free_records is null
     limit 1;
    if missing is not null then
        raise check_violation using message = 'days of usage out of order or not whole: ' || missing;
    end if;
    return null;
end $$;
create trigger arrived_batch_holds after insert on arrived_batch
    referencing new table as inserted for each statement execute function arrived_batch_holds();

-- All that has arrived, by day.
create view arrived_usage as
select file, account, product, day, quantity, records, free_quantity, free_records, gate_charge
  from usage_arrival
 union all
select file, account, (arrived).product, (arrived).day, (arrived).quantity, (arrived).records, (arrived).free_quantity,
       (arrived).free_records, 0
  from (select file, account, unnest(days) as arrived from arrived_batch) b;

-- Raw records of closed months that lie in files under POSTPAID_HOME/archive instead of in a partition. A month has
-- another part for each time that records came for it after it was archived.
create table usage_archive (
    month       date not null check (extract(day from month) = 1),
    part        integer not null check (part >= 1),
    file        text not null unique,
    sha256      text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    records     bigint not null check (records >= 0),
    archived_at timestamptz not null,
    primary key (month, part)
);

-- What the records of an archive add up to, so that the books can be proved without reading it. `verify` also reads it.
create table usage_archive_sum (
    month           date not null,
    part            integer not null,
    file            bigint not null,
    account         text not null,
    product         text not null,
    day             date not null,
    failed          boolean not null,
    billable        boolean not null,
    records         bigint not null check (records > 0),
    quantity        numeric not null,
    voided_records  bigint not null,
    voided_quantity numeric not null,
    primary key (month, part, file, account, product, day, failed, billable),
    foreign key (month, part) references usage_archive,
    check (voided_records between 0 and records)
);

-- Which way the usage of a source comes: record by record into this database, or aggregated outside of it. A source has one
-- way, for ever, since neither way knows the keys of the other.
create table usage_source (
    source text primary key,
    path   text not null check (path in ('INGESTED', 'AGGREGATED')),
    constraint usage_source_aggregated check (path = 'INGESTED' or not starts_with(source, 'account:') and source <> 'gate')
);
create function usage_source_stays() returns trigger language plpgsql as $$
begin
    raise check_violation using message = 'the usage of a source comes one way for ever', constraint = 'usage_source_stays';
end $$;
create trigger usage_source_stays before update or delete on usage_source for each row execute function usage_source_stays();

-- Tells this installation from others that would keep records below the same folder. One row, made with the first run.
create table usage_keeper (
    id      uuid not null,
    one_row boolean primary key default true check (one_row)
);

-- A run of usage aggregate that was imported. Its records lie in the folder; what they add up to is here.
create table usage_run (
    id          text primary key check (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
    -- In the order of the imports: a run knows the keys of those before it.
    n           integer not null unique check (n >= 1),
    -- SHA-256 of what its files say, and of the accounts, products and settings that it was decided by.
    content     text not null check (content ~ '^[0-9a-f]{64}$'),
    snapshot    text not null check (snapshot ~ '^[0-9a-f]{64}$'),
    folder      text not null check (folder <> ''),
    -- The entry that its sums and arrivals belong to; it has no lines of its own.
    file        bigint not null unique references usage_file,
    records     bigint not null check (records >= 0),
    imported_at timestamptz not null
);
alter table usage_file add foreign key (run) references usage_run;
create index usage_file_run on usage_file (run) where run is not null;

-- What the records of a run add up to, with what was taken back when it was imported, also of earlier runs.
create table usage_run_sum (
    run             text not null references usage_run,
    account         text not null references account,
    product         text not null references product,
    day             date not null,
    failed          boolean not null,
    billable        boolean not null,
    records         bigint not null check (records >= 0),
    quantity        numeric not null check (quantity >= 0),
    voided_records  bigint not null check (voided_records >= 0),
    voided_quantity numeric not null check (voided_quantity >= 0),
    primary key (run, account, product, day, failed, billable),
    constraint usage_run_sum_states check (records > 0 or voided_records > 0)
);
create index usage_run_sum_account on usage_run_sum (account, product, day);

create function usage_run_is_history() returns trigger language plpgsql as $$
begin
    raise check_violation using message = 'a run that was imported never changes', constraint = 'usage_run_is_history';
end $$;
create trigger usage_run_is_history before update or delete on usage_run for each row execute function usage_run_is_history();
create trigger usage_run_sum_is_history before update or delete on usage_run_sum
    for each row execute function usage_run_is_history();

-- What is left of a run's records of a day, as one record that says how many they are: for whoever lists records.
create view usage_run_record as
select account, product, day, failed, billable, file, source, id, quantity, day::timestamp at time zone 'UTC' as occurred_at,
       encode(substring(sha256(convert_to(source, 'UTF8') || '\x00'::bytea || convert_to(id, 'UTF8')) for 16), 'hex')::uuid as key
  from (select s.account, s.product, s.day, s.failed, s.billable, r.file, 'run ' || s.run as source,
               format('%s: %s records%s', s.product, s.records - s.voided_records,
                      case when s.failed then ' that failed' when s.billable then '' else ' that are free' end) as id,
               s.quantity - s.voided_quantity as quantity
          from usage_run_sum s
          join usage_run r on r.id = s.run
         where s.records <> s.voided_records) summed;
