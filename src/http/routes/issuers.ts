/** What anybody may read: the issuers, and the terms under which their vouchers are sold and spent. */
import { Type, type Static } from 'typebox'
import { formatId } from '../../base/base.ts'
import { issuerKinds, termsAt, type Issuer, type Program } from '../../issuing/issuing.ts'
import { issuerParams, problemResponses, requireIssuer, type Door } from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { publicTermsSchema, publicTermsView } from './terms-schema.ts'
import { idOut, nullable, wordOut } from './views.ts'

const issuerSchema = Type.Object({
  issuerId: idOut,
  issuerCode: Type.String(),
  name: Type.String(),
  nameEn: Type.String(),
  province: nullable(Type.String()),
  kind: wordOut(issuerKinds),
  treasuryBank: Type.String(),
})

const programSchema = Type.Object({
  programId: idOut,
  name: Type.String(),
  nameEn: Type.String(),
  /** In force now; null before the first takes effect. */
  terms: nullable(publicTermsSchema),
})

export function registerIssuerRoutes({ app }: Door, { issuing, clock }: RouteDeps): void {
  const open = { config: { open: true } }
  app.get(
    '/v1/issuers',
    {
      ...open,
      schema: {
        summary: 'All issuers',
        tags: ['issuers'],
        response: { 200: Type.Object({ items: Type.Array(issuerSchema) }), ...problemResponses },
      },
    },
    async () => ({ items: issuing.issuers().map(issuerView) }),
  )

  app.get(
    '/v1/issuers/:issuerCode',
    {
      ...open,
      schema: {
        summary: 'One issuer',
        tags: ['issuers'],
        params: issuerParams,
        response: { 200: issuerSchema, ...problemResponses },
      },
    },
    async (request) => issuerView(requireIssuer(request)),
  )

  app.get(
    '/v1/issuers/:issuerCode/programs',
    {
      ...open,
      schema: {
        summary: 'The issuer’s programs with the terms in force',
        tags: ['issuers'],
        params: issuerParams,
        response: { 200: Type.Object({ items: Type.Array(programSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireIssuer(request)
      const now = clock()
      return { items: issuing.programs(issuerId).map((program) => programView(program, now)) }
    },
  )
}

function issuerView(issuer: Issuer): Static<typeof issuerSchema> {
  const { issuerId, code, nameKo, nameEn, province, kind, treasuryBank } = issuer
  return {
    issuerId: formatId('iss', issuerId),
    issuerCode: code,
    name: nameKo,
    nameEn,
    province,
    kind,
    treasuryBank,
  }
}

function programView(program: Program, now: number): Static<typeof programSchema> {
  const { programId, name, nameEn } = program
  const terms = termsAt(program.terms, now)
  return {
    programId: formatId('prg', programId),
    name,
    nameEn,
    terms: terms === undefined ? null : publicTermsView(terms),
  }
}
