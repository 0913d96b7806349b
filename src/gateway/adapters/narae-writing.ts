/** From the canonical model to the values of 나래카드's telegrams. What cannot be written is our own defect. */
import { assert, Bug, unreachable, type Instant } from '../../base/base.ts'
import type { CardAnswer, CardKey, CardNotice, CardRequest, CardSale } from '../../cards/cards.ts'
import type { NetworkMessage, PartnerMessage } from '../partner-adapter.ts'
import {
  adviceLetters,
  deciderLetters,
  preferenceLetters,
  reasonTable,
  sourceLetters,
  verdictDigits,
} from './answer-codes.ts'
import { dateDigits, koreanStamp } from './message-times.ts'
import { formOfKind, type NaraeKind } from './narae-forms.ts'
import { NARAE_SYSTEM } from './narae-layouts.ts'
import type { Values } from './narae-reading.ts'
import { hexDigits, isOfItsDay, KOREAN_WON, type MerchantNames } from './shared-values.ts'

/** A telegram of this side's own, without its MAC. */
export function valuesOf(message: PartnerMessage, names: MerchantNames): Values {
  switch (message.type) {
    case 'request':
      return repeated(requestValues(message.request, names), message.isRepeat)
    case 'notice':
      return repeated(noticeValues(message.notice, names), message.isRepeat)
    case 'network':
      return networkValues(message.network)
    default:
      throw new Bug(`a message of type ${message.type} answers another`)
  }
}

/** The answer's own fields. @param refusedAs 응답코드 of a telegram that could not be read */
export function answerValues(answer: CardAnswer, refusedAs?: string): Values {
  const reason = answer.reason === undefined ? '000' : reasonTable[answer.reason].code
  const { approvalCode, remainingWon, remainingAt, onUnknown } = answer
  return {
    responseCode: refusedAs ?? `${verdictDigits[answer.verdict]}${reason}`,
    voucherAmount: amountDigits(answer.voucherWon),
    accountAmount: amountDigits(answer.accountWon),
    moneySource: sourceLetters[answer.source],
    decidedBy: deciderLetters[answer.decidedBy],
    ...(approvalCode === undefined ? {} : { approvalCode }),
    ...(remainingWon === undefined ? {} : { remaining: amountDigits(remainingWon) }),
    ...(remainingAt === undefined ? {} : { remainingAt: koreanStamp(remainingAt) }),
    ...(onUnknown === undefined ? {} : { onUnknown: preferenceLetters[onUnknown] }),
  }
}

function repeated(values: Values, isRepeat: boolean): Values {
  const { messageType = '' } = values
  return isRepeat ? { ...values, messageType: `${messageType.slice(0, 3)}1` } : values
}

function requestValues(request: CardRequest, names: MerchantNames): Values {
  switch (request.kind) {
    case 'authorize':
    case 'pay': {
      const { sale } = request
      const type = request.kind === 'authorize' ? '0100' : '0200'
      assert(typeOf(sale) === type, `a ${request.kind} of another class`)
      const time = { tradeTime: timeDigits(sale.at), sentAt: koreanStamp(sale.at) }
      return { ...headOf(request.kind, type), ...saleValues(sale, sale.key, names), ...time }
    }
    case 'cancel': {
      const { amountWon } = request
      return {
        ...headOf('cancel', '0200'),
        ...cancellationValues(request, names),
        ...(amountWon === undefined ? {} : { noticeAmount: positiveDigits(amountWon) }),
      }
    }
    case 'enquire_balance': {
      const { key, cardToken, merchantNumber, at } = request
      assert(key.cardClass === 'enquiry', 'an enquiry of another class')
      return {
        ...headOf('enquire_balance', '0200'),
        ...placeValues({ key, cardToken, merchantNumber }, names),
        sentAt: koreanStamp(at),
        tradeTime: timeDigits(at),
      }
    }
    case 'compare_totals': {
      const { date, payments, cancellations, reversals } = request.totals
      return {
        ...headOf('compare_totals', '0500'),
        // The model gives totals no trace number; there is one question for each day.
        traceNumber: dateDigits(date).slice(2),
        tradeDate: dateDigits(date),
        paymentCount: String(payments.count),
        paymentSum: amountDigits(payments.sumWon),
        cancellationCount: String(cancellations.count),
        cancellationSum: amountDigits(cancellations.sumWon),
        reversalCount: String(reversals.count),
        reversalSum: amountDigits(reversals.sumWon),
      }
    }
    default:
      return unreachable(request)
  }
}

function noticeValues(notice: CardNotice, names: MerchantNames): Values {
  const stamp = koreanStamp(notice.decidedAt)
  const times = { sentAt: stamp, decidedAt: stamp }
  if (notice.kind === 'cancelled') {
    return {
      ...headOf('cancelled', '0220'),
      ...cancellationValues(notice, names),
      ...times,
      noticeAmount: positiveDigits(notice.amountWon),
    }
  }
  const { sale } = notice
  const values = { ...saleValues(sale, sale.key, names), ...times, tradeTime: timeDigits(sale.at) }
  switch (notice.kind) {
    case 'advise':
      assert(notice.approvedWon <= sale.amountWon, 'more approved than asked for')
      return {
        ...headOf('advise', typeOf(sale) === '0100' ? '0120' : '0220'),
        ...values,
        noticeKind: adviceLetters[notice.by],
        noticeAmount: amountDigits(notice.approvedWon),
      }
    case 'complete':
      return {
        ...headOf('complete', '0220'),
        ...values,
        ...originalValues(sale),
        noticeAmount: amountDigits(notice.amountWon),
      }
    case 'reverse':
      assert(notice.keepWon <= sale.amountWon, 'more kept than asked for')
      return {
        ...headOf('reverse', '0420'),
        ...values,
        ...originalValues(sale),
        noticeAmount: amountDigits(notice.keepWon),
      }
    default:
      return unreachable(notice)
  }
}

function networkValues(network: NetworkMessage): Values {
  const { wrappedKey, keyCheckValue } = network
  return {
    ...headOf(network.function, '0800'),
    sentAt: koreanStamp(network.at),
    traceNumber: network.stan,
    ...(wrappedKey === undefined ? {} : { wrappedKey: hexDigits(wrappedKey) }),
    ...(keyCheckValue === undefined ? {} : { keyCheckValue }),
  }
}

function headOf(kind: NaraeKind, messageType: string): Values {
  const form = formOfKind(kind, messageType)
  assert(form !== undefined, `no telegram ${messageType} for ${kind}`)
  return { systemCode: NARAE_SYSTEM, messageType, transactionCode: form.code }
}

/** The original's fields are repeated; trace number and date are those of `key`. */
function saleValues(sale: CardSale, key: CardKey, names: MerchantNames): Values {
  assert(isOfItsDay(sale), 'a sale on another day than its key')
  const { cardToken, merchantNumber } = sale
  return {
    ...placeValues({ key, cardToken, merchantNumber }, names),
    amount: positiveDigits(sale.amountWon),
    partialAllowed: sale.partialAllowed ? 'Y' : 'N',
  }
}

function cancellationValues(
  { key, original }: { readonly key: CardKey; readonly original: CardSale },
  names: MerchantNames,
): Values {
  assert(key.cardClass === 'cancellation', 'a cancellation of another class')
  const isThere = key.acquirer === original.key.acquirer && key.terminal === original.key.terminal
  assert(isThere, 'a cancellation repeats the acquirer and the terminal of its original')
  return { ...saleValues(original, key, names), ...originalValues(original) }
}

function placeValues(
  of: { readonly key: CardKey; readonly cardToken: string; readonly merchantNumber: string },
  names: MerchantNames,
): Values {
  const { key, cardToken, merchantNumber } = of
  return {
    traceNumber: key.stan,
    acquirer: key.acquirer,
    terminal: key.terminal,
    tradeDate: dateDigits(key.localDate),
    cardToken,
    merchantNumber,
    merchantName: names(merchantNumber) ?? '',
    currency: KOREAN_WON,
  }
}

function originalValues(sale: CardSale): Values {
  return {
    originalType: typeOf(sale),
    originalTrace: sale.key.stan,
    originalDate: dateDigits(sale.key.localDate),
    originalTime: timeDigits(sale.at),
  }
}

function typeOf(sale: CardSale): '0100' | '0200' {
  assert(
    sale.key.cardClass === 'authorization' || sale.key.cardClass === 'financial',
    'a sale is an authorization or a purchase',
  )
  return sale.key.cardClass === 'authorization' ? '0100' : '0200'
}

function timeDigits(at: Instant): string {
  return koreanStamp(at).slice(8)
}

function amountDigits(amount: CardSale['amountWon']): string {
  assert(amount >= 0, 'an amount below nothing')
  return String(amount)
}

function positiveDigits(amount: CardSale['amountWon']): string {
  assert(amount > 0, 'an amount of nothing')
  return amountDigits(amount)
}
