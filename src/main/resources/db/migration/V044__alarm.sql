-- On which days a source sent usage, by the first record of each batch: enough to see that one has fallen silent. What accounts
-- report about themselves is no feed.
create table usage_feed (
    source  text not null,
    seen_on date not null,
    primary key (source, seen_on)
);

-- When the payment provider's last event was delivered by a webhook, to about a minute.
create table webhook_heard (
    at      timestamptz not null,
    one_row boolean primary key default true check (one_row)
);
create function webhook_heard() returns trigger language plpgsql as $$
begin
    insert into webhook_heard as h (at) values (new.received_at)
        on conflict (one_row) do update set at = excluded.at where h.at < excluded.at - interval '1 minute';
    return null;
end $$;
create trigger webhook_heard after insert on stripe_event_due for each row execute function webhook_heard();

-- Until when the provider takes evidence on a dispute; null where it did not say so.
alter table dispute add column evidence_due timestamptz;

-- What has fallen silent, or is about to be too late: open until it is over, and mailed once at its begin and once at its end.
create table alarm (
    id        bigint generated always as identity primary key,
    kind      text not null constraint alarm_kind check (kind in ('FEED', 'SCHEDULE', 'WEBHOOKS', 'CARDS', 'DISPUTE')),
    subject   text not null,
    detail    text not null constraint alarm_detail check (detail <> ''),
    began_at  timestamptz not null,
    ended_at  timestamptz,
    begin_mailed_at timestamptz,
    end_mailed_at   timestamptz,
    constraint alarm_ended check (ended_at >= began_at),
    constraint alarm_mailed check (end_mailed_at is null or ended_at is not null)
);
create unique index alarm_open on alarm (kind, subject) where ended_at is null;
create index alarm_unmailed on alarm (id) where begin_mailed_at is null or (ended_at is not null and end_mailed_at is null);
