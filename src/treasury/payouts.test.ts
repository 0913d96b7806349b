/** Payouts from due to paid: files that survive a kill, results that count once, returns that are tried again. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatId, won, type PayoutId } from '../base/base.ts'
import {
  account,
  at,
  ISSUER,
  openTreasuryCity,
  resultOf,
  type TreasuryCity,
} from './fixtures/treasury-city.ts'
import { createTreasury, payoutFormat, type PayoutFile } from './treasury.ts'

const FILE = 'PO-gunsan-20261123-0001.dat'

function sentFile({ given }: TreasuryCity, name = FILE): PayoutFile {
  const reading = payoutFormat('telegram').read(given.get(`gunsan/${name}`)!)
  assert.ok(reading.ok)
  return reading.content
}

async function sent(city: TreasuryCity, amounts: readonly number[]): Promise<PayoutId[]> {
  const ids: PayoutId[] = []
  for (const amountWon of amounts) ids.push(await city.owe(amountWon))
  const file = await city.treasury.writePayoutFile(ISSUER, city.now())
  assert.equal(file?.lines, amounts.length)
  return ids
}

async function told(
  city: TreasuryCity,
  part: number,
  lines: readonly (readonly [PayoutId, string])[],
  file = FILE,
) {
  const { name, bytes } = resultOf(sentFile(city, file), part, lines)
  const taken = await city.take(name, bytes)
  assert.ok(await city.treasury.postOutcomes(ISSUER, city.now()))
  return taken
}

test('what is due is told to the bank, and paid by its word', async () => {
  const city = openTreasuryCity()
  const [first, second] = await sent(city, [1_250_000, 9_000])
  assert.deepEqual(
    sentFile(city).lines.map(({ payoutId, amountWon, holderName }) => [
      payoutId,
      amountWon,
      holderName,
    ]),
    [
      [formatId('pay', first!), 1_250_000, '은파분식'],
      [formatId('pay', second!), 9_000, '은파분식'],
    ],
  )
  assert.equal(await city.stateOf(first!), 'sent 1')
  assert.equal(
    (
      await told(city, 1, [
        [first!, 'P'],
        [second!, 'P'],
      ])
    ).status,
    'taken',
  )
  assert.deepEqual([await city.stateOf(first!), await city.stateOf(second!)], ['paid 1', 'paid 1'])
  assert.equal(city.fundWon(), -1_259_000)
  assert.equal(await city.treasury.writePayoutFile(ISSUER, city.now()), undefined)
})

test('nothing is told on a day on which banks are closed', async () => {
  const city = openTreasuryCity()
  await city.owe(5_000)
  city.set(at('2026-11-28', '10:00'))
  assert.equal(await city.treasury.writePayoutFile(ISSUER, city.now()), undefined)
  city.set(at('2026-11-30', '10:00'))
  assert.equal((await city.treasury.writePayoutFile(ISSUER, city.now()))?.lines, 1)
})

test('a kill anywhere, also past midnight, leads to the same file with the same bytes', async () => {
  const whole = openTreasuryCity()
  await sent(whole, [1_000, 2_000])
  const right = whole.given.get(`gunsan/${FILE}`)!
  const ports = ['assignFile', 'writeFile', 'give', 'finishFile'] as const
  for (const port of ports) {
    for (const when of ['before', 'after'] as const) {
      const city = openTreasuryCity()
      await city.owe(1_000)
      await city.owe(2_000)
      const killed = killing(city, port, when)
      await assert.rejects(killed, /killed/)
      // More became due meanwhile, and the day is another one.
      await city.owe(7_000)
      city.set(at('2026-11-24', '09:00'))
      await city.treasury.writePayoutFile(ISSUER, city.now())
      const bytes = city.given.get(`gunsan/${FILE}`)
      assert.ok(bytes, `${when} ${port}`)
      // Only where nobody had the file yet, the third is in it too.
      const isEarly = port === 'assignFile' && when === 'before'
      assert.equal(sentFile(city).lines.length, isEarly ? 3 : 2, `${when} ${port}`)
      if (!isEarly) assert.deepEqual(Buffer.from(bytes), Buffer.from(right))
    }
  }
})

/** One run whose port fails once, before or after it did its work. */
async function killing(
  city: TreasuryCity,
  port: 'assignFile' | 'writeFile' | 'give' | 'finishFile',
  when: 'before' | 'after',
): Promise<unknown> {
  const { deps } = city
  const dying =
    <Given extends readonly unknown[], Result>(work: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      if (when === 'before') throw new Error('killed')
      await work(...given)
      throw new Error('killed')
    }
  const { store, ledger } = city
  const mortal = {
    ...deps,
    ...(port === 'give' ? { give: dying(deps.give) } : {}),
    payouts: {
      ...ledger,
      ...(port === 'assignFile' ? { assignFile: dying(ledger.assignFile) } : {}),
    },
    store: {
      ...store,
      ...(port === 'writeFile' ? { writeFile: dying(store.writeFile) } : {}),
      ...(port === 'finishFile' ? { finishFile: dying(store.finishFile) } : {}),
    },
  }
  return createTreasury(mortal).writePayoutFile(ISSUER, city.now())
}

test('an account that no file can say comes back at once and stops nobody else', async () => {
  const city = openTreasuryCity()
  const bad = await city.owe(3_000, { ...account, accountNumber: '한글' })
  const good = await city.owe(4_000)
  await city.treasury.writePayoutFile(ISSUER, city.now())
  assert.equal(sentFile(city).lines.length, 1)
  assert.deepEqual([await city.stateOf(bad), await city.stateOf(good)], ['parked 1', 'sent 1'])
  assert.deepEqual(city.parked, [bad])
})

test('part of a result may come later, and the same file twice counts once', async () => {
  const city = openTreasuryCity()
  const [first, second] = await sent(city, [1_000, 2_000])
  await told(city, 1, [[first!, 'P']])
  assert.deepEqual([await city.stateOf(first!), await city.stateOf(second!)], ['paid 1', 'sent 1'])
  const again = await told(city, 1, [[first!, 'P']])
  assert.deepEqual([again.status, 'known' in again && again.known], ['taken', true])
  assert.equal(city.fundWon(), -1_000)
  await told(city, 2, [[second!, 'P']])
  assert.equal(city.fundWon(), -3_000)
})

test('a result is refused whole, with the lines named, or waits for the one before it', async () => {
  const city = openTreasuryCity()
  const [first, second] = await sent(city, [1_000, 2_000])
  const { header, lines } = resultOf(sentFile(city), 1, [
    [first!, 'P'],
    [second!, 'P'],
  ]).content
  const write = payoutFormat('telegram').writeResult
  const name = 'PR-gunsan-20261123-0001-01.dat'
  const [one, two] = lines
  const other = { ...two!, payoutId: formatId('pay', 9_999 as PayoutId) }
  const table: [string, string, Uint8Array, string][] = [
    ['unknown payout', name, write({ header, lines: [one!, other] }), '3 payoutId'],
    [
      'wrong amount',
      name,
      write({ header, lines: [one!, { ...two!, amountWon: won(2_001) }] }),
      '3 amountWon',
    ],
    ['another attempt', name, write({ header, lines: [{ ...one!, attempt: 2 }] }), '2 attempt'],
    ['another bank', name, write({ header: { ...header, bankCode: '088' }, lines }), '1 bankCode'],
    [
      'another issuer within',
      name,
      write({ header: { ...header, issuerCode: 'iksan' }, lines }),
      '1 issuerCode',
    ],
    ['another issuer without', 'PR-iksan-20261123-0001-01.dat', write({ header, lines }), '0 null'],
    [
      'another day within',
      name,
      write({ header: { ...header, date: '2026-11-22' as never }, lines }),
      '1 date',
    ],
    [
      'another number within',
      name,
      write({ header: { ...header, sequence: 2 }, lines }),
      '1 sequence',
    ],
    [
      'never sent',
      'PR-gunsan-20261123-0002-01.dat',
      write({ header: { ...header, sequence: 2 }, lines }),
      '1 sequence',
    ],
    ['no such name', 'result.dat', write({ header, lines }), '0 null'],
    ['our own file', FILE, city.given.get(`gunsan/${FILE}`)!, '0 null'],
    ['empty', name, new Uint8Array(), '0 null'],
  ]
  for (const [what, fileName, bytes, place] of table) {
    const taken = await city.take(fileName, bytes)
    assert.equal(taken.status, 'refused', what)
    const places =
      'problems' in taken ? taken.problems.map((one) => `${one.line} ${one.field}`) : []
    assert.deepEqual(places, [place], what)
  }
  assert.ok(await city.treasury.postOutcomes(ISSUER, city.now()))
  assert.deepEqual([await city.stateOf(first!), city.fundWon()], ['sent 1', 0])
  const second2 = resultOf(sentFile(city), 2, [[second!, 'P']])
  assert.equal((await city.take(second2.name, second2.bytes)).status, 'later')
  await told(city, 1, [[first!, 'P']])
  const other1 = write({ header, lines: [two!] })
  assert.equal((await city.take(name, other1)).status, 'refused', 'another file of that name')
  const twice = resultOf(sentFile(city), 2, [[first!, 'R0001']])
  const refusal = await city.take(twice.name, twice.bytes)
  assert.ok('problems' in refusal && refusal.problems[0]?.field === 'payoutId', 'told before')
  assert.equal((await city.take(second2.name, second2.bytes)).status, 'taken')
})

test('a kill between what was told and the ledger counts once', async () => {
  const city = openTreasuryCity()
  const [first] = await sent(city, [1_000])
  const { name, bytes } = resultOf(sentFile(city), 1, [[first!, 'P']])
  await city.take(name, bytes)
  const dying = { ...city.store, endOutcome: () => Promise.reject(new Error('killed')) }
  await assert.rejects(
    createTreasury({ ...city.deps, store: dying }).postOutcomes(ISSUER, city.now()),
    /killed/,
  )
  assert.equal(city.fundWon(), -1_000)
  assert.ok(await city.treasury.postOutcomes(ISSUER, city.now()))
  assert.equal(city.fundWon(), -1_000)
  assert.deepEqual(await city.openCases(), [])
})

test('a bank that was closed is tried again on the next business day, so often, and then somebody looks', async () => {
  const city = openTreasuryCity({ payoutAttemptsMax: 2 })
  const [payout] = await sent(city, [1_000])
  await told(city, 1, [[payout!, 'R0005']])
  assert.equal(await city.stateOf(payout!), 'returned 1')
  await city.treasury.followUpPayouts(ISSUER, city.now())
  assert.equal(await city.stateOf(payout!), 'returned 1', 'not on the same day')
  city.set(at('2026-11-24', '09:00'))
  assert.equal((await city.treasury.followUpPayouts(ISSUER, city.now())).retried, 1)
  assert.equal(await city.stateOf(payout!), 'due 2')
  await city.treasury.writePayoutFile(ISSUER, city.now())
  const second = 'PO-gunsan-20261124-0001.dat'
  assert.equal(sentFile(city, second).lines[0]?.attempt, 2)
  await told(city, 1, [[payout!, 'R0005']], second)
  assert.equal(await city.stateOf(payout!), 'parked 2')
  assert.deepEqual(await city.openCases(), [`payout_parked ${formatId('pay', payout!)}/2`])
  assert.deepEqual(city.parked, [payout])
  city.set(at('2026-11-25', '09:00'))
  await city.treasury.followUpPayouts(ISSUER, city.now())
  assert.equal(await city.stateOf(payout!), 'parked 2', 'an officer decides')
  const command = { issuerId: ISSUER, payoutId: payout!, by: 'off_1' }
  const retried = await city.treasury.retryPayout(command, city.now())
  assert.equal(retried.status, 'registered')
  assert.equal(await city.stateOf(payout!), 'due 3')
  await city.treasury.followUpPayouts(ISSUER, city.now())
  assert.deepEqual(await city.openCases(), [], 'closed because it goes on')
})

test('a closed account waits for another one, and goes on with it', async () => {
  const city = openTreasuryCity()
  const [payout] = await sent(city, [1_000])
  await told(city, 1, [[payout!, 'R0001']])
  assert.equal(await city.stateOf(payout!), 'parked 1')
  city.set(at('2026-11-25', '09:00'))
  await city.treasury.followUpPayouts(ISSUER, city.now())
  assert.equal(await city.stateOf(payout!), 'parked 1')
  city.accounts.set(payout!, { ...account, accountNumber: '110-222-333' })
  await city.treasury.followUpPayouts(ISSUER, city.now())
  assert.equal(await city.stateOf(payout!), 'due 2')
  await city.treasury.writePayoutFile(ISSUER, city.now())
  const [line] = sentFile(city, 'PO-gunsan-20261125-0001.dat').lines
  assert.equal(line?.accountNumber, '110-222-333')
  assert.deepEqual(await city.openCases(), [])
})

test('a code that nobody knows is looked at by somebody', async () => {
  const city = openTreasuryCity()
  const [payout] = await sent(city, [1_000])
  await told(city, 1, [[payout!, 'R4711']])
  assert.equal(await city.stateOf(payout!), 'parked 1')
})

test('a bank that is silent for the days it has becomes a case, until it speaks', async () => {
  const city = openTreasuryCity({ payoutSilentDays: 2 })
  const [payout] = await sent(city, [1_000])
  city.set(at('2026-11-25', '23:59'))
  assert.equal((await city.treasury.followUpPayouts(ISSUER, city.now())).silent, 0)
  city.set(at('2026-11-26', '00:00'))
  assert.equal((await city.treasury.followUpPayouts(ISSUER, city.now())).silent, 1)
  assert.deepEqual(await city.openCases(), [`payout_silent ${formatId('pay', payout!)}/1`])
  await told(city, 1, [[payout!, 'P']])
  await city.treasury.followUpPayouts(ISSUER, city.now())
  assert.deepEqual(await city.openCases(), [])
})

test('an officer keeps back what the bank was not told yet, and nothing else', async () => {
  const city = openTreasuryCity()
  const payoutId = await city.owe(1_000)
  const command = { issuerId: ISSUER, payoutId, by: 'off_1' }
  for (let time = 0; time < 2; time += 1) {
    const answer = await city.treasury.parkPayout(command, city.now())
    assert.equal(answer.status, 'registered')
  }
  assert.equal(await city.stateOf(payoutId), 'parked 1')
  assert.equal(await city.treasury.writePayoutFile(ISSUER, city.now()), undefined)
  await city.treasury.retryPayout(command, city.now())
  await city.treasury.writePayoutFile(ISSUER, city.now())
  for (const act of [city.treasury.parkPayout, city.treasury.retryPayout]) {
    const answer = await act(command, city.now())
    assert.deepEqual(answer, { status: 'refused', reason: 'payout_moves' })
  }
  const nobody = { ...command, payoutId: 5 as PayoutId }
  const answer = await city.treasury.retryPayout(nobody, city.now())
  assert.deepEqual(answer, { status: 'refused', reason: 'payout_unknown' })
})
