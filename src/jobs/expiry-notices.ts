/**
 * Tells members that value of theirs will expire: one notice for each member, program, last day of use and notice of
 * the terms. Its natural key is made of these, so a step that comes again tells nobody twice.
 *
 * On each day a lot belongs to the notice with the fewest days that are not less than the days left. It is told when it
 * enters that notice, in the days after where the job was kept from running, and soon after it was issued: so of a lot
 * that is good for ten days a notice of thirty is given at once.
 */
import {
  businessDate,
  DAY_MS,
  formatId,
  startOfBusinessDate,
  type BusinessDate,
  type Instant,
  type IssuerId,
} from '../base/base.ts'
import { termsAt, type IssuingDirectory, type Program } from '../issuing/issuing.ts'
import {
  lastDayOfUse,
  type DueLotCursor,
  type ExpiringLot,
  type ExpiringLots,
} from '../ledger/ledger.ts'
import type { Casebook } from '../registration/registration.ts'
import type { JobDefinition } from './job-work.ts'
import { cursorOf, numberOf } from './lot-cursor.ts'

export const EXPIRY_NOTICES = 'expiry-notices'
/** People are awake, and somebody answers the telephone. */
const TOLD_AT = { hour: 9, minute: 0 } as const
/** So long after its day a notice is still given. */
export const CATCH_UP_DAYS = 3
/** Lots that a step looks at: each may be a notice to write. */
export const NOTICE_SET_SIZE = 100
const NOTICE_PAUSE_MS = 50

export interface ExpiryNoticeOptions {
  readonly lots: ExpiringLots
  readonly issuing: Pick<IssuingDirectory, 'programs'>
  readonly casebook: Pick<Casebook, 'notify'>
  readonly setSize?: number
}

export function expiryNoticesJob(options: ExpiryNoticeOptions): JobDefinition {
  return {
    name: EXPIRY_NOTICES,
    schedule: { kind: 'daily', ...TOLD_AT },
    of: 'each_issuer',
    pauseMs: NOTICE_PAUSE_MS,
    async work(issuerId, data, now) {
      const { told, after } = await tellSet(options, { issuerId, now, after: cursorOf(data) })
      const sofar = numberOf(data, 'told') + told
      return {
        done: after === undefined,
        // How many will follow nobody knows without looking at them all.
        progress: { done: sofar, whole: sofar },
        carry: { told: sofar, ...(after && { expiresAt: after.expiresAt, lotId: after.lotId }) },
      }
    },
  }
}

/** A program with what it says at this instant. */
interface Told {
  readonly program: Program
  readonly noticeDays: readonly number[]
}

async function tellSet(
  { lots, issuing, casebook, setSize = NOTICE_SET_SIZE }: ExpiryNoticeOptions,
  { issuerId, now, after }: { issuerId: IssuerId; now: Instant; after: DueLotCursor | undefined },
): Promise<{ readonly told: number; readonly after: DueLotCursor | undefined }> {
  const programs = new Map(
    issuing.programs(issuerId).map((program) => {
      const noticeDays = termsAt(program.terms, now)?.expiryNoticeDays ?? []
      return [program.programId, { program, noticeDays }] as const
    }),
  )
  const daysMax = Math.max(0, ...[...programs.values()].flatMap(({ noticeDays }) => noticeDays))
  if (daysMax === 0) return { told: 0, after: undefined }
  const today = businessDate(now)
  const until = startOfBusinessDate(today) + (daysMax + 1) * DAY_MS
  // What has expired and was not taken yet is past telling.
  const set = await lots.expiringLots(issuerId, { from: now, until, after, limit: setSize })
  // Several lots of one member may come to one notice.
  const notices = new Map<string, Notice>()
  for (const lot of set) {
    const notice = noticeOf(lot, programs.get(lot.programId), { today, now })
    if (notice !== undefined) notices.set(notice.subject, notice)
  }
  for (const notice of notices.values()) await casebook.notify(issuerId, notice)
  const last = set.at(-1)
  const isLast = last === undefined || set.length < setSize
  const next = isLast ? undefined : { expiresAt: last.expiresAt, lotId: last.lotId }
  return { told: notices.size, after: next }
}

type Notice = Parameters<Casebook['notify']>[1]

/** What a lot gives cause to tell today; `undefined` where it gives none. */
function noticeOf(
  lot: ExpiringLot,
  told: Told | undefined,
  { today, now }: { today: BusinessDate; now: Instant },
): Notice | undefined {
  const { memberId, programId, expiresAt, issuedAt, remainingWon, togetherWon } = lot
  if (told === undefined || remainingWon === 0) return undefined
  const lastDay = lastDayOfUse(expiresAt)
  const daysLeft = daysBetween(today, lastDay)
  const days = told.noticeDays
    .toSorted((one, other) => one - other)
    .find((each) => each >= daysLeft)
  if (days === undefined) return undefined
  const isTheDay = days - daysLeft < CATCH_UP_DAYS
  const isNew = issuedAt > now - CATCH_UP_DAYS * DAY_MS
  if (!isTheDay && !isNew) return undefined
  const { name, nameEn } = told.program
  return {
    subject: [formatId('mbr', memberId), formatId('prg', programId), lastDay, days].join('/'),
    memberId,
    noticeKind: 'expiry_ahead',
    facts: { program: name, programEn: nameEn, lastDay, noticeDays: days, leftWon: togetherWon },
  }
}

function daysBetween(from: BusinessDate, to: BusinessDate): number {
  return Math.round((startOfBusinessDate(to) - startOfBusinessDate(from)) / DAY_MS)
}
