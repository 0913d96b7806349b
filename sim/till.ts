/** People at tills: they scan payers' codes and cancel payments, sometimes several at once. */
import { won, type Won } from '../src/base/base.ts'
import { makeConsumerCode } from '../src/qr/qr.ts'
import { hmacSha256 } from './crypto-ports.ts'
import { believe, drawAmount } from './payer.ts'
import type { MoneyRequest } from './requests.ts'
import { deviceClock, newKey, type Receipt, type Town } from './town.ts'
import type { Payer, TillClerk } from './world.ts'

const SCAN_MS_MAX = 15_000
const STALE_MS_MIN = 170_000
const STALE_MS_MAX = 900_000
/** Clerks who cancel the same payment press the button within this time. */
const RACE_MS = 400

/** One thing that happens at a till. */
export function tillActs(town: Town, till: TillClerk): void {
  const act = town.random.pickWeighted([
    [scan, 3],
    [cancel, 3],
  ] as const)
  act(town, till)
}

function scan(town: Town, till: TillClerk): void {
  const { random, odds, world, time } = town
  const foreign = random.chance(odds.foreign)
  const { issuerId } = till.outlet
  const payer = random.pick(world.payers.filter((one) => (one.issuerId === issuerId) !== foreign))
  const seen = town.consumerCodes.filter((code) => code.issuerId === issuerId)
  if (seen.length > 0 && random.chance(odds.codeReplayed)) {
    payByConsumerCode(town, till, { payer: undefined, code: random.pick(seen).text })
    return
  }
  const { handle, seed } = payer.phone
  const code = makeConsumerCode({ handle, seed, now: deviceClock(town, payer), hmac: hmacSha256 })
  town.consumerCodes.push({ text: code, issuerId: payer.issuerId })
  const shown = random.chance(odds.codeAltered) ? `${code.slice(0, -2)}${code.at(-1)}0` : code
  const waitMs = random.chance(odds.codeExpired)
    ? random.integer(STALE_MS_MIN, STALE_MS_MAX)
    : random.integer(300, SCAN_MS_MAX)
  time.after(waitMs, () => payByConsumerCode(town, till, { payer, code: shown }))
}

function payByConsumerCode(
  town: Town,
  till: TillClerk,
  payment: { payer: Payer | undefined; code: string },
): void {
  const { random } = town
  const { payer, code } = payment
  const { issuerId, merchantId, outletId } = till.outlet
  const { clerkId } = till.clerk
  const key = newKey(random)
  const amountWon = drawAmount(town, payer)
  const request = (priceWon: Won): MoneyRequest => ({
    kind: 'consumer_code_payment',
    body: {
      issuerId,
      operationId: key,
      clerk: { clerkId, merchantId, outletId },
      code,
      amountWon: priceWon,
    },
  })
  const misuses = random.chance(town.odds.otherBody)
  town.errands.begin({
    request: request(amountWon),
    ...(misuses ? { altered: request(won(amountWon + 1)) } : {}),
    onKnown: (answer) => {
      if (answer.kind !== 'posted') return
      if (payer !== undefined) believe(town, payer, 0 - answer.amountWon)
      town.receipts.push({ paymentId: key, issuerId, merchantId, amountWon: answer.amountWon })
    },
  })
}

/** One clerk, or a few at once, cancel one payment, wholly or in part. */
function cancel(town: Town, till: TillClerk): void {
  const { random, odds, world, time } = town
  const { issuerId, merchantId } = till.outlet
  const own = town.receipts.filter((receipt) => receipt.issuerId === issuerId)
  const receipt = own.length > 0 ? random.pick(random.chance(70) ? own.slice(-8) : own) : undefined
  if (receipt === undefined) return
  const colleagues = world.tills.filter((one) => one.outlet.merchantId === receipt.merchantId)
  const stranger = receipt.merchantId !== merchantId && random.chance(odds.foreign)
  const clerks = random.pickWeighted([
    [1, 3],
    [2, 2],
    [4, 1],
  ] as const)
  for (let index = 0; index < clerks; index += 1) {
    const by = stranger && index === 0 ? till : random.pick(colleagues)
    time.after(random.integer(0, RACE_MS), () => sendCancellation(town, by, receipt))
  }
}

function sendCancellation(town: Town, till: TillClerk, receipt: Receipt): void {
  const { random } = town
  const { amountWon: paidWon } = receipt
  const key = newKey(random)
  const unknownPayment = random.chance(town.odds.foreign)
  const part = random.pick([
    undefined,
    undefined,
    paidWon,
    won(Math.max(1, Math.floor(paidWon / 2))),
    won(Math.max(1, paidWon - 1)),
    won(1),
    won(paidWon + 1),
  ])
  const request = (amountWon: Won | undefined): MoneyRequest => ({
    kind: 'cancellation',
    body: {
      issuerId: receipt.issuerId,
      operationId: key,
      clerk: { clerkId: till.clerk.clerkId, merchantId: till.outlet.merchantId },
      paymentId: unknownPayment ? newKey(random) : receipt.paymentId,
      ...(amountWon === undefined ? {} : { amountWon }),
    },
  })
  const wish = request(part)
  const misuses = random.chance(town.odds.otherBody)
  town.errands.begin({
    request: wish,
    ...(misuses ? { altered: request(won((part ?? 1) + 1)) } : {}),
  })
}
