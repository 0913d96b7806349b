/**
 * Who sees what of somebody else: one table, which every view asks. Persons see all of their own, and no row says so.
 * A field that is hidden does not leave; one that is masked leaves in full only for a stated reason, where that is
 * allowed at all.
 */
import { ERASED, ERASED_DAY, maskAccountNumber, maskName, maskPhone } from '../base/base.ts'
import type { Role } from './access.ts'

export const personalFields = [
  'name',
  'phone',
  'birthDate',
  'accountNumber',
  'accountHolder',
  // By which a sign-in knows a person; means nothing outside.
  'person',
  // Of a merchant, whose owner often is one person.
  'businessNumber',
  'address',
  // What somebody wrote who wants something decided.
  'words',
  // By which the tax office knows what somebody used.
  'cashReceiptNumber',
] as const
export type PersonalField = (typeof personalFields)[number]

export type Sight = 'full' | 'masked' | 'hidden'

const nothing = {
  name: 'hidden',
  phone: 'hidden',
  birthDate: 'hidden',
  accountNumber: 'hidden',
  accountHolder: 'hidden',
  person: 'hidden',
  businessNumber: 'hidden',
  address: 'hidden',
  words: 'hidden',
  cashReceiptNumber: 'hidden',
} as const satisfies Record<PersonalField, Sight>

/** Of somebody else with the same issuer: another member, another's shop, those whom an officer serves. */
export const sightOf = {
  // Giver and receiver of a present know one another by half a name and half a number.
  member: { ...nothing, name: 'masked', phone: 'masked', address: 'full' },
  former_member: nothing,
  clerk: { ...nothing, businessNumber: 'full', address: 'full' },
  // Of the shop: its papers, and the people whom the owner lets take payments.
  owner: {
    ...nothing,
    accountNumber: 'masked',
    accountHolder: 'masked',
    person: 'full',
    businessNumber: 'full',
    address: 'full',
    words: 'full',
  },
  officer: {
    name: 'masked',
    phone: 'masked',
    birthDate: 'masked',
    accountNumber: 'masked',
    accountHolder: 'masked',
    person: 'hidden',
    businessNumber: 'full',
    address: 'full',
    words: 'full',
    cashReceiptNumber: 'hidden',
  },
  // Whoever runs the system decides what is the operator's to decide, and looks at nobody.
  operator: { ...nothing, words: 'full' },
} as const satisfies Record<Role, Record<PersonalField, Sight>>

/** What a role may see in full after saying why. All else that is masked stays so. */
const unmaskable: Partial<Record<Role, readonly PersonalField[]>> = {
  officer: ['name', 'phone', 'birthDate'],
}

export function mayUnmask(role: Role, field: PersonalField): boolean {
  return sightOf[role][field] === 'masked' && unmaskable[role]?.includes(field) === true
}

/** Why an officer looks at somebody in full. */
export const unmaskReasons = [
  // The person asked for something, at the counter or by telephone.
  'request_of_person',
  'error_correction',
  'refund_or_stipend',
  'suspected_fraud',
  // A court, the police or a supervisor asked, by a law.
  'duty_by_law',
] as const
export type UnmaskReason = (typeof unmaskReasons)[number]

const masks: Record<PersonalField, (value: string) => string> = {
  name: maskName,
  phone: maskPhone,
  birthDate: (day) => `${day.slice(0, 4)}-**-**`,
  accountNumber: maskAccountNumber,
  accountHolder: maskName,
  person: () => '****',
  businessNumber: (number) => number.replaceAll(/\d(?=\d*$)/g, '*'),
  address: (text) => `${text.split(' ')[0] ?? ''} ****`,
  words: () => '****',
  cashReceiptNumber: () => '****',
}

/**
 * A field of somebody else as a role sees it; null where it is hidden.
 * @param unmasked the role said why, and that is written down
 */
export function shown(
  role: Role,
  field: PersonalField,
  value: string,
  unmasked = false,
): string | null {
  const sight: Sight = sightOf[role][field]
  if (sight === 'hidden') return null
  if (value === ERASED || value === ERASED_DAY) return ERASED
  if (sight === 'full' || (unmasked && mayUnmask(role, field))) return value
  return masks[field](value)
}
