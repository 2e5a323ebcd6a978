-- A key to the HTTP API: of one account, or an operator's where there is none. The secret is nowhere, only its hash.
create table api_key (
    id          text primary key check (id ~ '^[0-9a-f]{12}$'),
    account     text references account,
    name        text not null default '',
    secret_hash bytea not null check (length(secret_hash) = 32),
    created_at  timestamptz not null,
    revoked_at  timestamptz check (revoked_at >= created_at)
);
create index api_key_account on api_key (account, created_at);
