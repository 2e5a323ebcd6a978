-- The steps of dunning already taken for an unpaid invoice, each once.
create table dunning_step (
    invoice  bigint not null references invoice,
    step     text not null check (step ~ '^(RETRY_[1-9][0-9]*|REMINDER|SUSPENSION)$'),
    taken_on date not null,
    primary key (invoice, step)
);

-- Since when an open invoice is owed: what was given back with a later one, and is used up there, is owed from that one on. What
-- has suspended the account by then goes on to count from its own day.
create function owed_since(i invoice) returns date language sql stable as $$
    select case when exists (select from dunning_step s where s.invoice = i.id and s.step = 'SUSPENSION') then i.issued_on
                else greatest(i.issued_on,
                        (select max(g.issued_on)
                           from late_cost l
                           join invoice g on g.account = l.account and g.period = l.period and g.status <> 'DRAFT'
                          where l.account = i.account and l.period > i.period and l.accrued < 0
                            and l.month in (select n.usage_period from invoice_line n where n.invoice = i.id))) end
$$;

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
