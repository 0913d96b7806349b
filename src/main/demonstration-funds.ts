/**
 * The demonstration's money outside the platform: accounts of the funds at the simulated treasury bank, and funders who
 * pay each day what they owe. Nothing of it belongs to a real operation.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  assert,
  businessDate,
  derivedOperationId,
  formatId,
  HOUR_MS,
  requestHash,
  startOfBusinessDate,
  won,
  type Clock,
  type Funder,
  type IdSource,
  type Won,
} from '../base/base.ts'
import { createDemonstration, DEMONSTRATION_SEED } from '../demonstration/demonstration.ts'
import { initialIssuerRules, treasuryBankCode, type Issuer } from '../issuing/issuing.ts'
import { startLoop, type Loop } from '../jobs/jobs.ts'
import { readReceivables, type PostgresPool } from '../postgres/postgres.ts'
import type { Registry } from '../registration/registration.ts'
import { expectedPayments, expectPayment } from '../treasury/treasury.ts'
import { EXCHANGE_FOLDER } from './clearing-side.ts'
import { sha256 } from './keys.ts'
import { TREASURY_FOLDER } from './treasury-side.ts'

/** Funders pay after the day's statement has come and before shops open. */
const PAY_FROM_HOUR = 9
const LOOK_EVERY_MS = 60_000
const EXPECTED_MAX = 200
const names: Readonly<Record<Funder, string>> = {
  national: '국비',
  province: '도비',
  city: '시군비',
}

/** Writes the accounts; @returns the bank's environment that makes it the treasury bank */
export async function planFunds(dataDirectory: string): Promise<Record<string, string>> {
  const file = join(dataDirectory, 'bank-funds.json')
  await writeFile(file, JSON.stringify(demonstrationIssuers().map(fundAccount)), { mode: 0o600 })
  return {
    BANK_FUNDS: file,
    BANK_FUND_BOOKS: join(dataDirectory, 'bank-fund-books.jsonl'),
    BANK_EXCHANGE: join(dataDirectory, EXCHANGE_FOLDER, TREASURY_FOLDER),
  }
}

function demonstrationIssuers(): readonly Issuer[] {
  return createDemonstration(DEMONSTRATION_SEED).issuers
}

function fundAccount({ issuerId, code, treasuryBank }: Issuer) {
  const { payoutFileFormat, payoutEntries } = initialIssuerRules
  return {
    issuerId: formatId('iss', issuerId),
    issuerCode: code,
    bankCode: treasuryBankCode(treasuryBank),
    // Belongs to nobody: no bank numbers accounts so.
    accountNumber: `000-${String(issuerId).padStart(6, '0')}`,
    payoutFormat: payoutFileFormat,
    statementFormat: payoutFileFormat,
    payoutEntries,
  }
}

export interface FundersDeps {
  readonly registry: Registry
  readonly ids: IdSource
  readonly pool: PostgresPool
  readonly bankUrl: string
  readonly clock: Clock
}

/** @param onError told of a turn that failed; the next one goes on */
export function startDemonstrationFunders(
  deps: FundersDeps,
  onError: (error: unknown) => void,
): Loop {
  const issuers = demonstrationIssuers()
  const paid = new Set<string>()
  return startLoop({
    everyMs: LOOK_EVERY_MS,
    onError,
    async work() {
      const today = businessDate(deps.clock())
      if (deps.clock() < startOfBusinessDate(today) + PAY_FROM_HOUR * HOUR_MS) return
      for (const issuer of issuers) {
        const done = `${issuer.code}/${today}`
        if (paid.has(done)) continue
        await payReceivables(deps, issuer)
        paid.add(done)
      }
    },
  })
}

/** Once a day and funder: what is owed now, less what is on its way already. */
export async function payReceivables(deps: FundersDeps, issuer: Issuer): Promise<void> {
  const { issuerId } = issuer
  const receivables = await readReceivables(deps.pool, issuerId)
  const expected = await expectedPayments(deps, issuerId, { limit: EXPECTED_MAX })
  for (const [funder, receivableWon] of receivables) {
    const today = businessDate(deps.clock())
    const requestId = derivedOperationId(
      requestHash(sha256, ['demonstration funding', issuerId, funder, today]),
    )
    const known = expected.find((one) => one.requestId === requestId)
    const onItsWay = expected
      .filter((one) => one.funder === funder && (one.state === 'open' || one.state === 'claimed'))
      .reduce((sum, { amountWon }) => sum + amountWon, 0)
    const amountWon = known?.amountWon ?? owing(receivableWon, onItsWay)
    if (amountWon <= 0 || (known !== undefined && known.state !== 'open')) continue
    const reference = `${names[funder]} 교부 ${today.replaceAll('-', '')}`
    const expectation = { requestId, funder, amountWon, expectedOn: today, reference }
    const by = 'demonstration'
    const answer = await expectPayment(deps, issuerId, { ...expectation, by }, deps.clock())
    assert(answer.status === 'registered', 'what the demonstration expects can be recorded')
    await payIn(deps, issuer, { depositId: requestId, amountWon, reference, funder })
  }
}

function owing(receivableWon: Won, onItsWayWon: number): Won {
  return won(Math.max(0, receivableWon - onItsWayWon))
}

/** @throws Error where the bank does not say that it has it */
async function payIn(
  { bankUrl }: FundersDeps,
  { code: issuerCode }: Issuer,
  order: {
    readonly depositId: string
    readonly amountWon: Won
    readonly reference: string
    readonly funder: Funder
  },
): Promise<void> {
  const { funder, ...deposit } = order
  const response = await fetch(`${bankUrl}/fund-deposits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...deposit, issuerCode, counterparty: `${names[funder]} 담당` }),
    signal: AbortSignal.timeout(5_000),
  })
  if (!response.ok) throw new Error(`the bank answered a funder ${response.status}`)
}
