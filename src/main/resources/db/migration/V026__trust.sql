-- Who may say what. A key has roles; what an account reports about itself has a namespace of its own, so that it can never
-- stand before, block or change what the operator sends.

-- Keys that are there: an account's key reads its own and asks, and no longer reports usage or passes the gate until it is
-- made again with `--may`; an operator's key stays what it was.
alter table api_key add roles text[];
update api_key set roles = case when account is null then array['OPERATOR'] else array['ACCOUNT'] end;
alter table api_key
    alter roles set not null,
    add constraint api_key_roles check (
        case when account is null
             then cardinality(roles) = 1 and roles <@ array['VIEWER', 'SERVICE', 'OPERATOR', 'APPROVER']
             else roles @> array['ACCOUNT'] and roles <@ array['ACCOUNT', 'GATE', 'USAGE']
        end);

-- The account whose own key sent what this file keeps: its lines speak for that account alone, now and when one of them is
-- released from quarantine. Null for files and operators, who speak for every account.
alter table usage_file add reporter text references account;
update usage_file f
   set reporter = k.account
  from api_key k
 where f.name = 'api/' || k.id and k.account is not null;

-- The namespace: the source of a record that an account reported is 'account:ACCOUNT/SOURCE', and nobody else's. Records of
-- before are not looked at again, since their operators were free to choose such a source.
alter table usage_record add constraint usage_record_namespace
    check (not starts_with(source, 'account:') or starts_with(source, 'account:' || account || '/')) not valid;

-- An account takes nothing back, neither of its own nor of others.
create function usage_void_is_an_operators() returns trigger language plpgsql as $$
begin
    if exists (select from usage_file where id = new.file and reporter is not null) then
        raise check_violation using message = 'an account cannot take usage back',
                                    constraint = 'usage_void_is_an_operators';
    end if;
    return new;
end $$;
create trigger usage_void_is_an_operators before insert on usage_void
    for each row execute function usage_void_is_an_operators();

-- Whether the gate has settled this call of the account: only then there is something to take back. The id is that of the
-- usage record, with a + behind it for what went beyond the quantity that was asked.
create function gate_has_settled(of_account text, record_id text) returns boolean language sql stable as $$
    select exists (select from gate_authorization
                    where id = case when record_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}[+]?$'
                                    then rtrim(record_id, '+')::uuid end
                      and account = of_account
                      and status = 'SETTLED'
                      and (right(record_id, 1) <> '+' or used > quantity))
$$;

create function verify_own_voice() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with record as (
        select r.source, r.id, r.account, f.reporter, f.name
          from usage_record r
          left join usage_file f on f.id = r.file and f.reporter is not null
         where (f.id is not null or starts_with(r.source, 'account:'))
           and not exists (select from usage_void v where v.voided_key = r.key and v.applied_at is not null)
    ), checked as (
        select case
                   when reporter is null then
                       format('record %s of %s has the source %s, which is for what the account reports, but did not come from '
                              'a key of it: void it, and send it again under a source of yours', id, account, source)
                   when account <> reporter then
                       format('record %s of %s (source %s) was reported by %s: void it', id, account, source, reporter)
                   when starts_with(source, 'account:') and not starts_with(source, 'account:' || reporter || '/') then
                       format('record %s of %s was reported by the account, but has the source %s: void it', id, account,
                              source)
               end as told,
               1 as records, 0 as corrections
          from record
         union all
        select format('a correction of %s in %s, line %s, came from a key of the account %s, which can take nothing back: '
                      'revoke the key, and send the record again under another id', v.account, f.name, v.line, f.reporter),
               0, 1
          from usage_void v
          join usage_file f on f.id = v.file
         where f.reporter is not null
    )
    select format('%s records reported by accounts themselves, %s corrections', coalesce(sum(records), 0),
                  coalesce(sum(corrections), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- Usage of the source 'gate' is what a settled call left, and nothing else; it is taken back only by a correction of the
-- same account, which verify_own_voice() says is an operator's.
create function verify_gate_usage() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select 1 as records, 0 as corrections,
               case
                   when a.id is null then
                       format('record %s of %s has the source gate, but no call of that id was settled: void it', r.id,
                              r.account)
                   when a.account <> r.account then
                       format('record %s of %s has the source gate, but the call is one of %s: void it', r.id, r.account,
                              a.account)
               end as told
          from usage_record r
          left join gate_authorization a on a.id::text = rtrim(r.id, '+') and a.status = 'SETTLED'
         where r.source = 'gate'
           and not (a.id is null
                    and exists (select from usage_void v where v.voided_key = r.key and v.applied_at is not null))
         union all
        select 0, 1,
               case
                   when v.account <> r.account then
                       format('the call %s of %s was taken back in the name of %s, in line %s of %s', r.id, r.account,
                              v.account, v.line, f.name)
               end
          from usage_void v
          join usage_file f on f.id = v.file
          join usage_key k on k.key = v.voided_key
          join usage_record r
            on r.key = k.key
           and r.occurred_at >= k.day::timestamp at time zone 'UTC'
           and r.occurred_at < (k.day + 1)::timestamp at time zone 'UTC'
         where r.source = 'gate'
    )
    select format('%s records of the gate, %s of them taken back', coalesce(sum(records), 0),
                  coalesce(sum(corrections), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
