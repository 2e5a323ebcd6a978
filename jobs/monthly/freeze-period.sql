-- From here on the month takes no more usage: what arrives later goes on the next invoice.
insert into billing_period (period, frozen_at)
values (:period, :now)
    on conflict do nothing
