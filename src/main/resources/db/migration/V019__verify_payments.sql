create function verify_money_in() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with part as (
        select currency, amount as paid, 0 as topped_up, 0 as posted from report_cash
         union all
        select currency, 0, amount, 0
          from credit_grant g
         where kind = 'TOP_UP'
           and not exists (select from credit_note c where c.grant_id = g.id)
         union all
        select currency, 0, tax, 0
          from top_up
         where status = 'SUCCEEDED'
         union all
        select currency, 0, 0, case when debit = 'CASH' then amount else -amount end
          from posting
         where 'CASH' in (debit, credit)
    ), summed as (
        select currency, trim_scale(sum(paid)) as paid, trim_scale(sum(topped_up)) as topped_up,
               trim_scale(sum(posted)) as posted
          from part
         group by currency
    ), checked as (
        select *, case when posted <> paid + topped_up then
                   format('%s: CASH is %s, but %s was paid and %s topped up', currency, posted, paid, topped_up)
               end as told
          from summed
    )
    select coalesce(string_agg(format('%s: CASH %s = paid for invoices %s + topped up %s', currency, posted, paid, topped_up),
                               '; ' order by currency), 'no money came in'),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_settlements(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with settled as (
        select s.invoice, sum(s.amount) as amount
          from settlement s
          join invoice i on i.id = s.invoice and i.period >= since
         group by s.invoice
    ), checked as (
        select i.currency, i.amount_due, coalesce(s.amount, 0) as settled,
               case
                   when i.status = 'DRAFT' and s.amount is not null then
                       format('a draft of %s for %s has %s settled', i.account, to_char(i.period, 'YYYY-MM'), s.amount)
                   when s.amount > i.amount_due then
                       format('invoice %s: %s settled of %s due', i.number, s.amount, i.amount_due)
                   when i.status in ('OPEN', 'PAID') and (i.status = 'PAID') <> (i.amount_due = coalesce(s.amount, 0)) then
                       format('invoice %s is %s with %s open', i.number, i.status, i.amount_due - coalesce(s.amount, 0))
               end as told
          from invoice i
          left join settled s on s.invoice = i.id
         where i.period >= since
    ), summed as (
        select currency, count(told) as broken,
               format('due %s = settled %s + open %s',
                      coalesce(sum(amount_due), 0),
                      coalesce(sum(settled), 0),
                      coalesce(sum(amount_due - settled), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no invoices'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create function verify_settlement_postings(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with settled as (
        select 'invoice ' || i.number as what, i.currency, s.kind, s.reference, s.amount,
               (select sum(case when p.credit = 'RECEIVABLE' then p.amount else -p.amount end)
                  from posting p
                 where p.kind in ('paid', 'written-off', 'write-off-reversed', 'credited', 'balance-used', 'owed-again')
                   and p.reference in (s.kind || '/' || s.reference, s.kind || '/' || s.reference || '/tax')
                   and 'RECEIVABLE' in (p.debit, p.credit)) as posted
          from settlement s
          join invoice i on i.id = s.invoice
         where s.at >= since::timestamp at time zone 'UTC'
           and s.kind <> 'CARRIED'
         union all
        -- What is a settlement and nothing else is seen above; refunds and disputes are verify_refunds' own. The postings of a
        -- row are looked up for what is left only.
        select what, currency, kind, reference, amount, trim_scale(cash_posted(kind, reference))
          from (select c.*
                  from report_cash c
                 where at >= since::timestamp at time zone 'UTC'
                   and kind in ('CARD', 'TRANSFER', 'ACCOUNT', 'RETURN')
                   and not exists (select from settlement s
                                    where s.kind = c.kind and s.reference = c.reference and s.amount = c.amount)
                offset 0) other
    ), checked as (
        select currency, amount, case when amount <> coalesce(posted, 0) then
                   format('%s: the %s %s of %s has postings of %s', what, kind, reference, amount,
                          coalesce(trim_scale(posted), 0))
               end as told
          from settled
    ), summed as (
        select currency, count(told) as broken,
               format('%s settlements of %s',
                      count(*),
                      coalesce(sum(amount), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no settlements'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create function verify_charged_once(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with charged as (
        select a.invoice, count(*) as successes, sum(a.amount_minor / 10::numeric ^ currency_decimals(a.currency)) as amount
          from payment_attempt a
          join invoice i on i.id = a.invoice and i.period >= since
         where a.status = 'SUCCEEDED'
         group by a.invoice
    ), card as (
        -- What was charged beyond the open amount settles nothing and is in the balance; it counts all the same.
        select i.id as invoice, count(distinct c.reference) as payments, sum(c.amount) as amount
          from invoice i
          join (select invoice, reference, amount from settlement where kind = 'CARD'
                 union all
                select invoice, reference, amount from surplus where kind = 'CARD') c on c.invoice = i.id
         where i.period >= since
         group by i.id
    ), checked as (
        select c.successes, s.payments,
               case
                   when c.successes > 1 then format('invoice %s was charged %s times', i.number, c.successes)
                   when s.payments > 1 or (c.successes is not null and s.payments is null) then
                       format('invoice %s was charged, but has %s card settlements', i.number, coalesce(s.payments, 0))
                   when c.amount <> s.amount then
                       format('invoice %s was charged %s, but %s is settled', i.number, trim_scale(c.amount), s.amount)
               end as told
          from charged c
          full join card s on s.invoice = c.invoice
          join invoice i on i.id = coalesce(c.invoice, s.invoice)
    )
    select format('%s charges that succeeded, %s payments by card', coalesce(sum(successes), 0), coalesce(sum(payments), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_confirmed_once(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with paid as (
        select i.number, count(*) as settlements
          from settlement s
          join invoice i on i.id = s.invoice and i.period >= since
         where s.kind = 'CARD'
         group by i.number
    ), confirmed as (
        -- The key of a payment's notice is the invoice's number and the attempt's.
        select split_part(key, '/', 1) as number, count(*) as notices
          from notice
         where kind = 'payment-succeeded'
           -- Not what a person had sent again, nor what confirms a transfer.
           and key not like '%/again-%'
           and key not like '%/transfer/%'
           -- Nor what went to the account's other addresses.
           and key not like '%/copy'
           and queued_at >= since::timestamp at time zone 'UTC'
         group by 1
    ), checked as (
        select p.settlements, c.notices,
               case when p.settlements <> coalesce(c.notices, 0) then
                   format('invoice %s has %s card settlements, but %s confirmations', p.number, p.settlements,
                          coalesce(c.notices, 0))
               end as told
          from paid p
          left join confirmed c on c.number = p.number
    )
    select format('%s card settlements, %s confirmations of them', coalesce(sum(settlements), 0), coalesce(sum(notices), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_top_ups(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select t.currency, t.amount, t.tax, t.total,
               case
                   when g.id is null or (g.account, g.kind, g.currency, g.amount) <> (t.account, 'TOP_UP', t.currency, t.amount) then
                       format('top-up %s of %s: %s %s was charged, but its grant is of %s %s', t.reference, t.account,
                              t.currency, t.amount, g.currency, coalesce(trim_scale(g.amount), 0))
                   when t.posted is distinct from t.total then
                       format('top-up %s of %s: %s was charged, but CASH has %s of it', t.reference, t.account, t.total,
                              coalesce(t.posted, 0))
                   when n.notices <> 1 then
                       format('top-up %s of %s was confirmed %s times', t.reference, t.account, n.notices)
               end as told
          from report_top_up t
          left join credit_grant g on g.id = t.grant_id
          -- What a person had sent again has a key of its own.
         cross join lateral (select count(*) as notices
                               from notice n
                              where n.kind = 'top-up-succeeded' and n.key = 'top-up/' || t.id) n
         where t.status = 'SUCCEEDED'
           and t.resolved_at >= since::timestamp at time zone 'UTC'
    ), summed as (
        select currency, count(told) as broken,
               format('%s top-ups: charged %s = credit %s + tax %s',
                      count(*),
                      coalesce(sum(total), 0),
                      coalesce(sum(amount), 0),
                      coalesce(sum(tax), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no top-ups'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

-- Every top-up that was charged has its invoice, and what went back has its credit note; the ledger's TAX says the same.
create function verify_top_up_documents() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with numbered as (
        select kind, year, count(*) as documents, count(distinct substring(number from '(\d+)$')::integer) as numbers,
               max(substring(number from '(\d+)$')::integer) as last
          from top_up_document
         group by kind, year
    ), sum as (
        select top_up,
               sum(net) filter (where kind = 'INVOICE' and corrects is null) as sold,
               sum(tax) filter (where kind = 'INVOICE' and corrects is null) as sold_tax,
               sum(case kind when 'INVOICE' then total else -total end) as stays,
               sum(case kind when 'INVOICE' then tax else -tax end) as tax
          from top_up_document
         group by top_up
    ), back as (
        select top_up, sum(taken) as taken
          from (select top_up, taken from refund where status = 'SUCCEEDED'
                 union all
                select top_up, taken from dispute where status = 'LOST'
                 union all
                select top_up, total from top_up_document where kind = 'CREDIT_NOTE' and num_nonnulls(refund, dispute) = 0) b
         where top_up is not null
         group by top_up
    ), posted as (
        select (regexp_match(reference, '^TOP_UP/(\d+)'))[1]::bigint as top_up,
               sum(case when credit = 'TAX' then amount else -amount end) as tax
          from posting
         where kind in ('top-up-tax', 'top-up-tax-returned', 'top-up-tax-again')
         group by 1
    ), checked as (
        select null as currency, 0 as total, 0 as tax,
               case when coalesce(n.documents, 0) <> coalesce(n.numbers, 0)
                      or coalesce(s.last_number, 0) <> coalesce(n.numbers, 0) + lost_numbers('TOP_UP_' || s.kind, s.year)
                      or n.last > s.last_number or s.year is null then
                   format('%s: %s numbers of %s up to %s for %s documents, but the series is at %s', coalesce(n.year, s.year),
                          coalesce(n.numbers, 0), lower(replace(coalesce(n.kind, s.kind), '_', ' ')), coalesce(n.last, 0),
                          coalesce(n.documents, 0), coalesce(s.last_number, 0))
               end as told
          from numbered n
          full join top_up_series s using (kind, year)
         union all
        select t.currency, coalesce(s.stays, 0), coalesce(s.tax, 0),
               case
                   when t.status <> 'SUCCEEDED' and s.top_up is not null then
                       format('top-up %s of %s is %s, but has an invoice', t.reference, t.account, t.status)
                   when t.status = 'SUCCEEDED' and (s.sold, s.sold_tax) is distinct from (t.amount, t.tax) then
                       format('top-up %s of %s: %s and tax of %s were charged, but its invoice is of %s and %s', t.reference,
                              t.account, t.amount, t.tax, coalesce(s.sold, 0), coalesce(s.sold_tax, 0))
                   when t.status = 'SUCCEEDED' and s.stays <> t.total - coalesce(b.taken, 0) then
                       format('top-up %s of %s: %s of %s went back, but its invoice less credit notes is %s', t.reference,
                              t.account, coalesce(b.taken, 0), t.total, s.stays)
                   when t.status = 'SUCCEEDED' and s.tax <> coalesce(p.tax, 0) then
                       format('top-up %s of %s: its tax less what was returned is %s, but TAX has %s', t.reference, t.account,
                              s.tax, coalesce(trim_scale(p.tax), 0))
               end
          from top_up t
          left join sum s on s.top_up = t.id
          left join back b on b.top_up = t.id
          left join posted p on p.top_up = t.id
         where t.status = 'SUCCEEDED' or s.top_up is not null
    ), summed as (
        select currency, count(told) as broken,
               format('%s top-ups invoiced, %s left of them, of which tax %s',
                      count(*),
                      coalesce(sum(total), 0),
                      coalesce(sum(tax), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no top-ups'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

-- Which were declined meanwhile does not count; what is not known does.
create function verify_automatic_top_ups() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with counted as (
        select *,
               sum(amount) over (partition by account, date_trunc('month', claimed_at at time zone 'UTC') order by id) as so_far
          from top_up
         where automatic_most is not null and status in ('CLAIMED', 'UNKNOWN', 'SUCCEEDED')
    ), checked as (
        select case when so_far > automatic_most then
                   format('top-up %s of %s: with it %s were bought automatically in a month, above %s', reference, account,
                          trim_scale(so_far), trim_scale(automatic_most))
               end as told
          from counted
    )
    select format('%s automatic top-ups', count(*)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- A customer has half an hour for a page, and runs look at it each night: what is open behind that, nobody looks at.
create function verify_payments_on_pages(moment timestamptz) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with open as (
        select format('the attempt %s to pay invoice %s on a page', p.n, i.number) as what, p.claimed_at as since,
               interval '1 day' as most
          from payment_attempt p
          join invoice i on i.id = p.invoice
         where p.status in ('CLAIMED', 'UNKNOWN') and p.return_url is not null
         union all
        select format('the top-up %s of %s on a page', reference, account), claimed_at, interval '1 day'
          from top_up
         where status in ('CLAIMED', 'UNKNOWN') and return_url is not null
         union all
        -- A night in between may find Stripe silent.
        select format('the intent %s could still pay invoice %s, which is settled: it', stripe_id, number), since, interval '2 days'
          from payment_intent_unneeded
         where since is not null
    ), checked as (
        select case when since < moment - most then
                   format('%s has no end since %s UTC: look at it in Stripe''s dashboard, and run the nightly job', what,
                          to_char(since at time zone 'UTC', 'YYYY-MM-DD HH24:MI'))
               end as told
          from open
    )
    select format('%s payments on pages are open, %s of them for too long', count(*), count(told)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_refunds() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select format('%s: the %s %s of %s has moved %s', what, lower(replace(kind, '_', ' ')), reference, abs(amount),
                      abs(posted)) as told
          from report_cash
         where kind in ('REFUND', 'REFUND_FAILED', 'DISPUTE', 'DISPUTE_WON')
           and posted <> amount
         union all
        -- Money of a refund that has not succeeded, or that is nobody's.
        select format('%s: %s has moved %s, but no refund or dispute of it has: look at it in the provider''s dashboard, and'
                      || ' run ./postpaid reconcile', p.account, p.reference, trim_scale(p.amount))
          from posting p
         where p.kind in ('refunded', 'refund-failed', 'disputed', 'restored')
           and 'CASH' in (p.debit, p.credit)
           and not exists (select from report_cash c
                            where c.kind = split_part(p.reference, '/', 1) and c.reference = split_part(p.reference, '/', 2))
    )
    select format('%s refunds, %s disputes', (select count(*) from refund where status = 'SUCCEEDED'),
                  (select count(*) from dispute)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- Nothing of a refund is final before it has succeeded: what is set aside for it is all that there is.
create function verify_pending_refunds() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with refunds as (
        select r.*, coalesce(i.account, t.account) as account, coalesce(i.currency, t.currency) as currency
          from refund r
          left join invoice i on i.id = r.invoice
          left join top_up t on t.id = r.top_up
    ), set_aside as (
        -- The tax of a top-up goes back with the credit note.
        select account, currency, count(*) as refunds, sum(taken - tax) as amount
          from refunds
         where status in ('CLAIMED', 'UNKNOWN', 'PENDING')
         group by account, currency
    ), due as (
        select account, currency, sum(case when credit = 'REFUNDS_DUE' then amount else -amount end) as amount
          from posting
         where 'REFUNDS_DUE' in (debit, credit)
         group by account, currency
    ), checked as (
        select currency, coalesce(s.refunds, 0) as refunds, s.amount,
               case when coalesce(s.amount, 0) <> coalesce(d.amount, 0) then
                   format('%s: %s is set aside for refunds that have no end yet, but REFUNDS_DUE is %s',
                          coalesce(s.account, d.account), coalesce(trim_scale(s.amount), 0), coalesce(trim_scale(d.amount), 0))
               end as told
          from set_aside s
          full join due d using (account, currency)
         union all
        select currency, 0, 0,
               format('%s: the refund %s is %s, but the customer was mailed that it was made', account, stripe_id, status)
          from refunds r
         where status in ('PENDING', 'FAILED')
           and returned_at is null
           and exists (select from notice n
                        where n.account = r.account and n.kind in ('payment-refunded', 'top-up-refunded')
                          and n.key like '%/' || r.stripe_id)
    ), summed as (
        select currency, count(told) as broken,
               format('%s refunds have no end yet, %s is set aside for them',
                      coalesce(sum(refunds), 0),
                      coalesce(trim_scale(sum(amount)), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'no refund is under way'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

-- We give back no more money than came in as money. What a bank takes comes on top, and is a loss.
create function verify_money_back() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with part as (
        select 'invoice ' || number as what, account, currency, by_card as paid, refunded, disputed,
               coalesce((select sum(r.lost) from refund r
                          where r.invoice = given_back.invoice and r.status not in ('FAILED', 'REFUSED')), 0) as lost
          from given_back
         where refunded > 0 or disputed > 0
         union all
        select 'top-up ' || reference, account, currency, sold, refunded, disputed,
               coalesce((select sum(r.lost) from refund r
                          where r.top_up = top_up_given_back.top_up and r.status not in ('FAILED', 'REFUSED')), 0)
          from top_up_given_back
         where refunded > 0 or disputed > 0
    ), checked as (
        select currency, refunded, disputed, case when refunded - lost > paid then
                   format('%s of %s: %s was given back of %s paid by card: ask the customer for the difference', what, account,
                          trim_scale(refunded - lost), trim_scale(paid))
               end as told
          from part
    ), summed as (
        select currency, count(told) as broken,
               format('%s given back, %s taken by banks',
                      coalesce(trim_scale(sum(refunded)), 0),
                      coalesce(trim_scale(sum(disputed)), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'nothing went back'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

-- What banks hold is pending until it is decided, then a loss or owed; what is written off is bad debt and nothing else.
create function verify_losses() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with expected as (
        select coalesce(i.account, t.account) as account, coalesce(i.currency, t.currency) as currency,
               case when d.status = 'UNDER_REVIEW' then d.amount - d.taken - d.owed + d.tax else 0 end as pending,
               case when d.status = 'LOST' then d.amount - d.taken - d.owed else 0 end as lost, 0 as bad
          from dispute d
          left join invoice i on i.id = d.invoice
          left join top_up t on t.id = d.top_up
         union all
        select coalesce(i.account, t.account), coalesce(i.currency, t.currency), 0,
               case when r.status = 'SUCCEEDED' then r.lost else 0 end, 0
          from refund r
          left join invoice i on i.id = r.invoice
          left join top_up t on t.id = r.top_up
         union all
        select i.account, i.currency, 0, 0, s.amount
          from settlement s
          join invoice i on i.id = s.invoice
         where s.kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED')
    ), known as (
        select account, currency, sum(pending) as pending, sum(lost) as lost, sum(bad) as bad
          from expected group by account, currency
    ), posted as (
        select account, currency,
               sum(case when debit = 'DISPUTES_PENDING' then amount when credit = 'DISPUTES_PENDING' then -amount else 0 end)
                   as pending,
               sum(case when debit = 'DISPUTE_LOSS' then amount when credit = 'DISPUTE_LOSS' then -amount else 0 end) as lost,
               sum(case when debit = 'BAD_DEBT' then amount when credit = 'BAD_DEBT' then -amount else 0 end) as bad
          from posting
         where debit in ('DISPUTES_PENDING', 'DISPUTE_LOSS', 'BAD_DEBT')
            or credit in ('DISPUTES_PENDING', 'DISPUTE_LOSS', 'BAD_DEBT')
         group by account, currency
    ), checked as (
        select currency, s.pending, s.lost, s.bad,
               case when (coalesce(s.pending, 0), coalesce(s.lost, 0), coalesce(s.bad, 0))
                      <> (coalesce(p.pending, 0), coalesce(p.lost, 0), coalesce(p.bad, 0)) then
                   format('%s: disputed %s, lost %s, written off %s, but the ledger has %s, %s and %s',
                          coalesce(s.account, p.account), coalesce(trim_scale(s.pending), 0), coalesce(trim_scale(s.lost), 0),
                          coalesce(trim_scale(s.bad), 0), coalesce(trim_scale(p.pending), 0),
                          coalesce(trim_scale(p.lost), 0), coalesce(trim_scale(p.bad), 0))
               end as told
          from known s
          full join posted p using (account, currency)
    ), summed as (
        select currency, count(told) as broken,
               format('%s disputed, %s lost, %s written off',
                      coalesce(trim_scale(sum(pending)), 0),
                      coalesce(trim_scale(sum(lost)), 0),
                      coalesce(trim_scale(sum(bad)), 0)) as figure
          from checked
         group by currency
    )
    select coalesce(string_agg(currency || ': ' || figure, '; ' order by currency), 'nothing is disputed, lost or written off'),
           coalesce(sum(broken), 0)::bigint,
           coalesce((select (array_agg(told order by told) filter (where told is not null))[1:5] from checked), '{}')
      from summed
$$;

create function verify_events(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with effect as (
        select effect, object, count(*) as events
          from stripe_event
         where effect <> 'NONE'
           and taken_at >= since::timestamp at time zone 'UTC'
         group by effect, object
    ), checked as (
        select events,
               case
                   when effect in ('SETTLED', 'DISPUTE_OPENED', 'DISPUTE_CLOSED') and events > 1 then
                       format('%s: %s events had the effect %s', object, events, effect)
                   when effect = 'SETTLED'
                        and not exists (select from report_cash c where c.kind = 'CARD' and c.reference = object) then
                       format('%s: an event has settled it, but no money is booked', object)
                   when effect like 'DISPUTE%' and not exists (select from dispute d where d.id = object) then
                       format('%s: an event told of a dispute that is not there', object)
               end as told
          from effect
    )
    select format('%s events, %s of them had an effect',
                  (select count(*) from stripe_event where taken_at >= since::timestamp at time zone 'UTC'),
                  coalesce(sum(events), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- The figure also says what operators have decided to leave.
create function verify_events_due(moment timestamptz) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select case when d.received_at < moment - interval '1 day' then
                   format('event %s (%s) of %s UTC is not processed: %s', d.id, d.type,
                          to_char(d.received_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI'),
                          coalesce((select h.detail || ' (./postpaid held). Look at it in Stripe''s dashboard; the next night tries again,'
                                           || ' and ./postpaid payments dismiss-event ends one that has no effect on the books'
                                      from held h
                                     where h.step = 'sweep-events' and h.resolved_at is null
                                       and starts_with(h.item, 'event ' || d.id || ' ')),
                                   'no nightly run has tried it. Run the nightly job'))
               end as told
          from stripe_event_due d
    ), dismissed as (
        select count(*) as events from stripe_event_dismissed
    )
    select format('%s delivered events wait to be processed, %s of them for more than a day', count(*), count(told))
               || (select case when events > 0 then format('; %s are dismissed', events) else '' end from dismissed),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_suspension() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with begun as (
        select max(date) as date from run where job = 'nightly'
    ), monthly as (
        select date as period, max(id) as run from run where job = 'monthly' group by date
    ), unpaid as (
        select i.account,
               -- Whoever is suspended stays so until all that is overdue is settled, also what would suspend nobody.
               min(owed_since(i)) filter (where counts_towards_suspension(i.id) or a.status = 'SUSPENDED'
                   and exists (select from dunning_step s
                                 join invoice suspended on suspended.id = s.invoice
                                where suspended.account = a.id and s.step = 'SUSPENSION')) as issued_on,
               -- An invoice counts once a nightly run has come after the run that issued it.
               -- While nobody knows whether it was charged, nobody is suspended for it; nor before it was mailed.
               min(owed_since(i)) filter (where (m.run is null or m.run < n.run)
                   and counts_towards_suspension(i.id, n.date::timestamp at time zone 'UTC')
                   and not exists (select from payment_attempt p
                                    where p.invoice = i.id and p.status in ('CLAIMED', 'UNKNOWN')
                                      and (p.return_url is null or p.status = 'UNKNOWN' and not p.at_bank))
                   -- What a lost dispute has opened again waits for the next night.
                   and not exists (select from dispute d
                                    where d.invoice = i.id and d.closed_at >= n.date::timestamp at time zone 'UTC'))
                   as seen_on,
               min(n.date) as last_night
          from invoice i
          join account a on a.id = i.account
          left join verify_last_night n on true
          left join monthly m on m.period = i.period
         where i.status = 'OPEN'
           and is_owed(i)
         group by i.account
    ), checked as (
        select a.status,
               case
                   when a.status = 'SUSPENDED' and u.issued_on is null then
                       format('%s is suspended, but has no unpaid invoice', a.id)
                   when a.status = 'SUSPENDED' and u.issued_on + 7 > b.date then
                       format('%s is suspended, but its oldest unpaid invoice is of %s, which is not overdue', a.id,
                              u.issued_on)
                   when a.status = 'ACTIVE' and u.seen_on + 7 < u.last_night and not is_held('advance-dunning', a.id) then
                       format('%s is active, but has an invoice of %s that is unpaid', a.id, u.seen_on)
               end as told
          from account a
          cross join begun b
          left join unpaid u on u.account = a.id
         where a.status = 'SUSPENDED' or u.account is not null
    )
    select format('%s accounts are suspended, %s active ones have an unpaid invoice that is not overdue',
                  count(*) filter (where status = 'SUSPENDED'), count(*) filter (where status = 'ACTIVE' and told is null)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create function verify_notices(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select count(*) as notices, count(*) filter (where status = 'SENT') as sent,
               case
                   when count(*) > 1 then
                       format('the notice %s of %s to %s is there %s times, sent %s times', kind, key, recipient, count(*),
                              count(*) filter (where status = 'SENT'))
                   when min(status) = 'SENT' and min(tries) < 1 then
                       format('the notice %s of %s to %s is sent, but was never tried', kind, key, recipient)
               end as told
          from notice
         where queued_at >= since::timestamp at time zone 'UTC'
         group by kind, key, recipient
    )
    select format('%s notices, %s of them sent', coalesce(sum(notices), 0), coalesce(sum(sent), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
