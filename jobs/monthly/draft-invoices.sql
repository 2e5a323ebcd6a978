-- Accounts with usage in the month and no invoice for it yet; those held before are tried again.
select distinct u.account
  from usage_journal u
 where u.period = :period
   and (hashtext(u.account) & 2147483647) % :partitions = :partition
   and not exists (select from invoice i where i.account = u.account and i.period = :period)
 order by u.account
