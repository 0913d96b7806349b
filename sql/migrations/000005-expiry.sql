-- why: what is left of a lot that has expired goes to breakage, and whoever does that must find the lots that are due
-- without reading those that were dealt with long ago.

alter type ledger.operation_kind add value 'expiry';

alter table ledger.lot
  add column closed boolean not null default false,
  -- Every row that is there is open.
  add constraint lot_closed_is_empty check (not closed or (remaining_won = 0 and held_won = 0)) not valid;
comment on column ledger.lot.closed is
  'Expired, with nothing left and nothing held: expiry has nothing more to do with it, unless a cancellation gives something back, which opens it again.';
comment on column ledger.operation.target_id is
  'cancellation: the payment; capture, release: the hold; issue, abandonment: the purchase; expiry: the issue of the lot.';

-- Of columns that no payment changes: a payment must go on updating its lots in place (HOT).
create index lot_due on ledger.lot (issuer_id, expires_at, lot_id) where not closed;
