/** The store of lines in PostgreSQL against the contract of the one in memory, and how members are found. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createIdSource, id, won, type IssuerId } from '../base/base.ts'
import { createMemoryGrantMembers } from '../granting/granting.ts'
import { lineStoreContract } from '../granting/line-store.contract.ts'
import { newRecord } from '../registration/registration.ts'
import { openTestDatabase } from '../../test/database.ts'
import { createPostgresGrantMembers, createPostgresLineStore } from './postgres-line-store.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { openPool } from './postgres-pool.ts'
import { createPostgresRegistry } from './postgres-registry.ts'

const AT = Date.UTC(2026, 10, 22, 3)
const database = await openTestDatabase()
const pool = openPool({ url: database.appUrl, name: 'test', connectionsMax: 4 })
after(async () => {
  await pool.close()
  await database.close()
})
const registry = createPostgresRegistry(pool)
let issuers = 0
const openIssuer = async (): Promise<IssuerId> => {
  const issuerId = id('iss', (issuers += 1))
  await registry.openIssuer(issuerId)
  return issuerId
}

lineStoreContract('PostgresLineStore', async () => ({
  store: createPostgresLineStore(pool),
  issuerId: await openIssuer(),
  otherIssuerId: await openIssuer(),
}))

test('members are found by number or by name, birth date and telephone, by their newest version', async () => {
  const issuerId = await openIssuer()
  const otherId = await openIssuer()
  const members = createPostgresGrantMembers(pool)
  const ledger = createPostgresLedger({ paying: pool, buying: pool, reading: pool })
  const memory = createMemoryGrantMembers({ registry, ledger })
  const body = (change: object) => ({
    personId: 'p',
    name: '김하늘',
    birthDate: '1990-05-05' as never,
    phone: '010-1234-5678',
    status: 'active' as const,
    walletId: id('wlt', 11),
    accountToken: null,
    ...change,
  })
  const member = (recordId: number, version: number, change: object) =>
    newRecord('member', { recordId, version, body: body(change) })
  await registry.append(
    issuerId,
    'system',
    [
      member(1, 1, {}),
      member(2, 1, { walletId: 12, name: '김 바다' }),
      member(2, 2, { walletId: 12, name: '김 바다', phone: '+82-10-7777-7777', status: 'left' }),
      member(3, 1, { walletId: 13, phone: '+821012345678' }),
      newRecord('wallet_stop', { recordId: 13, version: 1, body: { stopped: false, reason: 'x' } }),
      newRecord('wallet_stop', { recordId: 13, version: 2, body: { stopped: true, reason: 'x' } }),
    ],
    AT,
  )
  await registry.append(otherId, 'system', [member(9, 1, {})], AT)
  const identity = { name: '김하늘', birthDate: '1990-05-05' as never, phone: '01012345678' }
  const sea = { ...identity, name: '김 바다' }
  const asked = [
    id('mbr', 3),
    identity,
    { ...identity, birthDate: '1990-05-06' as never },
    // The telephone of the version before.
    sea,
    { ...sea, phone: '01077777777' },
    id('mbr', 9),
  ]
  const found = await members.find(issuerId, asked)
  assert.deepEqual(
    found.map((each) => each.map(({ memberId, status }) => `${memberId} ${status}`)),
    [['3 stopped'], ['1 active', '3 stopped'], [], [], ['2 left'], []],
  )
  assert.deepEqual(await memory.find(issuerId, asked), found)
  assert.deepEqual(await members.find(issuerId, []), [])

  const ids = createIdSource({ node: 1, clock: () => AT })
  await ledger.openWallets(issuerId, [{ walletId: id('wlt', 11), memberId: id('mbr', 1) }], AT)
  const zero = won(0)
  const lot = (amount: number, program: number, expiresAt: number) => ({
    operationId: `00000000-0000-4000-8000-00000000000${amount}` as never,
    requestHash: new Uint8Array(32),
    walletId: id('wlt', 11),
    lotId: ids.next('lot'),
    programId: id('prg', program),
    kind: 'stipend' as const,
    expiresAt,
    sources: { payWon: zero, nationalWon: won(amount), provinceWon: zero, cityWon: zero },
  })
  const lots = [lot(1, 2, AT + 1), lot(2, 2, AT), lot(3, 3, AT + 1), lot(4, 2, AT + 9)]
  await ledger.issue(issuerId, lots, AT - 10)
  const wallets = [id('wlt', 99), id('wlt', 11)]
  const held = await members.holdings(issuerId, id('prg', 2), wallets, AT)
  assert.deepEqual(held, [0, 5])
  assert.deepEqual(await memory.holdings(issuerId, id('prg', 2), wallets, AT), held)
})
