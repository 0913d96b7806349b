/** Which fields each message of 한빛카드 must and may have. What stands in neither list is refused. */
import type { IsoMessage } from '../../iso8583/iso8583.ts'

export interface IsoForm {
  readonly kind: HanbitKind
  readonly nameEn: string
  readonly nameKo: string
  /** The first sending and its repeat. */
  readonly mtis: readonly string[]
  /** The first two digits of DE 3. */
  readonly processing: readonly string[]
  readonly mandatory: readonly number[]
  readonly optional: readonly number[]
  /** Elements of DE 48. */
  readonly mandatoryTags: readonly string[]
  readonly optionalTags: readonly string[]
}

export type HanbitKind =
  | 'authorize'
  | 'pay'
  | 'cancel'
  | 'enquire_balance'
  | 'advise'
  | 'complete'
  | 'cancelled'
  | 'reverse'
  | 'compare_totals'
  | 'network'

/** Of a card at a merchant. */
const place = [2, 3, 11, 12, 13, 32, 41, 42, 49]
/** Taken and not used, or sent back. */
const besides = [22, 25, 37, 43]

export const hanbitForms: readonly IsoForm[] = [
  form('authorize', 'authorization', '승인 예약', ['0100', '0101'], ['00'], {
    mandatory: [...place, 4, 7],
    optional: [...besides, 48],
    optionalTags: ['01'],
  }),
  form('pay', 'purchase', '구매', ['0200', '0201'], ['00'], {
    mandatory: [...place, 4, 7],
    optional: [...besides, 48],
    optionalTags: ['01'],
  }),
  form('cancel', 'cancellation', '승인취소', ['0200', '0201'], ['20'], {
    mandatory: [...place, 4, 48, 90],
    optional: [...besides, 7],
    mandatoryTags: ['04'],
    optionalTags: ['01', '05'],
  }),
  form('enquire_balance', 'balance enquiry', '잔액조회', ['0200', '0201'], ['30', '31'], {
    mandatory: [...place, 7],
    optional: besides,
  }),
  form('advise', 'authorization advice', '승인 예약 통보', ['0120', '0121'], ['00'], {
    mandatory: [...place, 4, 7, 48],
    optional: [...besides, 38],
    mandatoryTags: ['02', '05'],
    optionalTags: ['01'],
  }),
  form('advise', 'purchase advice', '구매 통보', ['0220', '0221'], ['00'], {
    mandatory: [...place, 4, 7, 48],
    optional: [...besides, 38],
    mandatoryTags: ['02', '05'],
    optionalTags: ['01'],
  }),
  form('complete', 'completion', '승인 완료 통보', ['0220', '0221'], ['00'], {
    mandatory: [...place, 4, 7, 48, 90, 95],
    optional: [...besides, 38],
    mandatoryTags: ['02'],
    optionalTags: ['01'],
  }),
  form('cancelled', 'cancellation advice', '승인취소 통보', ['0220', '0221'], ['20'], {
    mandatory: [...place, 4, 7, 48, 90],
    optional: [...besides, 38],
    mandatoryTags: ['04', '05'],
    optionalTags: ['01'],
  }),
  form('reverse', 'reversal', '망취소', ['0400', '0401', '0420', '0421'], ['00'], {
    mandatory: [...place, 4, 7, 90],
    optional: [...besides, 38, 48, 95],
    optionalTags: ['01'],
  }),
  form('compare_totals', 'totals', '대사 합계', ['0500', '0501', '0520', '0521'], [], {
    mandatory: [11, 15, 74, 76, 77, 86, 88, 89],
    optional: [7, 32, 41],
  }),
  form('network', 'network management', '망 관리', ['0800'], [], {
    mandatory: [7, 11, 70],
    optional: [48],
    optionalTags: ['60', '61'],
  }),
]

/** What an answer sends back of its question, where it was there. */
export const echoedFields: readonly number[] = [3, 4, 7, 11, 12, 13, 15, 32, 37, 41, 42, 49, 70]
export const answerFields = { mandatory: [11, 39], optional: [...echoedFields, 38, 48, 54] }
export const answerTags = {
  mandatory: ['10', '12', '13', '14', '16'],
  optional: ['11', '15', '17'],
}
/** The answer to a key change says again which key it took. */
export const networkAnswerTags = { mandatory: [], optional: ['61'] }

export function formOf({ mti, fields }: IsoMessage, isCompletion: boolean): IsoForm | undefined {
  const processing = fields.get(3)?.slice(0, 2)
  return hanbitForms.find(
    (each) =>
      each.mtis.includes(mti) &&
      (each.processing.length === 0
        ? processing === undefined
        : processing !== undefined && each.processing.includes(processing)) &&
      (each.kind === 'complete' || each.kind === 'advise'
        ? (each.kind === 'complete') === isCompletion
        : true),
  )
}

function form(
  kind: HanbitKind,
  nameEn: string,
  nameKo: string,
  mtis: readonly string[],
  processing: readonly string[],
  lists: {
    readonly mandatory: readonly number[]
    readonly optional: readonly number[]
    readonly mandatoryTags?: readonly string[]
    readonly optionalTags?: readonly string[]
  },
): IsoForm {
  return { kind, nameEn, nameKo, mtis, processing, mandatoryTags: [], optionalTags: [], ...lists }
}
