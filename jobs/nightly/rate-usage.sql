-- Accounts with usage that is not rated yet.
select distinct account
  from daily_usage
 where not rated
   and (hashtext(account) & 2147483647) % :partitions = :partition
 order by account
