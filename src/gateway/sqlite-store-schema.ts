/** The tables of a gateway's store, and which of them a file has. Versions run forward only. */
import type { DatabaseSync } from 'node:sqlite'
import { Fault } from '../base/base.ts'

/** "Dure" in ASCII: says whose file it is. */
const APPLICATION_ID = 0x44757265
export const STORE_VERSION = 1

/** Tables keep their rows in the order of their keys (`without rowid`), so that a look-up is one descent. */
const version1 = `
create table record (
  issuer_id integer not null,
  kind text not null,
  record_id integer not null,
  -- The version of terms, each of which counts; 0 for all else, of which the newest counts.
  slot integer not null,
  version integer not null,
  generation integer not null,
  body text not null,
  primary key (issuer_id, kind, record_id, slot)
) without rowid, strict;

create table card (
  partner_id integer not null,
  card_token text not null,
  issuer_id integer not null,
  link_id integer not null,
  version integer not null,
  generation integer not null,
  wallet_id integer not null,
  member_id integer not null,
  person_id text not null,
  last_four text not null,
  -- Which of two words each: see the words in sqlite-store-feed.ts.
  spending integer not null,
  on_unknown integer,
  active integer not null,
  primary key (partner_id, card_token, issuer_id)
) without rowid, strict;

create table wallet (
  issuer_id integer not null,
  wallet_id integer not null,
  generation integer not null,
  held_won integer not null,
  lots blob not null,
  primary key (issuer_id, wallet_id)
) without rowid, strict;

create table issuer (
  issuer_id integer not null primary key,
  fresh_from integer not null,
  fresh_segment integer not null,
  cumulative_won_max integer not null
) without rowid, strict;

create table position (
  issuer_id integer not null,
  segment integer not null,
  hash text not null,
  not_before integer not null,
  primary key (issuer_id, segment)
) without rowid, strict;

create table doubtful (
  issuer_id integer not null,
  wallet_id integer not null,
  segment integer not null,
  primary key (issuer_id, wallet_id)
) without rowid, strict;

create table feed (
  one integer not null primary key check (one = 1),
  core_life text not null,
  next integer not null,
  as_of integer not null,
  heard_at integer not null,
  generation integer not null,
  complete integer not null
) without rowid, strict;

create table answered (
  key text not null primary key,
  fingerprint text not null,
  answered_at integer not null,
  issuer_id integer,
  answer text not null,
  request text,
  -- 1: the core approved it, and is told of it again where it may have forgotten it.
  of_core integer not null
) without rowid, strict;
create index answered_at on answered (answered_at, key);
create index answered_by_core on answered (answered_at, key) where of_core = 1;

create table sale (
  key text not null primary key,
  issuer_id integer not null,
  wallet_id integer not null,
  fingerprint text not null,
  decided_by text not null,
  decided_at integer not null,
  day text not null,
  approved_won integer not null,
  returned_won integer not null,
  seen_min_won integer not null,
  seen_max_won integer not null,
  tenders text not null,
  outstanding integer not null,
  settled_at integer,
  settled_core_at integer,
  open integer not null
) without rowid, strict;
create index sale_open on sale (issuer_id, wallet_id, decided_at) where open = 1;
create index sale_settled on sale (settled_at) where settled_at is not null;
-- Those that count for their day only, until it is over.
create index sale_over on sale (day) where open = 1 and outstanding = 0 and settled_at is null;
create index sale_age on sale (decided_at);

create table notice (
  seq integer primary key,
  name text not null unique,
  group_name text not null,
  sale_key text not null,
  noted_at integer not null,
  notice text not null,
  attempted integer not null,
  taken_at integer,
  receipt text,
  -- 1: the partner reversed the sale.
  reversal integer not null
) strict;
create index notice_waiting on notice (seq) where taken_at is null;
create index notice_waiting_in on notice (group_name, seq) where taken_at is null;
create index notice_waiting_of on notice (sale_key) where taken_at is null;
create index notice_reversal on notice (sale_key) where reversal = 1;
create index notice_taken on notice (taken_at, seq) where taken_at is not null;

create table standin_order (
  partner_id integer not null,
  issuer_id integer not null,
  mode text not null,
  ordered_by text not null,
  ordered_at integer not null,
  reason text not null,
  primary key (partner_id, issuer_id)
) without rowid, strict;
`

const versions: readonly string[] = [version1]

/** Brings the file to the newest version. @throws Faults where it is another's, or of a newer program */
export function prepareSchema(database: DatabaseSync): void {
  const found = readSchema(database)
  if (found === STORE_VERSION) return
  database.exec('begin immediate')
  for (const version of versions.slice(found)) database.exec(version)
  database.exec(`pragma application_id = ${APPLICATION_ID}`)
  database.exec(`pragma user_version = ${STORE_VERSION}`)
  database.exec('commit')
}

/** The version of the file; 0 for an empty one. */
export function readSchema(database: DatabaseSync): number {
  const applicationId = readNumber(database, 'pragma application_id', 'application_id')
  const version = readNumber(database, 'pragma user_version', 'user_version')
  const tables = readNumber(database, 'select count(*) as n from sqlite_schema', 'n')
  if (applicationId !== APPLICATION_ID && tables > 0) {
    throw new Fault('standin_store_failed', 'the file is a database, but no gateway’s store')
  }
  if (version > STORE_VERSION) {
    throw new Fault(
      'schema_too_new',
      `the store has version ${version}, this program knows ${STORE_VERSION}`,
    )
  }
  return version
}

function readNumber(database: DatabaseSync, sql: string, name: string): number {
  return Number(database.prepare(sql).get()?.[name])
}
