/**
 * Asked by every route by which a member's money leaves: is this operation confirmed? For members who have set neither
 * PIN nor passkey the answer is one look into memory.
 */
import type { FastifyRequest } from 'fastify'
import type { OperationId } from '../../base/base.ts'
import { requireMember, requireSession, type Door } from '../door.ts'
import { confirmationProblem } from './confirmation-answers.ts'
import type { RouteDeps } from './route-deps.ts'

export const CONFIRMATION_HEADER = 'payment-confirmation'

type Asked = Pick<Door, 'confirmationTokens'>

/**
 * A repeat of what has its outcome is let through: it moves nothing, and who lost the answer has no new confirmation.
 * @throws HttpProblem 403 where it is missing, or about something else
 */
export async function requireMoneyConfirmation(
  door: Asked,
  deps: Pick<RouteDeps, 'walletGuarded' | 'ledger'>,
  request: FastifyRequest,
  asked: {
    readonly operation: OperationId
    /** Asked for guarded wallets only; `undefined` where nobody can read it, and then nothing can be paid. */
    readonly amountWon: () => number | undefined
  },
): Promise<void> {
  const { issuerId, walletId } = requireMember(request)
  if (!deps.walletGuarded(issuerId, walletId)) return
  const { operation } = asked
  const amountWon = asked.amountWon()
  if (amountWon === undefined) return
  if (isConfirmed(door, request, { operation, amountWon })) return
  const [known] = await deps.ledger.find(issuerId, [operation])
  if (known?.walletId === walletId) return
  throw confirmationProblem(
    request.headers[CONFIRMATION_HEADER] === undefined
      ? 'confirmation_required'
      : 'confirmation_invalid',
  )
}

/** The request carries a token about exactly this. @throws HttpProblem 401, 403 for who is no member */
export function isConfirmed(
  { confirmationTokens }: Asked,
  request: FastifyRequest,
  about: { readonly operation: OperationId; readonly amountWon: number },
): boolean {
  const token = request.headers[CONFIRMATION_HEADER]
  const { issuerId, memberId } = requireMember(request)
  const { deviceThumbprint } = requireSession(request)
  const wanted = { issuerId, memberId, deviceThumbprint, ...about }
  return typeof token === 'string' && confirmationTokens.isFor(token, wanted)
}
