/** From the values of 나래카드's telegrams to the canonical model. Fields are named in Korean, as the partner does. */
import {
  unreachable,
  type BusinessDate,
  type Instant,
  type PartnerId,
  type Won,
} from '../../base/base.ts'
import type { CardAnswer, CardClass, CardKey, CardSale } from '../../cards/cards.ts'
import type { TelegramValues } from '../../iso8583/iso8583.ts'
import type { NetworkMessage, PartnerMessage } from '../partner-adapter.ts'
import {
  advisedByOfLetters,
  deciderOfLetter,
  preferenceOfLetter,
  reasonOfCode,
  sourceOfLetter,
  verdictOfDigit,
} from './answer-codes.ts'
import { amountOf, FieldProblem, positiveAmountOf, present } from './field-problem.ts'
import {
  koreanInstant,
  koreanStampInstant,
  nearDate,
  nearStampInstant,
  originalDate,
} from './message-times.ts'
import { type TelegramForm } from './narae-forms.ts'
import { answerFields, naraeLayouts, type NaraeField } from './narae-layouts.ts'
import { hexBytes, KOREAN_WON, yesOrNo } from './shared-values.ts'

/** 응답코드 of what could not be read, and of a MAC that is wrong. */
export const REFUSED_UNREAD = '9998'
export const REFUSED_MAC = '9999'
/** An acknowledgement of a notice, and an accepted network message. */
export const ACKNOWLEDGED = '0000'
export const NOT_ACCEPTED = '3000'
/** Of every telegram; the forms do not name them. */
const always: readonly NaraeField[] = [
  'systemCode',
  'messageType',
  'transactionCode',
  'traceNumber',
  'mac',
]

export type Values = TelegramValues<NaraeField>

/** Whose question it is, and when it came. */
export interface Given {
  readonly partnerId: PartnerId
  readonly today: BusinessDate
}

const namesKo = new Map<NaraeField, string>(
  Object.values(naraeLayouts).flatMap(({ fields }) =>
    fields.map(({ id, nameKo }): [NaraeField, string] => [id, nameKo]),
  ),
)

export function nameOf(id: NaraeField): string {
  return namesKo.get(id) ?? id
}

/** Names the field that is missing or should be spaces. @throws FieldProblem */
export function checkTelegramForm(form: TelegramForm, values: Values, isAnswer: boolean): void {
  for (const id of form.mandatory) {
    if (isAnswer || isThere(values, id)) continue
    throw new FieldProblem(nameOf(id), 'it is missing')
  }
  for (const { id } of naraeLayouts[form.layout].fields) {
    const isKnown =
      always.includes(id) ||
      form.mandatory.includes(id) ||
      form.optional.includes(id) ||
      (isAnswer && (id === 'responseCode' || answerFields.includes(id)))
    if (!isKnown && isThere(values, id)) {
      throw new FieldProblem(nameOf(id), 'this telegram leaves it to spaces')
    }
  }
}

/** @throws FieldProblem */
export function questionOf(form: TelegramForm, values: Values, given: Given): PartnerMessage {
  checkTelegramForm(form, values, false)
  if (isThere(values, 'currency') && values.currency !== KOREAN_WON) {
    throw new FieldProblem(nameOf('currency'), 'not Korean won')
  }
  const isRepeat = values.messageType?.endsWith('1') === true
  if (isThere(values, 'sentAt')) stampOf(values, 'sentAt')
  switch (form.kind) {
    case 'authorize':
    case 'pay': {
      const cardClass = form.kind === 'authorize' ? 'authorization' : 'financial'
      const sale = saleOf(values, keyOf(values, cardClass, given))
      return { type: 'request', isRepeat, request: { kind: form.kind, sale } }
    }
    case 'cancel':
      return { type: 'request', isRepeat, request: cancelOf(values, given) }
    case 'enquire_balance': {
      const key = keyOf(values, 'enquiry', given)
      const { cardToken, merchantNumber } = placeOf(values)
      const at = timeOf(values, key.localDate, 'tradeTime')
      return {
        type: 'request',
        isRepeat,
        request: { kind: 'enquire_balance', key, cardToken, merchantNumber, at },
      }
    }
    case 'advise':
    case 'complete':
    case 'cancelled':
    case 'reverse':
      return { type: 'notice', isRepeat, notice: noticeOf(form.kind, values, given) }
    case 'compare_totals':
      return { type: 'request', isRepeat, request: totalsOf(values, given) }
    case 'sign_on':
    case 'sign_off':
    case 'echo':
    case 'key_change':
      return { type: 'network', network: networkOf(form.kind, values) }
    default:
      return unreachable(form.kind)
  }
}

export function networkOf(
  networkFunction: NetworkMessage['function'],
  values: Values,
): NetworkMessage {
  const { wrappedKey, keyCheckValue } = values
  const name = nameOf('wrappedKey')
  return {
    function: networkFunction,
    stan: values.traceNumber ?? '',
    at: stampOf(values, 'sentAt'),
    ...(isThere(values, 'wrappedKey') ? { wrappedKey: hexBytes(wrappedKey ?? '', name) } : {}),
    ...(isThere(values, 'keyCheckValue') && keyCheckValue !== undefined ? { keyCheckValue } : {}),
  }
}

/** An answer that contradicts itself is refused. @throws FieldProblem */
export function answerOf(values: Values): CardAnswer {
  const letter = <Word>(words: ReadonlyMap<string, Word>, id: NaraeField): Word =>
    present(words.get(values[id] ?? ''), nameOf(id), 'no such value')
  const code = values.responseCode ?? ''
  const isRefusal = code === REFUSED_UNREAD || code === REFUSED_MAC
  const verdict = present(
    verdictOfDigit.get(code.slice(0, 1)),
    nameOf('responseCode'),
    'no such verdict',
  )
  const hasReason = !isRefusal && code.slice(1) !== '000'
  const reason = hasReason ? reasonOfCode.get(code.slice(1)) : undefined
  if (hasReason && reason === undefined) {
    throw new FieldProblem(nameOf('responseCode'), 'no such reason')
  }
  const { approvalCode } = values
  return {
    verdict,
    ...(reason === undefined ? {} : { reason }),
    voucherWon: wonOf(values, 'voucherAmount'),
    accountWon: wonOf(values, 'accountAmount'),
    source: letter(sourceOfLetter, 'moneySource'),
    ...(isThere(values, 'remaining') ? { remainingWon: wonOf(values, 'remaining') } : {}),
    ...(isThere(values, 'remainingAt') ? { remainingAt: stampOf(values, 'remainingAt') } : {}),
    ...(isThere(values, 'approvalCode') && approvalCode !== undefined ? { approvalCode } : {}),
    decidedBy: letter(deciderOfLetter, 'decidedBy'),
    ...(isThere(values, 'onUnknown') ? { onUnknown: letter(preferenceOfLetter, 'onUnknown') } : {}),
  }
}

function noticeOf(
  kind: 'advise' | 'complete' | 'cancelled' | 'reverse',
  values: Values,
  given: Given,
) {
  const amountWon = wonOf(values, 'noticeAmount')
  const decidedAt = present(
    nearStampInstant(values.decidedAt ?? '', given.today),
    nameOf('decidedAt'),
    'no such time near today',
  )
  switch (kind) {
    case 'advise': {
      const cardClass = values.messageType?.startsWith('01') ? 'authorization' : 'financial'
      const sale = saleOf(values, keyOf(values, cardClass, given))
      const by = advisedByOfLetters.get(values.noticeKind ?? '')
      if (amountWon > sale.amountWon) {
        throw new FieldProblem(nameOf('noticeAmount'), 'more was approved than was asked for')
      }
      return {
        kind,
        sale,
        by: present(by, nameOf('noticeKind'), 'no such kind'),
        approvedWon: amountWon,
        decidedAt,
      } as const
    }
    case 'cancelled': {
      const { key, original } = cancelOf(values, given)
      if (amountWon === 0) throw new FieldProblem(nameOf('noticeAmount'), 'an amount of nothing')
      return { kind, key, original, amountWon, decidedAt } as const
    }
    case 'complete':
    case 'reverse': {
      const sale = originalOf(values, given)
      const isSame =
        values.tradeDate === values.originalDate && values.tradeTime === values.originalTime
      if (!isSame) throw new FieldProblem(nameOf('originalDate'), "another time than the sale's")
      if (kind === 'complete') return { kind, sale, amountWon, decidedAt } as const
      if (amountWon > sale.amountWon) {
        throw new FieldProblem(nameOf('noticeAmount'), 'more is kept than was asked for')
      }
      return { kind, sale, keepWon: amountWon, decidedAt } as const
    }
    default:
      return unreachable(kind)
  }
}

function cancelOf(values: Values, given: Given) {
  const amount = values.noticeAmount ?? ''
  return {
    kind: 'cancel',
    key: keyOf(values, 'cancellation', given),
    original: originalOf(values, given),
    ...(amount === '' ? {} : { amountWon: positiveAmountOf(amount, nameOf('noticeAmount')) }),
  } as const
}

function totalsOf(values: Values, given: Given) {
  const countAndSum = (count: NaraeField, sum: NaraeField) => ({
    count: Number(values[count]),
    sumWon: wonOf(values, sum),
  })
  return {
    kind: 'compare_totals',
    totals: {
      partnerId: given.partnerId,
      date: tradeDateOf(values, given),
      payments: countAndSum('paymentCount', 'paymentSum'),
      cancellations: countAndSum('cancellationCount', 'cancellationSum'),
      reversals: countAndSum('reversalCount', 'reversalSum'),
    },
  } as const
}

function keyOf(values: Values, cardClass: CardClass, given: Given): CardKey {
  return {
    partnerId: given.partnerId,
    acquirer: values.acquirer ?? '',
    terminal: values.terminal ?? '',
    stan: values.traceNumber ?? '',
    localDate: tradeDateOf(values, given),
    cardClass,
  }
}

function placeOf(values: Values): { cardToken: string; merchantNumber: string } {
  const { cardToken = '', merchantNumber = '' } = values
  if (cardToken.length < 8) throw new FieldProblem(nameOf('cardToken'), 'shorter than 8')
  if (merchantNumber.length !== 15) {
    throw new FieldProblem(nameOf('merchantNumber'), 'not 15 characters')
  }
  return { cardToken, merchantNumber }
}

function saleOf(
  values: Values,
  key: CardKey,
  at = timeOf(values, key.localDate, 'tradeTime'),
): CardSale {
  return {
    key,
    ...placeOf(values),
    amountWon: positiveAmountOf(values.amount ?? '', nameOf('amount')),
    at,
    partialAllowed: yesOrNo(values.partialAllowed || undefined, nameOf('partialAllowed')),
  }
}

function originalOf(values: Values, given: Given): CardSale {
  const { originalType } = values
  if (originalType !== '0100' && originalType !== '0200') {
    throw new FieldProblem(nameOf('originalType'), 'neither an authorization nor a purchase')
  }
  const cardClass = originalType === '0100' ? 'authorization' : 'financial'
  const key: CardKey = {
    ...keyOf(values, cardClass, given),
    stan: values.originalTrace ?? '',
    localDate: present(
      originalDate(values.originalDate ?? '', given.today),
      nameOf('originalDate'),
      'no day of which anything could be left',
    ),
  }
  return saleOf(values, key, timeOf(values, key.localDate, 'originalTime'))
}

function tradeDateOf(values: Values, { today }: Given): BusinessDate {
  const date = nearDate(values.tradeDate ?? '', today)
  return present(date, nameOf('tradeDate'), 'no such day near today')
}

function timeOf(values: Values, date: BusinessDate, id: NaraeField): Instant {
  return present(koreanInstant(date, values[id] ?? ''), nameOf(id), 'no such time')
}

function stampOf(values: Values, id: NaraeField): Instant {
  return present(koreanStampInstant(values[id] ?? ''), nameOf(id), 'no such time')
}

function wonOf(values: Values, id: NaraeField): Won {
  if (!isThere(values, id)) throw new FieldProblem(nameOf(id), 'it is missing')
  return amountOf(values[id] ?? '', nameOf(id))
}

export function isThere(values: Values, id: NaraeField): boolean {
  return (values[id] ?? '') !== ''
}
