/** City hall's trail: what each of its officers wrote, when and about what, as the records themselves say. */
import { Type, type Static } from 'typebox'
import { Check } from 'typebox/value'
import { DAY_MS, formatId, id, startOfBusinessDate, type IdPrefix } from '../../base/base.ts'
import {
  recordKinds,
  type OfficerActs,
  type RecordKind,
  type WrittenAct,
} from '../../registration/registration.ts'
import {
  cursorInvalid,
  dayInvalid,
  idSchema,
  instantSchema,
  instantText,
  issuerParams,
  listSchema,
  nextCursor,
  pageQuery,
  problemResponses,
  readDay,
  readId,
  requireOfficer,
  type Door,
} from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wordOut } from './views.ts'

/** More than any issuer has; those who left count too. */
const OFFICERS_MAX = 1_000
const CURSOR_LENGTH_MAX = 200

/** Whose number a record has: a stop is its wallet's, terms are their program's. */
const subjectPrefixes: Readonly<Record<RecordKind, IdPrefix>> = {
  issuer: 'iss',
  issuer_rules: 'iss',
  program: 'prg',
  terms: 'prg',
  member: 'mbr',
  device: 'mbr',
  wallet_stop: 'wlt',
  merchant: 'mrc',
  outlet: 'out',
  clerk: 'clk',
  kit: 'kit',
  officer: 'off',
  operator: 'off',
  partner: 'prt',
  card_link: 'crd',
  case: 'cas',
  conversion: 'cas',
  clearing_file: 'cas',
  notice: 'cas',
  proposal: 'prp',
  announcement: 'prp',
  funding_pot: 'pot',
  merchant_life: 'mrc',
  merchant_document: 'doc',
  merchant_bar: 'mrc',
  settlement_account: 'mrc',
  exchange_agency: 'mrc',
  party_notice: 'cas',
  report: 'cas',
  refund_request: 'cas',
  gift: 'gft',
  gift_day: 'mbr',
  consent: 'cas',
  erasure: 'mbr',
  stipend_batch: 'stb',
  appeal: 'apl',
  clawback: 'clw',
  expected_payment: 'cas',
  corporation: 'cor',
  corporate_consent: 'cas',
  corporate_purchase: 'cas',
  hand_out: 'hnd',
  virtual_account: 'cas',
  top_up_order: 'cas',
  tax_setting: 'mbr',
  confirmation: 'mbr',
  wallet_guard: 'wlt',
  pin_attempts: 'mbr',
  gateway_order: 'cas',
}

const actSchema = Type.Object({
  at: instantSchema,
  officerId: idOut,
  kind: wordOut(recordKinds),
  subjectId: Type.String({ description: 'The id of what it was about', examples: ['prp_3k9f'] }),
  version: Type.Integer({ description: '1: it was new' }),
  state: nullable(Type.String({ description: 'The word for what the record said then' })),
})

const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: '2026-11-22, in Korea' })
const querySchema = Type.Object({
  ...pageQuery,
  cursor: Type.Optional(Type.String({ maxLength: CURSOR_LENGTH_MAX })),
  from: Type.Optional(day),
  through: Type.Optional(day),
  by: Type.Optional(idSchema('off')),
})

export function registerActRoutes({ app, clock }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/acts',
    {
      schema: {
        tags: ['officers'],
        summary: '업무 이력 · Who of the officers did what, newest first',
        params: issuerParams,
        querystring: querySchema,
        response: { 200: listSchema(actSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { cursor, limit, by, ...days } = request.query
      const span = spanOf(days, clock())
      const actors =
        by === undefined
          ? (await deps.records.list(issuerId, 'officer', { limit: OFFICERS_MAX })).map(
              ({ recordId }) => formatId('off', id('off', recordId)),
            )
          : [formatId('off', readId('off', by))]
      const before = cursor === undefined ? undefined : readCursor(cursor)
      const page = await deps.officerActs.acts(issuerId, { actors, ...span, before, limit })
      return { items: page.map(actView), nextCursor: nextCursor(page, limit, cursorOf) }
    },
  )
}

/** @throws HttpProblem that names the end which is wrong */
function spanOf(days: { readonly from?: string; readonly through?: string }, now: number) {
  const from = days.from === undefined ? undefined : readDay(days.from, 'query.from')
  const through = days.through === undefined ? undefined : readDay(days.through, 'query.through')
  if (from !== undefined && through !== undefined && through < from) {
    throw dayInvalid('query.through')
  }
  return {
    from: from === undefined ? 0 : startOfBusinessDate(from),
    // What is being written this moment is in it.
    until: (through === undefined ? now : startOfBusinessDate(through)) + DAY_MS,
  }
}

function actView(act: Awaited<ReturnType<OfficerActs['acts']>>[number]): Static<typeof actSchema> {
  const { actor, at, kind, recordId, version, state } = act
  const prefix = subjectPrefixes[kind]
  const subjectId = formatId(prefix, id(prefix, recordId))
  return { at: instantText(at), officerId: actor, kind, subjectId, version, state }
}

const placeSchema = Type.Tuple([
  Type.Integer({ minimum: 0 }),
  Type.Enum([...recordKinds]),
  Type.Integer({ minimum: 0 }),
  Type.Integer({ minimum: 1 }),
])

/** Opaque to clients. */
function cursorOf({ at, kind, recordId, version }: WrittenAct): string {
  return Buffer.from(JSON.stringify([at, kind, recordId, version])).toString('base64url')
}

/** @throws HttpProblem 400 for text that `cursorOf` did not write */
function readCursor(text: string): WrittenAct {
  const place = parsed(Buffer.from(text, 'base64url').toString())
  if (!Check(placeSchema, place)) throw cursorInvalid()
  const [at, kind, recordId, version] = place
  const before = { at, kind, recordId, version }
  if (cursorOf(before) !== text) throw cursorInvalid()
  return before
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
