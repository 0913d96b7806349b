-- Files of the treasury bank, and what its results said. The first to write wins; whoever repeats sees what stands.

-- Gives a file its name and time, unless it has them.
create or replace function treasury.begin_file(
  p_issuer_id integer, p_name text, p_kind text, p_business_date date, p_sequence integer, p_part integer,
  p_at timestamptz
) returns void
language sql
security definer
set search_path = treasury, pg_temp
set lock_timeout = '2s'
as $$
  insert into file (issuer_id, name, kind, business_date, sequence, part, state, begun_at)
  values (p_issuer_id, p_name, p_kind::file_kind, p_business_date, p_sequence, p_part, 'begun', p_at)
  on conflict (issuer_id, name) do nothing
$$;

-- Gives a file that was begun its bytes.
create or replace function treasury.write_file(
  p_issuer_id integer, p_name text, p_sha256 text, p_content bytea, p_lines integer, p_amount_won bigint
) returns void
language sql
security definer
set search_path = treasury, pg_temp
set lock_timeout = '2s'
as $$
  update file f
  set state = 'written', sha256 = p_sha256, content = p_content, lines = p_lines, amount_won = p_amount_won
  where f.issuer_id = p_issuer_id and f.name = p_name and f.state = 'begun'
$$;

-- A file lies where it belongs.
create or replace function treasury.finish_file(p_issuer_id integer, p_name text)
returns void
language sql
security definer
set search_path = treasury, pg_temp
set lock_timeout = '2s'
as $$
  update file f set state = 'done'
  where f.issuer_id = p_issuer_id and f.name = p_name and f.state = 'written'
$$;

-- A file by its name, without its bytes.
create or replace function treasury.read_file(p_issuer_id integer, p_name text)
returns table (
  name text, kind text, business_date text, sequence integer, part integer, state text, begun_at timestamptz,
  sha256 text, lines integer, amount_won bigint
)
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  select f.name, f.kind::text, f.business_date::text, f.sequence, f.part, f.state::text, f.begun_at, f.sha256,
    f.lines, f.amount_won
  from file f
  where f.issuer_id = p_issuer_id and f.name = p_name
$$;

-- Files of a kind: of a day, or where p_business_date is null those that are not done.
create or replace function treasury.list_files(p_issuer_id integer, p_kind text, p_business_date date)
returns table (
  name text, kind text, business_date text, sequence integer, part integer, state text, begun_at timestamptz,
  sha256 text, lines integer, amount_won bigint
)
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  select f.name, f.kind::text, f.business_date::text, f.sequence, f.part, f.state::text, f.begun_at, f.sha256,
    f.lines, f.amount_won
  from file f
  where f.issuer_id = p_issuer_id and f.kind = p_kind::file_kind
    and (f.business_date = p_business_date or (p_business_date is null and f.state <> 'done'))
  order by f.name collate "C"
$$;

create or replace function treasury.file_content(p_issuer_id integer, p_name text)
returns bytea
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  select f.content from file f where f.issuer_id = p_issuer_id and f.name = p_name
$$;

-- Takes a result: its file, and what it says of each payout. Nothing where the name is known.
create or replace function treasury.record_result(
  p_issuer_id integer, p_name text, p_business_date date, p_sequence integer, p_part integer, p_at timestamptz,
  p_sha256 text, p_content bytea, p_amount_won bigint, p_outcomes jsonb
) returns void
language plpgsql
security definer
set search_path = treasury, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
begin
  insert into file (issuer_id, name, kind, business_date, sequence, part, state, begun_at, sha256, content, lines, amount_won)
  values (p_issuer_id, p_name, 'result', p_business_date, p_sequence, p_part, 'done', p_at, p_sha256, p_content,
    jsonb_array_length(p_outcomes), p_amount_won)
  on conflict (issuer_id, name) do nothing;
  if not found then
    return;
  end if;
  insert into outcome (
    issuer_id, payout_id, attempt, paid, reason, amount_won, payout_file, result_file, operation_id, done_at, state)
  select p_issuer_id, o."payoutId", o.attempt, o.paid, o.reason, o."amountWon", o."payoutFile", p_name,
    o."operationId", o."doneAt", 'told'
  from jsonb_to_recordset(p_outcomes) as o (
    "payoutId" bigint, attempt integer, paid boolean, reason text, "amountWon" bigint, "payoutFile" text,
    "operationId" uuid, "doneAt" timestamptz)
  order by o."payoutId", o.attempt;
end
$$;

-- What the bank said of payouts: of those named, or where p_payout_ids is null what the ledger is to be moved for.
create or replace function treasury.read_outcomes(p_issuer_id integer, p_payout_ids bigint[], p_limit integer)
returns table (
  payout_id bigint, attempt integer, paid boolean, reason text, amount_won bigint, payout_file text,
  operation_id uuid, done_at timestamptz, state text
)
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  select o.payout_id, o.attempt, o.paid, o.reason, o.amount_won, o.payout_file, o.operation_id, o.done_at,
    o.state::text
  from outcome o
  where o.issuer_id = p_issuer_id
    and (o.payout_id = any (p_payout_ids) or (p_payout_ids is null and o.state = 'told'))
  order by o.payout_id, o.attempt
  limit p_limit
$$;

create or replace function treasury.end_outcome(
  p_issuer_id integer, p_payout_id bigint, p_attempt integer, p_state text
) returns void
language sql
security definer
set search_path = treasury, pg_temp
set lock_timeout = '2s'
as $$
  update outcome o set state = p_state::outcome_state
  where o.issuer_id = p_issuer_id and o.payout_id = p_payout_id and o.attempt = p_attempt and o.state = 'told'
$$;
