-- What a step could not do for one item (an account, an invoice, a mail, an event), with the reason. The step went on with
-- the others, and each later run tries the item again. A row is resolved when the item goes through.
create table held (
    id            bigint generated always as identity primary key,
    step          text not null check (step <> ''),
    -- The billing period of a monthly step.
    period        date check (extract(day from period) = 1),
    item          text not null check (item <> ''),
    account       text references account,
    reason        text not null check (reason <> ''),
    detail        text not null,
    first_at      timestamptz not null,
    last_at       timestamptz not null,
    -- The job instances that held it and did not get it done themselves, the latest one last.
    runs          bigint[] not null,
    resolved_at   timestamptz,
    check (first_at <= last_at)
);
create unique index held_open on held (step, period, item) nulls not distinct where resolved_at is null;
create index held_account on held (account) where resolved_at is null;

-- What a step holds of an account is not done, and listed; the proof of the others goes on.
create function is_held(of_step text, of_account text) returns boolean language sql stable as $$
    select exists (select from held where step = of_step and account = of_account and resolved_at is null)
$$;

-- A run with how many items it held.
create view counted_run as
select r.*, coalesce(h.held, 0) as held
  from run r
  join batch_job_execution e on e.job_execution_id = r.id
  left join (select unnest(runs) as instance, count(*) as held from held group by 1) h on h.instance = e.job_instance_id;
