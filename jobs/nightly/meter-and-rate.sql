-- Accounts with usage that has arrived or is not rated yet.
select account
  from (select account from arrived_batch
        union
        select account from usage_arrival
        union
        select account from unrated_day) todo
 where (hashtext(account) & 2147483647) % :partitions = :partition
 order by account
