/**
 * Who may do what. Roles and scopes are data; the checks are pure and read only the session, so that no
 * login service and no table is asked in the middle of a payment.
 */
import type {
  ClerkId,
  Instant,
  IssuerId,
  MemberId,
  MerchantId,
  OfficerId,
  WalletId,
} from '../base/base.ts'

export {
  accessPurposes,
  createMemoryAccessLog,
  type AccessEntry,
  type AccessLog,
  type AccessPage,
  type AccessPurpose,
  type Look,
} from './access-log.ts'
export {
  mayUnmask,
  personalFields,
  shown,
  sightOf,
  unmaskReasons,
  type PersonalField,
  type Sight,
  type UnmaskReason,
} from './personal-data.ts'

/** Everything a role may be allowed to do, in the order in which documents list it. */
export const scopes = [
  // A citizen.
  'wallet:read',
  'code:show',
  'payment:make',
  'purchase:make',
  'own_data:copy',
  // A shop.
  'merchant:read',
  'payment:take',
  'payment:cancel',
  'merchant:manage',
  'clerk:manage',
  // A municipality.
  'issuer:read',
  'merchant:decide',
  'program:manage',
  // Whoever runs the system.
  'operator:*',
] as const
export type Scope = (typeof scopes)[number]

/**
 * What each role may do. A former member is one who has left and is not forgotten yet: what is still kept is theirs to
 * see. An owner is a clerk who also manages the shop; an operator sees the machine and no one's money, and takes no
 * other role by being one.
 */
export const scopesOf = {
  member: ['wallet:read', 'code:show', 'payment:make', 'purchase:make', 'own_data:copy'],
  former_member: ['own_data:copy'],
  clerk: ['merchant:read', 'payment:take', 'payment:cancel'],
  owner: ['merchant:read', 'payment:take', 'payment:cancel', 'merchant:manage', 'clerk:manage'],
  officer: ['issuer:read', 'merchant:decide', 'program:manage'],
  operator: ['operator:*'],
} as const satisfies Record<string, readonly Scope[]>
export type Role = keyof typeof scopesOf
export const roles = [
  'member',
  'former_member',
  'clerk',
  'owner',
  'officer',
  'operator',
] as const satisfies Role[]

export interface MemberRole {
  readonly role: 'member'
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly walletId: WalletId
}
/** Of somebody who has left the issuer. */
export interface FormerMemberRole {
  readonly role: 'former_member'
  readonly issuerId: IssuerId
  readonly memberId: MemberId
}
export interface ClerkRole {
  readonly role: 'clerk' | 'owner'
  readonly issuerId: IssuerId
  readonly clerkId: ClerkId
  readonly merchantId: MerchantId
}
export interface OfficerRole {
  readonly role: 'officer'
  readonly issuerId: IssuerId
  readonly officerId: OfficerId
}
export interface OperatorRole {
  readonly role: 'operator'
}
export type SessionRole = MemberRole | FormerMemberRole | ClerkRole | OfficerRole | OperatorRole

/** A person at one device, as the access token says. A person may hold several roles with several issuers. */
export interface Session {
  readonly personId: string
  /** RFC 7638 thumbprint of the device's key. */
  readonly deviceThumbprint: string
  readonly roles: readonly SessionRole[]
  readonly expiresAt: Instant
}

/** True where the role's row of the table has the scope. */
export function may(role: SessionRole, scope: Scope): boolean {
  const allowed: readonly Scope[] = scopesOf[role.role]
  return allowed.includes(scope)
}

/** The person's membership with an issuer. */
export function memberOf(session: Session, issuerId: IssuerId): MemberRole | undefined {
  return session.roles.find(
    (role): role is MemberRole => role.role === 'member' && role.issuerId === issuerId,
  )
}

/** The person as one about whom an issuer keeps data of a membership, whether it stands or has ended. */
export function dataSubjectOf(
  session: Session,
  issuerId: IssuerId,
): MemberRole | FormerMemberRole | undefined {
  return session.roles.find(
    (role): role is MemberRole | FormerMemberRole =>
      (role.role === 'member' || role.role === 'former_member') && role.issuerId === issuerId,
  )
}

/**
 * The person's place at a shop, as clerk or as owner. Without `merchantId` the first shop with the issuer;
 * where a person stands at several, the route has to name one.
 */
export function clerkOf(
  session: Session,
  issuerId: IssuerId,
  merchantId?: MerchantId,
): ClerkRole | undefined {
  return session.roles.find(
    (role): role is ClerkRole =>
      (role.role === 'clerk' || role.role === 'owner') &&
      role.issuerId === issuerId &&
      (merchantId === undefined || role.merchantId === merchantId),
  )
}

/** The person's office with an issuer. */
export function officerOf(session: Session, issuerId: IssuerId): OfficerRole | undefined {
  return session.roles.find(
    (role): role is OfficerRole => role.role === 'officer' && role.issuerId === issuerId,
  )
}

/** The person as one who runs the system. */
export function operatorOf(session: Session): OperatorRole | undefined {
  return session.roles.find((role): role is OperatorRole => role.role === 'operator')
}
