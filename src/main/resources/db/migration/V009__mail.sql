-- The outbox. A notice is written in the transaction that causes it, and sent later.
create table notice (
    id          bigint generated always as identity primary key,
    account     text not null references account,
    kind        text not null,
    key         text not null,
    recipient   text not null,
    view        jsonb not null,
    attachment  text,
    status      text not null default 'QUEUED' check (status in ('QUEUED', 'SENDING', 'SENT', 'UNKNOWN', 'FAILED')),
    message_id  text not null unique,
    queued_at   timestamptz not null,
    next_try_at timestamptz not null,
    sent_at     timestamptz,
    tries       integer not null default 0,
    -- What the mail server said when it took the message, and why it did not.
    reply       text,
    error       text,
    unique (kind, key, recipient),
    -- What a mail is written from has names.
    constraint notice_view check (jsonb_typeof(view) = 'object'),
    check ((status = 'SENT') = (sent_at is not null))
);
create index notice_pending on notice (id) where status in ('QUEUED', 'SENDING');
create index notice_account on notice (account, id);

create function notice_is_sent() returns trigger language plpgsql as $$
begin
    raise exception 'notice % is sent: rows are added, never changed (% refused)', old.id, lower(tg_op);
end $$;
-- What of it tells who it went to and what it said goes with the account: see V026.
create trigger notice_is_sent before update on notice
    for each row when (old.status = 'SENT' and not (
        is_erased(old.account) and new.recipient = 'erased ' || old.id and new.view = '{}'
        and (new.id, new.account, new.kind, new.key, new.status, new.queued_at, new.sent_at)
            is not distinct from (old.id, old.account, old.kind, old.key, old.status, old.queued_at, old.sent_at)))
    execute function notice_is_sent();
create trigger sent_notice_stays before delete on notice
    for each row when (old.status = 'SENT') execute function notice_is_sent();
