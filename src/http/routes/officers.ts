/** Who sits at an issuer's desk, and what each of them did last: what they wrote, and whom they looked at. */
import { Type, type Static } from 'typebox'
import { formatId, type OfficerId } from '../../base/base.ts'
import type { AccessEntry } from '../../access/access.ts'
import { recordKinds, recordOf, type WrittenAct } from '../../registration/registration.ts'
import {
  idPageQuery,
  instantSchema,
  instantText,
  issuerParams,
  listSchema,
  nextCursor,
  problemResponses,
  readIdPage,
  requireOfficer,
  type Door,
} from '../door.ts'
import { writeAccess } from './access-writing.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wordOut } from './views.ts'

const officerSchema = Type.Object({
  officerId: idOut,
  name: Type.String(),
  title: Type.String(),
  active: Type.Boolean({ description: 'False: no session is opened as this officer any more' }),
  lastAct: nullable(
    Type.Object({
      at: instantSchema,
      kind: wordOut(recordKinds),
      version: Type.Integer({ description: '1: it was new' }),
    }),
  ),
  lastLook: nullable(Type.Object({ at: instantSchema, route: Type.String() })),
  lastSeenAt: nullable(instantSchema),
})

export function registerOfficerRoutes({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/officers',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '담당자 목록 · Officers with what each did last; the newest officer first',
        params: issuerParams,
        querystring: Type.Object(idPageQuery('off')),
        response: { 200: listSchema(officerSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const page = readIdPage('off', request.query)
      const { before, limit } = page
      const listed = { limit, ...(before === undefined ? {} : { before }) }
      const stored = await deps.records.list(issuerId, 'officer', listed)
      const officers = stored.map((each) => {
        const { recordId, body } = recordOf('officer', each)
        return { actor: officerText(recordId), ...body }
      })
      const actors = officers.map(({ actor }) => actor)
      const acts = await deps.officerActs.lastActs(issuerId, actors)
      const looks = await deps.accessLog.lastLooks(issuerId, actors)
      await writeAccess(deps, request, { subjects: actors, purpose: 'audit' })
      const items = officers.map(({ actor, name, title, active }) => ({
        officerId: actor,
        name,
        title,
        active,
        ...lastView(acts.get(actor), looks.get(actor)),
      }))
      const cursor = nextCursor(stored, limit, ({ recordId }) => officerText(recordId))
      return { items, nextCursor: cursor }
    },
  )
}

type Last = Pick<Static<typeof officerSchema>, 'lastAct' | 'lastLook' | 'lastSeenAt'>

function lastView(act: WrittenAct | undefined, look: AccessEntry | undefined): Last {
  const seen = Math.max(act?.at ?? 0, look?.at ?? 0)
  return {
    lastAct: act === undefined ? null : { ...actFields(act), at: instantText(act.at) },
    lastLook: look === undefined ? null : { at: instantText(look.at), route: look.route },
    lastSeenAt: seen === 0 ? null : instantText(seen),
  }
}

function actFields({ kind, version }: WrittenAct): Pick<WrittenAct, 'kind' | 'version'> {
  return { kind, version }
}

/** The record id of an officer is the officer's. */
function officerText(recordId: number): string {
  return formatId('off', recordId as OfficerId) // As said.
}
