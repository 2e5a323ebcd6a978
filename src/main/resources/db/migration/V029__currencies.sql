-- Every currency of ISO 4217, as src/main/resources/currency/currencies.csv has it: a test holds the two to each other.
create table currency (
    code            text primary key check (code ~ '^[A-Z]{3}$'),
    unit            numeric not null check (unit > 0),
    stripe_decimals integer not null check (stripe_decimals in (0, 2, 3)),
    minimum         numeric,
    maximum         numeric,
    refused_because text not null,
    check ((refused_because = '') = (minimum is not null and maximum is not null))
);

insert into currency (code, unit, stripe_decimals, minimum, maximum, refused_because) values
    ('ADP', 1, 2, null, null, 'it is no longer in use'),
    ('AED', 0.01, 2, 2.00, 999999.99, ''),
    ('AFA', 0.01, 2, null, null, 'it is no longer in use'),
    ('AFN', 0.01, 2, 0.50, 999999.99, ''),
    ('ALL', 0.01, 2, 0.50, 999999.99, ''),
    ('AMD', 0.01, 2, 0.50, 999999.99, ''),
    ('ANG', 0.01, 2, null, null, 'it is no longer in use: XCG replaced it'),
    ('AOA', 0.01, 2, 0.50, 999999.99, ''),
    ('ARS', 0.01, 2, 0.50, 999999.99, ''),
    ('ATS', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('AUD', 0.01, 2, 0.50, 999999.99, ''),
    ('AWG', 0.01, 2, 0.50, 999999.99, ''),
    ('AYM', 0.01, 2, null, null, 'it is no longer in use'),
    ('AZM', 0.01, 2, null, null, 'it is no longer in use'),
    ('AZN', 0.01, 2, 0.50, 999999.99, ''),
    ('BAM', 0.01, 2, 0.50, 999999.99, ''),
    ('BBD', 0.01, 2, 0.50, 999999.99, ''),
    ('BDT', 0.01, 2, 0.50, 999999.99, ''),
    ('BEF', 1, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('BGL', 0.01, 2, null, null, 'it is no longer in use'),
    ('BGN', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('BHD', 0.010, 3, 0.500, 99999.990, ''),
    ('BIF', 1, 0, 1, 99999999, ''),
    ('BMD', 0.01, 2, 0.50, 999999.99, ''),
    ('BND', 0.01, 2, 0.50, 999999.99, ''),
    ('BOB', 0.01, 2, 0.50, 999999.99, ''),
    ('BOV', 0.01, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('BRL', 0.01, 2, 0.50, 999999.99, ''),
    ('BSD', 0.01, 2, 0.50, 999999.99, ''),
    ('BTN', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('BWP', 0.01, 2, 0.50, 999999.99, ''),
    ('BYB', 1, 2, null, null, 'it is no longer in use'),
    ('BYN', 0.01, 2, 0.50, 999999.99, ''),
    ('BYR', 1, 2, null, null, 'it is no longer in use: BYN replaced it'),
    ('BZD', 0.01, 2, 0.50, 999999.99, ''),
    ('CAD', 0.01, 2, 0.50, 999999.99, ''),
    ('CDF', 0.01, 2, 0.50, 999999.99, ''),
    ('CHE', 0.01, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('CHF', 0.01, 2, 0.50, 999999.99, ''),
    ('CHW', 0.01, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('CLF', 0.0001, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('CLP', 1, 0, 1, 99999999, ''),
    ('CNY', 0.01, 2, 0.50, 999999.99, ''),
    ('COP', 0.01, 2, 0.50, 99999999.99, ''),
    ('COU', 0.01, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('CRC', 0.01, 2, 0.50, 999999.99, ''),
    ('CSD', 0.01, 2, null, null, 'it is no longer in use'),
    ('CUC', 0.01, 2, null, null, 'it is no longer in use: CUP replaced it'),
    ('CUP', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('CVE', 0.01, 2, 0.50, 999999.99, ''),
    ('CYP', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('CZK', 0.01, 2, 15.00, 999999.99, ''),
    ('DEM', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('DJF', 1, 0, 1, 99999999, ''),
    ('DKK', 0.01, 2, 2.50, 999999.99, ''),
    ('DOP', 0.01, 2, 0.50, 999999.99, ''),
    ('DZD', 0.01, 2, 0.50, 999999.99, ''),
    ('EEK', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('EGP', 0.01, 2, 0.50, 999999.99, ''),
    ('ERN', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('ESP', 1, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('ETB', 0.01, 2, 0.50, 999999.99, ''),
    ('EUR', 0.01, 2, 0.50, 999999.99, ''),
    ('FIM', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('FJD', 0.01, 2, 0.50, 999999.99, ''),
    ('FKP', 0.01, 2, 0.50, 999999.99, ''),
    ('FRF', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('GBP', 0.01, 2, 0.30, 999999.99, ''),
    ('GEL', 0.01, 2, 0.50, 999999.99, ''),
    ('GHC', 0.01, 2, null, null, 'it is no longer in use: GHS replaced it'),
    ('GHS', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('GIP', 0.01, 2, 0.50, 999999.99, ''),
    ('GMD', 0.01, 2, 0.50, 999999.99, ''),
    ('GNF', 1, 0, 1, 99999999, ''),
    ('GRD', 1, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('GTQ', 0.01, 2, 0.50, 999999.99, ''),
    ('GWP', 0.01, 2, null, null, 'it is no longer in use'),
    ('GYD', 0.01, 2, 0.50, 999999.99, ''),
    ('HKD', 0.01, 2, 4.00, 999999.99, ''),
    ('HNL', 0.01, 2, 0.50, 999999.99, ''),
    ('HRK', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('HTG', 0.01, 2, 0.50, 999999.99, ''),
    ('HUF', 0.01, 2, 175.00, 999999.99, ''),
    ('IDR', 0.01, 2, 0.50, 9999999999.99, ''),
    ('IEP', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('ILS', 0.01, 2, 0.50, 999999.99, ''),
    ('INR', 0.01, 2, 0.50, 9999999.99, ''),
    ('IQD', 0.001, 2, null, null, 'Stripe does not charge it'),
    ('IRR', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('ISK', 1, 2, 1, 999999, ''),
    ('ITL', 1, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('JMD', 0.01, 2, 0.50, 999999.99, ''),
    ('JOD', 0.010, 3, 0.500, 99999.990, ''),
    ('JPY', 1, 0, 50, 99999999, ''),
    ('KES', 0.01, 2, 0.50, 999999.99, ''),
    ('KGS', 0.01, 2, 0.50, 999999.99, ''),
    ('KHR', 0.01, 2, 0.50, 999999.99, ''),
    ('KMF', 1, 0, 1, 99999999, ''),
    ('KPW', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('KRW', 1, 0, 50, 99999999, ''),
    ('KWD', 0.010, 3, 0.500, 99999.990, ''),
    ('KYD', 0.01, 2, 0.50, 999999.99, ''),
    ('KZT', 0.01, 2, 0.50, 999999.99, ''),
    ('LAK', 0.01, 2, 0.50, 999999.99, ''),
    ('LBP', 0.01, 2, 0.50, 999999.99, ''),
    ('LKR', 0.01, 2, 0.50, 999999.99, ''),
    ('LRD', 0.01, 2, 0.50, 999999.99, ''),
    ('LSL', 0.01, 2, 0.50, 999999.99, ''),
    ('LTL', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('LUF', 1, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('LVL', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('LYD', 0.001, 2, null, null, 'Stripe does not charge it'),
    ('MAD', 0.01, 2, 0.50, 999999.99, ''),
    ('MDL', 0.01, 2, 0.50, 999999.99, ''),
    ('MGA', 1, 0, 1, 99999999, ''),
    ('MGF', 1, 2, null, null, 'it is no longer in use'),
    ('MKD', 0.01, 2, 0.50, 999999.99, ''),
    ('MMK', 0.01, 2, 0.50, 999999.99, ''),
    ('MNT', 0.01, 2, 0.50, 999999.99, ''),
    ('MOP', 0.01, 2, 0.50, 999999.99, ''),
    ('MRO', 0.01, 2, null, null, 'it is no longer in use: MRU replaced it'),
    ('MRU', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('MTL', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('MUR', 0.01, 2, 0.50, 999999.99, ''),
    ('MVR', 0.01, 2, 0.50, 999999.99, ''),
    ('MWK', 0.01, 2, 0.50, 999999.99, ''),
    ('MXN', 0.01, 2, 10.00, 999999.99, ''),
    ('MXV', 0.01, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('MYR', 0.01, 2, 2.00, 999999.99, ''),
    ('MZM', 0.01, 2, null, null, 'it is no longer in use'),
    ('MZN', 0.01, 2, 0.50, 999999.99, ''),
    ('NAD', 0.01, 2, 0.50, 999999.99, ''),
    ('NGN', 0.01, 2, 0.50, 999999.99, ''),
    ('NIO', 0.01, 2, 0.50, 999999.99, ''),
    ('NLG', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('NOK', 0.01, 2, 3.00, 999999.99, ''),
    ('NPR', 0.01, 2, 0.50, 999999.99, ''),
    ('NZD', 0.01, 2, 0.50, 999999.99, ''),
    ('OMR', 0.010, 3, 0.500, 99999.990, ''),
    ('PAB', 0.01, 2, 0.50, 999999.99, ''),
    ('PEN', 0.01, 2, 0.50, 999999.99, ''),
    ('PGK', 0.01, 2, 0.50, 999999.99, ''),
    ('PHP', 0.01, 2, 0.50, 999999.99, ''),
    ('PKR', 0.01, 2, 0.50, 999999.99, ''),
    ('PLN', 0.01, 2, 2.00, 999999.99, ''),
    ('PTE', 1, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('PYG', 1, 0, 1, 99999999, ''),
    ('QAR', 0.01, 2, 0.50, 999999.99, ''),
    ('ROL', 1, 2, null, null, 'it is no longer in use: RON replaced it'),
    ('RON', 0.01, 2, 2.00, 999999.99, ''),
    ('RSD', 0.01, 2, 0.50, 999999.99, ''),
    ('RUB', 0.01, 2, 0.50, 999999.99, ''),
    ('RUR', 0.01, 2, null, null, 'it is no longer in use: RUB replaced it'),
    ('RWF', 1, 0, 1, 99999999, ''),
    ('SAR', 0.01, 2, 0.50, 999999.99, ''),
    ('SBD', 0.01, 2, 0.50, 999999.99, ''),
    ('SCR', 0.01, 2, 0.50, 999999.99, ''),
    ('SDD', 0.01, 2, null, null, 'it is no longer in use'),
    ('SDG', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('SEK', 0.01, 2, 3.00, 999999.99, ''),
    ('SGD', 0.01, 2, 0.50, 999999.99, ''),
    ('SHP', 0.01, 2, 0.50, 999999.99, ''),
    ('SIT', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('SKK', 0.01, 2, null, null, 'it is no longer in use: EUR replaced it'),
    ('SLE', 0.01, 2, 0.50, 999999.99, ''),
    ('SLL', 0.01, 2, null, null, 'it is no longer in use: SLE replaced it'),
    ('SOS', 0.01, 2, 0.50, 999999.99, ''),
    ('SRD', 0.01, 2, 0.50, 999999.99, ''),
    ('SRG', 0.01, 2, null, null, 'it is no longer in use'),
    ('SSP', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('STD', 0.01, 2, null, null, 'it is no longer in use: STN replaced it'),
    ('STN', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('SVC', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('SYP', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('SZL', 0.01, 2, 0.50, 999999.99, ''),
    ('THB', 0.01, 2, 10.00, 999999.99, ''),
    ('TJS', 0.01, 2, 0.50, 999999.99, ''),
    ('TMM', 0.01, 2, null, null, 'it is no longer in use: TMT replaced it'),
    ('TMT', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('TND', 0.010, 3, 0.500, 99999.990, ''),
    ('TOP', 0.01, 2, 0.50, 999999.99, ''),
    ('TPE', 1, 2, null, null, 'it is no longer in use'),
    ('TRL', 1, 2, null, null, 'it is no longer in use: TRY replaced it'),
    ('TRY', 0.01, 2, 0.50, 999999.99, ''),
    ('TTD', 0.01, 2, 0.50, 999999.99, ''),
    ('TWD', 0.01, 2, 0.50, 999999.99, ''),
    ('TZS', 0.01, 2, 0.50, 999999.99, ''),
    ('UAH', 0.01, 2, 0.50, 999999.99, ''),
    ('UGX', 1, 2, 1, 999999, ''),
    ('USD', 0.01, 2, 0.50, 999999.99, ''),
    ('USN', 0.01, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('USS', 0.01, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('UYI', 1, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('UYU', 0.01, 2, 0.50, 999999.99, ''),
    ('UYW', 0.0001, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('UZS', 0.01, 2, 0.50, 999999.99, ''),
    ('VEB', 0.01, 2, null, null, 'it is no longer in use'),
    ('VED', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('VEF', 0.01, 2, null, null, 'it is no longer in use: VES replaced it'),
    ('VES', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('VND', 1, 0, 1, 99999999, ''),
    ('VUV', 1, 0, 1, 99999999, ''),
    ('WST', 0.01, 2, 0.50, 999999.99, ''),
    ('XAD', 0.01, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('XAF', 1, 0, 1, 99999999, ''),
    ('XAG', 1, 2, null, null, 'it is a precious metal, not money that can be paid'),
    ('XAU', 1, 2, null, null, 'it is a precious metal, not money that can be paid'),
    ('XBA', 1, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('XBB', 1, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('XBC', 1, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('XBD', 1, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('XCD', 0.01, 2, 0.50, 999999.99, ''),
    ('XCG', 0.01, 2, 0.50, 999999.99, ''),
    ('XDR', 1, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('XFO', 1, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('XFU', 1, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('XOF', 1, 0, 1, 99999999, ''),
    ('XPD', 1, 2, null, null, 'it is a precious metal, not money that can be paid'),
    ('XPF', 1, 0, 1, 99999999, ''),
    ('XPT', 1, 2, null, null, 'it is a precious metal, not money that can be paid'),
    ('XSU', 1, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('XTS', 1, 2, null, null, 'it stands for no currency'),
    ('XUA', 1, 2, null, null, 'it is a unit of account, not money that can be paid'),
    ('XXX', 1, 2, null, null, 'it stands for no currency'),
    ('YER', 0.01, 2, 0.50, 999999.99, ''),
    ('YUM', 0.01, 2, null, null, 'it is no longer in use'),
    ('ZAR', 0.01, 2, 0.50, 999999.99, ''),
    ('ZMK', 0.01, 2, null, null, 'it is no longer in use: ZMW replaced it'),
    ('ZMW', 0.01, 2, 0.50, 999999.99, ''),
    ('ZWD', 0.01, 2, null, null, 'it is no longer in use'),
    ('ZWG', 0.01, 2, null, null, 'Stripe does not charge it'),
    ('ZWL', 0.01, 2, null, null, 'it is no longer in use: ZWG replaced it'),
    ('ZWN', 0.01, 2, null, null, 'it is no longer in use'),
    ('ZWR', 0.01, 2, null, null, 'it is no longer in use');

-- Decimals of the integers that Stripe counts in.
create or replace function currency_decimals(currency text) returns integer language sql stable as $$
    select c.stripe_decimals from currency c where c.code = $1
$$;

-- What was too little to be charged is left to the account's next invoice.
alter table settlement
    drop constraint settlement_kind_check,
    add constraint settlement_kind_check check (kind in (
        'CARD', 'TRANSFER', 'BALANCE', 'CARRIED', 'WRITE_OFF', 'WRITE_OFF_REVERSED', 'CREDIT_NOTE', 'REFUND', 'DISPUTE',
        'DISPUTE_WON'));
create index settlement_carried on settlement (invoice) where kind = 'CARRIED';

create or replace view given_back as
select i.id as invoice, i.number, i.account, i.currency,
       -- What is carried forward is billed by the next one.
       greatest(0, greatest(i.total, i.amount_due + i.from_balance) - greatest(i.carried_forward, 0)
         - coalesce((select sum(s.amount) from settlement s where s.invoice = i.id and s.kind = 'CARRIED'), 0)) as billed,
       coalesce((select sum(c.amount) from credit_note c where c.invoice = i.id), 0) as credited,
       coalesce((select sum(s.amount) from settlement s
                  where s.invoice = i.id and s.kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED')), 0) as written_off,
       coalesce((select sum(r.noted) from refund r
                  where r.invoice = i.id and r.status in ('CLAIMED', 'UNKNOWN', 'PENDING')), 0) as reserved,
       coalesce((select sum(d.amount - d.taken - d.owed) from dispute d where d.invoice = i.id and d.status <> 'WON'), 0)
         + coalesce((select sum(r.lost) from refund r where r.invoice = i.id and r.status not in ('FAILED', 'REFUSED')), 0)
           as banked,
       coalesce((select sum(s.amount) from settlement s where s.invoice = i.id and s.kind = 'CARD'), 0)
         + coalesce((select sum(u.amount) from surplus u where u.invoice = i.id and u.kind = 'CARD'), 0) as by_card,
       coalesce((select sum(r.amount) from refund r where r.invoice = i.id and r.status not in ('FAILED', 'REFUSED')), 0)
           as refunded,
       coalesce((select sum(d.amount) from dispute d where d.invoice = i.id and d.status <> 'WON'), 0) as disputed,
       greatest(0,
           coalesce((select sum(u.amount) from surplus u where u.invoice = i.id and u.grant_id is null), 0)
         + coalesce((select sum(c.amount - c.settled) from credit_note c where c.invoice = i.id and c.grant_id is null), 0)
         - coalesce((select sum(r.taken + case when r.status = 'SUCCEEDED' then r.noted else 0 end) from refund r
                      where r.invoice = i.id and r.status not in ('FAILED', 'REFUSED')), 0)
         - coalesce((select sum(d.taken) from dispute d where d.invoice = i.id and d.status <> 'WON'), 0)) as freed
  from invoice i
 where i.status <> 'DRAFT';

-- What was left to the next invoice is no longer due of this one.
create or replace view report_invoice as
select i.period, i.number, i.account, a.name, to_char(i.period, 'YYYY-MM') as month, i.status, i.issued_on, i.due_on,
       i.currency, i.subtotal, i.credits, i.tax, i.total, i.carried_in,
       i.carried_forward + coalesce(s.carried, 0) as carried_forward, i.amount_due - coalesce(s.carried, 0) as amount_due,
       coalesce(s.paid, 0 * i.amount_due) as paid, coalesce(s.credited, 0 * i.amount_due) as credited,
       coalesce(s.written_off, 0 * i.amount_due) as written_off,
       i.amount_due - coalesce(s.carried + s.paid + s.credited + s.written_off, 0) as open, d.sha256 as pdf_sha256, i.from_balance
  from invoice i
  join account a on a.id = i.account
  left join (select invoice,
                    sum(case when kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED', 'CREDIT_NOTE', 'CARRIED') then 0 * amount else amount end)
                        as paid,
                    sum(case when kind = 'CREDIT_NOTE' then amount else 0 * amount end) as credited,
                    sum(case when kind in ('WRITE_OFF', 'WRITE_OFF_REVERSED') then amount else 0 * amount end) as written_off,
                    sum(case when kind = 'CARRIED' then amount else 0 * amount end) as carried
               from settlement
              group by invoice) s on s.invoice = i.id
  left join invoice_document d on d.invoice = i.id
 where i.status <> 'DRAFT';

create or replace function verify_invoice_postings(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with issued as (
        select id, number, account, period, subtotal - credits as net, tax, total, from_balance
          from invoice
         where status not in ('DRAFT', 'VOID')
           and period >= since
    ), posted as (
        select p.invoice,
               sum(case when p.debit = 'RECEIVABLE' then p.amount when p.credit = 'RECEIVABLE' then -p.amount else 0 end)
                   as receivable,
               -- What a credit note takes back of the tax is its own (verify_credit_notes).
               sum(case when p.kind in ('credited', 'granted') then 0 when p.credit = 'TAX' then p.amount
                        when p.debit = 'TAX' then -p.amount else 0 end) as tax,
               sum(case when p.credit = 'ACCRUED' then p.amount when p.debit = 'ACCRUED' then -p.amount else 0 end) as accrued,
               coalesce(sum(p.amount) filter (where p.kind = 'balance-applied'), 0) as applied
          from posting p
          join issued i on i.id = p.invoice
         group by p.invoice
    ), settled as (
        select s.invoice, sum(s.amount) as amount
          from settlement s
          join issued i on i.id = s.invoice
         where s.kind <> 'CARRIED'
         group by s.invoice
    ), checked as (
        select i.total, i.tax, s.amount as settled,
               case
                   when coalesce(p.applied, 0) <> i.from_balance then
                       format('invoice %s of %s: %s paid from the account balance, but posted %s', i.number, i.account,
                              i.from_balance, coalesce(trim_scale(p.applied), 0))
                   when coalesce(p.receivable, 0) <> i.total - i.from_balance - coalesce(s.amount, 0) then
                       format('invoice %s: total %s less settled %s, but RECEIVABLE says %s', i.number,
                              i.total - i.from_balance, coalesce(s.amount, 0), coalesce(trim_scale(p.receivable), 0))
                   when coalesce(p.tax, 0) <> i.tax then
                       format('invoice %s: tax %s, but posted %s', i.number, i.tax, coalesce(trim_scale(p.tax), 0))
                   when coalesce(p.accrued, 0) <> coalesce(m.accrued, 0) then
                       format('invoice %s: %s accrued in its period, but posted %s as invoiced', i.number,
                              coalesce(trim_scale(m.accrued), 0), coalesce(trim_scale(p.accrued), 0))
               end as told
          from issued i
          left join posted p on p.invoice = i.id
          left join settled s on s.invoice = i.id
          left join monthly_cost m on m.account = i.account and m.period = i.period
    )
    select format('%s invoices of %s, of which tax %s, less settled %s', count(*), coalesce(sum(total), 0),
                  coalesce(sum(tax), 0), coalesce(sum(settled), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create or replace function verify_settlement_postings(since date) returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with settled as (
        select 'invoice ' || i.number as what, s.kind, s.reference, s.amount,
               (select sum(case when p.credit = 'RECEIVABLE' then p.amount else -p.amount end)
                  from posting p
                 where p.kind in ('paid', 'written-off', 'write-off-reversed', 'credited', 'balance-used', 'owed-again',
                                  'refunded', 'disputed', 'restored')
                   and p.reference in (s.kind || '/' || s.reference, s.kind || '/' || s.reference || '/tax')
                   and 'RECEIVABLE' in (p.debit, p.credit)) as posted
          from settlement s
          join invoice i on i.id = s.invoice
         where s.at >= since::timestamp at time zone 'UTC'
           and s.kind <> 'CARRIED'
         union all
        select what, kind, reference, amount, posted
          from report_cash c
         where at >= since::timestamp at time zone 'UTC'
           -- What is a settlement and nothing else is seen above; refunds and disputes are verify_refunds' own.
           and kind in ('CARD', 'TRANSFER', 'ACCOUNT')
           and not exists (select from settlement s
                            where s.kind = c.kind and s.reference = c.reference and s.amount = c.amount)
    ), checked as (
        select amount, case when amount <> coalesce(posted, 0) then
                   format('%s: the %s %s of %s has postings of %s', what, kind, reference, amount,
                          coalesce(trim_scale(posted), 0))
               end as told
          from settled
    )
    select format('%s settlements of %s', count(*), coalesce(sum(amount), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

create or replace function verify_receivable_balance() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with posted as (
        select account, currency, sum(case when debit = 'RECEIVABLE' then amount else -amount end) as amount
          from posting
         where 'RECEIVABLE' in (debit, credit)
         group by account, currency
    ), settled as (
        select invoice, sum(amount) as amount,
               sum(case when kind = 'CARRIED' then amount else 0 end) as carried
          from settlement group by invoice
    ), owed as (
        select i.account, i.currency, sum(i.amount_due - coalesce(s.amount, 0)) as open,
               sum(i.carried_forward - i.carried_in + coalesce(s.carried, 0)) as carried
          from invoice i
          left join settled s on s.invoice = i.id
         where i.status not in ('DRAFT', 'VOID')
         group by i.account, i.currency
    ), checked as (
        select p.amount as posted, o.open, o.carried,
               case when coalesce(p.amount, 0) <> coalesce(o.open + o.carried, 0) then
                   format('%s: RECEIVABLE is %s %s, but its invoices have %s open and %s carried',
                          coalesce(p.account, o.account), coalesce(trim_scale(p.amount), 0),
                          coalesce(p.currency, o.currency), coalesce(o.open, 0), coalesce(o.carried, 0))
               end as told
          from posted p
          full join owed o on o.account = p.account and o.currency = p.currency
    )
    select format('RECEIVABLE %s = open %s + carried %s', coalesce(trim_scale(sum(posted)), 0), coalesce(sum(open), 0),
                  coalesce(sum(carried), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- What was left of an invoice after it was issued comes back with the next one that is issued on a later day.
create or replace function verify_carried() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with entry as (
        select id, account, currency, number, issued_on as day, carried_in, carried_forward, 0 as settled
          from invoice
         where status not in ('DRAFT', 'VOID')
         union all
        select s.invoice, i.account, i.currency, null, (s.at at time zone 'UTC')::date, 0, 0, s.amount
          from settlement s
          join invoice i on i.id = s.invoice
         where s.kind = 'CARRIED'
    ), chain as (
        select e.*,
               coalesce(sum(carried_forward - carried_in) over earlier, 0) as brought,
               -- Of its own day is what may have come just before it was drafted, or just after.
               coalesce(sum(settled) over sooner, 0) as least, coalesce(sum(settled) over (partition by account, currency), 0) as most
          from entry e
        window earlier as (partition by account, currency order by id, number nulls last
                           rows between unbounded preceding and 1 preceding),
               sooner as (partition by account, currency order by day
                          range between unbounded preceding and interval '1 day' preceding)
    ), checked as (
        select carried_in, carried_forward, settled,
               case when number is not null and not carried_in between brought + least and brought + most then
                   format('invoice %s of %s carries in %s, but %s was left of what came before it', number, account,
                          carried_in, brought + least)
               end as told
          from chain
    )
    select format('%s invoices: carried in %s, carried forward %s', count(*) filter (where settled = 0),
                  coalesce(sum(carried_in), 0), coalesce(sum(carried_forward + settled), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;

-- Nobody is billed in what cannot be charged, and nothing that was issued and is open is more than can be charged at once.
create function verify_chargeable() returns table (figure text, broken bigint, examples text[])
language sql stable as $$
    with checked as (
        select 1 as accounts, 0 as open,
               case when c.code is null or c.refused_because <> '' then
                   format('%s is billed in %s, which cannot be charged (%s): import it under another id, in another currency',
                          a.id, a.currency, coalesce(c.refused_because, 'it is no currency'))
               end as told
          from account a
          left join currency c on c.code = a.currency
         union all
        select 0, 1,
               case when i.amount_due * 10::numeric ^ c.stripe_decimals > 999999999999 then
                   format('invoice %s of %s: %s %s is due, more than can be charged: void the usage that is wrong, and credit'
                          || ' the invoice', i.number, i.account, i.amount_due, i.currency)
               end
          from invoice i
          join currency c on c.code = i.currency
         where i.status = 'OPEN'
    )
    select format('%s accounts, %s open invoices', coalesce(sum(accounts), 0), coalesce(sum(open), 0)),
           count(told), coalesce((array_agg(told order by told) filter (where told is not null))[1:5], '{}')
      from checked
$$;
