/** What of corporations leaves the house: to those who act for one, and to officers. */
import { Type, type Static } from 'typebox'
import { shown, type Role } from '../../access/access.ts'
import { formatBusinessNumber } from '../../acquiring/acquiring.ts'
import { formatId } from '../../base/base.ts'
import type { CorporateStanding, Corporation, HandOut } from '../../corporate/corporate.ts'
import {
  authorisedStates,
  corporationStates,
  handOutStates,
} from '../../registration/registration.ts'
import { idSchema, instantOrNull, instantSchema, instantText, issuerParam } from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

export const corporationParams = Type.Object({ ...issuerParam, corporationId: idSchema('cor') })

const ofCorporation = {
  corporationId: idOut,
  name: Type.String({ description: 'As registered for taxes; no person’s name' }),
  businessNumber: Type.String(),
  representative: Type.String({ description: 'Masked for officers' }),
  state: wordOut(corporationStates),
  appliedAt: instantSchema,
  decidedAt: nullable(instantSchema),
  reason: nullable(Type.String({ description: 'Why an officer decided so' })),
}

const lotSchema = Type.Object({
  programId: idOut,
  programName: Type.String(),
  programNameEn: Type.String(),
  remainingWon: wonOut,
  heldWon: wonOut,
  expiresAt: instantSchema,
})

const authorisedSchema = Type.Object({
  memberId: idOut,
  name: Type.String({ description: 'Such as 김*늘' }),
  state: wordOut(authorisedStates),
  at: instantSchema,
})

export const handOutSchema = Type.Object({
  handOutId: idOut,
  programId: idOut,
  title: Type.String(),
  state: wordOut(handOutStates),
  lines: Type.Integer(),
  totalWon: wonOut,
  uploadedAt: instantSchema,
  confirmedAt: nullable(instantSchema),
  confirmedBy: nullable(idOut),
  endedAt: nullable(instantSchema),
})

export const corporationSchema = Type.Object(ofCorporation)
export const corporationFileSchema = Type.Object({
  ...ofCorporation,
  walletId: idOut,
  accountLinked: Type.Boolean(),
  debitAgreed: Type.Boolean(),
  authorised: Type.Array(authorisedSchema),
  lots: Type.Array(lotSchema),
  boughtThisMonthWon: wonOut,
  boughtWon: Type.Integer({ description: 'By the hundred latest purchases, in whole won' }),
  handOuts: Type.Array(handOutSchema),
})

export function corporationView(
  corporation: Corporation,
  role?: Role,
): Static<typeof corporationSchema> {
  const { corporationId, name, businessNumber, representative, state } = corporation
  return {
    corporationId: formatId('cor', corporationId),
    name,
    businessNumber: formatBusinessNumber(businessNumber),
    representative:
      role === undefined ? representative : (shown(role, 'name', representative) ?? ''),
    state,
    appliedAt: instantText(corporation.appliedAt),
    decidedAt: instantOrNull(corporation.decidedAt),
    reason: corporation.reason,
  }
}

/** @param role as whom somebody looks who does not act for it; absent: one who does */
export async function corporationFileView(
  deps: Pick<RouteDeps, 'registration' | 'issuing' | 'corporations'>,
  corporation: Corporation,
  role?: Role,
): Promise<Static<typeof corporationFileSchema>> {
  const standing = await deps.corporations.standing(corporation)
  return {
    ...corporationView(corporation, role),
    walletId: formatId('wlt', corporation.walletId),
    accountLinked: corporation.accountToken !== null,
    debitAgreed: corporation.debitConsentId !== null,
    authorised: await authorisedViews(deps, corporation, role ?? 'member'),
    lots: lotViews(deps, corporation, standing),
    boughtThisMonthWon: standing.boughtThisMonthWon,
    boughtWon: standing.boughtWon,
    handOuts: standing.handOuts.map(handOutView),
  }
}

function authorisedViews(
  { registration }: Pick<RouteDeps, 'registration'>,
  { issuerId, people }: Corporation,
  role: Role,
): Promise<Static<typeof authorisedSchema>[]> {
  return Promise.all(
    people.map(async ({ memberId, state, at }) => {
      const account = await registration.member(issuerId, memberId)
      return {
        memberId: formatId('mbr', memberId),
        name: shown(role, 'name', account?.member.name ?? '') ?? '',
        state,
        at: instantText(at),
      }
    }),
  )
}

function lotViews(
  { issuing }: Pick<RouteDeps, 'issuing'>,
  { issuerId }: Corporation,
  { lots }: CorporateStanding,
): Static<typeof lotSchema>[] {
  return lots.map((lot) => {
    const program = issuing.program(issuerId, lot.programId)
    return {
      programId: formatId('prg', lot.programId),
      programName: program?.name ?? '',
      programNameEn: program?.nameEn ?? '',
      remainingWon: lot.remainingWon,
      heldWon: lot.heldWon,
      expiresAt: instantText(lot.expiresAt),
    }
  })
}

export function handOutView(handOut: HandOut): Static<typeof handOutSchema> {
  const { handOutId, programId, title, state, lines, totalWon, confirmedBy } = handOut
  return {
    handOutId: formatId('hnd', handOutId),
    programId: formatId('prg', programId),
    title,
    state,
    lines,
    totalWon,
    uploadedAt: instantText(handOut.uploadedAt),
    confirmedAt: instantOrNull(handOut.confirmedAt),
    confirmedBy: confirmedBy === null ? null : formatId('mbr', confirmedBy),
    endedAt: instantOrNull(handOut.endedAt),
  }
}
