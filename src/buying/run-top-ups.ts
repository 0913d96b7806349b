/**
 * Standing orders at work. What is to be bought is written down under its key before it is bought, and its end after
 * it: so one occasion is one purchase, whoever dies or comes second in between. Balances are read a page of orders at
 * a time, and never in the way of a payment.
 */
import {
  assert,
  derivedOperationId,
  Fault,
  requestHash,
  won,
  type CaseId,
  type DeclineReason,
  type IssuerId,
  type OperationId,
  type Won,
} from '../base/base.ts'
import {
  decideTopUp,
  rulesAt,
  topUpBought,
  topUpMonthFull,
  topUpRefused,
  type TopUpState,
} from '../issuing/issuing.ts'
import {
  changeRecords,
  newRecord,
  readRecord,
  recordOf,
  type RunningTopUp,
  type TopUpOrderBody,
} from '../registration/registration.ts'
import type { PurchaseAnswer } from '../selling/selling.ts'
import { programFacts, type BuyingDeps } from './buying-deps.ts'
import { topUpOf, type TopUp } from './top-up-orders.ts'

/** Orders of one step; their balances are one reading. */
export const ORDERS_A_STEP = 50

export interface TopUpTurn {
  readonly bought: number
  readonly refused: number
  /** Go on below this order; `undefined`: that was all. */
  readonly before: number | undefined
}

/** @param before as the step before this one said; absent: from the newest order */
export async function topUpTurn(
  deps: BuyingDeps,
  issuerId: IssuerId,
  before?: number,
): Promise<TopUpTurn> {
  const orders = await ordersOf(deps, issuerId, { state: 'active', before })
  const spendable = await deps.reading.spendable(issuerId, orders, deps.clock())
  // Few, and ended as soon as the bank has spoken: at the beginning of a run.
  const stopping =
    before === undefined ? await ordersOf(deps, issuerId, { state: 'stopping', before }) : []
  const ends = { bought: 0, refused: 0 }
  for (const [index, order] of [...orders, ...stopping].entries()) {
    try {
      const end = await attend(deps, order, spendable[index] ?? won(0))
      if (end !== undefined) ends[end] += 1
    } catch (error) {
      // One that cannot go on now must not keep those after it waiting.
      if (!(error instanceof Fault)) throw error
    }
  }
  return { ...ends, before: orders.length < ORDERS_A_STEP ? undefined : orders.at(-1)?.orderId }
}

async function ordersOf(
  { registry }: BuyingDeps,
  issuerId: IssuerId,
  { state, before }: { readonly state: TopUpState; readonly before: number | undefined },
): Promise<readonly TopUp[]> {
  const page = { state, limit: ORDERS_A_STEP, ...(before === undefined ? {} : { before }) }
  const stored = await registry.list(issuerId, 'top_up_order', page)
  return stored.map((each) => topUpOf(issuerId, recordOf('top_up_order', each)))
}

type End = 'bought' | 'refused' | undefined

async function attend(deps: BuyingDeps, order: TopUp, spendableWon: Won): Promise<End> {
  const { issuerId } = order
  if (order.running !== null) return carryOn(deps, order, order.running)
  const ended = await endedRight(deps, order, order)
  if (ended !== undefined) {
    await endOrder(deps, order, ended)
    return undefined
  }
  const now = deps.clock()
  const rules = rulesAt(deps.issuing.issuerRules(issuerId), now)
  const decision = decideTopUp({ order, rules, spendableWon, now })
  if (decision.outcome === 'waits') return undefined
  const { occasion } = decision
  if (decision.outcome === 'month_full') {
    await tell(deps, order, { kind: 'top_up_refused', subject: occasion, reason: 'month_full' })
    await change(deps, order, (body) => ({ ...body, ...topUpMonthFull(body, occasion, now) }))
    return undefined
  }
  const claimed = await claim(deps, order, occasion)
  return claimed === undefined ? undefined : carryOn(deps, claimed.order, claimed.running)
}

/** Writes down what is about to be bought. `undefined`: somebody has changed the order meanwhile. */
async function claim(
  deps: BuyingDeps,
  { issuerId, orderId, ...seen }: TopUp,
  occasion: string,
): Promise<{ readonly order: TopUp; readonly running: RunningTopUp } | undefined> {
  const { registry } = deps
  const record = await readRecord(registry, issuerId, 'top_up_order', orderId)
  if (record === undefined) return undefined
  const { body, version } = record
  const isAsSeen =
    body.running === null &&
    body.state === 'active' &&
    body.startedAt === seen.startedAt &&
    body.bought === seen.bought &&
    body.doneThrough === seen.doneThrough &&
    body.refusals === seen.refusals
  if (!isAsSeen) return undefined
  const { amountWon: faceWon, accountToken, consentId } = body
  // The version makes the key of each attempt its own: of two claims of one version one is written.
  const parts = ['top_up', issuerId, orderId, occasion, version]
  const operationId = derivedOperationId(requestHash(deps.sha256, parts))
  const running: RunningTopUp = { operationId, occasion, faceWon, accountToken, consentId }
  const next = { recordId: orderId, version: version + 1, body: { ...body, running } }
  const written = await registry.append(
    issuerId,
    'system',
    [newRecord('top_up_order', next)],
    deps.clock(),
  )
  if (written.status !== 'appended') return undefined
  return { order: topUpOf(issuerId, next), running }
}

/** Buys what was written down, or learns how that ended. */
async function carryOn(deps: BuyingDeps, order: TopUp, running: RunningTopUp): Promise<End> {
  const { issuerId, memberId, walletId, programId } = order
  const { operationId, faceWon, accountToken, consentId } = running
  const known = await deps.selling.enquire(issuerId, operationId)
  if (known !== undefined) return note(deps, order, running, known)
  // Nothing was reserved yet, so the right to it has to be there still.
  const ended = await endedRight(deps, order, running)
  const account = await deps.member(issuerId, memberId)
  if (ended !== undefined || account === undefined) {
    // Of one that was stopped, or started anew since, only what it had begun is over.
    const isOver = order.state === 'stopping' || consentId !== order.consentId
    if (isOver) await dropClaim(deps, order, operationId)
    else await endOrder(deps, order, ended ?? 'member_left')
    return undefined
  }
  const { member } = account
  const purchase = { issuerId, operationId, member, walletId, programId, faceWon }
  return note(
    deps,
    order,
    running,
    await deps.selling.buy({ ...purchase, accountToken, consentId }),
  )
}

async function dropClaim(deps: BuyingDeps, order: TopUp, operationId: OperationId): Promise<void> {
  await change(deps, order, (body) =>
    body.running?.operationId === operationId ? withoutClaim(body) : undefined,
  )
}

/** What had to wait for the end of a purchase is over with it. */
function withoutClaim(body: TopUpOrderBody): TopUpOrderBody {
  return { ...body, running: null, state: body.state === 'stopping' ? 'stopped' : body.state }
}

async function note(
  deps: BuyingDeps,
  order: TopUp,
  running: RunningTopUp,
  answer: PurchaseAnswer,
): Promise<End> {
  if (answer.status === 'pending') return undefined
  assert(answer.status !== 'key_reused', 'a key of an order is its own')
  const { operationId, occasion, faceWon } = running
  const now = deps.clock()
  const isOwn = (body: TopUpOrderBody): boolean => body.running?.operationId === operationId
  if (answer.status === 'completed') {
    await tell(deps, order, { kind: 'top_up_bought', subject: operationId, payWon: answer.payWon })
    await change(deps, order, (body) =>
      isOwn(body)
        ? { ...withoutClaim(body), ...topUpBought(body, { occasion, faceWon, now }) }
        : undefined,
    )
    return 'bought'
  }
  const { reason } = answer
  await tell(deps, order, { kind: 'top_up_refused', subject: operationId, reason })
  const rules = rulesAt(deps.issuing.issuerRules(order.issuerId), now)
  if (order.state === 'active' && topUpRefused(order, rules, now).state === 'suspended') {
    await tellEnd(deps, order, { subject: operationId, reason })
  }
  await change(deps, order, (body) => {
    if (!isOwn(body)) return undefined
    const { state, ...counters } = topUpRefused(body, rules, now)
    const rests = body.state === 'active' && state === 'suspended'
    return { ...withoutClaim(body), ...counters, ...(rests ? { state, reason } : {}) }
  })
  return 'refused'
}

/** Why the right to debit is gone; `undefined`: it is there. */
async function endedRight(
  deps: BuyingDeps,
  { issuerId, memberId }: TopUp,
  { consentId, accountToken }: { readonly consentId: CaseId; readonly accountToken: string },
): Promise<string | undefined> {
  const consent = await readRecord(deps.registry, issuerId, 'consent', consentId)
  if (consent === undefined || consent.body.revokedAt !== null) return 'consent_revoked'
  const account = await deps.member(issuerId, memberId)
  if (account === undefined || account.member.status === 'left') return 'member_left'
  if (account.accountToken !== accountToken) return 'account_changed'
  return account.debitConsentId === undefined ? 'debit_consent_revoked' : undefined
}

async function endOrder(deps: BuyingDeps, order: TopUp, reason: string): Promise<void> {
  await tellEnd(deps, order, { subject: `start/${order.startedAt}`, reason })
  await change(deps, order, (body) =>
    // Started anew meanwhile, with another consent: that one is looked at by itself.
    body.startedAt === order.startedAt && body.state === 'active'
      ? { ...body, running: null, state: 'stopped', reason }
      : undefined,
  )
}

/** Decided anew where somebody else was first. */
function change(
  { registry, clock }: BuyingDeps,
  { issuerId, orderId }: TopUp,
  next: (body: TopUpOrderBody) => TopUpOrderBody | undefined,
): Promise<void> {
  return changeRecords<void>(registry, issuerId, clock(), async () => {
    const known = await readRecord(registry, issuerId, 'top_up_order', orderId)
    const body = known && next(known.body)
    if (known === undefined || body === undefined) return { answer: undefined }
    const record = { recordId: orderId, version: known.version + 1, body }
    return { answer: undefined, by: 'system', records: [newRecord('top_up_order', record)] }
  })
}

/** Once for each subject, before it is noted: a notice that was lost would never be told again. */
async function tell(
  deps: BuyingDeps,
  order: TopUp,
  told: {
    readonly kind: 'top_up_bought' | 'top_up_refused'
    readonly subject: OperationId | string
    readonly reason?: DeclineReason | 'month_full'
    readonly payWon?: Won
  },
): Promise<void> {
  const { issuerId, orderId, memberId, running } = order
  const { kind, subject, reason, payWon } = told
  const amountWon = running?.faceWon ?? order.amountWon
  await deps.casebook.notify(issuerId, {
    memberId,
    noticeKind: kind,
    subject: `${orderId}/${subject}`,
    facts: {
      ...programFacts(deps, issuerId, { ...order, amountWon }),
      ...(reason === undefined ? {} : { reason }),
      ...(payWon === undefined ? {} : { payWon }),
    },
  })
}

async function tellEnd(
  deps: BuyingDeps,
  order: TopUp,
  { subject, reason }: { readonly subject: string; readonly reason: string },
): Promise<void> {
  const { issuerId, orderId, memberId } = order
  await deps.casebook.notify(issuerId, {
    memberId,
    noticeKind: 'top_up_ended',
    subject: `${orderId}/${subject}`,
    facts: { ...programFacts(deps, issuerId, order), reason },
  })
}
