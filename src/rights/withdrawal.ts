/**
 * Leaving an issuer (탈퇴). What would be refunded is refunded first, and what is on its way has to arrive; the rest is
 * given up in so many words and stays in the ledger until its lots end like any others. Then the cards, the telephone,
 * the account, the cash-receipt number, PIN and passkeys and every consent end in one append, and the years begin after
 * which the person is forgotten.
 */
import {
  businessMonth,
  formatId,
  type Instant,
  type IssuerId,
  type MemberId,
} from '../base/base.ts'
import { endOfConfirmation } from '../confirmation/confirmation.ts'
import { rulesAt } from '../issuing/issuing.ts'
import {
  changeRecords,
  deactivation,
  endOfTaxSetting,
  keyPrefix,
  newRecord,
  readRecord,
  recordOf,
  refused,
  revoked,
  type Change,
  type NewRecord,
  type RecordOf,
  type Refused,
  type Registered,
} from '../registration/registration.ts'
import { recordsOfMember } from './member-records.ts'
import { retentionOf } from './retention.ts'
import type { Leaving, RightsDeps } from './rights-deps.ts'

/** For which one member ever acted or was to act. */
const CORPORATIONS_MAX = 1_000

export interface Left {
  readonly leftAt: Instant
}

/** Again: as it is. */
export async function leave(deps: RightsDeps, leaving: Leaving): Promise<Registered<Left>> {
  const { registry, clock } = deps
  const { issuerId, memberId } = leaving
  const known = await readRecord(registry, issuerId, 'member', memberId)
  if (known === undefined) return refused('member_unknown')
  if (known.body.status === 'left') return leftAlready(deps, leaving)
  const against = await reasonAgainst(deps, leaving, known)
  if (against !== undefined) return against
  for (const { linkId } of await deps.cardLinks.cardsOf(issuerId, memberId)) {
    const unlinked = await deps.cardLinks.unlinkCard({ issuerId, memberId, linkId })
    if (unlinked.status === 'refused' && unlinked.reason !== 'card_unknown') return unlinked
  }
  const now = clock()
  const decide = async (): Promise<Change<Registered<Left>>> => {
    const member = await readRecord(registry, issuerId, 'member', memberId)
    if (member === undefined) return { answer: refused('member_unknown') }
    if (member.body.status === 'left') return { answer: await leftAlready(deps, leaving) }
    return {
      answer: { status: 'registered', leftAt: now },
      by: formatId('mbr', memberId),
      records: await endingRecords(deps, { issuerId, memberId, member, now }),
    }
  }
  return changeRecords(registry, issuerId, now, decide)
}

async function leftAlready(
  { registry }: RightsDeps,
  { issuerId, memberId }: Leaving,
): Promise<Registered<Left>> {
  const erasure = await readRecord(registry, issuerId, 'erasure', memberId)
  return erasure === undefined
    ? refused('member_unknown')
    : { status: 'registered', leftAt: erasure.body.leftAt }
}

/** Why nobody may leave so, the first reason that applies. */
async function reasonAgainst(
  deps: RightsDeps,
  { issuerId, memberId, renounce }: Leaving,
  { body }: RecordOf<'member'>,
): Promise<Refused | undefined> {
  if (await actsForSome(deps, issuerId, memberId)) return refused('acts_for_corporation')
  const place = { issuerId, memberId, walletId: body.walletId }
  for await (const stored of recordsOfMember(deps.registry, place, 'virtual_account')) {
    const { state } = recordOf('virtual_account', stored).body
    if (state === 'prepared' || state === 'waiting') return refused('money_on_its_way')
  }
  if (await deps.reading.awaitsPurchase(issuerId, body.walletId)) {
    return refused('money_on_its_way')
  }
  const now = deps.clock()
  const all = await deps.ledger.lots(issuerId, body.walletId)
  const lots = all.filter(({ expiresAt }) => expiresAt > now)
  const gifts = await deps.gifting.givenBy(issuerId, memberId)
  const requests = await deps.refunding.requestsOf(issuerId, memberId)
  const isOnItsWay =
    lots.some(({ heldWon }) => heldWon > 0) ||
    gifts.some(({ state }) => state === 'prepared' || state === 'waiting') ||
    requests.some(({ state }) => state === 'opened' || state === 'approved')
  if (isOnItsWay) return refused('money_on_its_way')
  const left = lots.filter(({ remainingWon }) => remainingWon > 0)
  for (const { lotId } of left) {
    const preview = await deps.refunding.preview({ issuerId, memberId, lotId })
    if (preview.status !== 'previewed') continue
    const isCancellable = preview.cancellableUntil !== null && preview.cancellableUntil > now
    const isWhole = preview.usedBasisPoints === 0
    if (preview.decision.outcome === 'granted' || (isCancellable && isWhole)) {
      return refused('refund_first')
    }
  }
  if (renounce) return undefined
  const { waiting } = await deps.cashback.ofMember(issuerId, body.walletId, businessMonth(now))
  return left.length > 0 || waiting.length > 0
    ? refused('rest_not_renounced', 'renounce')
    : undefined
}

/** Also where an officer has not confirmed it yet; one that is over is nobody's to act for. */
async function actsForSome(
  { registry }: RightsDeps,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<boolean> {
  const prefix = keyPrefix.ofMember(memberId)
  const stored = await registry.listByKey(issuerId, 'corporation', prefix, CORPORATIONS_MAX)
  return stored.some((each) => {
    const { state, people } = recordOf('corporation', each).body
    const isOver = state === 'refused' || state === 'withdrawn'
    const own = people.find((person) => person.memberId === memberId)
    return !isOver && (own?.state === 'active' || own?.state === 'named')
  })
}

async function endingRecords(
  { registry, issuerRules }: RightsDeps,
  ending: Pick<Leaving, 'issuerId' | 'memberId'> & {
    readonly member: RecordOf<'member'>
    readonly now: Instant
  },
): Promise<NewRecord[]> {
  const { issuerId, memberId, member, now } = ending
  const { walletId } = member.body
  const body = { ...member.body, status: 'left', accountToken: null, debitConsentId: null } as const
  const records = [newRecord('member', { recordId: memberId, version: member.version + 1, body })]
  records.push(...(await deactivation({ registry }, issuerId, memberId)))
  records.push(...(await endOfTaxSetting(registry, { issuerId, memberId, now })))
  records.push(...(await endOfConfirmation(registry, { issuerId, memberId, walletId })))
  const stop = await readRecord(registry, issuerId, 'wallet_stop', walletId)
  records.push(
    newRecord('wallet_stop', {
      recordId: walletId,
      version: (stop?.version ?? 0) + 1,
      body: { stopped: true, reason: 'left' },
    }),
  )
  for await (const stored of recordsOfMember(
    registry,
    { issuerId, memberId, walletId },
    'consent',
  )) {
    const consent = recordOf('consent', stored)
    if (consent.body.revokedAt !== null) continue
    records.push(newRecord('consent', revoked(consent, now, 'app')))
  }
  const known = await readRecord(registry, issuerId, 'erasure', memberId)
  const rules = rulesAt(issuerRules.issuerRules(issuerId), now)
  const erasure = {
    walletId,
    state: 'waiting',
    leftAt: now,
    dueAt: retentionOf({ class: 'approval', from: now }, rules).keepUntil,
    kind: null,
    recordIds: [],
    rule: null,
    destroyBy: null,
    at: null,
  } as const
  const version = (known?.version ?? 0) + 1
  return [...records, newRecord('erasure', { recordId: memberId, version, body: erasure })]
}
