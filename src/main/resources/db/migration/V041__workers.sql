-- Processes that do parts of a run for the one that runs it, and what each did. Times are the database's own, since the
-- clocks of several machines are compared.

create table worker (
    id         bigint generated always as identity primary key,
    name       text not null,
    -- What its sessions are called, by which they are ended when it is given up.
    sessions   text not null,
    started_at timestamptz not null default clock_timestamp(),
    seen_at    timestamptz not null default clock_timestamp(),
    left_at    timestamptz
);
create index worker_present on worker (id) where left_at is null;

-- A run whose parts others may do, as long as they are like the process that runs it.
create table shared_run (
    run      bigint primary key references batch_job_execution on delete cascade,
    likeness jsonb not null,
    who      text not null,
    source   text not null,
    -- Where the clock of the run stands still; null if it is the time of day.
    clock    timestamptz,
    -- Somebody else goes on with it: what workers still do of it is not wanted any more.
    is_over  boolean not null default false
);

create table part (
    step_execution bigint primary key references batch_step_execution on delete cascade,
    run            bigint not null references shared_run on delete cascade,
    step           text not null,
    kind           integer not null,
    -- Who does it or has done it: a worker, or the process that runs the run.
    worker         bigint references worker,
    done_by        text,
    takes          integer not null default 0,
    -- A worker could not do it.
    refused        boolean not null default false,
    ended_at       timestamptz,
    -- What its worker tells of items that are judged together.
    tried          bigint not null default 0,
    reasons        jsonb,
    constraint part_worker_is_named check (worker is null or done_by is not null)
);
create index part_open on part (run) where ended_at is null;
create index part_run on part (run);
create index part_worker on part (worker) where worker is not null;

create function verify_parts() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select case
                   when p.ended_at is null then format('run %s is completed, but its part %s of %s is open', p.run, p.step_execution, p.step)
                   when p.done_by is null or s.status <> 'COMPLETED' then
                       format('run %s is completed, but its part %s of %s was done by nobody', p.run, p.step_execution, p.step)
               end as told
          from part p
          join batch_job_execution j on j.job_execution_id = p.run and j.status = 'COMPLETED'
          join batch_step_execution s on s.step_execution_id = p.step_execution
    )
    select format('%s parts of completed runs', count(*)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
