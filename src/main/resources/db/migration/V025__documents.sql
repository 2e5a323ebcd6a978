-- Which fonts of the machine a document was printed with, beside those of the templates: "<SHA-256 of the file> <name>".
-- Printing it again takes these and no others, so that it gives the same bytes, or says which font is missing.
alter table invoice_document add column fonts text[] not null default '{}';
alter table credit_note_document add column fonts text[] not null default '{}';

-- An issued document that could not be rendered, with the reason. It is tried again by each run, and does not stop the others.
create table document_hold (
    number  text primary key,
    account text not null references account,
    period  date not null,
    reason  text not null check (reason <> '')
);

-- What is held, for people: accounts that were not billed, and documents that could not be made.
create or replace view report_hold as
select h.period, h.account, a.name, h.reason, h.detail
  from invoice_hold h
  join account a on a.id = h.account
 union all
select h.period, h.account, a.name, 'NOT_RENDERED', h.number || ': ' || h.reason
  from document_hold h
  join account a on a.id = h.account;

-- What must lie in the documents folder: the PDF of each issued invoice of a monthly run that rendered its documents, but
-- for those that are listed as held.
create or replace view verify_document as
select i.period, i.number, d.file, d.sha256
  from invoice i
  join (select date as period
          from run
         where job = 'monthly'
           and latest
         group by date
        having bool_and(status = 'COMPLETED')) done on done.period = i.period
  left join invoice_document d on d.invoice = i.id
 where i.status <> 'DRAFT'
   and not exists (select from document_hold h where h.number = i.number and d.invoice is null);
