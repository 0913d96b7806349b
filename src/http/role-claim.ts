/** Roles as an access token and the answer to a sign-in write them: ids as text, issuers by their code. */
import { Type, type Static } from 'typebox'
import type { SessionRole } from '../access/access.ts'
import { assert, formatId, parseId } from '../base/base.ts'
import type { IssuingDirectory } from '../issuing/issuing.ts'

/** One person's roles; some 100 bytes each, and a header may have 16 KiB in all. */
export const ROLES_MAX = 32

const text = Type.String({ maxLength: 48 })
export const RoleClaim = Type.Union([
  Type.Object({ role: Type.Literal('member'), issuer: text, member: text, wallet: text }),
  Type.Object({
    role: Type.Union([Type.Literal('clerk'), Type.Literal('owner')]),
    issuer: text,
    clerk: text,
    merchant: text,
  }),
  Type.Object({ role: Type.Literal('officer'), issuer: text, officer: text }),
  Type.Object({ role: Type.Literal('operator') }),
])
export type RoleClaim = Static<typeof RoleClaim>

/** Writes a role down. The issuer of a role is one we know, or it is our bug. */
export function roleClaim(role: SessionRole, issuing: Pick<IssuingDirectory, 'issuer'>): RoleClaim {
  if (role.role === 'operator') return { role: 'operator' }
  const issuer = issuing.issuer(role.issuerId)?.code
  assert(issuer !== undefined, `no issuer ${role.issuerId} for a ${role.role}`)
  switch (role.role) {
    case 'member': {
      const member = formatId('mbr', role.memberId)
      return { role: 'member', issuer, member, wallet: formatId('wlt', role.walletId) }
    }
    case 'officer':
      return { role: 'officer', issuer, officer: formatId('off', role.officerId) }
    default: {
      const clerk = formatId('clk', role.clerkId)
      return { role: role.role, issuer, clerk, merchant: formatId('mrc', role.merchantId) }
    }
  }
}

/** Reads what `roleClaim` wrote; a role with an issuer that is not here (any more) is left out. */
export function readRoleClaims(
  claims: readonly RoleClaim[],
  issuing: Pick<IssuingDirectory, 'issuerByCode'>,
): SessionRole[] {
  return claims.flatMap((claim) => {
    const role = readRoleClaim(claim, issuing)
    return role === undefined ? [] : [role]
  })
}

function readRoleClaim(
  claim: RoleClaim,
  issuing: Pick<IssuingDirectory, 'issuerByCode'>,
): SessionRole | undefined {
  if (claim.role === 'operator') return { role: 'operator' }
  const issuerId = issuing.issuerByCode(claim.issuer)?.issuerId
  if (issuerId === undefined) return undefined
  switch (claim.role) {
    case 'member': {
      const memberId = parseId('mbr', claim.member)
      const walletId = parseId('wlt', claim.wallet)
      if (memberId === undefined || walletId === undefined) return undefined
      return { role: 'member', issuerId, memberId, walletId }
    }
    case 'officer': {
      const officerId = parseId('off', claim.officer)
      return officerId === undefined ? undefined : { role: 'officer', issuerId, officerId }
    }
    default: {
      const clerkId = parseId('clk', claim.clerk)
      const merchantId = parseId('mrc', claim.merchant)
      if (clerkId === undefined || merchantId === undefined) return undefined
      return { role: claim.role, issuerId, clerkId, merchantId }
    }
  }
}
