/** Corporations: the application, what officers decide, who acts for one, and its end. */
import { parseBusinessNumber } from '../acquiring/acquiring.ts'
import {
  cleanText,
  formatId,
  type CorporationId,
  type IssuerId,
  type MemberId,
  type OfficerId,
  type OperationId,
} from '../base/base.ts'
import {
  changeRecords,
  findRecord,
  naturalKey,
  newRecord,
  type AuthorisedPerson,
  type Change,
  type CorporationBody,
} from '../registration/registration.ts'
import type { CorporateDeps } from './corporate-deps.ts'
import { refusedCorporate, type Corporate, type CorporateRefused } from './corporate-refusal.ts'
import {
  authorisedTable,
  corporationTable,
  type AuthorisedEvent,
  type OfficerDecision,
} from './corporation-machine.ts'
import {
  actingFor,
  changeCorporation,
  corporationOf,
  memberText,
  personOf,
  type Acting,
  type Corporation,
} from './corporation-records.ts'
import { openAffairs } from './open-affairs.ts'

export interface CorporateApplication {
  readonly issuerId: IssuerId
  readonly requestId: OperationId
  /** Who applies, and acts for it afterwards. */
  readonly memberId: MemberId
  readonly name: string
  readonly businessNumber: string
  readonly representative: string
}

export type CorporationAnswer = Corporate<{ readonly corporation: Corporation }>

export const CORPORATION_NAME_MAX = 60
export const CORPORATE_REASON_MAX = 400
/** Who act for one corporation, or are to. */
export const AUTHORISED_MAX = 20
/** All who ever did; a key is kept of each. */
const EVER_AUTHORISED_MAX = 200

/** One business number is one corporation of an issuer; after a refusal or withdrawal it may apply again. */
export async function applyCorporation(
  deps: CorporateDeps,
  application: CorporateApplication,
): Promise<CorporationAnswer> {
  const { issuerId, requestId, memberId } = application
  const given = cleanApplication(application)
  if ('status' in given) return given
  const account = await deps.member(issuerId, memberId)
  if (account?.member.status !== 'active') return refusedCorporate('member_unknown')
  const { registry, ids } = deps
  const now = deps.clock()
  const key = naturalKey.businessNumber(given.businessNumber)
  const by = memberText(memberId)
  const applicant: AuthorisedPerson = {
    memberId,
    state: 'named',
    namedBy: by,
    decidedBy: null,
    at: now,
  }
  const decide = async (): Promise<Change<CorporationAnswer>> => {
    const known = await findRecord(registry, issuerId, 'corporation', key)
    if (known?.body.requestId === requestId) {
      const isSame =
        known.body.name === given.name && known.body.representative === given.representative
      if (!isSame) return { answer: refusedCorporate('corporation_known') }
      return { answer: { status: 'done', corporation: corporationOf(issuerId, known) } }
    }
    if (known !== undefined && corporationTable[known.body.state].apply === '-') {
      return { answer: refusedCorporate('corporation_known') }
    }
    const body: CorporationBody = {
      ...given,
      requestId,
      walletId: known?.body.walletId ?? ids.next('wlt'),
      state: 'applied',
      people: [...removedOf(known?.body.people ?? [], { memberId, by, now }), applicant],
      accountToken: null,
      debitConsentId: null,
      appliedAt: now,
      decidedBy: null,
      decidedAt: null,
      reason: null,
    }
    const recordId = known?.recordId ?? ids.next('cor')
    const record = { recordId, version: (known?.version ?? 0) + 1, body }
    const isNew = !known?.body.people.some((person) => person.memberId === memberId)
    const keys = [
      ...(known === undefined ? [key] : []),
      ...(isNew ? [naturalKey.ofMember(memberId, recordId)] : []),
    ]
    return {
      answer: { status: 'done', corporation: corporationOf(issuerId, record) },
      by,
      records: [newRecord('corporation', { ...record, keys })],
    }
  }
  return changeRecords(registry, issuerId, now, decide)
}

function cleanApplication(
  application: CorporateApplication,
): Pick<CorporationBody, 'name' | 'businessNumber' | 'representative'> | CorporateRefused {
  const name = cleanText(application.name, CORPORATION_NAME_MAX)
  if (name === undefined) return refusedCorporate('field_invalid', 'name')
  const businessNumber = parseBusinessNumber(application.businessNumber)
  if (businessNumber === undefined) return refusedCorporate('field_invalid', 'businessNumber')
  const representative = cleanText(application.representative, CORPORATION_NAME_MAX)
  if (representative === undefined) return refusedCorporate('field_invalid', 'representative')
  return { name, businessNumber, representative }
}

/** Whoever acted before an application acts no longer; the applicant is named anew. */
function removedOf(
  people: readonly AuthorisedPerson[],
  { memberId, by, now }: { readonly memberId: MemberId; readonly by: string; readonly now: number },
): AuthorisedPerson[] {
  return people
    .filter((person) => person.memberId !== memberId)
    .map((person) =>
      authorisedTable[person.state].remove === '-'
        ? person
        : { ...person, state: 'removed', decidedBy: by, at: now },
    )
}

export interface CorporateDecision {
  readonly issuerId: IssuerId
  readonly corporationId: CorporationId
  readonly officerId: OfficerId
  readonly event: OfficerDecision
  /** Why; the corporation reads it. */
  readonly reason: string
}

/** What an officer decides; decided so already: as it is. Approval lets the applicant act and opens the wallet. */
export async function decideCorporation(
  deps: CorporateDeps,
  decision: CorporateDecision,
): Promise<CorporationAnswer> {
  const { issuerId, corporationId, event } = decision
  const reason = cleanText(decision.reason, CORPORATE_REASON_MAX)
  if (reason === undefined) return refusedCorporate('field_invalid', 'reason')
  const by = formatId('off', decision.officerId)
  const decided = await changeCorporation(deps, { issuerId, corporationId, by }, (before, now) => {
    const state = corporationTable[before.state][event]
    if (state === '-') {
      const isDone = before.state === outcomes[event] && before.reason === reason
      return isDone ? { corporation: before } : refusedCorporate('corporation_state_differs')
    }
    const people =
      event === 'approve'
        ? before.people.map((person) => stepped(person, 'confirm', { by, now }))
        : before.people
    return { corporation: { ...before, state, people, decidedBy: by, decidedAt: now, reason } }
  })
  if (decided.status === 'done') await openWallet(deps, decided.corporation)
  return decided
}

const outcomes = {
  approve: 'active',
  refuse: 'refused',
  suspend: 'suspended',
  resume: 'active',
} as const satisfies Record<OfficerDecision, CorporationBody['state']>

/**
 * Idempotent, and asked for again before money moves. The ledger calls whoever has a wallet its member: here it is the
 * corporation, whose number no member bears, because one source draws both.
 */
export async function openWallet(
  { ledger, clock }: Pick<CorporateDeps, 'ledger' | 'clock'>,
  { issuerId, corporationId, walletId, state }: Corporation,
): Promise<void> {
  if (state !== 'active') return
  const memberId = corporationId as number as MemberId // The holder, as said above.
  await ledger.openWallets(issuerId, [{ walletId, memberId }], clock())
}

function stepped(
  person: AuthorisedPerson,
  event: AuthorisedEvent,
  { by, now }: { readonly by: string; readonly now: number },
): AuthorisedPerson {
  const state = authorisedTable[person.state][event]
  return state === '-' ? person : { ...person, state, decidedBy: by, at: now }
}

/** Ends it, by one who acts for it; not while it holds value or has anything under way. */
export async function withdrawCorporation(
  deps: CorporateDeps,
  acting: Acting,
): Promise<CorporationAnswer> {
  const { issuerId, corporationId, memberId } = acting
  const found = await actingFor(deps, acting, 'see')
  if (found.status !== 'done') return found
  const by = memberText(memberId)
  const open = await openAffairs(deps, found.corporation)
  return changeCorporation(deps, { issuerId, corporationId, by }, (before, now) => {
    if (before.state === 'withdrawn') return { corporation: before }
    const state = corporationTable[before.state].withdraw
    if (state === '-') return refusedCorporate('corporation_state_differs')
    // One who is only named speaks for an application that nobody has decided.
    const person = personOf(before, memberId)
    if (before.state !== 'applied' && person?.state !== 'active') {
      return refusedCorporate('corporation_unknown')
    }
    if (open !== undefined) return refusedCorporate(open)
    const closed = { accountToken: null, debitConsentId: null, decidedBy: by, decidedAt: now }
    return { corporation: { ...before, state, ...closed, reason: null } }
  })
}

export interface AuthorisedNaming extends Acting {
  readonly named: MemberId
  /** As the member is registered; another name is answered like a number that nobody has. */
  readonly name: string
}

/** Names another member to act for the corporation; an officer has to confirm. */
export async function nameAuthorised(
  deps: CorporateDeps,
  naming: AuthorisedNaming,
): Promise<CorporationAnswer> {
  const { issuerId, corporationId, memberId, named } = naming
  const found = await actingFor(deps, naming)
  if (found.status !== 'done') return found
  const account = await deps.member(issuerId, named)
  const isMeant =
    account?.member.status === 'active' &&
    account.member.name === cleanText(naming.name, CORPORATION_NAME_MAX)
  if (!isMeant) return refusedCorporate('authorised_unknown')
  const by = memberText(memberId)
  return changeCorporation(deps, { issuerId, corporationId, by }, (before, now) => {
    if (personOf(before, memberId)?.state !== 'active') {
      return refusedCorporate('corporation_unknown')
    }
    const known = personOf(before, named)
    if (known !== undefined && authorisedTable[known.state].name === '-') {
      return { corporation: before }
    }
    const isFull =
      before.people.filter(({ state }) => state === 'named' || state === 'active').length >=
        AUTHORISED_MAX ||
      (known === undefined && before.people.length >= EVER_AUTHORISED_MAX)
    if (isFull) return refusedCorporate('too_many_authorised')
    const person: AuthorisedPerson = {
      memberId: named,
      state: 'named',
      namedBy: by,
      decidedBy: null,
      at: now,
    }
    const others = before.people.filter((each) => each.memberId !== named)
    return { corporation: { ...before, people: [...others, person] } }
  })
}

export interface AuthorisedDecision {
  readonly issuerId: IssuerId
  readonly corporationId: CorporationId
  readonly memberId: MemberId
  readonly event: 'confirm' | 'refuse' | 'remove'
  /** Who decides, as id text. */
  readonly by: string
}

/** What an officer decides about who acts for a corporation. */
export function decideAuthorised(
  deps: CorporateDeps,
  decision: AuthorisedDecision,
): Promise<CorporationAnswer> {
  const { issuerId, corporationId, memberId, event, by } = decision
  return changeCorporation(deps, { issuerId, corporationId, by }, (before, now) =>
    decided(before, { memberId, event, by, now }),
  )
}

function decided(
  before: Corporation,
  given: Pick<AuthorisedDecision, 'memberId' | 'event' | 'by'> & { readonly now: number },
): { readonly corporation: Corporation } | CorporateRefused {
  const { memberId, event, by, now } = given
  const person = personOf(before, memberId)
  if (person === undefined) return refusedCorporate('authorised_unknown')
  const next = stepped(person, event, { by, now })
  if (next === person) {
    const isDone = person.state === personOutcomes[event]
    return isDone ? { corporation: before } : refusedCorporate('authorised_state_differs')
  }
  const people = before.people.map((each) => (each === person ? next : each))
  return { corporation: { ...before, people } }
}

const personOutcomes = { confirm: 'active', refuse: 'refused', remove: 'removed' } as const

/** Takes one off by another who acts, or oneself; the last one stays, else nobody could act at all. */
export async function removeAuthorised(
  deps: CorporateDeps,
  { removed, ...acting }: Acting & { readonly removed: MemberId },
): Promise<CorporationAnswer> {
  const found = await actingFor(deps, acting)
  if (found.status !== 'done') return found
  const { issuerId, corporationId, memberId } = acting
  const by = memberText(memberId)
  return changeCorporation(deps, { issuerId, corporationId, by }, (before, now) => {
    // Asked of what is changed: two who take each other off at once must not both succeed.
    if (personOf(before, memberId)?.state !== 'active') {
      return refusedCorporate('corporation_unknown')
    }
    const active = before.people.filter(({ state }) => state === 'active')
    if (active.length === 1 && active[0]?.memberId === removed) {
      return refusedCorporate('last_authorised_stays')
    }
    return decided(before, { memberId: removed, event: 'remove', by, now })
  })
}
