-- A link that signs a customer in, once. Its token is nowhere, only the token's hash.
create table portal_link (
    token_hash bytea primary key check (length(token_hash) = 32),
    account    text not null references account,
    -- Where the pages lead back to: the seller's own application.
    return_url text check (return_url ~ '^https?://'),
    -- The page of ours that was wanted.
    page       text check (page ~ '^/billing([/?]|$)'),
    -- Whether a visitor has asked for it by mail: how often, is limited.
    mailed     boolean not null,
    made_at    timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    constraint portal_link_valid check (expires_at > made_at and used_at between made_at and expires_at)
);
create index portal_link_account on portal_link (account, made_at);
create index portal_link_expired on portal_link (expires_at);

-- Another address that a customer wants to sign in with. It counts when its link is used, while the earlier one is still there.
create table portal_address_change (
    token_hash bytea primary key check (length(token_hash) = 32),
    account    text not null references account,
    earlier    text not null,
    wanted     text not null check (wanted ~ '^[^\s@]+@[^\s@]+$' and wanted <> earlier),
    made_at    timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    constraint portal_address_change_valid check (expires_at > made_at and used_at between made_at and expires_at)
);
create index portal_address_change_account on portal_address_change (account, made_at);

-- Who is signed in: the tables of Spring Session, by which all servers know it.
create table spring_session (
    primary_id            char(36) primary key,
    session_id            char(36) not null unique,
    creation_time         bigint not null,
    last_access_time      bigint not null,
    max_inactive_interval integer not null,
    expiry_time           bigint not null,
    principal_name        text
);
create index spring_session_expiry on spring_session (expiry_time);
create index spring_session_principal on spring_session (principal_name);

create table spring_session_attributes (
    session_primary_id char(36) not null references spring_session on delete cascade,
    attribute_name     text not null,
    attribute_bytes    bytea not null,
    primary key (session_primary_id, attribute_name)
);
