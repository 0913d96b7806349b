/** Corporations from the application to the end: who may what, and what the bank and the ledger are told. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSpecTable } from '../../test/spec-table.ts'
import { won, type CorporationId, type MemberId } from '../base/base.ts'
import { sampleCorporateRules } from '../issuing/terms-sample.ts'
import { authorisedStates, corporationStates } from '../registration/registration.ts'
import {
  AUTHORISED_MAX,
  authorisedEvents,
  authorisedTable,
  corporationEvents,
  corporationTable,
  officerDecisions,
} from './corporate.ts'
import {
  bytesOf,
  consent,
  decide,
  GUNSAN,
  IKSAN,
  NUMBER,
  openCorporation,
  openTown,
  OTHER_NUMBER,
  PROGRAM,
  workOff,
  type Town,
} from './fixtures/corporate-town.ts'

const page = new URL('SPEC.md', import.meta.url)

test('SPEC.md has the tables of corporations and of who acts for them', () => {
  const corporations = readSpecTable(page, 'state \\ event')
  assert.deepEqual(Object.fromEntries(corporations), corporationTable)
  assert.deepEqual(Object.keys(corporationTable), corporationStates)
  assert.deepEqual(Object.keys(corporations[0]![1]), [...corporationEvents])
  const people = readSpecTable(page, 'person \\ event')
  assert.deepEqual(Object.fromEntries(people), authorisedTable)
  assert.deepEqual(Object.keys(authorisedTable), authorisedStates)
  assert.deepEqual(Object.keys(people[0]![1]), [...authorisedEvents])
})

const application = (town: Town, memberId: MemberId, changes: object = {}) => ({
  issuerId: GUNSAN,
  requestId: town.key(),
  memberId,
  name: '군산기계',
  businessNumber: NUMBER,
  representative: '이바다',
  ...changes,
})
const reasonOf = (answer: object): unknown =>
  Reflect.get(answer, 'reason') ?? Reflect.get(answer, 'status')
const buying = (corporationId: CorporationId, memberId: MemberId, faceWon: number) => ({
  issuerId: GUNSAN,
  corporationId,
  memberId,
  programId: PROGRAM,
  faceWon: won(faceWon),
})

test('an application names what is wrong, and one number is one corporation', async () => {
  const town = await openTown()
  const memberId = await town.join(1)
  const apply = (changes: object) => town.corporations.apply(application(town, memberId, changes))
  for (const [field, value] of [
    ['name', ' '],
    ['businessNumber', '124-81-00999'],
    ['businessNumber', '1'],
    ['representative', 'x'.repeat(61)],
  ] as const) {
    const refused = await apply({ [field]: value })
    assert.deepEqual(refused, { status: 'refused', reason: 'field_invalid', field })
  }
  assert.equal(reasonOf(await apply({ memberId: 99 })), 'member_unknown')
  const requestId = town.key()
  const first = await apply({ requestId })
  assert.deepEqual(await apply({ requestId }), first)
  assert.equal(reasonOf(await apply({ requestId, name: '다른 이름' })), 'corporation_known')
  assert.equal(reasonOf(await apply({})), 'corporation_known')
  const other = await apply({ businessNumber: OTHER_NUMBER })
  assert.equal(other.status, 'done')
})

for (const state of corporationStates) {
  for (const event of officerDecisions) {
    test(`an officer's ${event} of one that is ${state} does what the table says`, async () => {
      const town = await openTown()
      const memberId = await town.join(1)
      const applied = await town.corporations.apply(application(town, memberId))
      assert.ok(applied.status === 'done')
      const { corporationId } = applied.corporation
      const ways = {
        applied: [],
        active: ['approve'],
        suspended: ['approve', 'suspend'],
        refused: ['refuse'],
        withdrawn: [],
      } as const
      for (const way of ways[state]) await decide(town, corporationId, way)
      const acting = { issuerId: GUNSAN, corporationId, memberId }
      if (state === 'withdrawn') await town.corporations.withdraw(acting)
      const decided = await town.corporations.decide({
        issuerId: GUNSAN,
        corporationId,
        officerId: 1 as never, // An officer's number.
        event,
        reason: '다른 사유',
      })
      const next = corporationTable[state][event]
      if (next === '-') assert.equal(reasonOf(decided), 'corporation_state_differs')
      else assert.equal(decided.status === 'done' && decided.corporation.state, next)
    })
  }
}

test('a decision needs a reason, and the same again stays as it is', async () => {
  const town = await openTown()
  const { corporation } = await openCorporation(town)
  const { corporationId } = corporation
  const wish = { issuerId: GUNSAN, corporationId, officerId: 1 as never, event: 'suspend' } as const
  const without = await town.corporations.decide({ ...wish, reason: ' ' })
  assert.deepEqual(without, { status: 'refused', reason: 'field_invalid', field: 'reason' })
  const once = await decide(town, corporationId, 'suspend')
  assert.deepEqual(await decide(town, corporationId, 'suspend'), once)
  const elsewhere = await town.corporations.decide({ ...wish, issuerId: IKSAN, reason: '사유' })
  assert.equal(reasonOf(elsewhere), 'corporation_unknown')
})

test('only who was confirmed acts; to all others it does not exist', async () => {
  const town = await openTown()
  const { corporation, memberId } = await openCorporation(town)
  const { corporationId } = corporation
  const { corporations } = town
  const stranger = await town.join(7)
  const buy = async (member: MemberId, issuerId = GUNSAN) =>
    reasonOf(
      await corporations.buy({
        ...buying(corporationId, member, 10_000),
        issuerId,
        operationId: town.key(),
      }),
    )
  assert.equal(await buy(stranger), 'corporation_unknown')
  assert.equal(await buy(memberId, IKSAN), 'corporation_unknown')
  const inIksan = await town.join(1, '사람1', IKSAN)
  assert.equal(await buy(inIksan), 'corporation_unknown')
  const naming = { issuerId: GUNSAN, corporationId, memberId, named: stranger }
  assert.equal(reasonOf(await corporations.name({ ...naming, name: '남' })), 'authorised_unknown')
  assert.equal((await corporations.name({ ...naming, name: '사람7' })).status, 'done')
  assert.equal(await buy(stranger), 'corporation_unknown')
  const ofStranger = { issuerId: GUNSAN, corporationId, memberId: stranger }
  assert.equal((await corporations.seen(ofStranger)).status, 'done')
  const deciding = { issuerId: GUNSAN, corporationId, memberId: stranger, by: 'off_1' } as const
  await corporations.decideAuthorised({ ...deciding, event: 'confirm' })
  assert.equal(await buy(stranger), 'completed')
  await town.registration.stopWallet({
    issuerId: GUNSAN,
    memberId: stranger,
    by: 'off_1',
    reason: '분실',
  })
  assert.equal(await buy(stranger), 'member_unknown')
  const removal = { issuerId: GUNSAN, corporationId, memberId }
  assert.equal((await corporations.remove({ ...removal, removed: stranger })).status, 'done')
  assert.equal(await buy(stranger), 'corporation_unknown')
  assert.equal(reasonOf(await corporations.seen(ofStranger)), 'corporation_unknown')
  const last = await corporations.remove({ ...removal, removed: memberId })
  assert.equal(reasonOf(last), 'last_authorised_stays')
  assert.deepEqual(await corporations.corporationsOf(GUNSAN, stranger), [])
  assert.equal((await corporations.corporationsOf(GUNSAN, memberId)).length, 1)
})

test('of two who take each other off at once, one stays', async () => {
  const town = await openTown()
  const { corporation, memberId } = await openCorporation(town)
  const { corporations } = town
  const other = await town.join(7)
  const of = { issuerId: GUNSAN, corporationId: corporation.corporationId }
  await corporations.name({ ...of, memberId, named: other, name: '사람7' })
  await corporations.decideAuthorised({ ...of, memberId: other, event: 'confirm', by: 'off_1' })
  const answers = await Promise.all([
    corporations.remove({ ...of, memberId, removed: other }),
    corporations.remove({ ...of, memberId: other, removed: memberId }),
  ])
  assert.deepEqual(answers.map((each) => String(reasonOf(each))).toSorted(), [
    'corporation_unknown',
    'done',
  ])
})

test('so many act for one corporation and no more', async () => {
  const town = await openTown()
  const { corporation, memberId } = await openCorporation(town)
  const { corporationId } = corporation
  const name = async (number: number) => {
    const named = await town.join(number)
    const naming = { issuerId: GUNSAN, corporationId, memberId, named, name: `사람${number}` }
    return reasonOf(await town.corporations.name(naming))
  }
  for (let number = 2; number <= AUTHORISED_MAX; number += 1) {
    assert.equal(await name(number), 'done')
  }
  assert.equal(await name(AUTHORISED_MAX + 1), 'too_many_authorised')
})

test('it pays the face by debit of its account, under a consent that names who gave it', async () => {
  const town = await openTown()
  const { corporation, memberId } = await openCorporation(town)
  const { corporationId, walletId } = corporation
  const { corporations } = town
  const order = { ...buying(corporationId, memberId, 1_000_000), operationId: town.key() }
  const bought = await corporations.buy(order)
  assert.equal(bought.status === 'completed' && bought.payWon, 1_000_000)
  assert.deepEqual(await corporations.buy(order), bought)
  assert.equal(town.bank.orders.length, 1)
  const [debit] = town.bank.orders
  const [given] = await corporations.consents(GUNSAN, corporationId)
  assert.equal(debit?.accountToken, 'acc_1')
  assert.ok(debit.consentId !== undefined && given !== undefined)
  assert.deepEqual(
    [given.memberId, given.subject, given.textHash, given.revokedAt],
    [memberId, 'acc_1', consent.textHash, null],
  )
  const [lot] = await town.ledger.lots(GUNSAN, walletId)
  assert.deepEqual([lot?.kind, lot?.remainingWon], ['purchase', 1_000_000])
  const [purchase] = await corporations.purchases(GUNSAN, corporationId)
  assert.deepEqual([purchase?.memberId, purchase?.purchase?.state], [memberId, 'completed'])
  const another = await corporations.buy({ ...order, faceWon: won(20_000) })
  assert.equal(reasonOf(another), 'key_reused')
  // A key is answered for ever; a new one is not.
  await decide(town, corporationId, 'suspend')
  assert.deepEqual(await corporations.buy(order), bought)
  const later = await corporations.buy({ ...order, operationId: town.key() })
  assert.equal(reasonOf(later), 'corporation_not_active')
})

test('a consent that was revoked pays no more, and the one of another corporation is not there', async () => {
  const town = await openTown()
  const { corporation, memberId } = await openCorporation(town)
  const other = await openCorporation(town, { number: OTHER_NUMBER, person: 2 })
  const { corporationId } = corporation
  const { corporations } = town
  const acting = { issuerId: GUNSAN, corporationId, memberId }
  const [foreign] = await corporations.consents(GUNSAN, other.corporation.corporationId)
  const wrong = await corporations.revokeConsent({ ...acting, consentId: foreign!.consentId })
  assert.equal(reasonOf(wrong), 'consent_unknown')
  const [given] = await corporations.consents(GUNSAN, corporationId)
  const revoked = await corporations.revokeConsent({ ...acting, consentId: given!.consentId })
  assert.equal(revoked.status === 'done' && revoked.consent.revokedAt, town.time.now)
  const order = { ...buying(corporationId, memberId, 10_000), operationId: town.key() }
  assert.equal(reasonOf(await corporations.buy(order)), 'debit_consent_missing')
  for (const [wish, field] of [
    [{ accountToken: 'with space' }, 'accountToken'],
    [{ consent: { ...consent, textHash: 'no' } }, 'consent.textHash'],
    [{ consent: { ...consent, textVersion: '' } }, 'consent.textVersion'],
  ] as const) {
    const linking = { ...acting, accountToken: 'acc_2', consent, ...wish }
    const refused = await corporations.linkAccount(linking)
    assert.deepEqual(refused, { status: 'refused', reason: 'field_invalid', field })
  }
})

test('its caps are the terms’ and the issuer’s rule, and the decree’s until that is chosen', async () => {
  const town = await openTown()
  const { corporation, memberId } = await openCorporation(town)
  const buy = async (faceWon: number) =>
    reasonOf(
      await town.corporations.buy({
        ...buying(corporation.corporationId, memberId, faceWon),
        operationId: town.key(),
      }),
    )
  assert.equal(await buy(2_010_000), 'holding_cap_exceeded')
  assert.equal(await buy(2_000_000), 'completed')
  assert.equal(await buy(10_000), 'holding_cap_exceeded')
  await town.setRules({ corporateHoldingWonMax: 40_000_000 })
  assert.equal(await buy(18_010_000), 'holding_cap_exceeded')
  assert.equal(await buy(18_000_000), 'completed')
})

test('its monthly cap is its own, and is new in the next month', async () => {
  const corporate = {
    ...sampleCorporateRules,
    monthlyPurchaseCapWon: won(3_000_000),
    holdingCapWon: null,
  }
  const town = await openTown({ corporate })
  await town.setRules({ corporateHoldingWonMax: 40_000_000 })
  const { corporation, memberId } = await openCorporation(town)
  const buy = async (faceWon: number) =>
    reasonOf(
      await town.corporations.buy({
        ...buying(corporation.corporationId, memberId, faceWon),
        operationId: town.key(),
      }),
    )
  assert.equal(await buy(3_000_000), 'completed')
  assert.equal(await buy(10_000), 'purchase_cap_exceeded')
  town.time.now = Date.parse('2026-12-01T00:00:00+09:00')
  assert.equal(await buy(10_000), 'completed')
  const { boughtThisMonthWon, boughtWon } = await town.corporations.standing(corporation)
  assert.deepEqual([boughtThisMonthWon, boughtWon], [10_000, 3_010_000])
})

test('the bank’s silence leaves a purchase pending, and then it is not withdrawn', async () => {
  const town = await openTown()
  const { corporation, memberId } = await openCorporation(town)
  const { corporationId } = corporation
  const acting = { issuerId: GUNSAN, corporationId, memberId }
  town.bank.answer = { status: 'pending' }
  const operationId = town.key()
  const order = { ...buying(corporationId, memberId, 100_000), operationId }
  assert.equal((await town.corporations.buy(order)).status, 'pending')
  assert.equal(reasonOf(await town.corporations.withdraw(acting)), 'purchase_pending')
  town.bank.answer = { status: 'debited' }
  await town.selling.resolve(GUNSAN, { olderThanMs: -1, limit: 10 })
  const answer = await town.corporations.enquire({ ...acting, operationId })
  assert.equal(answer?.status, 'completed')
  const stranger = await town.join(9)
  const asked = { ...acting, memberId: stranger, operationId }
  assert.equal(reasonOf((await town.corporations.enquire(asked))!), 'corporation_unknown')
  assert.equal(reasonOf(await town.corporations.withdraw(acting)), 'value_left')
})

test('it ends with nothing in it, and may apply again with others', async () => {
  const town = await openTown()
  const { corporation, memberId } = await openCorporation(town, { boughtWon: 10_000 })
  const { corporationId } = corporation
  const acting = { issuerId: GUNSAN, corporationId, memberId }
  const list = '휴대전화,금액\n010-9999-0001,10000\n'
  const taken = await town.corporations.takeList({
    ...acting,
    programId: PROGRAM,
    title: '추석',
    bytes: bytesOf(list),
  })
  assert.ok(taken.status === 'taken')
  const { handOutId } = taken.handOut
  await town.corporations.wish({ ...acting, handOutId, event: 'confirm' })
  await workOff(town)
  assert.equal(reasonOf(await town.corporations.withdraw(acting)), 'hand_outs_open')
  const second = await openCorporation(town, { number: OTHER_NUMBER, person: 2 })
  const ofSecond = {
    issuerId: GUNSAN,
    corporationId: second.corporation.corporationId,
    memberId: second.memberId,
  }
  const ended = await town.corporations.withdraw(ofSecond)
  assert.equal(ended.status === 'done' && ended.corporation.accountToken, null)
  const heir = await town.join(3)
  const again = await town.corporations.apply(
    application(town, heir, { businessNumber: OTHER_NUMBER }),
  )
  assert.ok(again.status === 'done')
  assert.deepEqual(
    again.corporation.people.map(({ memberId: id, state }) => [id, state]),
    [
      [second.memberId, 'removed'],
      [heir, 'named'],
    ],
  )
})
