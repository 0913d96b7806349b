/**
 * The town's bank: members' accounts, and the account of the operating fund as entries that are only ever added. It
 * reads the platform's payout files, writes results and statements, and knows nothing of its ledger.
 */
import { businessDate, won, type BusinessDate, type Instant } from '../../src/base/base.ts'
import type { BankDebit, DebitAnswer, DebitOrder } from '../../src/issuing/issuing.ts'
import {
  formatFileName,
  PAID_REASON,
  payoutFormat,
  readFileName,
  statementFormat,
  type BankStatement,
} from '../../src/treasury/treasury.ts'
import { townRules } from './year-town-rules.ts'
import type { BankSlip } from './year-events.ts'
import { spoiledFile } from './year-spoiled-files.ts'
import { accountOf, ISSUER_CODE } from './year-terms.ts'

export interface YearFile {
  readonly name: string
  readonly bytes: Uint8Array
}

/** What is to become of a file. */
export type FileAnswer = 'taken' | 'known' | 'refused' | 'unclear'

export interface GivenFile {
  readonly file: YearFile
  readonly awaited: FileAnswer
}

export interface YearBank extends BankDebit {
  /** What lies on the fund's account. */
  fundWon(): number
  /** Money that somebody pays into the fund. */
  deposit(money: { amountWon: number; counterparty: string; reference: string }): void
  /** Takes a payout file and pays what it can. The same file again changes nothing. */
  take(file: YearFile): void
  /** The next file of the kind comes spoiled first, or once more. */
  slip(file: 'statement' | 'result', slip: BankSlip): void
  /** What the platform has not fetched yet, in the order of writing; then it is fetched. */
  fetch(): readonly GivenFile[]
  /** Writes the statement of a day that is over. */
  closeDay(date: BusinessDate): void
}

interface Entry {
  readonly at: Instant
  readonly amountWon: number
  readonly counterparty: string
  readonly reference: string
}

/** 해지 계좌: what the bank says of accounts that end so. */
const CLOSED_ENDING = '000000'
const CLOSED = '0001'
const BANK_CODE = '035'

export function createYearBank(clock: () => Instant): YearBank {
  const accounts = new Map(
    townRules.members.map(({ accountWon }, member) => [accountOf(member), accountWon]),
  )
  const answers = new Map<string, DebitAnswer>()
  const entries: Entry[] = []
  const taken = new Set<string>()
  const waiting: GivenFile[] = []
  const slips = new Map<'statement' | 'result', BankSlip>()
  const send = (kind: 'statement' | 'result', file: YearFile): void => {
    const slip = slips.get(kind)
    slips.delete(kind)
    if (slip !== undefined && slip !== 'file_twice') {
      waiting.push({ file: spoiledFile(file, slip), awaited: 'refused' })
    }
    waiting.push({ file, awaited: 'taken' })
    if (slip === 'file_twice') waiting.push({ file, awaited: 'known' })
  }
  const enter = (entry: Omit<Entry, 'at'>): void => void entries.push({ ...entry, at: clock() })
  const decide = ({ accountToken, amountWon, debitId }: DebitOrder): DebitAnswer => {
    const leftWon = (accounts.get(accountToken) ?? 0) - amountWon
    if (leftWon < 0) return { status: 'refused', reason: 'insufficient_balance' }
    accounts.set(accountToken, leftWon)
    enter({ amountWon, counterparty: '상품권 구매', reference: debitId })
    return { status: 'debited' }
  }
  return {
    async debit(order) {
      const answer = answers.get(order.debitId) ?? decide(order)
      answers.set(order.debitId, answer)
      return answer
    },
    enquire: async (debitId) => answers.get(debitId) ?? { status: 'unknown_debit' },
    fundWon: () => sumOf(entries),
    deposit: enter,
    take(file) {
      if (taken.has(file.name)) return
      taken.add(file.name)
      send('result', payOut(file, clock(), enter))
    },
    slip: (file, slip) => void slips.set(file, slip),
    fetch: () => waiting.splice(0),
    closeDay(date) {
      const dayOf = ({ at }: Entry): BusinessDate => businessDate(at)
      const openingWon = sumOf(entries.filter((entry) => dayOf(entry) < date))
      const today = entries.filter((entry) => dayOf(entry) === date)
      send('statement', statementOf(date, { openingWon, today, madeAt: clock() }))
    },
  }
}

function payOut(
  { name, bytes }: YearFile,
  at: Instant,
  enter: (entry: Omit<Entry, 'at'>) => void,
): YearFile {
  const reading = payoutFormat('telegram').read(bytes)
  const named = readFileName(name)
  if (!reading.ok || named === undefined) throw new Error(`the bank cannot read ${name}`)
  const { header, lines } = reading.content
  const results = lines.map(({ payoutId, attempt, amountWon, accountNumber, holderName }) => {
    const isClosed = accountNumber.endsWith(CLOSED_ENDING)
    enter({ amountWon: 0 - amountWon, counterparty: holderName, reference: payoutId })
    if (isClosed) enter({ amountWon, counterparty: '반환', reference: payoutId })
    const told = { payoutId, attempt, amountWon, doneAt: at }
    return isClosed
      ? ({ ...told, result: 'returned', reason: CLOSED } as const)
      : ({ ...told, result: 'paid', reason: PAID_REASON } as const)
  })
  const { bankCode, issuerCode, date, sequence } = header
  const result = { bankCode, issuerCode, date, sequence, part: 1, madeAt: at }
  return {
    name: formatFileName({ ...named, kind: 'result', part: 1 }, 'telegram'),
    bytes: payoutFormat('telegram').writeResult({ header: result, lines: results }),
  }
}

function statementOf(
  date: BusinessDate,
  told: { readonly openingWon: number; readonly today: readonly Entry[]; readonly madeAt: Instant },
): YearFile {
  const { openingWon, today, madeAt } = told
  const day = date.replaceAll('-', '')
  const statement: BankStatement = {
    header: {
      bankCode: BANK_CODE,
      issuerCode: ISSUER_CODE,
      date,
      madeAt,
      accountNumber: FUND_ACCOUNT,
      openingWon: won(openingWon),
    },
    lines: today.map(({ at, amountWon, counterparty, reference }, index) => ({
      entryNumber: `${day}-${String(index + 1).padStart(9, '0')}`,
      bookedAt: at,
      direction: amountWon > 0 ? 'deposit' : 'withdrawal',
      amountWon: won(Math.abs(amountWon)),
      counterparty,
      reference,
    })),
  }
  const name = { kind: 'statement', issuerCode: ISSUER_CODE, date, sequence: 0, part: 0 } as const
  return {
    name: formatFileName(name, 'telegram'),
    bytes: statementFormat('telegram').write(statement),
  }
}

/** The number of the fund's account. */
export const FUND_ACCOUNT = '035-2026-000001'

function sumOf(entries: readonly Entry[]): number {
  return entries.reduce((total, { amountWon }) => total + amountWon, 0)
}
