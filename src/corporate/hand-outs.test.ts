/** Hand-outs from the list to the last present, also by processes that are killed at any call. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSpecTable } from '../../test/spec-table.ts'
import { DAY_MS, won, type LotId, type MemberId } from '../base/base.ts'
import { handOutStates } from '../registration/registration.ts'
import { handOutEvents, handOutTable, OPEN_HAND_OUTS_MAX, type HandOut } from './corporate.ts'
import {
  bytesOf,
  decide,
  follow,
  GUNSAN,
  Killed,
  openCorporation,
  openTown,
  OTHER_NUMBER,
  phoneOf,
  PROGRAM,
  workOff,
  type Town,
} from './fixtures/corporate-town.ts'

test('SPEC.md has the table of hand-outs', () => {
  const rows = readSpecTable(new URL('SPEC.md', import.meta.url), 'hand-out \\ event')
  assert.deepEqual(Object.fromEntries(rows), handOutTable)
  assert.deepEqual(Object.keys(handOutTable), handOutStates)
  assert.deepEqual(Object.keys(rows[0]![1]), [...handOutEvents])
})

const reasonOf = (answer: object): unknown =>
  Reflect.get(answer, 'reason') ?? Reflect.get(answer, 'status')

type Opened = Awaited<ReturnType<typeof openCorporation>>

const actingOf = ({ corporation, memberId }: Opened) => ({
  issuerId: GUNSAN,
  corporationId: corporation.corporationId,
  memberId,
})
const listOf = (people: readonly number[], amountWon = 10_000): string =>
  `phone,amount,memo\n${people.map((each) => `${phoneOf(each)},${amountWon},고맙습니다`).join('\n')}\n`

async function taken(town: Town, opened: Opened, text: string, title = '추석'): Promise<HandOut> {
  const answer = await town.corporations.takeList({
    ...actingOf(opened),
    programId: PROGRAM,
    title,
    bytes: bytesOf(text),
  })
  assert.ok(answer.status === 'taken', JSON.stringify(answer))
  return answer.handOut
}
const wish = (town: Town, opened: Opened, handOut: HandOut, event: 'confirm' | 'stop' | 'cancel') =>
  town.corporations.wish({ ...actingOf(opened), handOutId: handOut.handOutId, event })
const viewOf = async (town: Town, { corporation }: Opened, { handOutId }: HandOut) => {
  const view = await town.corporations.handOut(corporation, handOutId)
  assert.ok(view !== undefined)
  return view
}
const countsOf = async (town: Town, opened: Opened, handOut: HandOut) => {
  const { groups } = await viewOf(town, opened, handOut)
  return Object.fromEntries(groups.map(({ state, lines }) => [state, lines]))
}
const linesOf = (town: Town, handOut: HandOut) =>
  town.corporations.recipients(handOut, {
    states: ['new', 'sent', 'accepted', 'returned', 'refused', 'skipped'],
    after: 0,
    limit: 500,
  })
const leftOf = async (town: Town, { corporation }: Opened): Promise<number> => {
  const lots = await town.ledger.lots(GUNSAN, corporation.walletId)
  return lots.reduce((sum, lot) => sum + lot.remainingWon, 0)
}
async function reply(town: Town, memberId: MemberId, how: 'accept' | 'decline'): Promise<unknown> {
  const [gift] = await town.gifting.givenTo(GUNSAN, memberId)
  assert.ok(gift !== undefined)
  const reply = { issuerId: GUNSAN, operationId: town.key(), memberId, giftId: gift.giftId }
  return reasonOf(await town.gifting[how](reply))
}

test('a list is handed out: accepted, declined, lapsed, and what came back is the corporation’s', async () => {
  const town = await openTown()
  const opened = await openCorporation(town, { boughtWon: 100_000 })
  const [one, two] = [await town.join(11), await town.join(12)]
  const handOut = await taken(town, opened, listOf([11, 12, 13]))
  const { availableWon } = await viewOf(town, opened, handOut)
  assert.deepEqual(
    [handOut.state, handOut.lines, handOut.totalWon, availableWon],
    ['checked', 3, 30_000, 100_000],
  )
  assert.equal(await leftOf(town, opened), 100_000)
  assert.equal(reasonOf(await wish(town, opened, handOut, 'confirm')), 'done')
  assert.equal(reasonOf(await wish(town, opened, handOut, 'confirm')), 'done')
  await workOff(town)
  assert.equal(await leftOf(town, opened), 70_000)
  assert.deepEqual(await countsOf(town, opened, handOut), { sent: 3 })
  const [waiting] = await town.gifting.givenTo(GUNSAN, one)
  assert.deepEqual(
    [waiting?.corporation?.name, waiting?.message, waiting?.amountWon],
    ['군산기계', '고맙습니다', 10_000],
  )
  assert.equal(waiting?.lapsesAt, town.time.now + 30 * DAY_MS)
  // It is not among what the person who ordered it gave, nor theirs to take back.
  assert.deepEqual(await town.gifting.givenBy(GUNSAN, opened.memberId), [])
  const { giftId } = waiting
  const mine = { issuerId: GUNSAN, operationId: town.key(), memberId: opened.memberId, giftId }
  assert.equal(reasonOf(await town.gifting.withdraw(mine)), 'gift_unknown')
  assert.equal(await reply(town, one, 'accept'), 'registered')
  assert.equal(await reply(town, two, 'decline'), 'registered')
  await follow(town)
  assert.deepEqual(await countsOf(town, opened, handOut), { sent: 1, accepted: 1, returned: 1 })
  assert.equal((await viewOf(town, opened, handOut)).handOut.state, 'sent')
  town.time.now += 30 * DAY_MS
  await town.gifting.endOverdue(GUNSAN, town.time.now, 50)
  await follow(town)
  assert.deepEqual(
    (await linesOf(town, handOut)).map(({ state, reason }) => [state, reason]),
    [
      ['accepted', null],
      ['returned', 'declined'],
      ['returned', 'lapsed'],
    ],
  )
  assert.equal((await viewOf(town, opened, handOut)).handOut.state, 'done')
  assert.equal(await leftOf(town, opened), 90_000)
  const lots = await town.ledger.lots(GUNSAN, waiting.giverWalletId)
  assert.equal(lots.length, 1, 'it came back into the lot that it came from')
  town.time.now += 30 * DAY_MS - 1
  await follow(town)
  assert.equal((await linesOf(town, handOut))[0]?.phone, '01020001011')
  town.time.now += 1
  await follow(town)
  assert.equal((await viewOf(town, opened, handOut)).handOut.state, 'erased')
  assert.ok(
    (await linesOf(town, handOut)).every((line) => line.phone === null && line.memo === null),
  )
})

test('a list whose time is over is erased, however many ended after it', async () => {
  const town = await openTown()
  const opened = await openCorporation(town, { boughtWon: 100_000 })
  const member = await town.join(11)
  const handOutOne = async (title: string): Promise<HandOut> => {
    const handOut = await taken(town, opened, listOf([11], 1_000), title)
    await wish(town, opened, handOut, 'confirm')
    await workOff(town)
    assert.equal(await reply(town, member, 'decline'), 'registered')
    await follow(town)
    return handOut
  }
  const first = await handOutOne('첫째')
  town.time.now += DAY_MS
  for (let count = 1; count <= 60; count += 1) await handOutOne(`다음 ${count}`)
  town.time.now += 29 * DAY_MS
  await follow(town)
  const states = (await town.handOutRecords()).map(({ body }) => body.state)
  assert.deepEqual(
    [states.filter((state) => state === 'done').length, states.at(-1)],
    [60, 'erased'],
  )
  assert.equal((await linesOf(town, first))[0]?.phone, null)
})

test('presents of a corporation are not held to the limits of a member’s day', async () => {
  const town = await openTown()
  await town.setRules({ giftsPerDayMax: 1, giftWonPerDayMax: 1_000 })
  const opened = await openCorporation(town, { boughtWon: 100_000 })
  const handOut = await taken(town, opened, listOf([11, 12, 13]))
  await wish(town, opened, handOut, 'confirm')
  await workOff(town)
  assert.deepEqual(await countsOf(town, opened, handOut), { sent: 3 })
})

test('the same list under one title is one hand-out; another title or a cancelled one makes another', async () => {
  const town = await openTown()
  const opened = await openCorporation(town, { boughtWon: 100_000 })
  const text = listOf([11])
  const first = await taken(town, opened, text)
  assert.equal((await taken(town, opened, text)).handOutId, first.handOutId)
  assert.notEqual((await taken(town, opened, text, '설')).handOutId, first.handOutId)
  assert.equal(reasonOf(await wish(town, opened, first, 'cancel')), 'done')
  assert.equal(reasonOf(await wish(town, opened, first, 'cancel')), 'done')
  assert.equal(reasonOf(await wish(town, opened, first, 'confirm')), 'hand_out_state_differs')
  const again = await taken(town, opened, text)
  assert.notEqual(again.handOutId, first.handOutId)
  await follow(town)
  assert.equal((await viewOf(town, opened, first)).handOut.state, 'erased')
  assert.equal((await taken(town, opened, text)).handOutId, again.handOutId)
  const other = await openCorporation(town, { number: OTHER_NUMBER, person: 2 })
  assert.notEqual((await taken(town, other, text)).handOutId, again.handOutId)
  assert.equal(reasonOf(await wish(town, other, again, 'confirm')), 'hand_out_unknown')
  assert.equal(await town.corporations.handOut(other.corporation, again.handOutId), undefined)
})

test('so many lists may be open, and a faulty one is not kept', async () => {
  const town = await openTown()
  const opened = await openCorporation(town)
  for (let count = 0; count < OPEN_HAND_OUTS_MAX; count += 1) {
    await taken(town, opened, listOf([11]), `제목 ${count}`)
  }
  const taking = { ...actingOf(opened), programId: PROGRAM, title: '하나 더' }
  const more = { ...taking, bytes: bytesOf(listOf([11])) }
  assert.equal(reasonOf(await town.corporations.takeList(more)), 'too_many_hand_outs')
  const faulty = await town.corporations.takeList({ ...taking, bytes: bytesOf('phone\n1\n') })
  assert.equal(faulty.status, 'faulty')
  assert.equal((await town.handOutRecords()).length, OPEN_HAND_OUTS_MAX)
})

test('it is not confirmed beyond the balance, and what runs out in between is told by line', async () => {
  const town = await openTown()
  const opened = await openCorporation(town, { boughtWon: 20_000 })
  const short = await taken(town, opened, listOf([11, 12, 13]))
  assert.equal(reasonOf(await wish(town, opened, short, 'confirm')), 'hand_out_funds_short')
  const [one, two] = [
    await taken(town, opened, listOf([11, 12]), '하나'),
    await taken(town, opened, listOf([13]), '둘'),
  ]
  await wish(town, opened, one, 'confirm')
  await wish(town, opened, two, 'confirm')
  await workOff(town)
  assert.deepEqual(await countsOf(town, opened, one), { sent: 2 })
  const [line] = await linesOf(town, two)
  assert.deepEqual([line?.state, line?.reason], ['refused', 'gift_funds_insufficient'])
  await follow(town)
  assert.equal((await viewOf(town, opened, two)).handOut.state, 'done')
})

test('a suspended corporation sends nothing until it is resumed; a stopped list sends no more', async () => {
  const town = await openTown()
  const opened = await openCorporation(town, { boughtWon: 1_000_000 })
  const people = Array.from({ length: 30 }, (_, at) => 100 + at)
  const handOut = await taken(town, opened, listOf(people))
  await wish(town, opened, handOut, 'confirm')
  await decide(town, opened.corporation.corporationId, 'suspend')
  await workOff(town)
  assert.deepEqual(await countsOf(town, opened, handOut), { new: 30 })
  await decide(town, opened.corporation.corporationId, 'resume')
  await town.corporations.sendStep(GUNSAN)
  assert.deepEqual(await countsOf(town, opened, handOut), { new: 10, sent: 20 })
  assert.equal(reasonOf(await wish(town, opened, handOut, 'cancel')), 'hand_out_state_differs')
  assert.equal(reasonOf(await wish(town, opened, handOut, 'stop')), 'done')
  await workOff(town)
  assert.deepEqual(await countsOf(town, opened, handOut), { sent: 20, skipped: 10 })
  assert.equal(await leftOf(town, opened), 800_000)
})

test('one who is not accepted yet is taken back by the corporation, and by nobody else', async () => {
  const town = await openTown()
  const opened = await openCorporation(town, { boughtWon: 20_000 })
  const other = await openCorporation(town, { number: OTHER_NUMBER, person: 2 })
  const receiver = await town.join(11)
  const handOut = await taken(town, opened, listOf([11, 12]))
  await wish(town, opened, handOut, 'confirm')
  await workOff(town)
  const { handOutId } = handOut
  const back = async (from: Opened, lineNumber: number) =>
    reasonOf(await town.corporations.takeBack({ ...actingOf(from), handOutId, lineNumber }))
  assert.equal(await back(other, 3), 'hand_out_unknown')
  assert.equal(await back(opened, 9), 'recipient_unknown')
  assert.equal(await back(opened, 3), 'done')
  assert.equal(await back(opened, 3), 'done')
  await reply(town, receiver, 'accept')
  assert.equal(await back(opened, 2), 'gift_closed')
  assert.equal(await leftOf(town, opened), 10_000)
})

test('a recipient is held to the law’s cap, however much a corporation may hold', async () => {
  const town = await openTown({ holdingCapWon: won(2_000_000) })
  await town.setRules({ corporateHoldingWonMax: 100_000_000 })
  const opened = await openCorporation(town, { boughtWon: 4_000_000 })
  const receiver = await town.join(11)
  for (const title of ['하나', '둘']) {
    const handOut = await taken(town, opened, listOf([11], 2_000_000), title)
    await wish(town, opened, handOut, 'confirm')
  }
  await workOff(town)
  assert.equal(await reply(town, receiver, 'accept'), 'registered')
  const second = (await town.gifting.givenTo(GUNSAN, receiver)).find(
    ({ state }) => state === 'waiting',
  )
  const answer = await town.gifting.accept({
    issuerId: GUNSAN,
    operationId: town.key(),
    memberId: receiver,
    giftId: second!.giftId,
  })
  assert.equal(reasonOf(answer), 'holding_cap_exceeded')
})

/** From the upload to the end, by processes that die; whoever comes next does the same again. */
async function story(call: number | undefined, when: 'before' | 'after') {
  const town = await openTown()
  const opened = await openCorporation(town, { boughtWon: 50_000 })
  const receiver = await town.join(11)
  town.life.dieAt(call, when)
  const untilDone = async (step: () => Promise<unknown>): Promise<void> => {
    for (;;) {
      try {
        await step()
        return
      } catch (error) {
        if (!(error instanceof Killed)) throw error
        town.life.dieAt(undefined, when)
      }
    }
  }
  const text = listOf([11, 12, 13])
  await untilDone(async () => wish(town, opened, await taken(town, opened, text), 'confirm'))
  await untilDone(() => workOff(town))
  const replyId = town.key()
  await untilDone(async () => {
    const [gift] = await town.gifting.givenTo(GUNSAN, receiver)
    const { giftId } = gift!
    const answer = { issuerId: GUNSAN, operationId: replyId, memberId: receiver, giftId }
    await town.gifting.accept(answer)
  })
  await untilDone(() => follow(town))
  town.time.now += 31 * DAY_MS
  await untilDone(() => town.gifting.endOverdue(GUNSAN, town.time.now, 50))
  await untilDone(() => follow(town))
  town.time.now += 31 * DAY_MS
  await untilDone(() => follow(town))
  const calls = town.life.calls()
  town.life.dieAt(undefined, when)
  const handOuts = await town.handOutRecords()
  const gifts = await town.giftRecords()
  const [handOut] = handOuts
  const lines = await linesOf(town, { issuerId: GUNSAN, handOutId: handOut!.recordId } as HandOut)
  const outcome = {
    handOuts: handOuts.map(({ body }) => body.state),
    lines: lines.map(({ lineNumber, state, reason, phone }) => [lineNumber, state, reason, phone]),
    gifts: gifts.map(({ body }) => `${body.phone} ${body.state}`).toSorted(),
    left: await leftOf(town, opened),
    received: (await town.ledger.lotOrigins(GUNSAN, lotsIn(gifts))).length,
    operations: town.ledger
      .snapshot(GUNSAN)
      .operations.map(({ kind, amountWon }) => `${kind} ${amountWon}`)
      .toSorted(),
  }
  return { outcome, calls }
}

function lotsIn(gifts: readonly { readonly body: { readonly lotId: LotId } }[]): LotId[] {
  return gifts.map(({ body }) => body.lotId)
}

test('killed before or after any call to a port, everything is handed out once', async () => {
  const whole = await story(undefined, 'before')
  assert.deepEqual(whole.outcome.lines, [
    [2, 'accepted', null, null],
    [3, 'returned', 'lapsed', null],
    [4, 'returned', 'lapsed', null],
  ])
  assert.deepEqual([whole.outcome.handOuts, whole.outcome.left], [['erased'], 40_000])
  assert.ok(whole.calls > 50, 'there is something to die at')
  for (let call = 1; call <= whole.calls; call += 1) {
    for (const when of ['before', 'after'] as const) {
      const { outcome } = await story(call, when)
      assert.deepEqual(outcome, whole.outcome, `killed ${when} call ${call}`)
    }
  }
})

test('two who work at once send nothing twice', async () => {
  const town = await openTown()
  const opened = await openCorporation(town, { boughtWon: 300_000 })
  const people = Array.from({ length: 25 }, (_, at) => 100 + at)
  const handOut = await taken(town, opened, listOf(people))
  await wish(town, opened, handOut, 'confirm')
  await Promise.allSettled([workOff(town), workOff(town), workOff(town)])
  await workOff(town)
  assert.deepEqual(await countsOf(town, opened, handOut), { sent: 25 })
  assert.equal(await leftOf(town, opened), 50_000)
})
