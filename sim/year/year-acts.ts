/** Carries out what people wish, by the product's own use cases, and gives back what they are told. */
import { assert, businessDate, funders, won } from '../../src/base/base.ts'
import type { Outcome } from '../../src/ledger/ledger.ts'
import type { GiftAnswer } from '../../src/gifting/gifting.ts'
import type { ReturnAnswer } from '../../src/refunding/refunding.ts'
import { makeStaticCode } from '../../src/qr/qr.ts'
import { actAtDesk } from './year-desk-acts.ts'
import { declined, done, type Told, type WishOf, type YearEvent } from './year-events.ts'
import { actInOffice } from './year-office-acts.ts'
import {
  accountOf,
  clerkOf,
  ISSUER,
  ISSUER_CODE,
  keyOf,
  kitOf,
  memberIdOf,
  merchantOf,
  officerOf,
  outletOf,
  personOf,
  phoneOf,
  programIdOf,
  walletOf,
} from './year-terms.ts'
import type { YearTown } from './year-town.ts'

/** @param eventOf finds an earlier event by its number */
export async function act(
  town: YearTown,
  event: YearEvent,
  eventOf: (number: number) => YearEvent,
): Promise<Told> {
  town.setTime(event.at)
  const { wish } = event
  switch (wish.what) {
    case 'buy':
      return buy(town, event, wish)
    case 'pay':
      return pay(town, event, wish)
    case 'cancel_payment':
      return cancelPayment(town, event, wish, eventOf(wish.payment))
    case 'gift':
      return gift(town, event, wish)
    case 'answer_gift':
      return answerGift(town, event, wish, eventOf(wish.gift))
    case 'subsidize':
      return subsidize(town, event, wish)
    case 'deposit':
      return deposit(town, wish)
    case 'cancel_purchase':
      return cancelPurchase(town, event, wish, eventOf(wish.purchase))
    case 'refund':
      return refund(town, event, wish, eventOf(wish.purchase))
    case 'refund_in_full':
      return refundInFull(town, event, wish, eventOf(wish.purchase))
    case 'choose_cashback':
      return chooseCashback(town, event, wish)
    case 'press_button':
      return pressButton(town, event, wish)
    case 'bank_slip':
      town.bank.slip(wish.file, wish.slip)
      return done()
    case 'propose':
    case 'approve':
    case 'turn_down':
    case 'stop_at_once':
      return actAtDesk(town, event, wish)
    default:
      return actInOffice(town, event, wish)
  }
}

async function buy(
  town: YearTown,
  event: YearEvent,
  { member, program, faceWon }: WishOf<'buy'>,
): Promise<Told> {
  const answer = await town.selling.buy({
    issuerId: ISSUER,
    operationId: keyOf(event.number),
    member: {
      issuerId: ISSUER,
      memberId: memberIdOf(member),
      personId: personOf(member),
      name: `주민${member}`,
      birthDate: '1980-04-17' as never,
      phone: phoneOf(member),
      status: 'active',
    },
    walletId: walletOf(member),
    programId: programIdOf(program),
    faceWon: won(faceWon),
    accountToken: accountOf(member),
  })
  if (answer.status === 'completed') {
    return { status: 'done', won: { faceWon: answer.leg.amountWon, payWon: answer.payWon } }
  }
  return {
    status: 'declined',
    reason: answer.status === 'declined' ? answer.reason : answer.status,
  }
}

async function pay(
  town: YearTown,
  event: YearEvent,
  { member, shop, amountWon }: WishOf<'pay'>,
): Promise<Told> {
  const { outcome } = await town.authorization.payMerchantCode({
    issuerId: ISSUER,
    operationId: keyOf(event.number),
    payer: { walletId: walletOf(member), personId: personOf(member) },
    code: makeStaticCode({
      issuerCode: ISSUER_CODE,
      outletId: outletOf(shop),
      mcc: '5812',
      names: { nameKorean: `가게${shop}`, nameLatin: `Shop ${shop}`, cityLatin: 'Ieodo' },
      kitId: kitOf(shop),
    }),
    amountWon: won(amountWon),
  })
  return toldOf(outcome)
}

async function cancelPayment(
  town: YearTown,
  event: YearEvent,
  { payment, amountWon }: WishOf<'cancel_payment'>,
  paid: YearEvent,
): Promise<Told> {
  const shop = paid.wish.what === 'pay' ? paid.wish.shop : 0
  const outcome = await town.authorization.cancel({
    issuerId: ISSUER,
    operationId: keyOf(event.number),
    clerk: { clerkId: clerkOf(shop), merchantId: merchantOf(shop) },
    paymentId: keyOf(payment),
    ...(amountWon === undefined ? {} : { amountWon: won(amountWon) }),
  })
  return toldOf(outcome)
}

async function gift(
  town: YearTown,
  event: YearEvent,
  { member, to, program, amountWon }: WishOf<'gift'>,
): Promise<Told> {
  const answer = await town.gifting.send({
    issuerId: ISSUER,
    operationId: keyOf(event.number),
    memberId: memberIdOf(member),
    programId: programIdOf(program),
    phone: phoneOf(to),
    amountWon: won(amountWon),
    message: undefined,
  })
  if (answer.status === 'registered') town.gifts.set(event.number, answer.gift.giftId)
  return giftTold(answer)
}

async function answerGift(
  town: YearTown,
  event: YearEvent,
  { gift: number, accepts }: WishOf<'answer_gift'>,
  sent: YearEvent,
): Promise<Told> {
  const giftId = town.gifts.get(number)
  assert(sent.wish.what === 'gift', 'a present is named by the event that sent it')
  if (giftId === undefined) return declined('gift_unknown')
  const memberId = memberIdOf(sent.wish.to)
  const reply = { issuerId: ISSUER, operationId: keyOf(event.number), memberId, giftId }
  return giftTold(await (accepts ? town.gifting.accept(reply) : town.gifting.decline(reply)))
}

function giftTold(answer: GiftAnswer): Told {
  switch (answer.status) {
    case 'registered':
      return { status: 'done', won: { amountWon: answer.gift.amountWon } }
    case 'refused':
    case 'declined':
      return declined(answer.reason)
    default:
      return declined(answer.status)
  }
}

async function chooseCashback(
  town: YearTown,
  event: YearEvent,
  { member, byButton }: WishOf<'choose_cashback'>,
): Promise<Told> {
  const { status } = await town.cashback.choose({
    issuerId: ISSUER,
    walletId: walletOf(member),
    requestId: keyOf(event.number),
    spending: byButton ? 'by_button' : 'automatic',
  })
  return status === 'done' ? done() : declined(status)
}

async function pressButton(
  town: YearTown,
  event: YearEvent,
  { member }: WishOf<'press_button'>,
): Promise<Told> {
  const answer = await town.cashback.press({
    issuerId: ISSUER,
    walletId: walletOf(member),
    requestId: keyOf(event.number),
  })
  if (answer.status !== 'done') return declined(answer.status)
  const posted = answer.earnings.filter(({ state }) => state === 'posted')
  const shares = posted.flatMap((earning) => earning.shares)
  const pressedWon = shares.reduce((sum, each) => sum + each.earnedWon - each.takenBackWon, 0)
  return done({ pressedWon })
}

/** An officer records what is to come; the funder's money comes the same day. */
async function subsidize(
  town: YearTown,
  event: YearEvent,
  { funder, amountWon }: WishOf<'subsidize'>,
): Promise<Told> {
  const reference = `교부금 ${event.number}`
  await town.treasury.expectPayment(
    ISSUER,
    {
      requestId: keyOf(event.number),
      funder: funders[funder],
      amountWon: won(amountWon),
      expectedOn: businessDate(event.at),
      reference,
      by: 'off_1',
    },
    event.at,
  )
  town.bank.deposit({ amountWon, counterparty: reference, reference: '' })
  return { status: 'done', won: { amountWon } }
}

async function deposit(town: YearTown, { from, amountWon }: WishOf<'deposit'>): Promise<Told> {
  const reference = from === 'interest' ? '예금이자' : ''
  town.bank.deposit({ amountWon, counterparty: '모르는 사람', reference })
  return { status: 'done', won: { amountWon } }
}

async function cancelPurchase(
  town: YearTown,
  event: YearEvent,
  { purchase }: WishOf<'cancel_purchase'>,
  bought: YearEvent,
): Promise<Told> {
  return returnedOf(
    await town.refunding.cancelPurchase({
      issuerId: ISSUER,
      operationId: keyOf(event.number),
      memberId: buyerOf(bought),
      purchaseId: keyOf(purchase),
    }),
  )
}

/** As a member does it: looks at what it would give, and agrees to that. */
async function refund(
  town: YearTown,
  event: YearEvent,
  { purchase }: WishOf<'refund'>,
  bought: YearEvent,
): Promise<Told> {
  const record = await town.ledger.purchase(ISSUER, keyOf(purchase))
  if (record === undefined || record.state === 'abandoned') return declined('lot_unknown')
  const look = { issuerId: ISSUER, memberId: buyerOf(bought), lotId: record.lotId }
  const preview = await town.refunding.preview(look)
  if (preview.status === 'refused') return declined(preview.reason)
  const { decision } = preview
  if (decision.outcome === 'refused') return declined(decision.reason)
  const { memberWon } = decision
  const command = { ...look, operationId: keyOf(event.number), memberWon }
  return returnedOf(await town.refunding.refund(command))
}

/** Asked for on a ground; what cannot be seen an officer looks at, and finds nothing. */
async function refundInFull(
  town: YearTown,
  event: YearEvent,
  { purchase, ground }: WishOf<'refund_in_full'>,
  bought: YearEvent,
): Promise<Told> {
  const record = await town.ledger.purchase(ISSUER, keyOf(purchase))
  if (record === undefined || record.state === 'abandoned') return declined('lot_unknown')
  const asked = await town.refunding.requestFullRefund({
    issuerId: ISSUER,
    requestId: keyOf(event.number),
    memberId: buyerOf(bought),
    lotId: record.lotId,
    ground,
    words: '환급해 주세요',
  })
  const answer =
    asked.status === 'registered' && asked.request.state === 'opened'
      ? await town.refunding.decideRequest({
          issuerId: ISSUER,
          recordId: asked.request.recordId,
          officerId: officerOf(1),
          event: 'refuse',
          words: '사유가 확인되지 않습니다',
        })
      : asked
  if (answer.status === 'refused') return declined(answer.reason)
  if (answer.status !== 'registered') return declined(answer.status)
  const { state, memberWon } = answer.request
  return state === 'paid' ? done({ memberWon: memberWon ?? 0 }) : declined(state)
}

function buyerOf({ wish }: YearEvent) {
  assert(wish.what === 'buy', 'a purchase is named by the event that bought it')
  return memberIdOf(wish.member)
}

function returnedOf(answer: ReturnAnswer): Told {
  if (answer.status === 'returned') {
    const { amountWon, memberWon } = answer
    return { status: 'done', won: { amountWon, memberWon } }
  }
  return declined(answer.status === 'key_reused' ? answer.status : answer.reason)
}

function toldOf(outcome: Outcome): Told {
  if (outcome.status === 'declined') return { status: 'declined', reason: outcome.reason }
  if (outcome.status === 'key_reused') return { status: 'declined', reason: 'key_reused' }
  const amountWon = outcome.legs.reduce((sum, leg) => sum + leg.amountWon, 0)
  return { status: 'done', won: { amountWon } }
}
