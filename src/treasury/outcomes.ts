/** From what the bank said of payouts to the ledger, and what follows for payouts that came back or that it forgot. */
import {
  addBusinessDays,
  businessDate,
  formatId,
  isBusinessDay,
  parseId,
  startOfBusinessDate,
  type BusinessDate,
  type PayoutId,
} from '../base/base.ts'
import type { Payout, PayoutState } from '../ledger/ledger.ts'
import { closeSettled } from './case-closing.ts'
import { readFileName } from './files/file-names.ts'
import {
  confirmPayout,
  parkedSubject,
  retryPayout,
  returnPayout,
  tellParked,
} from './payout-steps.ts'
import { sequelOf } from './return-reasons.ts'
import type { TreasuryDeps, TreasuryRoom } from './treasury-deps.ts'
import type { Outcome } from './treasury-store.ts'

/** So many payouts move in one step. */
export const OUTCOMES_A_STEP = 100
const PAGE = 200

/** @returns how many the ledger has now; fewer than `OUTCOMES_A_STEP`: all */
export async function postOutcomes(deps: TreasuryDeps, room: TreasuryRoom): Promise<number> {
  const told = await deps.store.outcomesTold(room.issuerId, OUTCOMES_A_STEP)
  for (const outcome of told) await postOutcome(deps, room, outcome)
  return told.length
}

async function postOutcome(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  outcome: Outcome,
): Promise<void> {
  const { issuerId } = room
  const { payoutId, attempt, result, reason } = outcome
  const payout = await deps.payouts.payout(issuerId, payoutId)
  const asTold = payout && { ...payout, attempt }
  const step =
    asTold === undefined
      ? 'changed'
      : result === 'paid'
        ? await confirmPayout(deps, room, asTold)
        : await returnPayout(deps, room, { payout: asTold, reason })
  if (step === 'changed') await openContradiction(deps, room, outcome)
  await deps.store.endOutcome(issuerId, outcome, step === 'moved' ? 'posted' : 'contradicted')
}

/** The file was sent, so only an officer's or a program's mistake leads here; the bank's word is not lost. */
async function openContradiction(
  { casebook }: TreasuryDeps,
  { issuerId }: TreasuryRoom,
  { payoutId, attempt, result, reason, amountWon }: Outcome,
): Promise<void> {
  await casebook.openCase({
    issuerId,
    caseKind: 'payout_contradicted',
    subject: parkedSubject({ payoutId, attempt }),
    owner: 'operator',
    facts: { payoutId: formatId('pay', payoutId), attempt, result, reason, amountWon },
  })
}

export interface RetryTurn {
  readonly retried: number
  readonly parked: number
  readonly silent: number
}

/**
 * Once or more on a business day: what came back on an earlier day is tried again with the account as it is now, what
 * waits for another account goes on as soon as there is one, and what the bank is silent about becomes a case.
 */
export async function followUpPayouts(deps: TreasuryDeps, room: TreasuryRoom): Promise<RetryTurn> {
  const today = businessDate(room.now)
  const isBankOpen = isBusinessDay(today, deps.holidays)
  let retried = 0
  for await (const payout of inState(deps, room, 'returned')) {
    if (!isBankOpen || businessDate(payout.changedAt) >= today) continue
    const account = (await deps.accountNow(room.issuerId, payout)) ?? payout.account
    if ((await retryPayout(deps, room, { payout, account })) === 'moved') retried += 1
  }
  let parked = 0
  for await (const payout of inState(deps, room, 'parked')) {
    if (await resumed(deps, room, payout)) {
      retried += 1
      continue
    }
    await tellParked(deps, room, payout.payoutId)
    parked += 1
  }
  const silent = await openSilent(deps, room, today)
  await closeSettled(deps, room, {
    kinds: ['payout_parked'],
    isSettled: (subject) => isNoLongerParked(deps, room, subject),
    resolution: '지급 재개 · the payout goes on',
  })
  return { retried, parked, silent }
}

/** What was parked for its account goes on when that is another one; the rest waits for an officer. */
async function resumed(deps: TreasuryDeps, room: TreasuryRoom, payout: Payout): Promise<boolean> {
  if (payout.reason === 'officer' || sequelOf(payout.reason) !== 'account') return false
  const account = await deps.accountNow(room.issuerId, payout)
  if (account === undefined || isSameAccount(account, payout.account)) return false
  return (await retryPayout(deps, room, { payout, account })) === 'moved'
}

function isSameAccount(one: Payout['account'], other: Payout['account']): boolean {
  return (
    one.bankCode === other.bankCode &&
    one.accountNumber === other.accountNumber &&
    one.holderName === other.holderName
  )
}

async function isNoLongerParked(
  deps: TreasuryDeps,
  { issuerId }: TreasuryRoom,
  subject: string,
): Promise<boolean> {
  const payout = await payoutOfSubject(deps, issuerId, subject)
  return payout === undefined || payout.state !== 'parked' || parkedSubject(payout) !== subject
}

/** Sent, and nothing was told of it within the days that the issuer grants. */
async function openSilent(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  today: BusinessDate,
): Promise<number> {
  const { issuerId, rules } = room
  let silent = 0
  for await (const payout of inState(deps, room, 'sent')) {
    const sentOn = readFileName(payout.fileName ?? '')?.date ?? businessDate(payout.changedAt)
    const until = addBusinessDays(sentOn, rules.payoutSilentDays, deps.holidays)
    if (until >= today) continue
    silent += 1
    await deps.casebook.openCase({
      issuerId,
      caseKind: 'payout_silent',
      subject: parkedSubject(payout),
      owner: 'operator',
      facts: {
        payoutId: formatId('pay', payout.payoutId),
        attempt: payout.attempt,
        amountWon: payout.amountWon,
        file: payout.fileName ?? '',
        sentOn,
      },
      dueAt: startOfBusinessDate(addBusinessDays(today, 1, deps.holidays)),
    })
  }
  await closeSettled(deps, room, {
    kinds: ['payout_silent'],
    async isSettled(subject) {
      const payout = await payoutOfSubject(deps, issuerId, subject)
      return payout?.state !== 'sent' || parkedSubject(payout) !== subject
    },
    resolution: '은행 회신 도착 · the bank has told of it',
  })
  return silent
}

async function payoutOfSubject(
  { payouts }: TreasuryDeps,
  issuerId: TreasuryRoom['issuerId'],
  subject: string,
): Promise<Payout | undefined> {
  const payoutId = parseId('pay', subject.split('/')[0] ?? '')
  return payoutId && payouts.payout(issuerId, payoutId)
}

/** All payouts in a state, by id, as they stood when their page was read. */
async function* inState(
  { payouts }: TreasuryDeps,
  { issuerId }: TreasuryRoom,
  state: PayoutState,
): AsyncGenerator<Payout> {
  let after: PayoutId | undefined
  for (;;) {
    const page = await payouts.payouts(issuerId, {
      state,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    })
    yield* page
    if (page.length < PAGE) return
    after = page.at(-1)!.payoutId
  }
}
