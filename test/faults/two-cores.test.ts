/**
 * Hypothesis: what must be decided once is decided in the database, and what a core remembers it renews every second;
 * so a second core needs no word with the first.
 * Fault: two cores on one database get the same payments with the same keys at the same time, more than the wallets
 * hold; the same key with two amounts; purchases that together pass the cap; decisions of which only one core hears.
 * Promise: one outcome for each key, told alike by both; no wallet overspent; a suspended merchant and a stopped wallet
 * are known to both within 3 seconds; the seals of both make one chain; the audit is clean.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { waitUntil } from '../../src/main/bounded-wait.ts'
import { createDemonstration, DEMONSTRATION_SEED } from '../../src/demonstration/demonstration.ts'
import { type ApiAnswer, type ApiClient, done, newKey, signIn } from '../api-client.ts'
import {
  assertAuditClean,
  assertNothingUnclassified,
  balances,
  openBooks,
} from './fixtures/books.ts'
import { startSecondCore, type SecondCore } from './fixtures/second-core.ts'
import { buy, MERCHANT_ID, openTown, pathOf, type Payer, type Town } from './fixtures/town.ts'

const PAYERS = 6
const LOTS_WON = [50_000, 50_000]
/** Together about twice what the wallets hold. */
const PAYMENTS_EACH = 60
const amountWonOf = (index: number): number => 2_000 + (index % 7) * 500
const BUSY_REPEATS_MAX = 20
const KNOWN_WITHIN_MS = 3_000

interface Twice {
  readonly payer: Payer
  /** The same member at the first and at the second core. */
  readonly at: readonly [ApiClient, ApiClient]
}

let town: Town
let second: SecondCore
let people: readonly Twice[]
before(async () => {
  town = await openTown({ payers: PAYERS, lotsWon: LOTS_WON })
  second = await startSecondCore(town.product)
  people = await Promise.all(
    town.payers.map(async (payer) => ({
      payer,
      at: [payer.client, await signIn(second, payer.client.personId)] as const,
    })),
  )
})
after(async () => {
  await second?.stop()
  await town?.close()
})

test('the same payments at two cores at once are made once, and nobody overspends', async (t) => {
  const earlier = await balances(town)
  const books = openBooks(town.product.auditUrl)
  const startedAt = performance.now()
  const sent = await Promise.all(people.flatMap((person) => payTogether(person)))
  const tookMs = Math.round(performance.now() - startedAt)
  const keys = sent.map(({ key }) => key)
  const posted = await books.posted(keys)
  let paidWon = 0
  let declined = 0
  for (const { key, amountWon, answers } of sent) {
    const [first, other] = answers
    assert.equal(first.status, other.status, JSON.stringify(answers))
    assert.deepEqual(first.body, other.body)
    if (first.status === 201) {
      assert.equal(posted.get(key), amountWon)
      paidWon += amountWon
      continue
    }
    assert.equal(first.body['code'], 'insufficient_funds', JSON.stringify(first.body))
    assert.equal(posted.has(key), false)
    declined += 1
  }
  t.diagnostic(`${posted.size} payments made, ${declined} declined, in ${tookMs} ms`)
  assert.ok(declined > 0 && posted.size > 0)
  const later = await balances(town)
  assert.equal(earlier.walletsWon - later.walletsWon, paidWon)
  assert.equal(later.payableWon - earlier.payableWon, paidWon)
  await books.assertWhole()
  await books.close()
})

/** All payments of one member, each sent to both cores at the same time. */
function payTogether({ at }: Twice) {
  return Array.from({ length: PAYMENTS_EACH }, async (_, index) => {
    const key = newKey()
    const amountWon = amountWonOf(index)
    const [one, two] = await Promise.all(at.map((client) => insist(client, key, amountWon)))
    return { key, amountWon, answers: [one!, two!] as const }
  })
}

/** A busy wallet is told as such, and the client repeats with the same key. */
async function insist(client: ApiClient, key: string, amountWon: number): Promise<ApiAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await pay(client, key, amountWon)
    if (answer.body['code'] !== 'wallet_busy' || attempt === BUSY_REPEATS_MAX) return answer
  }
}

function pay(client: ApiClient, key: string, amountWon: number): Promise<ApiAnswer> {
  return client.send('POST', pathOf('payments'), { key, body: { code: town.code, amountWon } })
}

test('one key with two amounts at two cores is one payment and one refusal', async () => {
  const { payer, at } = await richPerson(0)
  const before = await balances({ payers: [payer], owner: town.owner })
  let paidWon = 0
  for (let round = 0; round < 10; round += 1) {
    const key = newKey()
    const amounts = [1_000, 2_000] as const
    const answers = await Promise.all([pay(at[0], key, amounts[0]), pay(at[1], key, amounts[1])])
    const winner = answers.findIndex(({ status }) => status === 201)
    assert.ok(winner >= 0, JSON.stringify(answers))
    assert.equal(answers[1 - winner]?.body['code'], 'key_reused', JSON.stringify(answers))
    paidWon += amounts[winner]!
  }
  const after = await balances({ payers: [payer], owner: town.owner })
  assert.equal(before.walletsWon - after.walletsWon, paidWon)
})

test('purchases at two cores at once do not pass the month’s cap together', async () => {
  const { payer, at } = people[1]!
  // 100,000 of 700,000 are bought; of these 300,000 each only two fit.
  const wishes = [0, 1, 0, 1].map((core) => buy({ ...payer, client: at[core]! }, newKey(), 300_000))
  const statuses = (await Promise.all(wishes)).map(({ status }) => status)
  assert.deepEqual(
    statuses.toSorted((one, other) => one - other),
    [201, 201, 422, 422],
  )
})

test('a merchant suspended at one core is suspended at the other within 3 seconds', async (t) => {
  const { at } = await richPerson(2)
  const officer = await signIn(town.product, officerOfIssuer())
  const decide = (status: string) =>
    done(
      officer.send('POST', pathOf(`merchants/${MERCHANT_ID}/decision`), {
        key: newKey(),
        body: { status },
      }),
    )
  await decide('suspended')
  for (const client of at) await refusedWithin(client, 'merchant_not_active', t)
  await decide('active')
  const isPaid = async () => (await pay(at[1], newKey(), 100)).status === 201
  assert.ok(await waitUntil(isPaid, { timeoutMs: KNOWN_WITHIN_MS }), 'readmitted at the other')
})

test('a wallet stopped at one core pays at neither within 3 seconds', async (t) => {
  const { payer, at } = await richPerson(3)
  await done(
    at[1].send('POST', pathOf(`wallets/${payer.walletId}/stop`), {
      key: newKey(),
      body: { reason: 'lost' },
    }),
  )
  for (const client of at) await refusedWithin(client, 'wallet_stopped', t)
})

test('both met nothing that no table names, and the books and seals of both are one', async () => {
  assertNothingUnclassified(town.product)
  assert.equal(second.output(), '')
  await second.stop()
  await assertAuditClean(town.product)
})

async function refusedWithin(
  client: ApiClient,
  code: string,
  t: { diagnostic(text: string): void },
): Promise<void> {
  const startedAt = performance.now()
  const seen: ApiAnswer[] = []
  const isRefused = async () => {
    const answer = await pay(client, newKey(), 100)
    seen.push(answer)
    return answer.body['code'] === code
  }
  const timeoutMs = KNOWN_WITHIN_MS
  assert.ok(await waitUntil(isRefused, { timeoutMs }), JSON.stringify(seen.at(-1)))
  t.diagnostic(`${code} after ${Math.round(performance.now() - startedAt)} ms`)
}

/** Somebody who has money again. */
async function richPerson(index: number): Promise<Twice> {
  const person = people[index]!
  await done(buy(person.payer, newKey(), 100_000))
  return person
}

function officerOfIssuer(): string {
  const { officers, issuers } = createDemonstration(DEMONSTRATION_SEED)
  const issuer = issuers.find(({ code }) => code === 'gunsan')
  return officers.find(({ issuerId }) => issuerId === issuer?.issuerId)!.personId
}
