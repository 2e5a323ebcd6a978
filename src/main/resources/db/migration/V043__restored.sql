-- That this database was restored from a backup. The provider may have charged cards since, and customers may have mails, of
-- which nothing is known here: until a person has matched both, nothing is numbered, charged or mailed, by no way and by no
-- server.
create table restored (
    taken_at    timestamptz not null,
    restored_at timestamptz primary key,
    -- When a person has named the next number of each series.
    numbered_at timestamptz,
    lifted_at   timestamptz,
    -- What was not explained, and was accepted by whoever lifted it.
    accepted    text,
    constraint restored_after_it_was_taken check (restored_at >= taken_at),
    constraint restored_numbered check (numbered_at >= restored_at),
    constraint restored_lifted check (case when lifted_at is null then accepted is null
                                           else coalesce(lifted_at >= numbered_at, false) and accepted is not null end)
);
create unique index restored_one on restored ((true)) where lifted_at is null;
create trigger audited after insert or update on restored for each row execute function audit('restored_at', '', 'restored_at');

create function is_restored() returns boolean language sql stable
    return exists (select from restored where lifted_at is null);

create function not_while_restored() returns trigger language plpgsql as $$
begin
    if exists (select from restored where lifted_at is null and (tg_argv[0] <> 'numbered' or numbered_at is null)) then
        raise exception using errcode = 'PP043',
            message = 'This installation was restored from a backup: nothing is numbered, charged or mailed before ./postpaid match --lift';
    end if;
    return new;
end $$;
create trigger not_while_restored before insert or update on invoice_series
    for each statement execute function not_while_restored('numbered');
create trigger not_while_restored before insert or update on credit_note_series
    for each statement execute function not_while_restored('numbered');
create trigger not_while_restored before insert or update on top_up_series
    for each statement execute function not_while_restored('numbered');
-- What is claimed is charged next; what the provider shows that it has done may be written down.
create trigger not_while_restored before insert on payment_attempt
    for each row when (new.status = 'CLAIMED') execute function not_while_restored('charged');
create trigger not_while_restored before insert on top_up
    for each row when (new.status = 'CLAIMED') execute function not_while_restored('charged');
create trigger not_while_restored before insert on refund
    for each row when (new.status = 'CLAIMED') execute function not_while_restored('charged');
create trigger not_while_restored before update on notice
    for each row when (new.status = 'SENDING' and old.status <> 'SENDING') execute function not_while_restored('mailed');
create trigger audited after insert on lost_number for each row execute function audit('series', '', 'series');
