/**
 * Where a card company is paid. Nothing is settled with one whose account nobody has registered: what it is owed stays
 * in its clearing account, and a case of the operator's says so until there is one.
 */
import { formatId, OPERATOR, type BusinessDate } from '../base/base.ts'
import type { Partner, PartnerAccount } from '../registration/registration.ts'
import { closeOpen } from './clearing-cases.ts'
import type { ClearingDeps } from './clearing-deps.ts'
import { openCases } from './file-records.ts'

const KIND = 'settlement_account_missing'
const REGISTERED = 'the account was registered'

/** @param dates that are to be settled. @returns `undefined` where they wait for an account */
export async function accountFor(
  deps: ClearingDeps,
  { partnerId, code, settlementAccount }: Partner,
  dates: readonly BusinessDate[],
): Promise<PartnerAccount | undefined> {
  const named = formatId('prt', partnerId)
  if (settlementAccount !== null) {
    for (const { body } of await openCases(deps, OPERATOR, [KIND])) {
      if (!body.subject.startsWith(`${named}/`)) continue
      await closeOpen(deps, OPERATOR, KIND, body.subject, REGISTERED)
    }
    return settlementAccount
  }
  const since = dates.toSorted()[0]
  if (since === undefined) return undefined
  await deps.casebook.openCase({
    issuerId: OPERATOR,
    caseKind: KIND,
    subject: `${named}/${since}`,
    owner: 'operator',
    facts: { partnerId, partner: code, since },
  })
  return undefined
}
