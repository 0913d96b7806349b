/** A member as officers see one: half of name and number, all of it for a stated reason. Every look is written down. */
import { Type, type Static } from 'typebox'
import { shown, unmaskReasons } from '../../access/access.ts'
import { cleanText, formatId, type IssuerId } from '../../base/base.ts'
import { memberStatuses } from '../../issuing/issuing.ts'
import type { MemberAccount } from '../../registration/registration.ts'
import {
  idempotencyKey,
  idSchema,
  issuerParam,
  notFound,
  problemResponses,
  readId,
  refusal,
  requireOfficer,
  type Door,
} from '../door.ts'
import { writeAccess } from './access-writing.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wordOut } from './views.ts'

const WORDS_LENGTH_MAX = 200

const memberSchema = Type.Object({
  memberId: idOut,
  walletId: idOut,
  name: nullable(Type.String()),
  phone: nullable(Type.String()),
  birthDate: nullable(Type.String()),
  status: wordOut(memberStatuses),
  accountLinked: Type.Boolean(),
  debitAgreed: Type.Boolean(),
  sight: wordOut(['masked', 'full'] as const),
})
const params = Type.Object({ ...issuerParam, memberId: idSchema('mbr') })
const response = { 200: memberSchema, ...problemResponses }
const path = '/v1/issuers/:issuerCode/members/:memberId'

export function registerMemberDeskRoutes({ app }: Door, deps: RouteDeps): void {
  app.get(
    path,
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '회원 조회 · A member, masked; the look is written down',
        params,
        response,
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const account = await accountOf(deps, issuerId, request.params.memberId)
      await writeAccess(deps, request, { subjects: [account.member] })
      return memberView(account, false)
    },
  )

  app.post(
    `${path}/unmasking`,
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '마스킹 해제 · A member in full, for a reason that the member can read later',
        params,
        body: Type.Object({
          reason: wordOut(unmaskReasons),
          words: Type.String({ minLength: 1, maxLength: WORDS_LENGTH_MAX * 4 }),
        }),
        response,
      },
    },
    async (request, reply) => {
      const { issuerId } = requireOfficer(request)
      idempotencyKey(request)
      const words = cleanText(request.body.words, WORDS_LENGTH_MAX)
      if (words === undefined) throw refusal('validation_failed', { field: 'body.words' })
      const account = await accountOf(deps, issuerId, request.params.memberId)
      const { reason: purpose } = request.body
      const sighting = { subjects: [account.member], purpose, words, sight: 'full' } as const
      await writeAccess(deps, request, sighting)
      return reply.header('cache-control', 'no-store').send(memberView(account, true))
    },
  )
}

/** @throws HttpProblem 404 */
async function accountOf(
  { registration }: RouteDeps,
  issuerId: IssuerId,
  memberText: string,
): Promise<MemberAccount> {
  const account = await registration.member(issuerId, readId('mbr', memberText))
  if (account === undefined) throw notFound('path.memberId')
  return account
}

function memberView(
  { member, walletId, accountToken, debitConsentId }: MemberAccount,
  unmasked: boolean,
): Static<typeof memberSchema> {
  return {
    memberId: formatId('mbr', member.memberId),
    walletId: formatId('wlt', walletId),
    name: shown('officer', 'name', member.name, unmasked),
    phone: shown('officer', 'phone', member.phone, unmasked),
    birthDate: shown('officer', 'birthDate', member.birthDate, unmasked),
    status: member.status,
    accountLinked: accountToken !== undefined,
    debitAgreed: debitConsentId !== undefined,
    sight: unmasked ? 'full' : 'masked',
  }
}
