-- Who may do what. Applied after every change of functions; says the whole truth each time.
-- dure_app: the core. Executes the posting and reading functions, reads views, owns and touches no table.
-- dure_audit: the auditor. Reads everything, writes nothing.
revoke all on schema ledger, registry, settlement, reporting, treasury, granting, cashback, corporate, clockwork from public;
revoke all on all tables in schema ledger, registry, settlement, reporting, treasury, granting, cashback, corporate, clockwork from public, dure_app, dure_audit;
revoke all on all functions in schema ledger, registry, settlement, reporting, treasury, granting, cashback, corporate, clockwork from public, dure_app, dure_audit;

grant usage on schema ledger, registry, settlement, reporting, treasury, granting, cashback, corporate, clockwork to dure_app, dure_audit;
grant execute on all functions in schema ledger, registry, settlement, reporting, treasury, granting, cashback, corporate, clockwork to dure_app;
-- Parts of a posting, not postings: what they write, another part explains.
revoke execute on function ledger.movement_lots, ledger.movement_payouts, ledger.movement_sales,
  ledger.movement_targets from dure_app;
-- It counts what the functions that call it have just written.
revoke execute on function cashback.count_promises from dure_app;
grant select on ledger.balance_view to dure_app;

grant select on all tables in schema ledger, registry, settlement, reporting, treasury, granting, cashback, corporate, clockwork to dure_audit;
grant execute on function ledger.journal_rows(integer, timestamptz, timestamptz) to dure_audit;
