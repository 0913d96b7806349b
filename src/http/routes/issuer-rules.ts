/** The rules of an issuer itself: anybody may read them, its officers add versions. */
import { Type, type Static, type TSchema } from 'typebox'
import {
  issuerRuleNames,
  issuerRuleTable,
  rulesAt,
  type IssuerRule,
  type IssuerRules,
  type IssuerRuleValues,
} from '../../issuing/issuing.ts'
import {
  idempotencyKey,
  instantSchema,
  instantText,
  issuerParams,
  problemResponses,
  requireIssuer,
  requireOfficer,
  type Door,
} from '../door.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { readInstant } from './terms-schema.ts'
import { nullable } from './views.ts'

/** Every rule by its name, from the one table of rules. */
const ruleSchemas = Object.fromEntries(
  issuerRuleNames.map((name) => [name, schemaOf(issuerRuleTable[name])]),
)
const rulesSchema = Type.Unsafe<IssuerRuleValues>(Type.Object(ruleSchemas))
export const changesSchema = Type.Unsafe<Partial<IssuerRuleValues>>(
  Type.Object(
    Object.fromEntries(
      Object.entries(ruleSchemas).map(([name, schema]) => [name, Type.Optional(schema)]),
    ),
    { additionalProperties: false },
  ),
)
const versionSchema = Type.Object({
  version: Type.Integer(),
  effectiveFrom: instantSchema,
  rules: rulesSchema,
})

function schemaOf(rule: IssuerRule): TSchema {
  const description = rule.because
  switch (rule.kind) {
    case 'flag':
      return Type.Boolean({ description })
    case 'choice':
      return Type.Enum([...rule.options], { description })
    case 'words':
      return Type.Array(Type.String({ minLength: 1, maxLength: 40 }), {
        maxItems: rule.countMax,
        description,
      })
    case 'limit':
      return nullable(Type.Integer({ minimum: rule.min, maximum: rule.max, description }))
    default:
      return Type.Integer({ minimum: rule.min, maximum: rule.max, description })
  }
}

export function registerIssuerRuleRoutes(
  { app, clock }: Door,
  { registration, issuerRules }: RouteDeps,
): void {
  const path = '/v1/issuers/:issuerCode/rules'
  app.get(
    path,
    {
      config: { open: true },
      schema: {
        tags: ['issuers'],
        summary: '발행기관 규칙 · The rules in force, and every version, the oldest first',
        params: issuerParams,
        response: {
          200: Type.Object({ inForce: rulesSchema, versions: Type.Array(versionSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const versions = issuerRules.issuerRules(requireIssuer(request).issuerId)
      return { inForce: rulesAt(versions, clock()), versions: versions.map(versionView) }
    },
  )

  app.post(
    path,
    {
      schema: {
        tags: ['officers'],
        summary: '발행기관 규칙 변경 · Change rules from a later instant; what is not named stays',
        params: issuerParams,
        body: Type.Object({
          effectiveFrom: Type.String({ maxLength: 40, description: 'RFC 3339 with its zone' }),
          changes: changesSchema,
        }),
        response: { 201: versionSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, officerId } = requireOfficer(request)
      const requestId = idempotencyKey(request)
      const effectiveFrom = readInstant(request.body.effectiveFrom, 'effectiveFrom')
      const { changes } = request.body
      const addition = { issuerId, officerId, requestId, effectiveFrom, changes }
      const { rules } = registered(await registration.addIssuerRules(addition), 'body.changes')
      return reply.code(201).send(versionView(rules))
    },
  )
}

function versionView({ version, effectiveFrom, rules }: IssuerRules): Static<typeof versionSchema> {
  return { version, effectiveFrom: instantText(effectiveFrom), rules }
}
