-- Each check of the whole books, by whom and how it ended. How it was found is in the audit log, too.
create table proof (
    id         bigint generated always as identity primary key,
    at         timestamptz not null,
    invariants integer not null,
    broken     integer not null,
    constraint proof_counts check (broken between 0 and invariants)
);
create trigger audited after insert on proof for each row execute function audit('id', '', 'id', 'at');

-- Every invariant as the latest check found it, in the order of the check.
create table verified (
    name     text primary key,
    n        integer not null,
    rule     text not null,
    at       timestamptz not null,
    holds    boolean not null,
    figure   text not null,
    broken   bigint not null,
    examples text[] not null,
    constraint verified_holds check (holds = (broken = 0))
);
