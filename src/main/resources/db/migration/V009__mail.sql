-- The outbox. A notice is written in the transaction that causes it, and sent later.
create table notice (
    id         bigint generated always as identity primary key,
    account    text not null references account,
    kind       text not null,
    key        text not null,
    recipient  text not null,
    view       jsonb not null,
    attachment text,
    status     text not null default 'QUEUED' check (status in ('QUEUED', 'SENDING', 'SENT', 'UNKNOWN', 'FAILED')),
    message_id text not null unique,
    queued_at  timestamptz not null,
    sent_at    timestamptz,
    tries      integer not null default 0,
    error      text,
    unique (kind, key, recipient),
    check ((status = 'SENT') = (sent_at is not null))
);
create index notice_pending on notice (id) where status in ('QUEUED', 'SENDING');
create index notice_account on notice (account, id);
