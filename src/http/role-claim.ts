/** Roles as an access token and the answer to a sign-in write them: ids as text, issuers by their code. */
import { Type, type Static } from 'typebox'
import type { SessionRole } from '../access/access.ts'
import { formatId, parseId } from '../base/base.ts'
import type { IssuingDirectory } from '../issuing/issuing.ts'

/** Roles in one token, the first ones of the person; some 100 bytes each, and all headers may have 16 KiB. */
export const ROLES_MAX = 32

const text = Type.String({ maxLength: 48 })
export const RoleClaim = Type.Union([
  Type.Object({ role: Type.Literal('member'), issuer: text, member: text, wallet: text }),
  Type.Object({ role: Type.Literal('former_member'), issuer: text, member: text }),
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

/**
 * Writes roles down, at most `ROLES_MAX`. A role with an issuer that this process does not know (yet) is left out: the
 * person gets it with the next renewal.
 */
export function roleClaims(
  roles: readonly SessionRole[],
  issuing: Pick<IssuingDirectory, 'issuer'>,
): RoleClaim[] {
  return roles
    .flatMap((role) => {
      const claim = roleClaim(role, issuing)
      return claim === undefined ? [] : [claim]
    })
    .slice(0, ROLES_MAX)
}

function roleClaim(
  role: SessionRole,
  issuing: Pick<IssuingDirectory, 'issuer'>,
): RoleClaim | undefined {
  if (role.role === 'operator') return { role: 'operator' }
  const issuer = issuing.issuer(role.issuerId)?.code
  if (issuer === undefined) return undefined
  switch (role.role) {
    case 'member': {
      const member = formatId('mbr', role.memberId)
      return { role: 'member', issuer, member, wallet: formatId('wlt', role.walletId) }
    }
    case 'former_member':
      return { role: 'former_member', issuer, member: formatId('mbr', role.memberId) }
    case 'officer':
      return { role: 'officer', issuer, officer: formatId('off', role.officerId) }
    default: {
      const clerk = formatId('clk', role.clerkId)
      return { role: role.role, issuer, clerk, merchant: formatId('mrc', role.merchantId) }
    }
  }
}

/** Reads what `roleClaims` wrote; a role with an issuer that is not here (any more) is left out. */
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
    case 'former_member': {
      const memberId = parseId('mbr', claim.member)
      return memberId === undefined ? undefined : { role: 'former_member', issuerId, memberId }
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
