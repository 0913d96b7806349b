/** Members: joining an issuer, the linked bank account, and stopping a wallet whose telephone is lost. */
import {
  cleanText,
  formatId,
  type BusinessDate,
  type CaseId,
  type IssuerId,
  type MemberId,
  type WalletId,
} from '../base/base.ts'
import { mobileDigits, type Member } from '../issuing/issuing.ts'
import {
  consentRecords,
  lackingPurpose,
  wrongAgreements,
  type GivenAgreements,
} from './member-consents.ts'
import { comingBack } from './member-return.ts'
import { isPersonId } from './person-id.ts'
import { presentMember } from './present-member.ts'
import { naturalKey, type MemberBody } from './record-bodies.ts'
import {
  changeRecords,
  findRecord,
  newRecord,
  readRecord,
  type Change,
  type RecordOf,
} from './record-store.ts'
import type { NewRecord } from './registry.ts'
import { refused, type Registered } from './refusal.ts'
import type { RegistrationDeps } from './registration-deps.ts'

/** A human being as the identity provider vouches for them. */
export interface VouchedPerson {
  readonly personId: string
  readonly name: string
  readonly birthDate: BusinessDate
  readonly phone: string
}

/** A member with what the issuer keeps about them. */
export interface MemberAccount {
  readonly member: Member
  readonly walletId: WalletId
  /** The bank's token; `undefined` until an account is linked. */
  readonly accountToken: string | undefined
  /** The consent by which that account is debited; `undefined`: it may only be paid to. */
  readonly debitConsentId: CaseId | undefined
}

export interface BuyerAccount extends MemberAccount {
  readonly accountToken: string
  readonly debitConsentId: CaseId
}

const NAME_LENGTH_MAX = 60
const PHONE = /^[0-9+-]{8,20}$/

export interface Joining {
  readonly issuerId: IssuerId
  readonly person: VouchedPerson
  /** What the person agreed to; without what the issuer requires nobody joins. */
  readonly consents: GivenAgreements
}

/**
 * Registers a person with an issuer and opens their wallet. The same person again gets the same, and what they newly
 * agreed to is kept.
 */
export async function join(
  deps: RegistrationDeps,
  { issuerId, person, consents }: Joining,
): Promise<Registered<MemberAccount>> {
  if (!isPersonId(person.personId)) return refused('field_invalid', 'personId')
  const name = cleanText(person.name, NAME_LENGTH_MAX)
  if (name === undefined) return refused('field_invalid', 'name')
  if (!PHONE.test(person.phone)) return refused('field_invalid', 'phone')
  const { registry, ids } = deps
  const now = deps.clock()
  const wrong = wrongAgreements(deps, issuerId, consents, now)
  if (wrong !== undefined) return wrong
  const lacking = lackingPurpose(deps, issuerId, consents, now)
  if (lacking !== undefined) return refused('consent_missing', `consents.${lacking}`)
  const joined = await changeRecords(registry, issuerId, now, async () => {
    const key = naturalKey.person(person.personId)
    const known = await findRecord(registry, issuerId, 'member', key)
    if (known?.body.status === 'left') {
      const keys = phoneKeys(person.phone, memberIdOf(known))
      const joining = { issuerId, person: { ...person, name }, consents }
      return comingBack(deps, joining, { known, phoneKeys: keys, now })
    }
    if (known !== undefined) {
      const more = { issuerId, memberId: memberIdOf(known), ...consents }
      const records = await consentRecords(deps, more, now)
      if (records.length === 0) return { answer: known }
      return { answer: known, by: formatId('mbr', more.memberId), records }
    }
    const { personId, birthDate, phone } = person
    const memberId = ids.next('mbr')
    const walletId = ids.next('wlt')
    const body: MemberBody = {
      personId,
      name,
      birthDate,
      phone,
      status: 'active',
      walletId,
      accountToken: null,
      debitConsentId: null,
    }
    const record = { recordId: memberId, version: 1, body }
    return {
      answer: record,
      by: formatId('mbr', memberId),
      records: [
        newRecord('member', { ...record, keys: [key, ...phoneKeys(phone, memberId)] }),
        ...(await consentRecords(deps, { issuerId, memberId, ...consents }, now)),
      ],
    }
  })
  // Also for a member that is known: the wallet may not have been opened when the record was written.
  const { walletId } = joined.body
  await deps.ledger.openWallets(issuerId, [{ walletId, memberId: memberIdOf(joined) }], now)
  return { status: 'registered', ...(await accountOf(deps, issuerId, joined)) }
}

export async function memberAccount(
  deps: RegistrationDeps,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<MemberAccount | undefined> {
  const record = await readRecord(deps.registry, issuerId, 'member', memberId)
  return record && accountOf(deps, issuerId, record)
}

/** The member as a buyer, whose purchases have an account to be debited from and a consent to it. */
export async function buyerAccount(
  deps: RegistrationDeps,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<Registered<BuyerAccount>> {
  const account = await memberAccount(deps, issuerId, memberId)
  if (account === undefined) return refused('member_unknown')
  const { accountToken, debitConsentId } = account
  if (accountToken === undefined) return refused('account_not_linked')
  if (debitConsentId === undefined) return refused('debit_consent_missing')
  return { status: 'registered', ...account, accountToken, debitConsentId }
}

export interface WalletStopCommand {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  /** Who asks for it, as id text: the member or an officer. */
  readonly by: string
  readonly reason: string
}

const REASON_LENGTH_MAX = 200

/**
 * Stops a wallet and the telephone that shows its codes. What is released later is the wallet only: a telephone that
 * may be in other hands has to be enrolled again.
 */
export function stopWallet(
  deps: RegistrationDeps,
  command: WalletStopCommand,
): Promise<Registered<{ readonly walletId: WalletId }>> {
  return changeStop(deps, command, true)
}

export function releaseWallet(
  deps: RegistrationDeps,
  command: WalletStopCommand,
): Promise<Registered<{ readonly walletId: WalletId }>> {
  return changeStop(deps, command, false)
}

async function changeStop(
  deps: RegistrationDeps,
  command: WalletStopCommand,
  stopped: boolean,
): Promise<Registered<{ readonly walletId: WalletId }>> {
  const { issuerId, memberId, by } = command
  const { registry } = deps
  const reason = cleanText(command.reason, REASON_LENGTH_MAX)
  if (reason === undefined) return refused('field_invalid', 'reason')
  type Answer = Registered<{ readonly walletId: WalletId }>
  const decide = async (): Promise<Change<Answer>> => {
    // A wallet whose owner has left stays stopped.
    const member = await presentMember(registry, issuerId, memberId)
    if (member === undefined) return { answer: refused('member_unknown') }
    const { walletId } = member.body
    const answer: Answer = { status: 'registered', walletId }
    const stop = await readRecord(registry, issuerId, 'wallet_stop', walletId)
    if ((stop?.body.stopped ?? false) === stopped) return { answer }
    const version = (stop?.version ?? 0) + 1
    const body = { stopped, reason }
    const records: NewRecord[] = [newRecord('wallet_stop', { recordId: walletId, version, body })]
    if (stopped) records.push(...(await deactivation(deps, issuerId, memberId)))
    return { answer, by, records }
  }
  return changeRecords(registry, issuerId, deps.clock(), decide)
}

/** The record by which the member's telephone shows no more codes; none where none does. */
export async function deactivation(
  { registry }: Pick<RegistrationDeps, 'registry'>,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<NewRecord[]> {
  const device = await readRecord(registry, issuerId, 'device', memberId)
  if (device === undefined || !device.body.active) return []
  const body = { ...device.body, active: false }
  return [newRecord('device', { recordId: memberId, version: device.version + 1, body })]
}

export async function accountOf(
  { registry }: Pick<RegistrationDeps, 'registry'>,
  issuerId: IssuerId,
  record: RecordOf<'member'>,
): Promise<MemberAccount> {
  const { walletId, accountToken, debitConsentId } = record.body
  const { personId, name, birthDate, phone, status } = record.body
  const stop = await readRecord(registry, issuerId, 'wallet_stop', walletId)
  return {
    member: {
      issuerId,
      memberId: memberIdOf(record),
      personId,
      name,
      birthDate,
      phone,
      status: status === 'active' && stop?.body.stopped === true ? 'stopped' : status,
    },
    walletId,
    accountToken: accountToken ?? undefined,
    debitConsentId: debitConsentId ?? undefined,
  }
}

/** By which presents find a member; another may bear the number later, so the newest counts. */
function phoneKeys(phone: string, memberId: MemberId): readonly string[] {
  const digits = mobileDigits(phone)
  return digits === undefined ? [] : [naturalKey.ofPhone(digits, memberId)]
}

function memberIdOf({ recordId }: RecordOf<'member'>): MemberId {
  return recordId as MemberId // The record id of a member is the member's.
}
