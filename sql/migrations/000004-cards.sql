-- why: card payments are owed to the card company, not to the merchant, and are cleared by its business dates; so an
-- operation says whose card it was. Rows without a card keep these columns empty, and their sealed leaves as they were.

alter type ledger.operation_kind add value 'card_settlement';

alter table ledger.operation
  add column partner_id bigint,
  add column business_date date,
  -- Every row that is there has neither.
  add constraint operation_of_a_card check ((partner_id is null) = (business_date is null)) not valid;
comment on column ledger.operation.partner_id is
  'The card company: its clearing account is moved instead of the merchant''s payable. Null: no card.';
comment on column ledger.operation.business_date is 'The partner''s business date that the operation is cleared under.';
comment on type ledger.account_kind is
  'What an account is. Account ids: lot and lot_hold: the lot; merchant_payable: the merchant; subsidy_receivable: the funder (1 national, 2 province, 3 city); card_clearing: the partner; the others: 0.';

-- Partial like the others, for the same reason; a payment by code enters none of them.
create index operation_by_partner on ledger.operation (issuer_id, partner_id, business_date, operation_id)
  include (kind, decline, amount_won) where partner_id is not null;
create index operation_card_hold on ledger.operation (issuer_id, wallet_id, booked_at)
  where partner_id is not null and kind = 'hold' and decline is null;
-- Wallets in which something is held now are few: from them the holds are found that nobody closed.
create index lot_held on ledger.lot (issuer_id, wallet_id) where held_won > 0;
