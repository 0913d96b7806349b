/** The tables of answers and reasons in SPEC.md, and which wallet a card sale belongs to. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { sampleCorporateRules } from '../issuing/terms-sample.ts'
import { declineReasons, id, won, type IssuerId } from '../base/base.ts'
import {
  cardOnlyReasons,
  cardVerdicts,
  moneySources,
  ruleOnSale,
  verdictOfDecline,
  verdictOfReason,
  type CardLink,
  type SaleFacts,
  type SaleRuling,
} from './cards.ts'
import {
  GUNSAN,
  linkTo,
  NOON,
  ONNURI,
  openCardCity,
  placeAt,
  saleOf,
  termsOf,
  WALLET,
} from './fixtures/card-city.ts'

function rowsUnder(header: string): string[][] {
  const page = readFileSync(new URL('SPEC.md', import.meta.url), 'utf8')
  const start = page.indexOf(header)
  assert.ok(start > 0, header)
  return page
    .slice(start)
    .split('\n\n')[0]!
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
}

test('SPEC.md has each of the five answers once, with what is done and told and where the money comes from', () => {
  const rows = rowsUnder('| our answer |')
  assert.deepEqual(
    rows.map(([verdict]) => verdict),
    [...cardVerdicts],
  )
  for (const row of rows) {
    assert.equal(row.length, 4)
    assert.ok(row.every((cell) => cell.length > 0))
    assert.ok(
      moneySources.some((source) => source === row[3]),
      row[3],
    )
  }
})

test('SPEC.md has the verdict of every reason there is, and it is the one that is answered', () => {
  const rows = rowsUnder('| reason |')
  const told = new Map(rows.map(([reason, verdict]) => [reason, verdict]))
  assert.deepEqual([...told.keys()], [...declineReasons, ...cardOnlyReasons])
  assert.deepEqual(Object.fromEntries(told), verdictOfReason)
  for (const reason of declineReasons) assert.equal(verdictOfDecline(reason), told.get(reason))
})

async function factsOf(changes: Partial<SaleFacts> = {}): Promise<SaleFacts> {
  const { deps } = await openCardCity()
  return {
    places: [placeAt(GUNSAN), placeAt(ONNURI)],
    links: [linkTo(GUNSAN), linkTo(ONNURI)],
    issuing: deps.issuing,
    walletStopped: () => false,
    ...changes,
  }
}

const issuerOf = (ruling: SaleRuling): IssuerId | undefined =>
  ruling.ruling === 'eligible' ? ruling.issuerId : ruling.found?.issuerId

test('of several wallets behind one card the municipality of the shop decides', async () => {
  const both = await factsOf({ places: [placeAt(ONNURI), placeAt(GUNSAN)] })
  assert.equal(issuerOf(ruleOnSale(saleOf(), both, NOON)), GUNSAN)
  const elsewhere = await factsOf({ places: [placeAt(ONNURI)] })
  assert.equal(issuerOf(ruleOnSale(saleOf(), elsewhere, NOON)), ONNURI)
  const unlinked = await factsOf({ links: [linkTo(GUNSAN, { active: false }), linkTo(ONNURI)] })
  assert.equal(issuerOf(ruleOnSale(saleOf(), unlinked, NOON)), ONNURI)
})

test('what one issuer refuses another may take; of several refusals the first is told', async () => {
  const closed = placeAt(GUNSAN)
  const suspended = { ...closed, merchant: { ...closed.merchant, status: 'suspended' as const } }
  const facts = await factsOf({ places: [suspended, placeAt(ONNURI)] })
  assert.equal(issuerOf(ruleOnSale(saleOf(), facts, NOON)), ONNURI)
  const both: CardLink[] = [
    linkTo(GUNSAN, { spending: 'card_first' }),
    linkTo(ONNURI, { spending: 'card_first' }),
  ]
  const ruling = ruleOnSale(saleOf(), await factsOf({ links: both }), NOON)
  assert.equal(ruling.ruling === 'not_applicable' && ruling.reason, 'cardholder_chose_card')
  assert.equal(issuerOf(ruling), GUNSAN)
})

test('what happens when nobody can know is said by the link, else by the programs in unison', async () => {
  const facts = await factsOf()
  const first = ruleOnSale(saleOf(), facts, NOON)
  assert.equal(first.ruling === 'eligible' && first.onUnknown, 'decline')
  const links = [linkTo(GUNSAN, { onUnknown: 'provisional_debit' })]
  const chosen = ruleOnSale(saleOf(), { ...facts, links }, NOON)
  assert.equal(chosen.ruling === 'eligible' && chosen.onUnknown, 'provisional_debit')
  const city = await openCardCity()
  const debits = { fallbackPreference: 'provisional_debit' } as const
  city.terms = [
    termsOf(GUNSAN, debits),
    termsOf(GUNSAN, { ...debits, programId: id('prg', 9), kind: 'stipend' }),
  ]
  const issuing = { ...facts, issuing: city.deps.issuing }
  const agreed = ruleOnSale(saleOf(), issuing, NOON)
  assert.equal(agreed.ruling === 'eligible' && agreed.onUnknown, 'provisional_debit')
  city.terms = [city.terms[0]!, { ...city.terms[1]!, fallbackPreference: 'decline' }]
  const divided = ruleOnSale(saleOf(), issuing, NOON)
  assert.equal(divided.ruling === 'eligible' && divided.onUnknown, 'decline')
})

test('the account pays the rest only where terminal, cardholder and every program allow it', async () => {
  const facts = await factsOf()
  const asked = saleOf({ partialAllowed: true })
  const allowed = (ruling: SaleRuling): boolean =>
    ruling.ruling === 'eligible' && ruling.partialAllowed
  assert.equal(allowed(ruleOnSale(asked, facts, NOON)), true)
  assert.equal(allowed(ruleOnSale(saleOf(), facts, NOON)), false)
  const city = await openCardCity()
  city.terms = [
    termsOf(GUNSAN),
    termsOf(GUNSAN, { programId: id('prg', 9), splitTender: false, paymentWonMax: won(20_000) }),
  ]
  const issuing = { ...facts, issuing: city.deps.issuing }
  assert.equal(allowed(ruleOnSale(asked, issuing, NOON)), false)
  assert.equal(WALLET, facts.links[0]?.walletId)
})

test('frozen money leaves nothing to the account, unless the shop could not take it anyway', async () => {
  const suspended = { programId: id('prg', 9), paymentSuspended: true }
  const { merchantRules } = termsOf(GUNSAN)
  const elsewhere = { ...merchantRules, sectorsRefused: ['snack_bar'] }
  const city = await openCardCity()
  const issuing = city.deps.issuing
  const asked = saleOf({ partialAllowed: true })
  const rule = async (changes: Parameters<typeof termsOf>[1]) => {
    city.terms = [termsOf(GUNSAN), termsOf(GUNSAN, { ...suspended, ...changes }), termsOf(ONNURI)]
    const ruling = ruleOnSale(asked, await factsOf({ issuing }), NOON)
    assert.ok(ruling.ruling === 'eligible')
    return [ruling.frozen, ruling.partialAllowed]
  }
  assert.deepEqual(await rule({}), [true, false])
  assert.deepEqual(await rule({ merchantRules: elsewhere }), [false, true])
  assert.deepEqual(await rule({ paymentSuspended: false }), [false, true])
  // The municipality's money is frozen, and the ministry may pay instead.
  city.terms = [termsOf(GUNSAN, { paymentSuspended: true }), termsOf(ONNURI)]
  const other = ruleOnSale(asked, await factsOf({ issuing }), NOON)
  assert.equal(issuerOf(other), ONNURI)
  assert.ok(other.ruling === 'eligible' && other.frozen && !other.partialAllowed)
})

test('a program whose terms keep cards away has nothing to do with a card sale', async () => {
  const { deps } = await openCardCity()
  const rulingWith = async (payableByCard: boolean) => {
    const issuing: SaleFacts['issuing'] = {
      ...deps.issuing,
      programs: (issuerId) =>
        deps.issuing.programs(issuerId).map((program) => ({
          ...program,
          terms: program.terms.map((terms) => ({
            ...terms,
            corporate: { ...sampleCorporateRules, payableByCard },
          })),
        })),
    }
    const facts = await factsOf({ places: [placeAt(GUNSAN)], issuing })
    return ruleOnSale(saleOf(), facts, NOON)
  }
  assert.equal((await rulingWith(true)).ruling, 'eligible')
  const kept = await rulingWith(false)
  assert.equal(kept.ruling === 'not_applicable' && kept.reason, 'merchant_not_eligible')
})
