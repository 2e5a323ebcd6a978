-- What VIES said when it was asked for a tax id. History: a later answer is another row.
create table vies_answer (
    id           bigint generated always as identity primary key,
    -- With the letters of its country in front, as VIES knows it: those of Greece are EL.
    tax_id       text not null constraint vies_answer_tax_id check (tax_id ~ '^[A-Z]{2}[0-9A-Z+*]{2,20}$'),
    -- The tax id of the seller, who asked.
    requester    text not null,
    answer       text not null constraint vies_answer_answer check (answer in ('YES', 'NO', 'SILENT')),
    -- By which a tax office finds the question; empty where VIES gave none.
    consultation text not null default '' constraint vies_answer_consultation check (consultation = '' or answer <> 'SILENT'),
    -- Why there was no answer.
    silence      text not null default '' constraint vies_answer_silence check ((silence <> '') = (answer = 'SILENT')),
    at           timestamptz not null
);
create index vies_answer_last on vies_answer (tax_id, id);
create index vies_answer_number on vies_answer (consultation) where consultation <> '';
create trigger vies_answer_is_history before update or delete or truncate on vies_answer
    for each statement execute function refuse_change();

-- What another service decided of a tax is what it answered, and the answer is kept.
create function verify_tax_sources(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with sourced as (
        select i.number, t.category, t.evidence
          from invoice_tax t
          join invoice i on i.id = t.invoice
         where t.evidence <> '' and i.status <> 'DRAFT' and i.period >= since
    ), checked as (
        select case
                   when not exists (
                           select from vies_answer v
                            where v.answer = case when s.category = 'AE' then 'YES' else 'NO' end
                              and (v.consultation = s.evidence
                                   or v.id = substring(s.evidence from '^VIES answer ([0-9]{1,18})$')::bigint)) then
                       format('invoice %s: a tax (%s) is said to follow from %s, and no such answer is kept', number, category, evidence)
               end as told
          from sourced s
    )
    select format('%s taxes by an answer of VIES', count(*)), count(told),
           coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
