-- What officers and buyers look at of a program, and who is told when it changes. One issuer a call.

-- What a reservation would be held against. p_groups: programs that are held together, each with the number of its group.
create or replace function ledger.purchase_counts(
  p_issuer_id integer, p_wallet_id bigint, p_program_id bigint, p_month date, p_at timestamptz, p_group_count integer,
  p_groups integer[], p_group_program_ids bigint[]
)
returns table (bought_won bigint, sold_won bigint, held_won bigint[])
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select coalesce((
      select m.bought_won from member_sale m
      where m.issuer_id = p_issuer_id and m.program_id = p_program_id and m.wallet_id = p_wallet_id
        and m.month = p_month), 0),
    coalesce((
      select s.sold_won from program_sale s
      where s.issuer_id = p_issuer_id and s.program_id = p_program_id and s.month = p_month), 0),
    array(
      select holding_won(p_issuer_id, p_wallet_id, array(
          select e.program_id from unnest(p_groups, p_group_program_ids) as e (number, program_id)
          where e.number = g.number), p_at)
      from generate_series(1, p_group_count) as g (number)
      order by g.number)
$$;

create or replace function ledger.program_sales(p_issuer_id integer, p_month date)
returns table (program_id bigint, won bigint)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select s.program_id, s.sold_won
  from program_sale s
  where s.issuer_id = p_issuer_id and s.month = p_month
$$;

-- Wallets with anything left of a program, and how much.
create or replace function ledger.program_holdings(p_issuer_id integer, p_program_id bigint)
returns table (wallets bigint, won bigint)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select count(distinct l.wallet_id), coalesce(sum(l.remaining_won + l.held_won), 0)::bigint
  from lot l
  where l.issuer_id = p_issuer_id and l.program_id = p_program_id and not l.closed
    and l.remaining_won + l.held_won > 0
$$;

-- Holders of a program after a wallet, in the order of wallets.
create or replace function ledger.program_holders(
  p_issuer_id integer, p_program_id bigint, p_after bigint, p_limit integer
) returns table (wallet_id bigint, member_id bigint)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select h.wallet_id, w.member_id
  from (
    select distinct l.wallet_id
    from lot l
    where l.issuer_id = p_issuer_id and l.program_id = p_program_id and not l.closed
      and l.wallet_id > p_after and l.remaining_won + l.held_won > 0
    order by l.wallet_id
    limit p_limit
  ) h
  join wallet w on w.issuer_id = p_issuer_id and w.wallet_id = h.wallet_id
  order by h.wallet_id
$$;

create or replace function ledger.pot_uses(p_issuer_id integer, p_pot_ids bigint[])
returns table (pot_id bigint, won bigint)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select u.pot_id, u.used_won
  from pot_use u
  where u.issuer_id = p_issuer_id and u.pot_id = any (p_pot_ids)
$$;

-- What operations drew from pots.
create or replace function ledger.pot_draws(p_issuer_id integer, p_operation_ids uuid[])
returns table (operation_id uuid, pot_id bigint, won bigint)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select d.operation_id, d.pot_id, d.amount_won
  from pot_draw d
  where d.issuer_id = p_issuer_id and d.operation_id = any (p_operation_ids)
  order by d.operation_id, d.pot_id
$$;

-- What can be spent of a program at an instant, for each wallet with its program, in the order asked.
create or replace function ledger.spendable(
  p_issuer_id integer, p_at timestamptz, p_wallet_ids bigint[], p_program_ids bigint[]
)
returns table (won bigint)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select (
    select coalesce(sum(l.remaining_won), 0)::bigint
    from lot l
    where l.issuer_id = p_issuer_id and l.wallet_id = u.wallet_id and l.program_id = u.program_id
      and l.expires_at > p_at
  )
  from unnest(p_wallet_ids, p_program_ids) with ordinality as u (wallet_id, program_id, turn)
  order by u.turn
$$;
