/**
 * Sending a present. It is written down first, then the ledger takes the money out of the giver's lots: so whatever
 * dies in between, the present is known by its key and is finished or closed later. Whether the number belongs to a
 * member makes no difference to anything that the giver sees.
 */
import {
  assert,
  cleanText,
  DAY_MS,
  Fault,
  formatId,
  maskName,
  requestHash,
  sumWon,
  won,
  type GiftId,
  type IssuerId,
  type LotId,
  type MemberId,
  type OperationId,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import {
  decideGift,
  mobileDigits,
  nextGiftStep,
  shareOfSources,
  type GiftDecision,
  type GiftPart,
  type ValueSources,
} from '../issuing/issuing.ts'
import type { Leg, Lot, MovementOutcome, MovementRequest } from '../ledger/ledger.ts'
import {
  changeRecords,
  findRecord,
  naturalKey,
  newRecord,
  readRecord,
  type Change,
  type GiftBody,
} from '../registration/registration.ts'
import {
  bearerOf,
  giftOf,
  refused,
  sourcesOf,
  step,
  type Gift,
  type GiftAnswer,
} from './gift-records.ts'
import { corporationGiving, memberGiving, type Giver, type HandingCommand } from './giver.ts'
import { DECISIONS_MAX, type GiftingDeps } from './gifting-deps.ts'

export const GIFT_MESSAGE_LENGTH_MAX = 100

export interface GiftCommand {
  readonly issuerId: IssuerId
  readonly operationId: OperationId
  readonly memberId: MemberId
  readonly programId: ProgramId
  readonly phone: string
  readonly amountWon: Won
  readonly message: string | undefined
}

export async function sendGift(deps: GiftingDeps, command: GiftCommand): Promise<GiftAnswer> {
  const words = readWords(command)
  if ('status' in words) return words
  const account = await deps.member(command.issuerId, command.memberId)
  if (account === undefined || account.member.status === 'left') return refused('member_left')
  return send(deps, { ...command, ...words, giver: memberGiving(deps, account) })
}

export async function handOut(deps: GiftingDeps, command: HandingCommand): Promise<GiftAnswer> {
  const words = readWords(command)
  if ('status' in words) return words
  return send(deps, { ...command, ...words, giver: corporationGiving(deps, command) })
}

function readWords(given: GiftCommand): Pick<Wish, 'phone' | 'message'> | FieldInvalid {
  const phone = mobileDigits(given.phone)
  if (phone === undefined) return { status: 'field_invalid', field: 'phone' }
  const message =
    given.message === undefined ? null : cleanText(given.message, GIFT_MESSAGE_LENGTH_MAX)
  if (message === undefined) return { status: 'field_invalid', field: 'message' }
  return { phone, message }
}

type FieldInvalid = Extract<GiftAnswer, { status: 'field_invalid' }>

async function send(deps: GiftingDeps, wish: Wish): Promise<GiftAnswer> {
  for (let decision = 1; decision <= DECISIONS_MAX; decision += 1) {
    const prepared = await prepare(deps, wish)
    if (prepared.status !== 'registered') return prepared
    const sent = await finish(deps, prepared.gift)
    if (sent !== 'changed') return sent
  }
  throw new Fault('wallet_busy', `lots were moved ${DECISIONS_MAX} times while we looked`)
}

interface Wish extends Omit<GiftCommand, 'phone' | 'message'> {
  readonly phone: string
  readonly message: string | null
  readonly giver: Giver
}

/** Writes the present down with the lots that it is to come out of; anew where those have changed since. */
async function prepare(deps: GiftingDeps, wish: Wish): Promise<GiftAnswer> {
  const { issuerId, memberId, operationId, phone, amountWon, programId, giver } = wish
  const { registry } = deps
  const now = deps.clock()
  const key = naturalKey.request(operationId)
  const decide = async (): Promise<Change<GiftAnswer>> => {
    const known = await findRecord(registry, issuerId, 'gift', key)
    if (known !== undefined && !isSame(known.body, wish))
      return { answer: { status: 'key_reused' } }
    if (known !== undefined && known.body.state !== 'prepared') {
      return { answer: { status: 'registered', gift: giftOf(issuerId, known) } }
    }
    const [posted] = await deps.ledger.find(issuerId, [operationId])
    if (posted !== undefined) {
      // The key of something else, or this present's own money, which has left as it was written down.
      if (known === undefined) return { answer: { status: 'key_reused' } }
      return { answer: { status: 'registered', gift: giftOf(issuerId, known) } }
    }
    if (giver.isStopped) return { answer: refused('member_stopped') }
    const { corporation } = giver
    const today =
      corporation === null ? await readRecord(registry, issuerId, 'gift_day', memberId) : undefined
    // One that was prepared before is in today's sum already.
    const givenBefore = known === undefined ? today?.body : undefined
    const lots = await deps.ledger.lots(issuerId, giver.walletId)
    const isToOneself = giver.phone === phone
    const decision = decideGift({
      program: deps.issuing.program(issuerId, programId),
      programs: deps.issuing.programs(issuerId),
      rules: giver.rules,
      lots,
      amountWon,
      givenBefore,
      isToOneself,
      now,
    })
    if (decision.outcome === 'refused') return { answer: refused(decision.reason) }
    const giftId = (known?.recordId ?? deps.ids.next('gft')) as GiftId // A gift's record id is its own.
    const body = await bodyOf(deps, wish, { decision, lots, lotId: known?.body.lotId })
    const record = { recordId: giftId, version: (known?.version ?? 0) + 1, body }
    const keys = [
      key,
      corporation === null
        ? naturalKey.ofMember(memberId, giftId)
        : naturalKey.ofCorporation(corporation.corporationId, giftId),
      naturalKey.ofPhone(phone, giftId),
      naturalKey.giftIn(body.lotId),
      ...decision.parts.map(({ lotId }) => naturalKey.giftFrom(lotId, giftId)),
    ]
    const day = { recordId: memberId, version: (today?.version ?? 0) + 1, body: decision.day }
    return {
      answer: { status: 'registered', gift: giftOf(issuerId, record) },
      by: formatId('mbr', memberId),
      records: [
        newRecord('gift', { ...record, keys }),
        // In one append: two presents at once cannot both be the last that the day allows.
        ...(known === undefined && corporation === null ? [newRecord('gift_day', day)] : []),
      ],
    }
  }
  return changeRecords(registry, issuerId, now, decide)
}

async function bodyOf(
  deps: GiftingDeps,
  wish: Wish,
  {
    decision,
    lots,
    lotId,
  }: {
    readonly decision: Extract<GiftDecision, { outcome: 'given' }>
    readonly lots: readonly Lot[]
    readonly lotId: LotId | undefined
  },
): Promise<GiftBody> {
  const { issuerId, operationId, memberId, phone, programId, amountWon, message, giver } = wish
  const now = deps.clock()
  return {
    operationId,
    giverId: memberId,
    giverWalletId: giver.walletId,
    phone,
    programId,
    amountWon,
    message,
    parts: decision.parts,
    sources: await sourcesOfParts(deps, issuerId, decision.parts, lots),
    lotId: lotId ?? deps.ids.next('lot'),
    expiresAt: decision.expiresAt,
    state: 'prepared',
    sentAt: now,
    // What has expired can no longer be accepted either.
    lapsesAt: Math.min(now + giver.acceptDays * DAY_MS, decision.expiresAt),
    receiverId: null,
    endedAt: null,
    corporation: giver.corporation,
  }
}

async function sourcesOfParts(
  deps: GiftingDeps,
  issuerId: IssuerId,
  parts: readonly GiftPart[],
  lots: readonly Lot[],
): Promise<ValueSources> {
  const origins = await deps.ledger.lotOrigins(
    issuerId,
    parts.map((part) => part.lotId),
  )
  const shares: ValueSources[] = []
  for (const [index, { lotId, amountWon }] of parts.entries()) {
    const isGift = lots.some((lot) => lot.lotId === lotId && lot.kind === 'gift')
    const sources =
      (isGift ? await sourcesOf(deps, issuerId, lotId) : undefined) ?? origins[index]?.sources
    const isKnown = sources !== undefined && sumWon(Object.values(sources)) > 0
    if (isKnown) shares.push(shareOfSources(amountWon, sources))
  }
  const sum = (name: keyof ValueSources): Won => won(sumWon(shares.map((share) => share[name])))
  return {
    payWon: sum('payWon'),
    nationalWon: sum('nationalWon'),
    provinceWon: sum('provinceWon'),
    cityWon: sum('cityWon'),
  }
}

/** Posts what was prepared and tells whom it is for; `changed` where the lots are no longer as they were. */
export async function finish(deps: GiftingDeps, gift: Gift): Promise<GiftAnswer | 'changed'> {
  if (gift.state !== 'prepared') return { status: 'registered', gift }
  const outcome = await take(deps, gift)
  if (outcome.status === 'changed') return 'changed'
  if (outcome.status === 'key_reused') return outcome
  if (outcome.status === 'declined') {
    await step(deps, gift, 'closed')
    return refused('gift_funds_insufficient')
  }
  return { status: 'registered', gift: await confirm(deps, gift, outcome.legs) }
}

/** Closes the key of a present that was never sent, for ever; one that was sent after all goes its way. */
export async function close(deps: GiftingDeps, gift: Gift): Promise<void> {
  const outcome = await post(deps, gift, { seen: fullySeen(gift), refusal: 'insufficient_funds' })
  if (outcome.status === 'posted') await confirm(deps, gift, outcome.legs)
  else await step(deps, gift, 'closed')
}

async function take(deps: GiftingDeps, gift: Gift): Promise<MovementOutcome> {
  const [known] = await deps.ledger.find(gift.issuerId, [gift.operationId])
  // What was posted is asked for again as it was: the ledger answers by the key.
  if (known !== undefined) return post(deps, gift, { seen: fullySeen(gift) })
  const lots = await deps.ledger.lots(gift.issuerId, gift.giverWalletId)
  const seen = gift.parts.flatMap((part) => {
    const lot = lots.find(({ lotId }) => lotId === part.lotId)
    if (lot === undefined || lot.remainingWon < part.amountWon) return []
    const { walletId, lotId, remainingWon, heldWon } = lot
    return [{ walletId, lotId, remainingWon, heldWon }]
  })
  return seen.length < gift.parts.length ? { status: 'changed' } : post(deps, gift, { seen })
}

function fullySeen(gift: Gift): NonNullable<MovementRequest['seen']> {
  return gift.parts.map(({ lotId, amountWon }) => ({
    walletId: gift.giverWalletId,
    lotId,
    remainingWon: amountWon,
    heldWon: won(0),
  }))
}

/**
 * The ledger has the money: the present waits. Its parts are what the ledger took: another process may have prepared
 * other parts under the same key.
 */
async function confirm(deps: GiftingDeps, gift: Gift, legs: readonly Leg[]): Promise<Gift> {
  const { registry } = deps
  const { issuerId, giftId } = gift
  const waiting = await changeRecords(registry, issuerId, deps.clock(), async () => {
    const known = await readRecord(registry, issuerId, 'gift', giftId)
    assert(known !== undefined, 'a gift is never removed')
    const { state } = nextGiftStep(known.body.state, 'posted')
    if (state === known.body.state) return { answer: giftOf(issuerId, known) }
    const body: GiftBody = {
      ...known.body,
      ...(await partsTaken(deps, { issuerId, body: known.body, legs })),
      state,
    }
    const next = { recordId: giftId, version: known.version + 1, body }
    const keys = legs.map(({ lotId }) => naturalKey.giftFrom(lotId, giftId))
    return {
      answer: giftOf(issuerId, next),
      by: 'system',
      records: [newRecord('gift', { ...next, keys })],
    }
  })
  await tellReceiver(deps, waiting)
  return waiting
}

async function post(
  deps: GiftingDeps,
  gift: Gift,
  rest: Pick<MovementRequest, 'seen' | 'refusal'>,
): Promise<MovementOutcome> {
  const { issuerId, giftId, operationId, giverWalletId, programId, phone, amountWon } = gift
  const parts = ['gift', giverWalletId, programId, phone, amountWon]
  const [outcome] = await deps.ledger.move(
    issuerId,
    [
      {
        kind: 'gift',
        operationId,
        requestHash: requestHash(deps.sha256, parts),
        walletId: giverWalletId,
        lines: gift.parts.map((part) => ({
          debitKind: 'lot',
          debitId: part.lotId,
          creditKind: 'gift_transit',
          creditId: giftId,
          amountWon: part.amountWon,
        })),
        ...rest,
      },
    ],
    deps.clock(),
  )
  assert(outcome !== undefined, 'the ledger answers every request')
  return outcome
}

async function partsTaken(
  deps: GiftingDeps,
  given: { readonly issuerId: IssuerId; readonly body: GiftBody; readonly legs: readonly Leg[] },
): Promise<Partial<Pick<GiftBody, 'parts' | 'sources' | 'expiresAt'>>> {
  const { issuerId, body, legs } = given
  const isAsPrepared =
    legs.length === body.parts.length &&
    body.parts.every(({ lotId, amountWon }) =>
      legs.some((leg) => leg.lotId === lotId && leg.amountWon === amountWon),
    )
  if (isAsPrepared) return {}
  const lots = await deps.ledger.lots(issuerId, body.giverWalletId)
  const parts = legs.map(({ lotId, amountWon }) => {
    const lot = lots.find((each) => each.lotId === lotId)
    assert(lot !== undefined, 'what was taken came out of a lot')
    return { lotId, amountWon, expiresAt: lot.expiresAt }
  })
  const sources = await sourcesOfParts(deps, issuerId, parts, lots)
  return { parts, sources, expiresAt: Math.min(...parts.map((part) => part.expiresAt)) }
}

/** Told where the number is a member's; the giver cannot see whether it was. */
async function tellReceiver(deps: GiftingDeps, gift: Gift): Promise<void> {
  const { issuerId, giftId, phone, giverId, amountWon, lapsesAt, corporation } = gift
  const memberId = await bearerOf(deps.registry, issuerId, phone)
  if (memberId === undefined) return
  const giver = corporation === null ? await deps.member(issuerId, giverId) : undefined
  await deps.casebook.notify(issuerId, {
    memberId,
    noticeKind: 'gift_received',
    subject: String(giftId),
    facts: { amountWon, from: corporation?.name ?? maskName(giver?.member.name ?? ''), lapsesAt },
  })
}

function isSame(body: GiftBody, wish: Wish): boolean {
  return (
    body.giverId === wish.memberId &&
    body.corporation?.corporationId === wish.giver.corporation?.corporationId &&
    body.phone === wish.phone &&
    body.programId === wish.programId &&
    body.amountWon === wish.amountWon
  )
}
