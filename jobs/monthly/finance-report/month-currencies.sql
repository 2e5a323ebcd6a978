-- The currencies of the books, the one with the most revenue first.
select currency
  from report_leg
 group by currency
 order by coalesce(sum(amount) filter (where account = 'REVENUE'), 0), currency
