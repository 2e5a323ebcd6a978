-- Accounts with usage that has arrived or is not rated yet. From one account with arrivals to the next by the index, so
-- that it costs what there are accounts, not what there are arrivals.
with recursive arrived as (
    (select account from usage_arrival order by account limit 1)
    union all
    select (select a.account from usage_arrival a where a.account > b.account order by a.account limit 1)
      from arrived b
     where b.account is not null
)
select account
  from (select account from arrived where account is not null
        union
        select account from unrated_day) todo
 where (hashtext(account) & 2147483647) % :partitions = :partition
 order by account
