/**
 * Six ways in which a file is bad, for every kind of file that somebody outside gives us: text in a wrong encoding, cut
 * off, a line twice, a wrong total, another house's file, the file twice. It is refused with the line named and nothing
 * of it kept, or taken once; and the right file is taken afterwards.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openClearingCity, OPERATOR } from '../src/clearing/fixtures/clearing-city.ts'
import {
  GUNSAN,
  lineOf,
  openOffice,
  person,
  STIPEND,
} from '../src/granting/fixtures/small-office.ts'
import {
  at,
  ISSUER,
  openTreasuryCity,
  resultOf,
  statementOf,
} from '../src/treasury/fixtures/treasury-city.ts'
import { payoutFormat } from '../src/treasury/treasury.ts'

const flaws = ['encoding', 'cut off', 'line twice', 'wrong total', 'other house'] as const
type Flaw = (typeof flaws)[number]

/** What became of it: `taken`, `known`, or the lines that were named. */
type Outcome = 'taken' | 'known' | readonly number[]

interface Desk {
  /** The right file, as lines with what ends them. */
  readonly lines: readonly Buffer[]
  take(bytes: Uint8Array): Promise<Outcome>
  /** What of the file has come into the books. */
  effects(): Promise<number>
  /** Where a flaw shows, if elsewhere than in the second line, or in the last for totals. */
  readonly shown: Partial<Record<Flaw, readonly number[]>>
  spoil(flaw: Flaw): Uint8Array
}

const kinds: Readonly<Record<string, () => Promise<Desk>>> = {
  'payout result': async () => {
    const city = openTreasuryCity()
    const payouts = [await city.owe(1_000), await city.owe(2_000)]
    const file = (await city.treasury.writePayoutFile(ISSUER, city.now()))!
    const sent = payoutFormat('telegram').read(city.given.get(`gunsan/${file.name}`)!)
    assert.ok(sent.ok)
    const { name, bytes } = resultOf(
      sent.content,
      1,
      payouts.map((payoutId) => [payoutId, 'P'] as const),
    )
    return {
      ...recordsDesk(bytes, '088'),
      async take(given) {
        const taken = await city.take(name, given)
        await city.treasury.postOutcomes(ISSUER, city.now())
        return outcomeOf(taken)
      },
      effects: async () => 0 - city.fundWon(),
    }
  },
  statement: async () => {
    const city = openTreasuryCity()
    city.set(at('2026-11-24', '01:00'))
    const { name, bytes } = statementOf('2026-11-23', 0, [
      ['10:00', 1_000, ''],
      ['11:00', 2_000, ''],
    ])
    return {
      ...recordsDesk(bytes, '088'),
      take: async (given) => outcomeOf(await city.take(name, given)),
      effects: async () => (await city.store.newestStatement(ISSUER))?.closingWon ?? 0,
    }
  },
  clearing: async () => {
    const at = await openClearingCity()
    await at.city.give(10_000)
    const sales = [at.sale(1), at.sale(2)]
    for (const sale of sales) await at.pay(sale)
    const { name, bytes, partner } = at.file(
      'clearing',
      sales.map((sale) => at.line(sale)),
    )
    return {
      ...recordsDesk(bytes, 'narae '),
      take: async (given) => outcomeOf(await at.clearing.takeFile({ partner, name, bytes: given })),
      effects: async () => (await at.records('clearing_file', OPERATOR)).length,
    }
  },
  incident: async () => {
    const at = await openClearingCity()
    await at.city.give(10_000)
    const { name, bytes, partner } = at.file(
      'incident',
      [at.sale(1), at.sale(2)].map((sale) => at.debit(sale)),
    )
    return {
      ...recordsDesk(bytes, 'narae '),
      take: async (given) => outcomeOf(await at.clearing.takeFile({ partner, name, bytes: given })),
      effects: async () => (await at.records('conversion')).length,
    }
  },
  'eligibility list': async () => {
    const office = await openOffice()
    const persons = [person(1), person(2)]
    for (const each of persons) await office.join(each)
    const header = '대상자번호,성명,생년월일,휴대전화,지급액'
    const rows = persons.map((each, index) => lineOf(`R-${index + 1}`, each, 1_000))
    const lines = ['발행기관,gunsan', header, ...rows, '합계,2,2000'].map((line) =>
      Buffer.from(`${line}\n`),
    )
    return {
      lines,
      // Below whose file it is and the header; a line that cannot be read is missing from the total.
      shown: {
        encoding: [3, 5],
        'cut off': [4],
        'line twice': [4, 4, 6, 6],
        'wrong total': [5],
      },
      spoil(flaw) {
        const changed = lines.map((line) => Buffer.from(line))
        switch (flaw) {
          case 'encoding':
            changed[2]!.set([0xff], 5)
            break
          case 'cut off':
            return Buffer.concat([...changed.slice(0, 3), changed[3]!.subarray(0, 9)])
          case 'line twice':
            changed.splice(3, 0, changed[2]!)
            break
          case 'wrong total':
            changed[4] = Buffer.from('합계,2,2001\n')
            break
          default:
            changed[0] = Buffer.from('발행기관,iksan\n')
        }
        return Buffer.concat(changed)
      },
      async take(bytes) {
        const taken = await office.granting.takeFile({
          issuerId: GUNSAN,
          issuerCode: 'gunsan',
          programId: STIPEND,
          round: '2026-1',
          by: 'off_1',
          stated: {},
          bytes: (async function* () {
            yield bytes
          })(),
        })
        if (taken.status === 'taken') return taken.isNew ? 'taken' : 'known'
        assert.equal(taken.status, 'faulty')
        return taken.status === 'faulty' ? taken.file.problems.map(({ line }) => line ?? 0) : []
      },
      effects: async () => {
        const batches = await office.granting.batches(GUNSAN, { limit: 10 })
        return batches.reduce((sum, { totalWon }) => sum + totalWon, 0)
      },
    }
  },
}

/** Records of one width: header, details, and a trailer whose first sum ends at one place. */
function recordsDesk(bytes: Uint8Array, otherHouse: string): Omit<Desk, 'take' | 'effects'> {
  const TEXT_AT = 20
  const HOUSE_AT = 5
  const SUM_END_AT = 29
  const width = bytes.indexOf(0x0a) + 1
  const lines = Array.from({ length: bytes.length / width }, (_, index) =>
    Buffer.from(bytes.subarray(index * width, (index + 1) * width)),
  )
  const last = lines.length
  return {
    lines,
    shown: { 'cut off': [last], 'wrong total': [last], 'other house': [1] },
    spoil(flaw) {
      const changed = lines.map((line) => Buffer.from(line))
      switch (flaw) {
        case 'encoding':
          changed[1]![TEXT_AT] = 0xff
          break
        case 'cut off':
          changed[last - 1] = changed[last - 1]!.subarray(0, 60)
          break
        case 'line twice':
          changed.splice(1, 0, changed[1]!)
          break
        case 'wrong total':
          changed[last - 1]![SUM_END_AT]! ^= 1
          break
        default:
          changed[0]!.write(otherHouse, HOUSE_AT, 'latin1')
      }
      return Buffer.concat(changed)
    },
  }
}

function outcomeOf(
  taken:
    | { readonly status: 'taken'; readonly known: boolean }
    | { readonly status: 'later' }
    | { readonly status: 'refused'; readonly problems: readonly { readonly line: number }[] },
): Outcome {
  if (taken.status === 'taken') return taken.known ? 'known' : 'taken'
  return taken.status === 'refused' ? taken.problems.map(({ line }) => line) : []
}

for (const [kind, open] of Object.entries(kinds)) {
  test(`a bad ${kind} is refused with the line named, and the right one is taken once`, async () => {
    const desk = await open()
    for (const flaw of flaws) {
      const outcome = await desk.take(desk.spoil(flaw))
      assert.ok(Array.isArray(outcome) && outcome.length > 0, `${flaw}: ${String(outcome)}`)
      assert.ok(
        outcome.every((line) => line > 0),
        `${flaw}: no line is named`,
      )
      const shown = desk.shown[flaw]
      if (shown !== undefined) assert.deepEqual(outcome, shown, flaw)
      assert.equal(await desk.effects(), 0, flaw)
    }
    const whole = Buffer.concat(desk.lines)
    assert.equal(await desk.take(whole), 'taken')
    const effects = await desk.effects()
    assert.ok(effects > 0)
    assert.equal(await desk.take(whole), 'known')
    assert.equal(await desk.effects(), effects)
  })
}
