-- Stripe's events that were delivered and not processed yet. Each is written before Stripe is answered, and deleted in the
-- transaction that takes it (stripe_event).
create table stripe_event_due (
    id          text primary key,
    type        text not null,
    object      text not null,
    made_at     timestamptz not null,
    received_at timestamptz not null,
    -- Who begins with it moves this on, so that nobody else begins too, and that it is begun again where it was broken off.
    due_at      timestamptz not null
);

-- A caller of the gate is better refused than kept waiting: five seconds are more than any chunk or call holds an account.
alter function gate_hold set lock_timeout = '5s';
alter function gate_settle set lock_timeout = '5s';
alter function gate_release set lock_timeout = '5s';
