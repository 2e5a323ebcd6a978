-- Some of the held accounts, and how many more there are.
select account, reason
  from ((select 1 as part, account as id, name || ' (' || account || ')' as account, reason || ': ' || detail as reason
           from report_hold
          where period = :period
          order by account collate "C"
          limit :rows)
         union all
        select 2, '', 'and ' || to_char(count(*) - :rows, 'FM999,999,990') || ' more', 'all of them are in holds.csv'
          from report_hold
         where period = :period
        having count(*) > :rows) listed
 order by part, id collate "C"
