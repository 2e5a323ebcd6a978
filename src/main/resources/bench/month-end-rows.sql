-- What a month end writes, written once more by plain statements.
create table bare_invoice as table invoice;
create table bare_line as table invoice_line;
create table bare_tax as table invoice_tax;
create table bare_document as table invoice_document;
create table bare_intent as table payment_intent;
create table bare_attempt as table payment_attempt;
create table bare_settlement as table settlement;
create table bare_notice as table notice;
create table bare_posting as select * from posting where invoice is not null
