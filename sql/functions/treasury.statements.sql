-- Statements of the fund's account, and what each of their entries is taken for.

-- Takes a statement: its file, its balances and its entries. Nothing where the name is known.
create or replace function treasury.record_statement(
  p_issuer_id integer, p_name text, p_business_date date, p_at timestamptz, p_sha256 text, p_content bytea,
  p_opening_won bigint, p_closing_won bigint, p_entries jsonb
) returns void
language plpgsql
security definer
set search_path = treasury, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
begin
  insert into file (issuer_id, name, kind, business_date, sequence, part, state, begun_at, sha256, content, lines, amount_won)
  values (p_issuer_id, p_name, 'statement', p_business_date, 0, 0, 'done', p_at, p_sha256, p_content,
    jsonb_array_length(p_entries), p_closing_won)
  on conflict (issuer_id, name) do nothing;
  if not found then
    return;
  end if;
  insert into statement (issuer_id, business_date, file_name, opening_won, closing_won)
  values (p_issuer_id, p_business_date, p_name, p_opening_won, p_closing_won);
  insert into bank_entry (issuer_id, entry_number, business_date, booked_at, amount_won, counterparty, reference)
  select p_issuer_id, e."entryNumber", p_business_date, e."bookedAt", e."amountWon", e.counterparty, e.reference
  from jsonb_to_recordset(p_entries) as e (
    "entryNumber" text, "bookedAt" timestamptz, "amountWon" bigint, counterparty text, reference text)
  order by e."entryNumber";
end
$$;

-- The newest statement, or that of a day.
create or replace function treasury.read_statement(p_issuer_id integer, p_business_date date)
returns table (business_date text, opening_won bigint, closing_won bigint)
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  select s.business_date::text, s.opening_won, s.closing_won
  from statement s
  where s.issuer_id = p_issuer_id and (p_business_date is null or s.business_date = p_business_date)
  order by s.business_date desc
  limit 1
$$;

create or replace function treasury.known_entries(p_issuer_id integer, p_entry_numbers text[])
returns setof text
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  select e.entry_number from bank_entry e
  where e.issuer_id = p_issuer_id and e.entry_number = any (p_entry_numbers)
$$;

-- Entries by number: those named, or where p_entry_numbers is null those that are not booked.
create or replace function treasury.read_entries(p_issuer_id integer, p_entry_numbers text[], p_limit integer)
returns table (
  entry_number text, business_date text, booked_at timestamptz, amount_won bigint, counterparty text,
  reference text, state text, match_key text, decision jsonb
)
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  select e.entry_number, e.business_date::text, e.booked_at, e.amount_won, e.counterparty, e.reference,
    e.state::text, e.match_key, e.decision
  from bank_entry e
  where e.issuer_id = p_issuer_id
    and (e.entry_number = any (p_entry_numbers) or (p_entry_numbers is null and e.state <> 'booked'))
  order by e.entry_number collate "C"
  limit p_limit
$$;

-- What a new entry is taken for. The first decision stands.
create or replace function treasury.decide_entry(
  p_issuer_id integer, p_entry_number text, p_match_key text, p_decision jsonb
) returns void
language sql
security definer
set search_path = treasury, pg_temp
set lock_timeout = '2s'
as $$
  update bank_entry e set state = 'decided', match_key = p_match_key, decision = p_decision
  where e.issuer_id = p_issuer_id and e.entry_number = p_entry_number and e.state = 'new'
$$;

create or replace function treasury.book_entries(p_issuer_id integer, p_entry_numbers text[])
returns void
language sql
security definer
set search_path = treasury, pg_temp
set lock_timeout = '2s'
as $$
  update bank_entry e set state = 'booked'
  where e.issuer_id = p_issuer_id and e.entry_number = any (p_entry_numbers) and e.state = 'decided'
$$;
