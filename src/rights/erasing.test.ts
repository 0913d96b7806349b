/** Forgetting: not a moment before the years are over, in steps that may be repeated, with a certificate for each. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addYears, DAY_MS, ERASED, id, won } from '../base/base.ts'
import { initialIssuerRules } from '../issuing/issuing.ts'
import { issuerId } from '../registration/fixtures/registration-bench.ts'
import { memberMoneySamples } from '../registration/fixtures/member-money-samples.ts'
import {
  createTaxSettings,
  naturalKey,
  newRecord,
  readBody,
  readRecord,
  type RecordedVersion,
} from '../registration/registration.ts'
import { openLeavingBench, person } from './fixtures/leaving-bench.ts'
import { readSpecTable } from '../../test/spec-table.ts'
import { classOfKind, ERASED_A_STEP, eraseStep, retentionClasses, retentionOf } from './rights.ts'

type Bench = Awaited<ReturnType<typeof openLeavingBench>>

/** Runs until nothing is due; a hundred steps must do. */
async function eraseAll({ deps, time }: Bench): Promise<number> {
  let before: number | null = null
  let erased = 0
  for (let step = 0; step < 100; step += 1) {
    const result = await eraseStep(deps, { issuerId, before, now: time.now })
    erased += result.erased
    before = result.before
    if (result.done) return erased
  }
  return assert.fail('erasing does not end')
}

async function addGift({ registry, memberId, time }: Bench, number: number, amountWon: number) {
  const gift = readBody('gift', { ...memberMoneySamples.gift, giverId: memberId, amountWon })
  const giftId = id('gft', number)
  const keys = [naturalKey.ofMember(memberId, giftId), naturalKey.ofPhone(gift.phone, giftId)]
  const record = newRecord('gift', { recordId: giftId, version: 1, body: gift, keys })
  await registry.append(issuerId, 'system', [record], time.now)
}
const phoneOf = async ({ registry }: Bench, number: number) =>
  (await readRecord(registry, issuerId, 'gift', number))?.body.phone
const certificates = ({ registry }: Bench): RecordedVersion[] =>
  registry.versions(issuerId).filter(({ kind, body }) => {
    const named: unknown = Reflect.get(Object(body), 'recordIds')
    return kind === 'erasure' && Array.isArray(named) && named.length > 0
  })

test('small records go after one year, all others after five, at that very instant', async () => {
  const bench = await openLeavingBench()
  await addGift(bench, 1, 10_000)
  await addGift(bench, 2, 10_001)
  await bench.leave()
  bench.at(1, -1)
  assert.equal(await eraseAll(bench), 0)
  bench.at(1)
  assert.ok((await eraseAll(bench)) > 0)
  assert.deepEqual([await phoneOf(bench, 1), await phoneOf(bench, 2)], [ERASED, '01000000001'])
  assert.equal(
    (await bench.registration.member(issuerId, bench.memberId))?.member.name,
    person.name,
  )
  bench.at(5, -1)
  assert.equal(await eraseAll(bench), 0)
  bench.at(5)
  assert.ok((await eraseAll(bench)) > 0)
  assert.equal(await phoneOf(bench, 2), ERASED)
  const { member } = (await bench.registration.member(issuerId, bench.memberId))!
  assert.deepEqual([member.name, member.phone, member.personId], [ERASED, ERASED, ERASED])
  const text = JSON.stringify(bench.registry.versions(issuerId))
  assert.doesNotMatch(text, new RegExp(`${person.name}|${person.phone}|01000000001`))
  const rules = certificates(bench).map(({ body }) => Reflect.get(Object(body), 'rule'))
  assert.deepEqual(new Set(rules), new Set(['smallRecordYears', 'recordYears']))
  const erasure = await readRecord(bench.registry, issuerId, 'erasure', bench.memberId)
  assert.equal(erasure?.body.state, 'done')
  const wrote = bench.registry.versions(issuerId).length
  assert.equal(await eraseAll(bench), 0)
  assert.equal(bench.registry.versions(issuerId).length, wrote, 'and that is all')
})

test('a cash-receipt number that was taken back goes too, from every version', async () => {
  const bench = await openLeavingBench()
  const { registry, memberId, time } = bench
  const taxSettings = createTaxSettings({ registry, clock: () => time.now })
  for (const cashReceiptNumber of ['010-9876-5432', null]) {
    const set = await taxSettings.setTax({ issuerId, memberId, cashReceiptNumber })
    assert.equal(set.status, 'registered')
  }
  await bench.leave()
  bench.at(5, -1)
  await eraseAll(bench)
  assert.match(JSON.stringify(registry.versions(issuerId)), /01098765432/)
  bench.at(5)
  await eraseAll(bench)
  assert.doesNotMatch(JSON.stringify(registry.versions(issuerId)), /01098765432/)
  const { cashReceiptNumber } = await taxSettings.taxSetting(issuerId, memberId)
  assert.equal(cashReceiptNumber, undefined)
})

test('then the person may join anew, as somebody else', async () => {
  const bench = await openLeavingBench()
  await bench.leave()
  bench.at(5)
  await eraseAll(bench)
  const anew = await bench.join()
  assert.notEqual(anew.member.memberId, bench.memberId)
  assert.equal(anew.member.name, person.name)
  assert.equal(await eraseAll(bench), 0)
  const kept = await bench.registration.member(issuerId, anew.member.memberId)
  assert.equal(kept?.member.phone, person.phone)
})

test('whoever did not leave is not forgotten, nor whoever came back', async () => {
  const bench = await openLeavingBench()
  bench.at(20)
  assert.equal(await eraseAll(bench), 0)
  await bench.leave()
  await bench.join()
  bench.at(40)
  assert.equal(await eraseAll(bench), 0)
  assert.equal(
    (await bench.registration.member(issuerId, bench.memberId))?.member.name,
    person.name,
  )
})

test('a step is bounded, and one certificate names at most so many', async () => {
  const bench = await openLeavingBench()
  for (let number = 1; number <= ERASED_A_STEP * 2 + 1; number += 1) await addGift(bench, number, 1)
  await bench.leave()
  bench.at(1)
  await eraseAll(bench)
  const sizes = certificates(bench)
    .filter(({ body }) => Reflect.get(Object(body), 'kind') === 'gift')
    .map(({ body }) => (Reflect.get(Object(body), 'recordIds') as number[]).length)
  assert.deepEqual(sizes, [ERASED_A_STEP, ERASED_A_STEP, 1])
})

test('killed after any write, and run by two at once, it comes to the same end', async () => {
  const endOf = async (killAt: number): Promise<string> => {
    const bench = await openLeavingBench()
    for (const number of [1, 2, 3]) await addGift(bench, number, number * 9_000)
    await bench.leave()
    bench.at(5)
    let writes = 0
    const { erasePersonal } = bench.registry
    const registry = {
      ...bench.registry,
      erasePersonal: async (...asked: Parameters<typeof erasePersonal>) => {
        writes += 1
        if (writes === killAt) throw new Error('killed')
        return erasePersonal(...asked)
      },
    }
    const dying = { ...bench, deps: { ...bench.deps, registry } }
    await eraseAll(dying).catch((error: unknown) => assert.match(String(error), /killed/))
    await Promise.all([eraseAll(bench), eraseAll(bench)])
    const left = bench.registry.versions(issuerId).map(({ kind, body }) => {
      return kind === 'erasure' ? '' : `${kind} ${JSON.stringify(body)}`
    })
    const erasure = await readRecord(bench.registry, issuerId, 'erasure', bench.memberId)
    return [...left, erasure?.body.state].join('\n').replaceAll(/"(walletId|memberId)":\d+/g, '')
  }
  const whole = await endOf(0)
  assert.match(whole, /done$/)
  for (let killAt = 1; killAt <= 8; killAt += 1) assert.equal(await endOf(killAt), whole)
})

test('SPEC.md says of every kind how long it is kept', () => {
  const table = readSpecTable(new URL('SPEC.md', import.meta.url), 'kind')
  const kinds = Object.entries(classOfKind)
  assert.deepEqual(
    table.map(([kind, cells]) => [kind, cells['class']]),
    kinds,
  )
  for (const [kind, cells] of table) {
    const [, retentionClass] = kinds.find(([name]) => name === kind)!
    const facts = { class: retentionClass, from: 0 }
    const small = { ...facts, amountWon: initialIssuerRules.smallRecordWon }
    const { rule } = retentionOf(facts, initialIssuerRules)
    assert.ok(cells['rule']?.startsWith(rule), `${kind} is kept by ${rule}`)
    if (kind !== 'gift') continue
    assert.ok(cells['rule']?.includes(retentionOf(small, initialIssuerRules).rule))
  }
})

test('nothing is kept shorter than the law says, and nothing must go before it may', () => {
  const rules = fc.record({
    recordYears: fc.integer({ min: 5, max: 10 }),
    smallRecordYears: fc.integer({ min: 1, max: 10 }),
    smallRecordWon: fc.integer({ min: 0, max: 10_000 }).map(won),
    destroyWithinYears: fc.integer({ min: 0, max: 5 }),
  })
  const facts = fc.record({
    class: fc.constantFrom(...retentionClasses),
    amountWon: fc.integer({ min: 0, max: 20_000 }).map(won),
    from: fc.integer({ min: 0, max: 100 * 365 * DAY_MS }),
  })
  fc.assert(
    fc.property(facts, rules, (asked, chosen) => {
      const { keepUntil, destroyBy } = retentionOf(asked, chosen)
      assert.ok(keepUntil >= addYears(asked.from, 1))
      const isLong =
        asked.class === 'membership' ||
        (asked.class === 'transaction' && asked.amountWon > chosen.smallRecordWon)
      if (isLong) assert.ok(keepUntil >= addYears(asked.from, 5))
      assert.ok(destroyBy >= keepUntil && destroyBy <= addYears(keepUntil, 5))
    }),
  )
  const { smallRecordYears, recordYears } = initialIssuerRules
  assert.deepEqual([smallRecordYears, recordYears], [1, 5])
})
