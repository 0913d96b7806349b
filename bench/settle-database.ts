/** Merchants, their accounts and a day of payments, put into a database by SQL: how they came there is not measured. */
import type { BenchDatabase } from './bench-database.ts'
import { PROGRAM_ID } from './bench-database.ts'
import { progress } from './progress.ts'

export interface SettledSize {
  readonly issuers: number
  readonly merchants: number
  /** Payments of the one day; one in a hundred is cancelled in part. */
  readonly takings: number
}

/** All payments are of this day, and its journal is sealed until its end. */
export const TAKEN_ON = '2026-11-30'
const FACE_WON = 1_000_000_000
const PAYMENTS_A_LOT = 50
const CHUNK = 200_000

export async function seedTakings({ owner }: BenchDatabase, size: SettledSize): Promise<void> {
  const { issuers, merchants, takings } = size
  const end = `${TAKEN_ON}T23:59:59.999+09:00`
  await owner`insert into ledger.issuer_head (issuer_id, sealed_until)
    select g, ${end}::timestamptz from generate_series(1, ${issuers}::integer) g`
  await owner`insert into ledger.seal (issuer_id, segment, from_at, until_at, leaf_count, merkle_root, previous_hash,
      hash, key_id, signature)
    select g, 1, 'epoch', ${end}::timestamptz, 0, '', '', '', 'bench', ''
    from generate_series(1, ${issuers}::integer) g`
  await seedMerchants(owner, { issuers, merchants })
  const lots = Math.ceil(takings / PAYMENTS_A_LOT)
  await owner`insert into ledger.wallet (issuer_id, wallet_id, member_id, recorded_at)
    select (w % ${issuers}::integer) + 1, w, w, '2026-11-01T00:00:00Z' from generate_series(1, ${lots}::integer) w
    order by 1, 2`
  await owner`insert into ledger.lot (issuer_id, wallet_id, lot_id, program_id, kind, face_won, remaining_won, held_won,
      expires_at, issued_by)
    select (w % ${issuers}::integer) + 1, w, w, ${PROGRAM_ID}, 'purchase', ${FACE_WON}, 0, 0,
      '2030-01-01', gen_random_uuid()
    from generate_series(1, ${lots}::integer) w order by 1, 2`
  for (let from = 1; from <= takings; from += CHUNK) {
    const to = Math.min(takings, from + CHUNK - 1)
    await seedPayments(owner, size, { from, to, lots })
    progress(`seeded ${to.toLocaleString('en')} of ${takings.toLocaleString('en')} payments`)
  }
  await owner.unsafe('vacuum analyze')
  await owner.unsafe('checkpoint')
}

type Owner = BenchDatabase['owner']

/** Merchant m is of issuer m mod issuers, as lot l is. */
async function seedMerchants(
  owner: Owner,
  { issuers, merchants }: Pick<SettledSize, 'issuers' | 'merchants'>,
): Promise<void> {
  await owner`insert into registry.record (issuer_id, kind, record_id, version, body, recorded_at, recorded_by)
    select (m % ${issuers}::integer) + 1, 'merchant', m, 1, jsonb_build_object(
        'name', '가게 ' || m, 'nameLatin', 'SHOP', 'businessNumber', lpad(m::text, 10, '0'), 'ownerPersonId', 'p' || m,
        'sector', 'snack_bar', 'annualRevenueWon', (m % 5) * 400000000, 'district', '월명동', 'status', 'active',
        'registeredAt', 1),
      '2026-11-01T00:00:00Z', 'system'
    from generate_series(1, ${merchants}::integer) m order by 1, 3`
  await owner`insert into registry.record (issuer_id, kind, record_id, version, body, recorded_at, recorded_by)
    select (m % ${issuers}::integer) + 1, 'settlement_account', m, 1, jsonb_build_object('entries', jsonb_build_array(
        jsonb_build_object('from', '2026-11-01', 'at', 1, 'payee', jsonb_build_object('kind', 'own',
          'bankCode', '011', 'accountNumber', lpad(m::text, 13, '3'), 'holderName', '가게 ' || m)))),
      '2026-11-01T00:00:00Z', 'system'
    from generate_series(1, ${merchants}::integer) m order by 1, 3`
}

async function seedPayments(
  owner: Owner,
  { issuers, merchants, takings }: SettledSize,
  { from, to, lots }: { from: number; to: number; lots: number },
): Promise<void> {
  const shops = Math.floor(merchants / issuers)
  const begin = `${TAKEN_ON}T00:00:01+09:00`
  // The lot decides the issuer; which of its merchants was paid is as good as chance.
  await owner.begin(async (sql) => {
    await sql`create temporary table taking on commit drop as
      select n, lot, i + 1 as issuer_id, md5('pay' || n)::uuid as operation_id, 1000 + n % 50000 as won,
        ${begin}::timestamptz
          + interval '1 millisecond' * (n::bigint * 40000000 / ${takings}::integer) as at,
        case when i = 0 then ${issuers}::integer else i end
          + ${issuers}::bigint * mod(abs(hashint4(n)::bigint), ${shops}::integer) as merchant_id
      from (
        select n, 1 + n % ${lots}::integer as lot, mod(1 + n % ${lots}::integer, ${issuers}::integer) as i
        from generate_series(${from}::integer, ${to}::integer) n
      ) p`
    await sql`insert into ledger.operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, wallet_id,
        merchant_id, outlet_id, amount_won)
      select issuer_id, operation_id, 'payment', 'mpm_static', at, '', lot, merchant_id, 1, won from taking
      order by 1, 2`
    await sql`insert into ledger.transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id,
        amount_won)
      select issuer_id, operation_id, 1, 'lot', lot, 'merchant_payable', merchant_id, won from taking order by 1, 2`
    await sql`insert into ledger.operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, wallet_id,
        merchant_id, outlet_id, amount_won, target_id)
      select issuer_id, md5('cancel' || n)::uuid, 'cancellation', 'mpm_static', at + interval '1 hour', '', lot,
        merchant_id, 1, 500, operation_id
      from taking where n % 100 = 0 order by 1, 2`
    await sql`insert into ledger.transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id,
        amount_won)
      select issuer_id, md5('cancel' || n)::uuid, 1, 'merchant_payable', merchant_id, 'lot', lot, 500
      from taking where n % 100 = 0 order by 1, 2`
  })
}
