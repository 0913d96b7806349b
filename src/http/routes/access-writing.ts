/**
 * Writes down that somebody is about to be shown another's personal data. A route whose config says `logsAccess` and
 * that answers without having been here ends as a bug: its answer does not leave.
 */
import type { FastifyRequest } from 'fastify'
import type { AccessPurpose, Look } from '../../access/access.ts'
import { formatId, type IssuerId, type MemberId, type MerchantId } from '../../base/base.ts'
import { requireOfficer } from '../door.ts'
import type { RouteDeps } from './route-deps.ts'

type Subject = { readonly memberId: MemberId | null } | { readonly merchantId: MerchantId }

export interface Sighting {
  readonly subjects: readonly (Subject | string)[]
  readonly purpose?: AccessPurpose
  readonly words?: string
  readonly sight?: Look['sight']
}

/** As officer of the path's issuer. @throws HttpProblem 401, 403; Fault where it could not be written */
export async function writeAccess(
  deps: Pick<RouteDeps, 'accessLog' | 'clock'>,
  request: FastifyRequest,
  sighting: Sighting,
): Promise<void> {
  const { issuerId, officerId } = requireOfficer(request)
  await writeAccessBy(deps, request, { issuerId, by: formatId('off', officerId) }, sighting)
}

/** As whoever the desk is. */
export async function writeAccessBy(
  { accessLog, clock }: Pick<RouteDeps, 'accessLog' | 'clock'>,
  request: FastifyRequest,
  { issuerId, by }: { readonly issuerId: IssuerId; readonly by: string },
  { subjects, purpose = 'duty', words, sight = 'masked' }: Sighting,
): Promise<void> {
  const named = new Set(subjects.flatMap(subjectText))
  await accessLog.write({
    issuerId,
    at: clock(),
    actor: by,
    subjects: [...named],
    route: `${request.method} ${request.routeOptions.url}`,
    purpose,
    words: words ?? null,
    sight,
  })
  request.accessWritten = true
}

/** For an answer to the people whose own it is, by a route that shows it to officers too. */
export function ownData(request: FastifyRequest): void {
  request.accessWritten = true
}

function subjectText(subject: Subject | string): string[] {
  if (typeof subject === 'string') return [subject]
  if ('merchantId' in subject) return [formatId('mrc', subject.merchantId)]
  return subject.memberId === null ? [] : [formatId('mbr', subject.memberId)]
}
