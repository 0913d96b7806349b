/**
 * The cash-receipt number of a member (현금영수증 발급수단): told once, changed and taken back at will. What is used while
 * none is registered is missing at the tax office, so from when until when one was is remembered.
 */
import {
  ERASED,
  formatId,
  type Clock,
  type Instant,
  type IssuerId,
  type MemberId,
} from '../base/base.ts'
import { cashReceiptDigits } from '../issuing/issuing.ts'
import { presentMember } from './present-member.ts'
import { changeRecords, newRecord, readRecord, type Change, type RecordOf } from './record-store.ts'
import { refused, type Registered } from './refusal.ts'
import type { NewRecord, Registry } from './registry.ts'
import type { RegisteredSpan } from './tax-record-bodies.ts'

/** Of how many stretches of registration the newest are remembered. */
export const TAX_SPANS_REMEMBERED_MAX = 100

export interface TaxSetting {
  /** Digits; `undefined`: none is registered. */
  readonly cashReceiptNumber: string | undefined
  readonly registeredSince: Instant | undefined
  /** The oldest first. */
  readonly spans: readonly RegisteredSpan[]
}

export interface TaxSettings {
  taxSetting(issuerId: IssuerId, memberId: MemberId): Promise<TaxSetting>
  /** The same again changes nothing. @param cashReceiptNumber as typed; `null` takes it back */
  setTax(command: {
    readonly issuerId: IssuerId
    readonly memberId: MemberId
    readonly cashReceiptNumber: string | null
  }): Promise<Registered<TaxSetting>>
}

export interface TaxSettingDeps {
  readonly registry: Registry
  readonly clock: Clock
}

/** All methods throw the registry's Faults. */
export function createTaxSettings({ registry, clock }: TaxSettingDeps): TaxSettings {
  return {
    async taxSetting(issuerId, memberId) {
      return settingOf(await readRecord(registry, issuerId, 'tax_setting', memberId))
    },
    async setTax({ issuerId, memberId, cashReceiptNumber: typed }) {
      const digits = typed === null ? '' : cashReceiptDigits(typed)
      if (digits === undefined) return refused('field_invalid', 'cashReceiptNumber')
      const now = clock()
      const decide = async (): Promise<Change<Registered<TaxSetting>>> => {
        if ((await presentMember(registry, issuerId, memberId)) === undefined) {
          return { answer: refused('member_unknown') }
        }
        const known = await readRecord(registry, issuerId, 'tax_setting', memberId)
        if ((known?.body.cashReceiptNumber ?? '') === digits) {
          return { answer: { status: 'registered', ...settingOf(known) } }
        }
        const next = nextSetting(memberId, known, { digits, now })
        return {
          answer: { status: 'registered', ...settingOf(next) },
          by: formatId('mbr', memberId),
          records: [newRecord('tax_setting', next)],
        }
      }
      return changeRecords(registry, issuerId, now, decide)
    },
  }
}

/** The record by which the number of whoever leaves is registered no longer; none where none was. */
export async function endOfTaxSetting(
  registry: Registry,
  { issuerId, memberId, now }: { issuerId: IssuerId; memberId: MemberId; now: Instant },
): Promise<NewRecord[]> {
  const known = await readRecord(registry, issuerId, 'tax_setting', memberId)
  if (known === undefined || settingOf(known).cashReceiptNumber === undefined) return []
  return [newRecord('tax_setting', nextSetting(memberId, known, { digits: '', now }))]
}

function nextSetting(
  memberId: MemberId,
  known: RecordOf<'tax_setting'> | undefined,
  { digits, now }: { readonly digits: string; readonly now: Instant },
): RecordOf<'tax_setting'> {
  const spans = nextSpans(known?.body.spans ?? [], { isRegistered: digits !== '', now })
  const body = { cashReceiptNumber: digits, spans: spans.slice(-TAX_SPANS_REMEMBERED_MAX) }
  return { recordId: memberId, version: (known?.version ?? 0) + 1, body }
}

function nextSpans(
  spans: readonly RegisteredSpan[],
  { isRegistered, now }: { readonly isRegistered: boolean; readonly now: Instant },
): readonly RegisteredSpan[] {
  const open = spans.at(-1)
  const isOpen = open?.until === null
  if (isOpen === isRegistered) return spans
  return isOpen
    ? [...spans.slice(0, -1), { from: open.from, until: now }]
    : [...spans, { from: now, until: null }]
}

function settingOf(record: RecordOf<'tax_setting'> | undefined): TaxSetting {
  const { cashReceiptNumber = '', spans = [] } = record?.body ?? {}
  const isThere = cashReceiptNumber !== '' && cashReceiptNumber !== ERASED
  return {
    cashReceiptNumber: isThere ? cashReceiptNumber : undefined,
    registeredSince: isThere ? spans.at(-1)?.from : undefined,
    spans,
  }
}
