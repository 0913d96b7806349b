/** What a person may act as, over all issuers: what a session is opened with. */
import type { SessionRole } from '../access/access.ts'
import type { ClerkId, IssuerId, MemberId, OfficerId } from '../base/base.ts'
import { readBody } from './record-bodies.ts'
import { recordOf } from './record-store.ts'
import type { PersonRecord, RegistrationDeps } from './registration-deps.ts'
import type { StoredRecord } from './registry.ts'

/** Roles in the order of the index; those that ended are left out. */
export async function rolesOf(deps: RegistrationDeps, personId: string): Promise<SessionRole[]> {
  const records = await deps.persons.recordsOf(personId)
  const groups = Map.groupBy(records, ({ issuerId, kind }) => `${issuerId}/${kind}`)
  const roles: SessionRole[] = []
  for (const group of groups.values()) {
    const { issuerId, kind } = group[0]!
    const ids = group.map((record) => record.recordId)
    for (const stored of await deps.registry.read(issuerId, kind, ids)) {
      // The record has the last word on whose it is, whatever an index found.
      if (readBody(kind, stored.body).personId !== personId) continue
      const role = roleOf(issuerId, kind, stored)
      if (role !== undefined) roles.push(role)
    }
  }
  return roles
}

function roleOf(
  issuerId: IssuerId,
  kind: PersonRecord['kind'],
  stored: StoredRecord,
): SessionRole | undefined {
  // In each case the record's id is that of the member, clerk or officer.
  switch (kind) {
    case 'member': {
      const { walletId, status } = recordOf('member', stored).body
      const memberId = stored.recordId as MemberId
      return status === 'left'
        ? { role: 'former_member', issuerId, memberId }
        : { role: 'member', issuerId, memberId, walletId }
    }
    case 'clerk': {
      const { role, merchantId, active } = recordOf('clerk', stored).body
      const clerkId = stored.recordId as ClerkId
      return active ? { role, issuerId, clerkId, merchantId } : undefined
    }
    case 'officer': {
      const { active } = recordOf('officer', stored).body
      const officerId = stored.recordId as OfficerId
      return active ? { role: 'officer', issuerId, officerId } : undefined
    }
    case 'operator':
      return recordOf('operator', stored).body.active ? { role: 'operator' } : undefined
    default:
      return undefined
  }
}
