-- What was taken from buckets, and is not fetched again. An object that has changed has another ETag and is taken again: what it
-- said before is duplicates.
create table usage_object (
    bucket   text not null,
    key      text not null,
    etag     text not null,
    size     bigint not null,
    -- As it is called in usage_file.
    file     text not null,
    -- What the file in done/ has beside it.
    tie_out  jsonb not null,
    taken_at timestamptz not null,
    primary key (bucket, key, etag)
);
