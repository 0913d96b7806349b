/** A sale of the past is ruled by what stood in the records then, whatever was changed since. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { openTestDatabase } from '../../test/database.ts'
import { id, type Instant, type IssuerId } from '../base/base.ts'
import { createPostgresRegistry, createRecordHistory, openPool } from '../postgres/postgres.ts'
import {
  createRecordDirectory,
  followedBy,
  naturalKey,
  newRecord,
  type NewRecord,
} from '../registration/registration.ts'
import { createSaleHistory } from './sale-history.ts'

const database = await openTestDatabase()
const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 2 })
after(async () => {
  await pool.close()
  await database.close()
})

const GUNSAN = id('iss', 1)
const IKSAN = id('iss', 2)
const partnerId = id('prt', 1)
const sale = { partnerId, cardToken: 'HAN0000000000001', merchantNumber: '124810099800001' }
const NOON = Date.UTC(2026, 10, 22, 3)
const HOUR_MS = 3_600_000

const directory = createRecordDirectory()
const registry = followedBy(createPostgresRegistry(pool), directory)
const history = createSaleHistory({ directory, registry, history: createRecordHistory(pool) })

const merchant = {
  name: '분식',
  nameLatin: 'BUNSIK',
  businessNumber: '1248100998',
  ownerPersonId: 'person-0002',
  sector: 'snack_bar',
  annualRevenueWon: 0,
  district: '월명동',
  status: 'active',
  registeredAt: NOON,
} as const
const outlet = { merchantId: id('mrc', 5), name: '본점', district: '월명동', address: '월명로 1' }
const link = {
  partnerId,
  cardToken: sale.cardToken,
  lastFour: '0001',
  memberId: id('mbr', 3),
  walletId: id('wlt', 7),
  personId: 'person-0001',
  spending: 'voucher_first',
  onUnknown: null,
  active: true,
} as const

async function write(
  issuerId: IssuerId,
  at: Instant,
  records: readonly NewRecord[],
): Promise<void> {
  await registry.openIssuer(issuerId)
  assert.equal((await registry.append(issuerId, 'system', records, at)).status, 'appended')
}
const merchantRecord = (version: number, changes: object = {}): NewRecord => ({
  kind: 'merchant',
  recordId: 5,
  version,
  body: { ...merchant, ...changes },
})
const linkRecord = (version: number, changes: object = {}): NewRecord => ({
  kind: 'card_link',
  recordId: 9,
  version,
  body: { ...link, ...changes },
  keys: [naturalKey.card(partnerId, sale.cardToken)],
})
const stopRecord = (version: number, stopped: boolean): NewRecord =>
  newRecord('wallet_stop', { recordId: 7, version, body: { stopped, reason: '분실' } })

// Noon: the shop; one o'clock: its outlet and the card; from then on something changes every hour.
await write(GUNSAN, NOON, [merchantRecord(1)])
await write(GUNSAN, NOON + HOUR_MS, [
  newRecord('outlet', { recordId: 6, version: 1, body: { ...outlet, position: null, open: true } }),
  linkRecord(1),
])
await write(GUNSAN, NOON + 2 * HOUR_MS, [
  stopRecord(1, true),
  merchantRecord(2, { status: 'suspended' }),
])
await write(GUNSAN, NOON + 3 * HOUR_MS, [
  stopRecord(2, false),
  linkRecord(2, { spending: 'card_first', active: false }),
  newRecord('outlet', {
    recordId: 6,
    version: 2,
    body: { ...outlet, position: null, open: false },
  }),
])
await write(IKSAN, NOON + 4 * HOUR_MS, [merchantRecord(1), linkRecord(1)])

async function seenAt(at: Instant) {
  const facts = await history.factsAt(sale, at)
  return {
    places: facts.places.map((place) => [
      place.merchant.issuerId,
      place.merchant.status,
      place.outlet?.open,
    ]),
    links: facts.links.map((each) => [each.issuerId, each.spending, each.active]),
    stopped: facts.walletStopped(GUNSAN, link.walletId),
  }
}

test('every hour has its own facts', async () => {
  assert.deepEqual(await seenAt(NOON - 1), { places: [], links: [], stopped: false })
  assert.deepEqual(await seenAt(NOON), {
    places: [[GUNSAN, 'active', undefined]],
    links: [],
    stopped: false,
  })
  assert.deepEqual(await seenAt(NOON + HOUR_MS), {
    places: [[GUNSAN, 'active', true]],
    links: [[GUNSAN, 'voucher_first', true]],
    stopped: false,
  })
  assert.deepEqual(await seenAt(NOON + 2 * HOUR_MS), {
    places: [[GUNSAN, 'suspended', true]],
    links: [[GUNSAN, 'voucher_first', true]],
    stopped: true,
  })
  assert.deepEqual(await seenAt(NOON + 3 * HOUR_MS), {
    places: [[GUNSAN, 'suspended', false]],
    links: [[GUNSAN, 'card_first', false]],
    stopped: false,
  })
  const now = await seenAt(NOON + 9 * HOUR_MS)
  assert.deepEqual(now.places, [
    [GUNSAN, 'suspended', false],
    [IKSAN, 'active', undefined],
  ])
  assert.deepEqual(now.links, [
    [GUNSAN, 'card_first', false],
    [IKSAN, 'voucher_first', true],
  ])
})

test('a number of nobody and a card of nobody have no facts', async () => {
  const nobody = await history.factsAt({ ...sale, merchantNumber: 'no number' }, NOON + HOUR_MS)
  assert.deepEqual([nobody.places, nobody.links], [[], []])
  const strange = await history.factsAt({ ...sale, cardToken: 'HAN9999999999999' }, NOON + HOUR_MS)
  assert.equal(strange.places.length, 1)
  assert.deepEqual(strange.links, [])
})
