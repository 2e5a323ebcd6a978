-- What a close proved: a figure of the books beside what it ties to.
create table ledger_close_tie (
    period   date not null,
    version  integer not null,
    n        integer not null,
    name     text not null,
    currency text not null,
    books    numeric not null,
    against  text not null,
    other    numeric not null constraint ledger_close_tie_ties check (books = other),
    primary key (period, version, n),
    constraint ledger_close_tie_of foreign key (period, version) references ledger_close
);
create trigger ledger_close_tie_is_history before update or delete or truncate on ledger_close_tie
    for each statement execute function refuse_change();

-- The files of a closed month's report, which are kept: whoever writes the report again gets these, whatever the seller and
-- the templates have become.
create table ledger_close_file (
    period  date not null,
    version integer not null,
    file    text not null,
    sha256  text not null constraint ledger_close_file_sha256 check (sha256 ~ '^[0-9a-f]{64}$'),
    bytes   bigint not null constraint ledger_close_file_bytes check (bytes = length(content)),
    content bytea not null constraint ledger_close_file_content check (sha256 = encode(sha256(content), 'hex')),
    primary key (period, version, file),
    constraint ledger_close_file_of foreign key (period, version) references ledger_close
);
create trigger ledger_close_file_is_history before update or delete or truncate on ledger_close_file
    for each statement execute function refuse_change();

create trigger audited after insert on ledger_close
    for each row execute function audit('period', '', 'closed_at', 'closed_by');
create trigger audited after insert on ledger_reopening
    for each row execute function audit('period', '', 'reopened_at', 'reopened_by');
