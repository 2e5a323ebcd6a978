-- What Stripe Tax answered to a question about an account. History: a question with the same hash is not asked again.
create table stripe_tax_calculation (
    id          bigint generated always as identity primary key,
    account     text not null references account,
    -- On which the tax point lies.
    day         date not null,
    -- Of all that was asked: amounts, address, tax ids.
    hash        text not null constraint stripe_tax_calculation_hash check (hash ~ '^[0-9a-f]{64}$'),
    calculation text unique constraint stripe_tax_calculation_id check (calculation ~ '^taxcalc_[0-9A-Za-z_]{1,100}$'),
    answer      jsonb,
    -- Why Stripe has no answer, such as an address that it does not know; asked again by the next run.
    refusal     text not null default '',
    at          timestamptz not null,
    constraint stripe_tax_calculation_answer check ((refusal = '') = (calculation is not null)
        and (calculation is null) = (answer is null))
);
create index stripe_tax_calculation_question on stripe_tax_calculation (account, hash, id);
create trigger stripe_tax_calculation_is_history before update or delete or truncate on stripe_tax_calculation
    for each statement execute function refuse_change();

-- Invoices and credit notes as Stripe Tax reports them. A row is written before Stripe is called, so that whoever dies leaves it.
create table stripe_tax_transaction (
    id          bigint generated always as identity primary key,
    invoice     bigint not null references invoice,
    -- Null for the invoice itself.
    credit_note bigint unique references credit_note,
    -- The number of the document, which Stripe takes once.
    reference   text not null constraint stripe_tax_transaction_reference unique,
    transaction text unique constraint stripe_tax_transaction_id check (transaction ~ '^tax_[0-9A-Za-z_]{1,100}$'),
    -- Why Stripe will never have it.
    refusal     text not null default '',
    claimed_at  timestamptz not null,
    constraint stripe_tax_transaction_once check (refusal = '' or transaction is null)
);
create unique index stripe_tax_transaction_invoice on stripe_tax_transaction (invoice) where credit_note is null;
create index stripe_tax_transaction_of on stripe_tax_transaction (invoice);
create index invoice_tax_calculated on invoice_tax (invoice) where evidence like 'taxcalc\_%';

create function stripe_tax_transaction_is_kept() returns trigger language plpgsql as $$
begin
    if old.transaction is not null or old.refusal <> ''
       or to_jsonb(new) - '{transaction,refusal}'::text[] <> to_jsonb(old) - '{transaction,refusal}'::text[] then
        raise exception 'tax transaction % is kept as Stripe answered', old.reference;
    end if;
    return new;
end $$;
create trigger stripe_tax_transaction_is_kept before update on stripe_tax_transaction
    for each row execute function stripe_tax_transaction_is_kept();
create trigger stripe_tax_transaction_stays before delete or truncate on stripe_tax_transaction
    for each statement execute function refuse_deletion();

create or replace function verify_tax_sources(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with sourced as (
        select i.number, i.account, t.category, t.evidence, t.evidence like 'taxcalc\_%' as calculated
          from invoice_tax t
          join invoice i on i.id = t.invoice
         where t.evidence <> '' and i.status <> 'DRAFT' and i.period >= since
    ), checked as (
        select case
                   when calculated and not exists (
                           select from stripe_tax_calculation c where c.calculation = s.evidence and c.account = s.account) then
                       format('invoice %s: a tax (%s) is said to be calculated by %s, and no such answer is kept', number, category, evidence)
                   when not calculated and not exists (
                           select from vies_answer v
                            where v.answer = case when s.category = 'AE' then 'YES' else 'NO' end
                              and (v.consultation = s.evidence
                                   or v.id = substring(s.evidence from '^VIES answer ([0-9]{1,18})$')::bigint)) then
                       format('invoice %s: a tax (%s) is said to follow from %s, and no such answer is kept', number, category, evidence)
               end as told
          from sourced s
         union all
        -- All of an invoice is of one calculation, which has its amounts.
        select format('invoice %s: its tax is %s on %s, but Stripe calculated %s on %s (%s)', i.number, i.tax, i.subtotal - i.credits,
                      c.tax, c.net, c.calculation)
          from (select distinct i.id, t.evidence from invoice_tax t join invoice i on i.id = t.invoice
                 where t.evidence like 'taxcalc\_%' and i.status <> 'DRAFT' and i.period >= since) s
          join invoice i on i.id = s.id
          join currency u on u.code = i.currency
          join lateral (
              select c.calculation,
                     round(sum((l ->> 'amount_tax')::numeric) / power(10::numeric, u.stripe_decimals), u.stripe_decimals) as tax,
                     round(sum((l ->> 'amount')::numeric) / power(10::numeric, u.stripe_decimals), u.stripe_decimals) as net
                from stripe_tax_calculation c
               cross join jsonb_array_elements(c.answer -> 'line_items' -> 'data') l
               where c.calculation = s.evidence
               group by c.calculation) c on true
         -- Stripe knows no amounts below zero: then the signs are of the invoice alone.
         where not exists (select from invoice_tax t where t.invoice = i.id and t.base < 0)
           and (abs(c.net - (i.subtotal - i.credits)) >= u.unit or abs(c.tax - i.tax) >= u.unit)
    )
    select format('%s taxes by an answer of VIES, %s by Stripe Tax',
                  (select count(*) from sourced where not calculated),
                  (select count(*) from sourced where calculated)), count(told),
           coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
