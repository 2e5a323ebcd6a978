-- A key to the HTTP API: of one account, or an operator's where there is none. Its roles say what it may. The secret is
-- nowhere, only its hash.
create table api_key (
    id          text primary key check (id ~ '^[0-9a-f]{12}$'),
    account     text references account,
    name        text not null default '',
    secret_hash bytea not null check (length(secret_hash) = 32),
    created_at  timestamptz not null,
    revoked_at  timestamptz check (revoked_at >= created_at),
    roles       text[] not null,
    constraint api_key_roles check (
        case when account is null
             then cardinality(roles) = 1 and roles <@ array['VIEWER', 'SERVICE', 'OPERATOR', 'APPROVER']
             else roles @> array['ACCOUNT'] and roles <@ array['ACCOUNT', 'GATE', 'USAGE']
        end)
);
create index api_key_account on api_key (account, created_at);

-- Keys are kept in memory by whoever recognises them, until this is another number.
create table api_key_version (version bigint not null);
insert into api_key_version values (0);
create function api_keys_changed() returns trigger language plpgsql as $$
begin
    update api_key_version set version = version + 1;
    return null;
end $$;
create trigger api_keys_changed after update or delete or truncate on api_key
    for each statement execute function api_keys_changed();
