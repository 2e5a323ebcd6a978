-- The steps of dunning already taken for an unpaid invoice, each once.
create table dunning_step (
    invoice  bigint not null references invoice,
    step     text not null check (step ~ '^(RETRY_[1-9][0-9]*|REMINDER|SUSPENSION)$'),
    taken_on date not null,
    primary key (invoice, step)
);

-- Only what the customer had in the mail by then, and what was tried by then without success or has no card to try, may
-- suspend an account; what has suspended it goes on to count until it is settled.
create function counts_towards_suspension(checked bigint, by_then timestamptz default 'infinity')
returns boolean language sql stable as $$
    select exists (select from dunning_step s where s.invoice = checked and s.step = 'SUSPENSION')
        or exists (select
                     from invoice i
                     join account a on a.id = i.account
                    where i.id = checked
                      and exists (select from notice n
                                   where n.account = i.account and n.status = 'SENT' and n.sent_at < by_then
                                     and (n.key = i.number or n.key like i.number || '/%'))
                      and (a.payment_method is null
                           or exists (select from payment_attempt p
                                       where p.invoice = i.id
                                         and p.status in ('SUCCEEDED', 'DECLINED_RETRYABLE', 'DECLINED_FOR_GOOD', 'NEEDS_CUSTOMER')
                                         and p.resolved_at < by_then)))
$$;
