/** Corporations in the registry: how they are found, who acts for them, and how they change. */
import {
  formatId,
  type CorporationId,
  type Instant,
  type IssuerId,
  type MemberId,
} from '../base/base.ts'
import {
  changeRecords,
  keyPrefix,
  naturalKey,
  newRecord,
  readRecord,
  recordOf,
  type AuthorisedPerson,
  type Change,
  type CorporationBody,
  type CorporationState,
  type NewRecord,
  type RecordOf,
} from '../registration/registration.ts'
import type { CorporateDeps } from './corporate-deps.ts'
import { refusedCorporate, type Corporate, type CorporateRefused } from './corporate-refusal.ts'

export interface Corporation extends CorporationBody {
  readonly issuerId: IssuerId
  readonly corporationId: CorporationId
}

export interface CorporationPage {
  readonly state?: CorporationState
  readonly before?: number
  readonly limit: number
}

/** Of one member, newest first. */
const OF_MEMBER_MAX = 100

export function corporationOf(
  issuerId: IssuerId,
  { recordId, body }: RecordOf<'corporation'>,
): Corporation {
  // The record id of a corporation is the corporation's.
  return { issuerId, corporationId: recordId as CorporationId, ...body }
}

export async function readCorporation(
  { registry }: Pick<CorporateDeps, 'registry'>,
  issuerId: IssuerId,
  corporationId: CorporationId,
): Promise<Corporation | undefined> {
  const record = await readRecord(registry, issuerId, 'corporation', corporationId)
  return record && corporationOf(issuerId, record)
}

/** Newest first. */
export async function listCorporations(
  { registry }: Pick<CorporateDeps, 'registry'>,
  issuerId: IssuerId,
  page: CorporationPage,
): Promise<readonly Corporation[]> {
  const stored = await registry.list(issuerId, 'corporation', page)
  return stored.map((each) => corporationOf(issuerId, recordOf('corporation', each)))
}

/** Those for which a member acts, or is to act. */
export async function corporationsOf(
  { registry }: Pick<CorporateDeps, 'registry'>,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<readonly Corporation[]> {
  const prefix = keyPrefix.ofMember(memberId)
  const stored = await registry.listByKey(issuerId, 'corporation', prefix, OF_MEMBER_MAX)
  return stored
    .map((each) => corporationOf(issuerId, recordOf('corporation', each)))
    .filter((corporation) =>
      ['named', 'active'].includes(personOf(corporation, memberId)?.state ?? ''),
    )
}

export function personOf(
  { people }: Pick<CorporationBody, 'people'>,
  memberId: MemberId,
): AuthorisedPerson | undefined {
  return people.find((person) => person.memberId === memberId)
}

/** Who asks in a corporation's name. */
export interface Acting {
  readonly issuerId: IssuerId
  readonly corporationId: CorporationId
  readonly memberId: MemberId
}

/**
 * The corporation of an authorised person; to anybody else it does not exist. What a person may do whose own wallet is
 * stopped, because the telephone is lost, is nothing.
 * @param wanted `see`: one who is only named may look too
 */
export async function actingFor(
  deps: Pick<CorporateDeps, 'registry' | 'member'>,
  { issuerId, corporationId, memberId }: Acting,
  wanted: 'see' | 'act' = 'act',
): Promise<Corporate<{ readonly corporation: Corporation }>> {
  const corporation = await readCorporation(deps, issuerId, corporationId)
  const state = corporation && personOf(corporation, memberId)?.state
  const mayAsk = state === 'active' || (state === 'named' && wanted === 'see')
  if (corporation === undefined || !mayAsk) return refusedCorporate('corporation_unknown')
  const account = await deps.member(issuerId, memberId)
  if (account?.member.status !== 'active') return refusedCorporate('member_unknown')
  return { status: 'done', corporation }
}

/** The same, where the corporation itself has to be admitted and not suspended. */
export async function actingForActive(
  deps: Pick<CorporateDeps, 'registry' | 'member'>,
  acting: Acting,
): Promise<Corporate<{ readonly corporation: Corporation }>> {
  const found = await actingFor(deps, acting)
  if (found.status !== 'done' || found.corporation.state === 'active') return found
  return refusedCorporate('corporation_not_active')
}

/** Decides again where somebody else was first. @param change gives the same where nothing is to be written */
export function changeCorporation(
  deps: Pick<CorporateDeps, 'registry' | 'clock'>,
  named: {
    readonly issuerId: IssuerId
    readonly corporationId: CorporationId
    readonly by: string
  },
  change: (
    corporation: Corporation,
    now: Instant,
  ) => Promise<Changed | CorporateRefused> | Changed | CorporateRefused,
): Promise<Corporate<{ readonly corporation: Corporation }>> {
  const { issuerId, corporationId, by } = named
  type Answer = Corporate<{ readonly corporation: Corporation }>
  const now = deps.clock()
  return changeRecords(deps.registry, issuerId, now, async (): Promise<Change<Answer>> => {
    const known = await readRecord(deps.registry, issuerId, 'corporation', corporationId)
    if (known === undefined) return { answer: refusedCorporate('corporation_unknown') }
    const before = corporationOf(issuerId, known)
    const changed = await change(before, now)
    if ('status' in changed) return { answer: changed }
    const { corporation, beside = [] } = changed
    const answer = { status: 'done', corporation } as const
    if (corporation === before) return { answer }
    const record = {
      recordId: corporationId,
      version: known.version + 1,
      body: bodyOf(corporation),
    }
    const keys = corporation.people
      .filter(({ memberId }) => personOf(before, memberId) === undefined)
      .map(({ memberId }) => naturalKey.ofMember(memberId, corporationId))
    return { answer, by, records: [newRecord('corporation', { ...record, keys }), ...beside] }
  })
}

export interface Changed {
  readonly corporation: Corporation
  /** What is written with it. */
  readonly beside?: readonly NewRecord[]
}

export function bodyOf(corporation: Corporation): CorporationBody {
  const { issuerId: _issuer, corporationId: _corporation, ...body } = corporation
  return body
}

export function memberText(memberId: MemberId): string {
  return formatId('mbr', memberId)
}
