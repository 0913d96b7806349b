/** Who may see what, where more than one role may. */
import type { FastifyRequest } from 'fastify'
import { clerkOf, officerOf, type Role } from '../../access/access.ts'
import type { Merchant, Outlet } from '../../acquiring/acquiring.ts'
import type { MerchantId } from '../../base/base.ts'
import { HttpProblem, readId, requireIssuer, requireSession, notFound } from '../door.ts'
import type { RouteDeps } from './route-deps.ts'

/** For a caller who has no role with the issuer that could see the thing. */
export function forbiddenToAll(): HttpProblem {
  return new HttpProblem({
    status: 403,
    code: 'forbidden',
    title: { ko: '권한이 없습니다.', en: 'This is not allowed to you.' },
  })
}

/** The caller works for the merchant or decides about it; as which of them. @throws HttpProblem 401, 403 */
export function requireMerchantOrOfficer(request: FastifyRequest, merchantId: MerchantId): Role {
  const { issuerId } = requireIssuer(request)
  const session = requireSession(request)
  const role = clerkOf(session, issuerId, merchantId) ?? officerOf(session, issuerId)
  if (role === undefined) throw forbiddenToAll()
  return role.role
}

/** An outlet of the path's issuer, from memory. @throws HttpProblem 401, 404 */
export function requireOutlet(
  { acquiring }: Pick<RouteDeps, 'acquiring'>,
  request: FastifyRequest,
  outletText: string,
): { readonly outlet: Outlet; readonly merchant: Merchant } {
  const { issuerId } = requireIssuer(request)
  requireSession(request)
  const outlet = acquiring.outlet(issuerId, readId('out', outletText))
  const merchant = outlet && acquiring.merchant(issuerId, outlet.merchantId)
  if (outlet === undefined || merchant === undefined) throw notFound('path.outletId')
  return { outlet, merchant }
}
