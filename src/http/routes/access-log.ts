/** Who looked at whose personal data: members read of themselves, officers of one person or of one officer. */
import { Type, type Static } from 'typebox'
import { accessPurposes, type AccessEntry } from '../../access/access.ts'
import { cleanText, formatId } from '../../base/base.ts'
import {
  idPageQuery,
  idSchema,
  instantSchema,
  instantText,
  issuerParams,
  listSchema,
  nextCursor,
  problemResponses,
  readIdPage,
  refusal,
  requireMember,
  requireOfficer,
  type Door,
} from '../door.ts'
import { writeAccess } from './access-writing.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wordOut } from './views.ts'

const WORDS_LENGTH_MAX = 200
const actors = ['officer', 'operator', 'member'] as const

/** What the person concerned reads: the office, not who sits in it, and what for. */
const ownEntryOf = {
  accessId: idOut,
  at: instantSchema,
  by: wordOut(actors),
  route: Type.String(),
  purpose: wordOut(accessPurposes),
  reason: nullable(Type.String({ description: 'As it was stated for seeing everything' })),
  sight: wordOut(['masked', 'full'] as const),
}
const ownEntrySchema = Type.Object(ownEntryOf)
const entrySchema = Type.Object({
  ...ownEntryOf,
  officerId: nullable(idOut),
  subject: Type.String({ description: 'Whose data they were, as an id' }),
})

const query = idPageQuery('acs')

export function registerAccessLogRoutes(door: Door, deps: RouteDeps): void {
  own(door, deps)
  officers(door, deps)
}

function own({ app }: Door, { accessLog }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/members/me/access-log',
    {
      schema: {
        tags: ['members'],
        summary: '내 정보 열람 기록 · Who looked at my data, newest first',
        params: issuerParams,
        querystring: Type.Object(query),
        response: { 200: listSchema(ownEntrySchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      const page = readIdPage('acs', request.query)
      const entries = await accessLog.ofSubject(issuerId, formatId('mbr', memberId), page)
      return {
        items: entries.map(ownEntryView),
        nextCursor: nextCursor(entries, page.limit, cursorOf),
      }
    },
  )
}

function officers({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/access-log',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '개인정보 접속기록 · Looks at one person, or of one officer; this look is one too',
        params: issuerParams,
        querystring: Type.Object({
          ...query,
          subject: Type.Optional(Type.Union([idSchema('mbr'), idSchema('mrc')])),
          officerId: Type.Optional(idSchema('off')),
          reason: Type.String({ minLength: 1, maxLength: WORDS_LENGTH_MAX * 4 }),
        }),
        response: { 200: listSchema(entrySchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { subject, officerId, reason } = request.query
      const words = cleanText(reason, WORDS_LENGTH_MAX)
      if (words === undefined) throw refusal('validation_failed', { field: 'query.reason' })
      const asked = subject ?? officerId
      if (asked === undefined || (subject !== undefined && officerId !== undefined)) {
        throw eitherOr()
      }
      await writeAccess(deps, request, { subjects: [asked], purpose: 'audit', words })
      const page = readIdPage('acs', request.query)
      const entries =
        subject === undefined
          ? await deps.accessLog.ofActor(issuerId, asked, page)
          : await deps.accessLog.ofSubject(issuerId, asked, page)
      return {
        items: entries.map(entryView),
        nextCursor: nextCursor(entries, page.limit, cursorOf),
      }
    },
  )
}

function eitherOr() {
  return refusal('validation_failed', {
    detail: {
      ko: 'subject와 officerId 가운데 하나만 보내 주세요.',
      en: 'Send either `subject` or `officerId`.',
    },
    field: 'query.subject',
  })
}

function cursorOf({ accessId }: AccessEntry): string {
  return formatId('acs', accessId)
}

function actorWord(actor: string): (typeof actors)[number] {
  if (actor.startsWith('off_')) return 'officer'
  return actor.startsWith('mbr_') ? 'member' : 'operator'
}

export function ownEntryView(entry: AccessEntry): Static<typeof ownEntrySchema> {
  const { accessId, at, actor, route, purpose, words, sight } = entry
  return {
    accessId: formatId('acs', accessId),
    at: instantText(at),
    by: actorWord(actor),
    route,
    purpose,
    reason: words,
    sight,
  }
}

function entryView(entry: AccessEntry): Static<typeof entrySchema> {
  const { actor, subject } = entry
  const officerId = actor.startsWith('off_') ? actor : null
  return { ...ownEntryView(entry), officerId, subject }
}
