-- Who changed what, when, from where and why. Triggers write it in the transaction of the change, so that no way to change
-- something leaves it out. A program says in its transaction who acts (postpaid.who, postpaid.source, postpaid.at); where
-- none does, somebody with SQL was there. Usage, charges of cards and what nights compute are history of their own.
create table audit_entry (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    who     text not null,
    source  text not null,
    what    text not null,
    item    text not null,
    account text,
    change  text not null check (change in ('INSERT', 'UPDATE', 'DELETE')),
    -- What has changed and nothing else; a value that is not there is null.
    before  jsonb not null,
    after   jsonb not null,
    constraint audit_entry_changes check (before <> after)
);
-- What an entry says of a person, and where the change came from: the text of a command, the address of a browser. The entry
-- itself has a hash of each such value, salted, so that the chain holds with these rows and without them, and nobody finds a
-- value again by trying. They go when the account is erased (V026).
create table audit_personal (
    entry  bigint primary key references audit_entry,
    salt   text not null,
    source text not null,
    before jsonb not null,
    after  jsonb not null
);
create function audit_personal_goes_with_its_account() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and is_erased((select account from audit_entry where id = old.entry)) then return old; end if;
    raise exception 'audit_personal is history: rows go with their account, and never else (% refused)', lower(tg_op);
end $$;
create trigger audit_personal_is_history before update or delete on audit_personal
    for each row execute function audit_personal_goes_with_its_account();
create trigger audit_personal_stays before truncate on audit_personal
    for each statement execute function refuse_change();

-- The entries as people read them.
create view audit_told as
select e.id, e.at, e.who, coalesce(p.source, e.source) as source, e.what, e.item, e.account, e.change,
       e.before || coalesce(p.before, '{}') as before, e.after || coalesce(p.after, '{}') as after
  from audit_entry e
  left join audit_personal p on p.entry = e.id;

create index audit_entry_account on audit_entry (account, id) where account is not null;
create index audit_entry_at on audit_entry (at);

-- A chain over the entries: a block holds those of one transaction, and its hash covers the block before it, so that whoever
-- knows the last hash sees any change behind it.
create table audit_block (
    block bigint primary key check (block >= 1),
    hash  bytea not null check (length(hash) = 32)
);
create table audit_sealed (
    entry bigint primary key references audit_entry,
    block bigint not null references audit_block deferrable initially deferred
);
create index audit_sealed_block on audit_sealed (block);

create trigger audit_entry_is_history before update or delete or truncate on audit_entry
    for each statement execute function refuse_change();
create trigger audit_block_is_history before update or delete or truncate on audit_block
    for each statement execute function refuse_change();
create trigger audit_sealed_is_history before update or delete or truncate on audit_sealed
    for each statement execute function refuse_change();

-- Which values tell who somebody is, or were typed by somebody.
create function is_personal(of_table text, key text) returns boolean language sql immutable as $$
    select case of_table
               when 'account' then key = any('{name,email,line1,line2,city,state,postal_code,country,tax_id,purchase_order,
                   business,buyer_reference,peppol_id,language,billing_emails,paused,billing_held,payment_method_wanted,stripe_customer,payment_method,card_brand,card_last4,
                   card_expires,card_country}')
               when 'account_alias' then key = 'name'
               when 'tax_exemption' then key = 'reason'
               when 'limit_request' then key = 'reason'
               when 'account_event' then key = 'detail'
               when 'automatic_top_up' then key = 'off_because'
               when 'api_key' then key = 'name'
               when 'portal_link' then key in ('return_url', 'page')
               when 'portal_address_change' then key in ('earlier', 'wanted')
               when 'usage_quarantine' then key in ('detail', 'line_id')
               when 'notice' then key in ('recipient', 'message_id', 'attachment')
               else false
           end
$$;

create function personal_of(of_table text, vals jsonb) returns jsonb language sql immutable as $$
    select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(vals) where is_personal(of_table, key)
$$;

create function personal_hash(salt text, key text, value text) returns text language sql immutable as $$
    select 'sha256:' || encode(sha256(convert_to(salt || '/' || key || '/' || value, 'UTF8')), 'hex')
$$;

-- The values with a hash for each that is personal.
create function hashed_of(of_table text, salt text, vals jsonb) returns jsonb language sql immutable as $$
    select coalesce(jsonb_object_agg(key, case when is_personal(of_table, key)
                                               then to_jsonb(personal_hash(salt, key, value::text)) else value end), '{}')
      from jsonb_each(vals)
$$;

create function audit_hash(hash_before bytea, of_block bigint) returns bytea language sql as $$
    select sha256(hash_before || convert_to(string_agg(
               jsonb_build_array(e.id, extract(epoch from e.at), e.who, e.source, e.what, e.item, e.account, e.change,
                                 e.before, e.after)::text, E'\n' order by e.id), 'UTF8'))
      from audit_sealed s
      join audit_entry e on e.id = s.entry
     where s.block = of_block
$$;

-- At the commit, so that blocks are numbered in its order and nobody waits for long.
create function seal_audit() returns trigger language plpgsql as $$
declare
    last_block bigint;
    last_hash  bytea;
begin
    if exists (select from audit_sealed where entry = new.id) then return null; end if;
    perform pg_advisory_xact_lock('audit_block'::regclass::oid::bigint);
    select block, hash into last_block, last_hash from audit_block order by block desc limit 1;
    insert into audit_sealed (entry, block)
    select e.id, coalesce(last_block, 0) + 1
      from audit_entry e
     where e.id >= new.id and not exists (select from audit_sealed s where s.entry = e.id);
    insert into audit_block (block, hash)
    values (coalesce(last_block, 0) + 1, audit_hash(coalesce(last_hash, ''), coalesce(last_block, 0) + 1));
    return null;
end $$;
create constraint trigger audit_entry_sealed after insert on audit_entry
    deferrable initially deferred for each row execute function seal_audit();

create function verify_audit() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select b.block, b.hash,
               case
                   when b.block <> row_number() over (order by b.block) then format('block %s follows one that is gone', b.block)
                   when b.hash is distinct from audit_hash(coalesce(lag(b.hash) over (order by b.block), ''), b.block) then
                       format('block %s does not have the entries that it sealed', b.block)
               end as told
          from audit_block b
         union all
        select null, null, format('entry %s is in no block', e.id)
          from audit_entry e
         where not exists (select from audit_sealed s where s.entry = e.id)
         union all
        select null, null, format('entry %s has other values of a person than it sealed', e.id)
          from audit_personal p
          join audit_entry e on e.id = p.entry
         where e.source <> personal_hash(p.salt, 'source', p.source)
            or not e.before @> hashed_of(e.what, p.salt, p.before) or personal_of(e.what, p.before) <> p.before
            or not e.after @> hashed_of(e.what, p.salt, p.after) or personal_of(e.what, p.after) <> p.after
         union all
        select null, null, format('entry %s lacks what it sealed of a person that is not erased', e.id)
          from audit_entry e
         where starts_with(e.source, 'sha256:') and not is_erased(e.account)
           and not exists (select from audit_personal p where p.entry = e.id)
    )
    select format('%s changes in %s blocks, the last of which is %s', (select count(*) from audit_entry), count(block),
                  coalesce((select encode(hash, 'hex') from audit_block order by block desc limit 1), 'none')),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- Arguments: the column that names the item, the one that names the account, and those that are kept out. An @ stands for what the
-- row's invoice says: its number, its account (or that of the row's top-up).
create function audit() returns trigger language plpgsql as $$
declare
    earlier jsonb := coalesce(jsonb_strip_nulls(to_jsonb(old)) - tg_argv[2:], '{}');
    later   jsonb := coalesce(jsonb_strip_nulls(to_jsonb(new)) - tg_argv[2:], '{}');
    row_now jsonb := coalesce(to_jsonb(new), to_jsonb(old));
    lost    jsonb;
    gained  jsonb;
    source  text := coalesce(current_setting('postpaid.source', true), '');
    whose   text := row_now ->> tg_argv[1];
    thing   text := row_now ->> tg_argv[0];
    number  text;
    salt    text := gen_random_uuid();
    written bigint;
begin
    if tg_argv[1] = '@' then
        select i.number, i.account into number, whose from invoice i where i.id = (row_now ->> 'invoice')::bigint;
        whose := coalesce(whose, (select t.account from top_up t where t.id = (row_now ->> 'top_up')::bigint));
        if tg_argv[0] = '@' then thing := number; end if;
        if earlier ? 'invoice' then earlier := earlier || jsonb_build_object('invoice', number); end if;
        if later ? 'invoice' then later := later || jsonb_build_object('invoice', number); end if;
    end if;
    select coalesce(jsonb_object_agg(key, earlier -> key) filter (where earlier ? key), '{}'),
           coalesce(jsonb_object_agg(key, later -> key) filter (where later ? key), '{}')
      into lost, gained
      from jsonb_object_keys(earlier || later) key
     where earlier -> key is distinct from later -> key;
    if lost = gained then return null; end if;
    insert into audit_entry (at, who, source, what, item, account, change, before, after)
    values (coalesce(nullif(current_setting('postpaid.at', true), '')::timestamptz, clock_timestamp()),
            coalesce(nullif(current_setting('postpaid.who', true), ''), 'SQL ' || session_user),
            case when whose is null then source else personal_hash(salt, 'source', source) end,
            tg_table_name, thing, whose, tg_op,
            case when whose is null then lost else hashed_of(tg_table_name, salt, lost) end,
            case when whose is null then gained else hashed_of(tg_table_name, salt, gained) end)
    returning id into written;
    if whose is not null then
        insert into audit_personal (entry, salt, source, before, after)
        values (written, salt, source, personal_of(tg_table_name, lost), personal_of(tg_table_name, gained));
    end if;
    return null;
end $$;

create trigger audited after insert or update on account
    for each row execute function audit('id', 'id', 'id', 'created_on', 'customer_stale');
create trigger audited after insert or update or delete on account_alias
    for each row execute function audit('account', 'account', 'account');
create trigger audited after insert or update or delete on spending_alert
    for each row execute function audit('account', 'account', 'account');
create trigger audited after insert or update on limit_request
    for each row execute function audit('id', 'account', 'id', 'account', 'asked_at', 'decided_at');
create trigger audited after insert or update or delete on automatic_top_up
    for each row execute function audit('account', 'account', 'account');
create trigger audited after insert or update on api_key
    for each row execute function audit('id', 'account', 'id', 'account', 'secret_hash', 'created_at');
create trigger audited after insert on portal_link
    for each row execute function audit('account', 'account', 'token_hash', 'account', 'used_at');
create trigger audited after insert on portal_address_change
    for each row execute function audit('account', 'account', 'token_hash', 'account', 'used_at');

create trigger audited after insert or update on product for each row execute function audit('id', '', 'id');
create trigger audited after insert or update on operation for each row execute function audit('id', '', 'id');
create trigger audited after insert or update on price for each row execute function audit('id', 'account', 'id', 'account');
create trigger audited after insert or update or delete on price_tier for each row execute function audit('price', '', 'price');

create trigger audited after update on usage_quarantine
    for each row when (old.released_at is distinct from new.released_at)
    execute function audit('id', 'account', 'id', 'account', 'raw');
-- A file that somebody has brought, or a night. What comes by the API has the key that sent it beside it.
create trigger audited after insert on usage_file
    for each row when (current_setting('postpaid.who', true) <> '')
    execute function audit('name', '', 'id', 'header', 'mapping', 'started_at', 'lines', 'accepted', 'duplicates', 'quarantined', 'left_out', 'records', 'fingerprint');
create trigger audited after insert on usage_archive for each row execute function audit('file', '', 'file');

create trigger audited after insert on credit_grant for each row when (new.kind <> 'FREE')
    execute function audit('id', 'account', 'id', 'account', 'used', 'granted_at');
create trigger audited after insert or update on top_up
    for each row execute function audit('id', 'account', 'id', 'account', 'claimed_at', 'resolved_at');
create trigger audited after insert or update on refund
    for each row execute function audit('id', '@', 'id', 'claimed_at', 'resolved_at');
create trigger audited after insert on settlement
    for each row when (new.kind in ('TRANSFER', 'WRITE_OFF', 'WRITE_OFF_REVERSED'))
    execute function audit('@', '@', 'id', 'invoice', 'at');
create trigger audited after insert on surplus for each row execute function audit('@', '@', 'invoice', 'at');
-- Why a person has decided so; what the night tells of an account is no decision.
create trigger audited after insert on account_event
    for each row when (new.event in ('LIMIT_SET', 'LIMIT_REJECTED', 'WRITTEN_OFF'))
    execute function audit('account', 'account', 'id', 'account', 'at');
create trigger audited after insert on credit_note for each row execute function audit('number', '@', 'id', 'number');
create trigger audited after insert on account_payment
    for each row execute function audit('reference', 'account', 'reference', 'account', 'at');
create trigger audited after insert on account_return
    for each row execute function audit('reference', 'account', 'reference', 'account', 'at');
create trigger audited after insert on stripe_event_dismissed for each row execute function audit('event', '', 'event');
create trigger audited after insert on notice for each row when (new.key like '%/again-%')
    execute function audit('id', 'account', 'id', 'account', 'view', 'reply', 'error', 'next_try_at', 'sent_at', 'tries');
create trigger audited after insert on batch_job_execution
    for each row execute function audit('job_execution_id', '', 'job_execution_id', 'version', 'status', 'create_time', 'start_time',
                                        'last_updated', 'exit_code', 'exit_message');
create trigger stop_audited after update on batch_job_execution
    for each row when (new.status in ('STOPPING', 'STOPPED') and old.status not in ('STOPPING', 'STOPPED'))
    execute function audit('job_execution_id', '', 'job_execution_id', 'version', 'start_time', 'end_time', 'last_updated',
                           'exit_code', 'exit_message');
