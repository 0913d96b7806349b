import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textFiles } from './repository.ts'
import { sqlFindings } from './sql-lint.ts'

const TABLES = `
create table ledger.issuer_head (issuer_id integer primary key);
create table ledger.wallet (
  issuer_id integer not null references ledger.issuer_head, wallet_id bigint, primary key (issuer_id, wallet_id));
create table ledger.lot (issuer_id integer not null, lot_id bigint, won bigint, primary key (issuer_id, lot_id),
  foreign key (issuer_id, wallet_id) references ledger.wallet (issuer_id, wallet_id));
`

/** What is said about one planted piece of SQL. */
function complaintsOf(text: string): string[] {
  return sqlFindings([
    { path: 'sql/migrations/000001-tables.sql', text: TABLES },
    { path: 'sql/functions/planted.sql', text },
  ]).map(({ path, line, complaint }) => `${path.split('/').at(-1)}:${line}: ${complaint}`)
}

const inFunction = (body: string, settings = '') => `-- Planted.
create function ledger.planted(p_issuer_id integer, p_at timestamptz) returns void
language plpgsql security definer set search_path = ledger, pg_temp set lock_timeout = '2s' ${settings}
as $$ begin
${body}
end $$;`

test('the SQL of this repository keeps the rules', async () => {
  assert.deepEqual(sqlFindings(await textFiles()), [])
})

test('the planted tables and an obedient function are found blameless', () => {
  const body = `
  perform 1 from lot l where l.issuer_id = p_issuer_id and exists (
    select 1 from wallet w where w.issuer_id = p_issuer_id) order by l.lot_id for update;
  insert into lot as m (issuer_id, lot_id) select distinct p_issuer_id, u.lot_id from unnest(p_ids) as u (lot_id)
  on conflict (issuer_id, lot_id) do update set won = m.won + 1; -- now() and a trigger, but only in words
  for v_round in 1..v_rounds loop
    update lot l set won = 0 from wallet w where l.issuer_id = p_issuer_id and w.issuer_id = p_issuer_id;
  end loop;`
  assert.deepEqual(complaintsOf(inFunction(body)), [])
})

for (const [what, sql, complaint] of [
  [
    'a primary key that begins with something else',
    'create table ledger.x (id bigint, issuer_id integer, primary key (id, issuer_id));',
    /primary key of ledger\.x \(id, issuer_id\) begins with no issuer_id/,
  ],
  [
    'a key beside a column',
    'create table ledger.x (id bigint primary key);',
    /begins with no issuer_id/,
  ],
  ['a table without a key', 'create table ledger.x (issuer_id integer);', /has no primary key/],
  [
    'a unique column',
    'create table ledger.x (issuer_id integer primary key, code text unique);',
    /unique key of ledger\.x \(code\)/,
  ],
  [
    'a unique index over all issuers',
    'create unique index x on ledger.lot using btree (lot_id) where won > 0;',
    /unique key of ledger\.lot \(lot_id\)/,
  ],
  [
    'a key that is added later',
    'alter table ledger.lot add constraint x unique (lot_id, issuer_id);',
    /unique key of ledger\.lot/,
  ],
  [
    'a foreign key without the issuer',
    'create table ledger.x (issuer_id integer primary key, lot_id bigint references ledger.lot);',
    /foreign key of ledger\.x \(lot_id\) contains no issuer_id/,
  ],
  ['a trigger', 'create trigger t after insert on ledger.lot execute function f();', /no triggers/],
  ['a sequence', 'create sequence ledger.s;', /no sequences/],
  [
    'a serial column',
    'create table ledger.x (issuer_id integer primary key, n bigserial);',
    /no sequences/,
  ],
  [
    'an identity column',
    'create table ledger.x (issuer_id integer primary key, n bigint generated always as identity);',
    /no sequences/,
  ],
  ['an advisory lock', inFunction('perform pg_try_advisory_xact_lock(1);'), /no advisory locks/],
  ['a notification', inFunction("notify paid, 'x';"), /no notifications/],
  ['a notification by function', inFunction("perform pg_notify('a', 'b');"), /no notifications/],
  [
    'a system column',
    inFunction('perform l.ctid from lot l where l.issuer_id = p_issuer_id;'),
    /no system columns/,
  ],
  ['a merge', inFunction('merge into lot using x on true when matched then delete;'), /no merge/],
  [
    'an insert inside a with',
    inFunction(
      'with i as ( insert into lot (issuer_id) values (p_issuer_id) returning 1) select 1 from i;',
    ),
    /no insert inside a with/,
  ],
  [
    'a setting of the connection',
    inFunction("perform current_setting('app.issuer');"),
    /comes as an argument/,
  ],
  ['a clock', inFunction('v_at := now();'), /time and chance/],
  ['a date of today', inFunction('v_at := current_date;'), /time and chance/],
  ['chance', inFunction('v_id := gen_random_uuid();'), /time and chance/],
  [
    'a loop over rows',
    inFunction(
      'for v_row in select l.lot_id from lot l where l.issuer_id = p_issuer_id loop null; end loop;',
    ),
    /no loop over rows/,
  ],
  ['a cursor', inFunction('open c; fetch c into v_row;'), /no cursors/],
  [
    'a table of any issuer',
    inFunction('perform 1 from lot l where l.lot_id = 1;'),
    /l stands for a table 1 times/,
  ],
  [
    'a second mention that is forgotten in exists',
    inFunction(
      'perform 1 from lot l where l.issuer_id = p_issuer_id and exists (select 1 from lot l where l.won = 1);',
    ),
    /l stands for a table 2 times and l\.issuer_id = p_issuer_id is said 1 times/,
  ],
  [
    'a mention by way of another table',
    inFunction(
      'perform 1 from lot l join wallet w on w.issuer_id = l.issuer_id where l.issuer_id = p_issuer_id;',
    ),
    /w stands for a table/,
  ],
  [
    'a mention behind a comma',
    inFunction('perform 1 from unnest(p_ids) as u (id), ledger.lot l;'),
    /l stands for/,
  ],
  [
    'an update of all',
    inFunction('update lot set won = 0 where lot_id = 1;'),
    /lot stands for a table/,
  ],
  [
    'an insert that gives the issuer later',
    inFunction('insert into lot (lot_id, issuer_id) values (1, p_issuer_id);'),
    /does not begin with issuer_id/,
  ],
  [
    'an insert for somebody else',
    inFunction(
      'insert into lot (issuer_id, lot_id) select u.issuer_id, 1 from unnest(p_issuers) as u (issuer_id);',
    ),
    /does not begin its rows with p_issuer_id/,
  ],
  [
    'a conflict across issuers',
    inFunction(
      'insert into lot (issuer_id, lot_id) values (p_issuer_id, 1) on conflict (lot_id) do nothing;',
    ),
    /on conflict of lot/,
  ],
  [
    'an issuer that is changed',
    inFunction('update lot l set won = 1, issuer_id = 2 where l.issuer_id = p_issuer_id;'),
    /never updated/,
  ],
  [
    'another first argument',
    `create function ledger.f(p_at timestamptz) returns void language sql set search_path = ledger, pg_temp
     as $$ select 1 $$;`,
    /first argument is not p_issuer_id/,
  ],
  [
    'a function without search_path',
    'create function ledger.f(p_issuer_id integer) returns void language sql security definer as $$ select 1 $$;',
    /sets no search_path/,
  ],
  [
    'a search_path that a temporary table could lead astray',
    `create function ledger.f(p_issuer_id integer) returns void language sql set search_path = ledger
     as $$ select 1 $$;`,
    /does not end with pg_temp/,
  ],
  [
    'a wait without end',
    `create function ledger.f(p_issuer_id integer) returns void language sql set search_path = ledger, pg_temp as $$
       update lot l set won = 1 where l.issuer_id = p_issuer_id $$;`,
    /sets no lock_timeout/,
  ],
] as const) {
  test(`${what} is found`, () => {
    const complaints = complaintsOf(sql)
    assert.ok(
      complaints.some((line) => complaint.test(line)),
      `nothing of ${String(complaint)} in ${JSON.stringify(complaints)}`,
    )
  })
}

test('a comment may argue that a function reads across issuers, and only with a reason', () => {
  const reading = (reason: string) => `-- Everything.
-- across issuers:${reason}
create function ledger.f() returns setof bigint language sql set search_path = ledger, pg_temp
as $$ select l.lot_id from lot l $$;`
  assert.deepEqual(complaintsOf(reading(' the nightly report')), [])
  assert.equal(complaintsOf(reading('')).length, 2)
})

test('a finding names the line it stands on', () => {
  assert.deepEqual(complaintsOf(inFunction('perform 1;\nperform now();')), [
    'planted.sql:6: now(: time and chance come as arguments: the same call must give the same answer',
  ])
})
