/**
 * Takes back what cancelled payments had earned: first from the lots that they brought, then from other cashback of the
 * program, then from whatever else of the program the wallet has, to which the cancellation has just given back more.
 * What is not there stays a claim with a case, and is asked for again when the wallet earns.
 */
import {
  assert,
  derivedOperationId,
  formatId,
  requestHash,
  splitByLargestRemainder,
  sumWon,
  won,
  type Instant,
  type IssuerId,
  type OperationId,
  type PotDraw,
  type PotId,
  type ProgramId,
  type Sha256,
  type Won,
} from '../base/base.ts'
import type { FundingPot } from '../issuing/issuing.ts'
import {
  funderAccountIds,
  type DrawnFromPot,
  type Leg,
  type Lot,
  type LotOrigin,
  type MovementRequest,
  type SeenLot,
} from '../ledger/ledger.ts'
import type { CashbackDeps } from './cashback-deps.ts'
import type { DueTakeBack, FunderParts, TakeBack, TakeBackResult } from './cashback-store.ts'
import { mergeDraws } from './posting.ts'

/** What the ledger knows of one of them. */
interface Known {
  readonly takeBack: DueTakeBack
  readonly operationId: OperationId
  readonly hash: Uint8Array
  /** Where a worker that died had posted it. */
  readonly legs: readonly Leg[] | undefined
  /** The lots that the payment brought, with who gave for them. */
  readonly origins: readonly LotOrigin[]
  readonly drawn: readonly DrawnFromPot[]
}

/** @returns how many were ended; the others wait for lots that somebody holds at this moment */
export async function takeBackDue(
  deps: Omit<CashbackDeps, 'revenues'>,
  issuerId: IssuerId,
  due: readonly DueTakeBack[],
  now: Instant,
): Promise<number> {
  if (due.length === 0) return 0
  const known = await readKnown(deps, issuerId, due)
  const results: { readonly of: Known; readonly result: TakeBackResult }[] = []
  for (const each of known) {
    const taken = each.legs === undefined ? await take(deps, issuerId, each, now) : each.legs
    if (taken === 'changed') continue
    results.push({ of: each, result: resultOf(each, taken) })
  }
  for (const { of, result } of results) await tell(deps, issuerId, of, result)
  await deps.store.settleTakeBacks(
    issuerId,
    results.map(({ result }) => result),
  )
  return results.length
}

async function readKnown(
  { ledger, reading, sha256 }: Pick<CashbackDeps, 'ledger' | 'reading' | 'sha256'>,
  issuerId: IssuerId,
  due: readonly DueTakeBack[],
): Promise<readonly Known[]> {
  const hashes = due.map((takeBack) => takeBackHash(sha256, issuerId, takeBack))
  const keys = hashes.map((hash) => derivedOperationId(hash))
  const earnedBy = due.map((takeBack) => takeBack.earnedBy)
  const found = await ledger.find(issuerId, [...keys, ...earnedBy])
  const brought = found.slice(keys.length)
  const lotIds = brought.flatMap((operation) => operation!.legs.map(({ lotId }) => lotId))
  const origins = await ledger.lotOrigins(issuerId, lotIds)
  const draws = await reading.potDraws(issuerId, earnedBy)
  return due.map((takeBack, index) => ({
    takeBack,
    hash: hashes[index]!,
    operationId: keys[index]!,
    legs: found[index]?.legs,
    origins: origins.filter(
      (origin) => origin !== undefined && origin.issuedBy === earnedBy[index],
    ) as LotOrigin[], // Those that are missing were left out.
    drawn: draws[index]!,
  }))
}

export function takeBackHash(
  sha256: Sha256,
  issuerId: IssuerId,
  { cancellationId, attempt }: Pick<TakeBack, 'cancellationId' | 'attempt'>,
): Uint8Array {
  const issuer = formatId('iss', issuerId)
  return requestHash(sha256, ['cashback_return', issuer, cancellationId, attempt])
}

async function take(
  { ledger, funding }: Pick<CashbackDeps, 'ledger' | 'funding'>,
  issuerId: IssuerId,
  known: Known,
  now: Instant,
): Promise<readonly Leg[] | 'changed'> {
  const { takeBack, operationId, hash } = known
  const lots = await ledger.lots(issuerId, takeBack.walletId)
  const legs = takeBack.shares.flatMap(({ programId, wantedWon, takenWon }) =>
    chooseLots(known, lots, programId, won(wantedWon - takenWon)),
  )
  if (legs.length === 0) return []
  const taken = takenOf(known, legs)
  const draws = drawsBack(known, funding.pots(issuerId), taken)
  const [outcome] = await ledger.move(
    issuerId,
    [
      {
        operationId,
        requestHash: hash,
        kind: 'cashback_return',
        walletId: takeBack.walletId,
        targetId: takeBack.paymentId,
        lines: taken.flatMap(linesOf),
        seen: legs.map(({ lotId }) => seenOf(lots, lotId)),
        ...(draws.length === 0 ? {} : { draws }),
      },
    ],
    now,
  )
  assert(outcome !== undefined, 'one outcome for one request')
  if (outcome.status === 'changed') return 'changed'
  assert(
    outcome.status === 'posted',
    'what is taken back is neither declined nor under another key',
  )
  return outcome.legs
}

/** Its own lots, then other cashback, then the rest of the program; each by expiry. What is held stays. */
function chooseLots(
  { origins }: Known,
  lots: readonly Lot[],
  programId: ProgramId,
  wantedWon: Won,
): readonly Leg[] {
  const own = new Set(origins.map(({ lotId }) => lotId))
  const place = ({ lotId, kind }: Lot): number => (own.has(lotId) ? 0 : kind === 'cashback' ? 1 : 2)
  const able = lots
    .filter((lot) => lot.programId === programId && lot.kind !== 'stipend' && lot.remainingWon > 0)
    .toSorted((a, b) => place(a) - place(b) || a.expiresAt - b.expiresAt || a.lotId - b.lotId)
  const legs: Leg[] = []
  let leftWon: number = wantedWon
  for (const { lotId, kind, remainingWon } of able) {
    const amountWon = won(Math.min(leftWon, remainingWon))
    if (amountWon > 0) legs.push({ lotId, programId, kind, amountWon })
    leftWon -= amountWon
  }
  return legs
}

function seenOf(lots: readonly Lot[], lotId: Lot['lotId']): SeenLot {
  const { walletId, remainingWon, heldWon } = lots.find((lot) => lot.lotId === lotId)!
  return { walletId, lotId, remainingWon, heldWon }
}

const funderNames = ['nationalWon', 'provinceWon', 'cityWon'] as const
const funderOf = { nationalWon: 'national', provinceWon: 'province', cityWon: 'city' } as const

/** Of what each funder gave and did not get back, its part of what comes back now. */
function partsOf({ origins, takeBack }: Known, programId: ProgramId, amountWon: Won): FunderParts {
  const returned = takeBack.returned.find((each) => each.programId === programId)
  const given = origins.filter((origin) => origin.programId === programId)
  const open = funderNames.map(
    (name) => sumWon(given.map(({ sources }) => sources[name])) - (returned?.[name] ?? 0),
  )
  const [nationalWon, provinceWon, cityWon] = splitByLargestRemainder(amountWon, open)
  return { nationalWon: nationalWon!, provinceWon: provinceWon!, cityWon: cityWon! }
}

/** What is taken of a program, and whose it is again. */
interface Taken {
  readonly programId: ProgramId
  readonly legs: readonly Leg[]
  readonly amountWon: Won
  readonly parts: FunderParts
}

/** By program, of which something is taken. */
function takenOf(known: Known, all: readonly Leg[]): readonly Taken[] {
  return known.takeBack.shares.flatMap(({ programId }): Taken[] => {
    const legs = all.filter((leg) => leg.programId === programId)
    if (legs.length === 0) return []
    const amountWon = sumWon(legs.map((leg) => leg.amountWon))
    return [{ programId, legs, amountWon, parts: partsOf(known, programId, amountWon) }]
  })
}

function linesOf({ legs, parts }: Taken): MovementRequest['lines'] {
  const open = { ...parts } as Record<keyof FunderParts, number> // Counted down below.
  return legs.flatMap(({ lotId, amountWon }) => {
    let leftWon: number = amountWon
    return funderNames.flatMap((name) => {
      const partWon = won(Math.min(leftWon, open[name]))
      leftWon -= partWon
      open[name] -= partWon
      if (partWon === 0) return []
      const creditId = funderAccountIds[funderOf[name]]
      const accounts = { debitKind: 'lot', creditKind: 'subsidy_receivable' } as const
      return [{ ...accounts, debitId: lotId, creditId, amountWon: partWon }]
    })
  })
}

/** The pots that gave for it get their funder's part back. */
function drawsBack(
  known: Known,
  pots: readonly FundingPot[],
  taken: readonly Taken[],
): readonly PotDraw[] {
  const drawn = new Set<PotId>(known.drawn.map(({ potId }) => potId))
  const draws = taken.flatMap(({ programId, parts }) =>
    funderNames.flatMap((name): PotDraw[] => {
      const pot = pots.find(
        (each) =>
          drawn.has(each.potId) &&
          each.funder === funderOf[name] &&
          each.programIds.includes(programId),
      )
      if (pot === undefined || parts[name] === 0) return []
      const { potId, amountWon: limitWon } = pot
      return [{ potId, amountWon: won(0 - parts[name]), limitWon }]
    }),
  )
  return mergeDraws(draws)
}

function resultOf(known: Known, legs: readonly Leg[]): TakeBackResult {
  const { cancellationId, attempt, shares } = known.takeBack
  const taken = takenOf(known, legs)
  const isShort = shares.some(({ programId, wantedWon, takenWon }) => {
    const own = taken.find((each) => each.programId === programId)
    return takenWon + (own?.amountWon ?? 0) < wantedWon
  })
  return {
    cancellationId,
    attempt,
    state: isShort ? 'short' : 'done',
    taken: taken.map(({ programId, parts }) => ({ programId, ...parts })),
  }
}

/** The member, and the issuer's desk where something is missing; each once, however often a worker died. */
async function tell(
  { casebook }: Pick<CashbackDeps, 'casebook'>,
  issuerId: IssuerId,
  { takeBack }: Known,
  { state, taken }: TakeBackResult,
): Promise<void> {
  const { cancellationId, attempt, memberId, walletId, paymentId, paidAt, shares } = takeBack
  const takenWon = sumWon(
    taken.map((part) => won(part.nationalWon + part.provinceWon + part.cityWon)),
  )
  if (takenWon > 0) {
    const subject = `${cancellationId}/${attempt}`
    const facts = { amountWon: takenWon, paidAt }
    await casebook.notify(issuerId, {
      memberId,
      noticeKind: 'cashback_taken_back',
      subject,
      facts,
    })
  }
  if (state === 'done' && attempt === 1) return
  const openWon = sumWon(shares.map((share) => won(share.wantedWon - share.takenWon)))
  const { caseId } = await casebook.openCase({
    issuerId,
    caseKind: 'cashback_missing',
    subject: cancellationId,
    owner: 'issuer',
    facts: {
      paymentId,
      walletId: formatId('wlt', walletId),
      missingWon: won(openWon - takenWon),
    },
  })
  if (state === 'short') return
  const resolution = 'taken from what the wallet earned later'
  await casebook.closeCase({ issuerId, caseId, by: 'system', resolution })
}
