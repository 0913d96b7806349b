/** Who looked at whom, what officers did last, and what members may ask about themselves, as a core runs it. */
import type { AccessLog } from '../access/access.ts'
import type { IdSource } from '../base/base.ts'
import {
  createPostgresAccessLog,
  createPostgresOfficerActs,
  createPostgresReading,
  type PostgresPool,
} from '../postgres/postgres.ts'
import {
  createTaxSettings,
  type OfficerActs,
  type Registered,
  type TaxSettings,
} from '../registration/registration.ts'
import { openMemberMoney, type MemberMoneySide } from './member-money-side.ts'
import { leave, type Leaving, type Left, type RightsDeps } from '../rights/rights.ts'

export function openAccessSide(
  pool: PostgresPool,
  ids: IdSource,
): { readonly accessLog: AccessLog; readonly officerActs: OfficerActs } {
  return {
    accessLog: createPostgresAccessLog(pool, ids),
    officerActs: createPostgresOfficerActs(pool),
  }
}

export interface MemberSide extends MemberMoneySide {
  readonly rights: RightsDeps
  readonly leave: (leaving: Leaving) => Promise<Registered<Left>>
  readonly taxSettings: TaxSettings
}

export function openMemberSide(
  given: Parameters<typeof openMemberMoney>[0] & Pick<RightsDeps, 'registry' | 'cardLinks'>,
): MemberSide {
  const memberMoney = openMemberMoney(given)
  const reading = createPostgresReading(given.reading)
  const rights: RightsDeps = { ...given, ...memberMoney, reading, issuerRules: given.directory }
  return {
    ...memberMoney,
    rights,
    leave: (leaving) => leave(rights, leaving),
    taxSettings: createTaxSettings(given),
  }
}
