/** What an issuer announces about its programs: posted for everybody, as long as the law asks (전금법 §36의2). */
import { Type, type Static } from 'typebox'
import { formatId, type IssuerId, type ProposalId } from '../../base/base.ts'
import { compareTerms, termsAt } from '../../issuing/issuing.ts'
import {
  keyPrefix,
  recordOf,
  type AnnouncementBody,
  type RecordOf,
} from '../../registration/registration.ts'
import {
  instantOrNull,
  instantSchema,
  instantText,
  issuerParams,
  problemResponses,
  requireIssuer,
  type Door,
} from '../door.ts'
import { differenceOut, differenceWords } from './proposal-views.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wordOut } from './views.ts'

/** Those that are posted the longest come first. */
const POSTED_MAX = 100

const announcementSchema = Type.Object({
  announcementId: idOut,
  programId: idOut,
  programName: Type.String(),
  programNameEn: Type.String(),
  about: wordOut(['adverse_change', 'contract_change', 'abolition'] as const),
  announcedAt: instantSchema,
  effectiveFrom: instantSchema,
  postedUntil: instantSchema,
  refundUntil: nullable(instantSchema),
  changes: Type.Array(Type.Object(differenceOut)),
})

export function registerAnnouncementRoutes({ app, clock }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/announcements',
    {
      config: { open: true },
      schema: {
        tags: ['issuers'],
        summary: '공지 · Changes of programs and their end, as long as they are posted',
        params: issuerParams,
        response: {
          200: Type.Object({ items: Type.Array(announcementSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId } = requireIssuer(request)
      const prefix = keyPrefix.posted()
      const stored = await deps.records.listByKey(issuerId, 'announcement', prefix, POSTED_MAX)
      const now = clock()
      return {
        items: stored
          .map((each) => recordOf('announcement', each))
          .filter(({ body }) => body.postedUntil > now)
          .map((record) => announcementView(deps, issuerId, record)),
      }
    },
  )
}

function announcementView(
  { programs }: Pick<RouteDeps, 'programs'>,
  issuerId: IssuerId,
  { recordId, body }: RecordOf<'announcement'>,
): Static<typeof announcementSchema> {
  const { programId, about, announcedAt, effectiveFrom, postedUntil, refundUntil } = body
  const program = programs.program(issuerId, programId)
  return {
    announcementId: formatId('prp', recordId as ProposalId), // Its record id is its proposal's.
    programId: formatId('prg', programId),
    programName: program?.name ?? '',
    programNameEn: program?.nameEn ?? '',
    about,
    announcedAt: instantText(announcedAt),
    effectiveFrom: instantText(effectiveFrom),
    postedUntil: instantText(postedUntil),
    refundUntil: instantOrNull(refundUntil),
    changes: changesOf(programs, issuerId, body),
  }
}

/** Terms against those that were in force until they took effect. */
function changesOf(
  programs: RouteDeps['programs'],
  issuerId: IssuerId,
  { about, programId, effectiveFrom }: AnnouncementBody,
) {
  if (about === 'abolition') return []
  const written = programs.writtenTerms(issuerId, programId)
  const before = termsAt(written, effectiveFrom - 1)
  const after = termsAt(written, effectiveFrom)
  if (before === undefined || after === undefined) return []
  return compareTerms(before, after).map(differenceWords)
}
