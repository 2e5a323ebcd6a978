with used as (
    select file, sum(records) as records, coalesce(sum(records) filter (where billable), 0) as billable,
           coalesce(sum(records) filter (where not billable and not failed), 0) as not_billable,
           coalesce(sum(records) filter (where failed), 0) as failed
      from report_usage_record
     where occurred_at >= :from
       and occurred_at < :to
     group by file
), chosen as (
    select f.file, f.name, f.started_at, f.ended_at, f.lines, f.accepted, f.duplicates, f.quarantined,
           f.left_out, f.released, coalesce(u.records, 0) as records, coalesce(u.billable, 0) as billable,
           coalesce(u.not_billable, 0) as not_billable, coalesce(u.failed, 0) as failed
      from report_usage_file f
      left join used u using (file)
     where u.file is not null
        or (f.started_at >= :from and f.started_at < :to)
), listed as (
    select * from chosen
     union all
    select null, 'total', null, null, coalesce(sum(lines), 0), coalesce(sum(accepted), 0),
           coalesce(sum(duplicates), 0), coalesce(sum(quarantined), 0), coalesce(sum(left_out), 0),
           coalesce(sum(released), 0),
           coalesce(sum(records), 0), coalesce(sum(billable), 0), coalesce(sum(not_billable), 0),
           coalesce(sum(failed), 0)
      from chosen
)
select file, name, started_at, ended_at, lines, accepted, duplicates, quarantined, left_out, released,
       lines = accepted + duplicates + quarantined + left_out as ties_out, records as records_of_period,
       billable, not_billable, failed
  from listed
 order by file nulls last
