/**
 * Payout files. A file gets its name first, then the payouts that are due get the file, then its bytes stand, then it
 * lies where the bank fetches it: whoever repeats after a kill goes on where the last one ended, with the same bytes.
 */
import { hexOf, businessDate, formatId, isBusinessDay, sumWon, type Won } from '../base/base.ts'
import { encodeEucKr } from '../iso8583/iso8583.ts'
import type { Payout } from '../ledger/ledger.ts'
import { payoutFormat } from './files/file-formats.ts'
import { formatFileName, formatOfName } from './files/file-names.ts'
import type { PayoutFile } from './files/treasury-files.ts'
import { returnPayout } from './payout-steps.ts'
import { NOT_WRITTEN } from './return-reasons.ts'
import { type TreasuryDeps, type TreasuryRoom } from './treasury-deps.ts'
import type { StoredFile } from './treasury-store.ts'

/** More go into the next file. A result of so many lines is taken in one transaction. */
export const PAYOUTS_A_FILE = 2_000
const PAGE = 500

export interface GivenFile {
  readonly name: string
  readonly lines: number
  readonly amountWon: Won
}

/** @returns the file that was given out; `undefined` where nothing is due or the bank is closed */
export async function writePayoutFile(
  deps: TreasuryDeps,
  room: TreasuryRoom,
): Promise<GivenFile | undefined> {
  const { issuerId, now } = room
  const { store } = deps
  const [open] = await store.files(issuerId, 'payout', 'open')
  const file = open ?? (await beginFile(deps, room))
  if (file === undefined) return undefined
  const written = file.state === 'begun' ? await fillFile(deps, room, file) : file
  const bytes = await store.fileBytes(issuerId, file.name)
  // Nothing that could be written was due after all: the file is not worth the bank's while.
  if (bytes !== undefined && written.lines > 0) {
    await deps.give(room.issuer.code, file.name, bytes)
  }
  await returnUnwritten(deps, room, file)
  await store.finishFile(issuerId, file.name)
  const { name, lines, amountWon } = written
  return lines > 0 && now >= file.begunAt ? { name, lines, amountWon } : undefined
}

async function beginFile(
  { store, payouts, holidays }: TreasuryDeps,
  { issuerId, issuer, rules, now }: TreasuryRoom,
): Promise<StoredFile | undefined> {
  const date = businessDate(now)
  if (!isBusinessDay(date, holidays)) return undefined
  const due = await payouts.payouts(issuerId, { state: 'due', dueUntil: date, limit: 1 })
  if (due.length === 0) return undefined
  const sequence = (await store.files(issuerId, 'payout', date)).length + 1
  const named = { kind: 'payout', date, sequence, part: 0 } as const
  const name = formatFileName({ ...named, issuerCode: issuer.code }, rules.payoutFileFormat)
  return store.beginFile(issuerId, { ...named, name }, now)
}

async function fillFile(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  file: StoredFile,
): Promise<StoredFile> {
  const { issuerId, issuer, bankCode, now } = room
  await deps.payouts.assignFile(
    issuerId,
    { name: file.name, dueUntil: file.date, limit: PAYOUTS_A_FILE },
    now,
  )
  const meant = await payoutsOf(deps, room, file.name)
  const content: PayoutFile = {
    header: {
      bankCode,
      issuerCode: issuer.code,
      issuerName: issuer.nameKo,
      date: file.date,
      sequence: file.sequence,
      // The second that the file says, and no later one when it is written again.
      madeAt: file.begunAt,
    },
    lines: meant.filter(isWritable).map(payoutLine),
  }
  // By the name, which does not change when the rule does.
  const format = formatOfName(file.name) === 'telegram' ? 'telegram' : csvOf(room)
  const bytes = payoutFormat(format).write(content)
  return deps.store.writeFile(issuerId, file.name, {
    bytes,
    sha256: hexOf(deps.sha256(bytes)),
    lines: content.lines.length,
    amountWon: sumWon(content.lines.map(({ amountWon }) => amountWon)),
  })
}

function csvOf({ rules }: TreasuryRoom): 'csv_utf8' | 'csv_euc_kr' {
  return rules.payoutFileFormat === 'csv_euc_kr' ? 'csv_euc_kr' : 'csv_utf8'
}

/** All payouts that were told in a file, by id. */
export async function payoutsOf(
  { payouts }: TreasuryDeps,
  { issuerId }: TreasuryRoom,
  fileName: string,
): Promise<readonly Payout[]> {
  const found: Payout[] = []
  for (;;) {
    const after = found.at(-1)?.payoutId
    const page = await payouts.payouts(issuerId, {
      fileName,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    })
    found.push(...page)
    if (page.length < PAGE) return found
  }
}

function payoutLine(payout: Payout): PayoutFile['lines'][number] {
  const { payoutId, attempt, amountWon, account } = payout
  return { payoutId: formatId('pay', payoutId), attempt, amountWon, ...account }
}

/** What a bank's file cannot say is returned at once instead of stopping everybody else's money. */
export function isWritable({ account, attempt }: Pick<Payout, 'account' | 'attempt'>): boolean {
  const { bankCode, accountNumber } = account
  return (
    /^\d{3}$/.test(bankCode) &&
    /^[!-~]{1,128}$/.test(accountNumber) &&
    encodeEucKr(accountNumber) !== undefined &&
    attempt <= 99
  )
}

async function returnUnwritten(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  { name }: StoredFile,
): Promise<void> {
  for (const payout of await payoutsOf(deps, room, name)) {
    if (payout.state !== 'sent' || isWritable(payout)) continue
    await returnPayout(deps, room, { payout, reason: NOT_WRITTEN })
  }
}
