-- Where the lines of a file have no ids of their own, a line is known by what the file says up to it. It is kept with what is
-- quarantined, because it can't be made again from the line alone.
alter table usage_quarantine
    add line_id  text,
    -- When what came a little before its time is usage like any other: the nightly run takes it in then.
    add retry_at timestamptz check (reason = 'IN_FUTURE' or retry_at is null);
create index usage_quarantine_early on usage_quarantine (retry_at) where released_at is null and retry_at is not null;
