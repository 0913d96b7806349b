/** From the canonical model to the fields of 한빛카드's messages. What cannot be written is our own defect. */
import { assert, Bug, unreachable, type Instant } from '../../base/base.ts'
import type { CardKey, CardNotice, CardRequest, CardSale, CardTotals } from '../../cards/cards.ts'
import type { IsoMessage } from '../../iso8583/iso8583.ts'
import type { NetworkMessage, PartnerMessage } from '../partner-adapter.ts'
import { adviceLetters, COMPLETION_LETTERS } from './answer-codes.ts'
import { amountDigits, tagText } from './hanbit-answers.ts'
import { networkCodes } from './hanbit-reading.ts'
import { dateDigits, koreanStamp, utcStamp } from './message-times.ts'
import { hexDigits, isOfItsDay, KOREAN_WON, type MerchantNames } from './shared-values.ts'

const PURCHASE = '000000'
const CANCELLATION = '200000'
const BALANCE = '310000'

/** A message of this side's own, without its MAC. */
export function messageOf(message: PartnerMessage, names: MerchantNames): IsoMessage {
  switch (message.type) {
    case 'request':
      return repeated(requestFields(message.request, names), message.isRepeat)
    case 'notice':
      return repeated(noticeFields(message.notice, names), message.isRepeat)
    case 'network':
      return networkFields(message.network)
    default:
      throw new Bug(`a message of type ${message.type} answers another`)
  }
}

function repeated({ mti, fields }: IsoMessage, isRepeat: boolean): IsoMessage {
  return { mti: isRepeat ? `${mti.slice(0, 3)}1` : mti, fields }
}

function requestFields(request: CardRequest, names: MerchantNames): IsoMessage {
  switch (request.kind) {
    case 'authorize':
    case 'pay': {
      const { sale } = request
      const mti = request.kind === 'authorize' ? '0100' : '0200'
      assert(sale.key.cardClass === classOfMti(mti), `a ${request.kind} of another class`)
      const fields = saleFields(sale, sale.key, names)
      fields.set(3, PURCHASE).set(7, utcStamp(sale.at))
      return withTags(mti, fields, partialTag(sale))
    }
    case 'cancel': {
      const fields = cancellationFields(request, names)
      const tags = partialTag(request.original).set('04', dateDigits(request.key.localDate))
      if (request.amountWon !== undefined) tags.set('05', positiveDigits(request.amountWon))
      return withTags('0200', fields, tags)
    }
    case 'enquire_balance': {
      const { key, cardToken, merchantNumber, at } = request
      assert(key.cardClass === 'enquiry', 'an enquiry of another class')
      const fields = placeFields({ key, cardToken, merchantNumber, at }, names)
      fields.set(3, BALANCE).set(7, utcStamp(at))
      return { mti: '0200', fields }
    }
    case 'compare_totals':
      return { mti: '0500', fields: totalsFields(request.totals) }
    default:
      return unreachable(request)
  }
}

function noticeFields(notice: CardNotice, names: MerchantNames): IsoMessage {
  if (notice.kind === 'cancelled') {
    const fields = cancellationFields(notice, names).set(7, utcStamp(notice.decidedAt))
    const tags = partialTag(notice.original)
      .set('04', dateDigits(notice.key.localDate))
      .set('05', positiveDigits(notice.amountWon))
    return withTags('0220', fields, tags)
  }
  const { sale, decidedAt } = notice
  const fields = saleFields(sale, sale.key, names).set(3, PURCHASE).set(7, utcStamp(decidedAt))
  const tags = partialTag(sale)
  switch (notice.kind) {
    case 'advise': {
      assert(notice.approvedWon <= sale.amountWon, 'more approved than asked for')
      tags.set('02', adviceLetters[notice.by]).set('05', amountDigits(notice.approvedWon))
      return withTags(mtiOf(sale) === '0100' ? '0120' : '0220', fields, tags)
    }
    case 'complete': {
      fields.set(90, originalData(sale)).set(95, replacement(notice.amountWon))
      return withTags('0220', fields, tags.set('02', COMPLETION_LETTERS))
    }
    case 'reverse': {
      assert(notice.keepWon <= sale.amountWon, 'more kept than asked for')
      fields.set(90, originalData(sale))
      if (notice.keepWon > 0) fields.set(95, replacement(notice.keepWon))
      return withTags('0420', fields, tags)
    }
    default:
      return unreachable(notice)
  }
}

function networkFields(network: NetworkMessage): IsoMessage {
  const fields = new Map([
    [7, utcStamp(network.at)],
    [11, network.stan],
    [70, networkCodes[network.function]],
  ])
  const tags = new Map<string, string>()
  if (network.wrappedKey !== undefined) tags.set('60', hexDigits(network.wrappedKey))
  if (network.keyCheckValue !== undefined) tags.set('61', network.keyCheckValue)
  return withTags('0800', fields, tags)
}

function withTags(
  mti: string,
  fields: Map<number, string>,
  tags: ReadonlyMap<string, string>,
): IsoMessage {
  if (tags.size > 0) fields.set(48, tagText(tags))
  return { mti, fields }
}

/** The original's fields are repeated; the trace number is that of `key`. */
function saleFields(sale: CardSale, key: CardKey, names: MerchantNames): Map<number, string> {
  assert(isOfItsDay(sale), 'a sale on another day than its key')
  const { cardToken, merchantNumber, at } = sale
  return placeFields({ key, cardToken, merchantNumber, at }, names).set(
    4,
    positiveDigits(sale.amountWon),
  )
}

function cancellationFields(
  { key, original }: { readonly key: CardKey; readonly original: CardSale },
  names: MerchantNames,
): Map<number, string> {
  assert(key.cardClass === 'cancellation', 'a cancellation of another class')
  const isThere = key.acquirer === original.key.acquirer && key.terminal === original.key.terminal
  assert(isThere, 'a cancellation repeats the acquirer and the terminal of its original')
  const fields = saleFields(original, key, names)
  return fields.set(3, CANCELLATION).set(90, originalData(original))
}

function placeFields(
  of: {
    readonly key: CardKey
    readonly cardToken: string
    readonly merchantNumber: string
    readonly at: Instant
  },
  names: MerchantNames,
): Map<number, string> {
  const local = koreanStamp(of.at)
  const fields = new Map([
    [2, of.cardToken],
    [11, of.key.stan],
    [12, local.slice(8)],
    [13, local.slice(4, 8)],
    [32, of.key.acquirer],
    [41, of.key.terminal],
    [42, of.merchantNumber],
    [49, KOREAN_WON],
  ])
  const name = names(of.merchantNumber)
  if (name !== undefined) fields.set(43, name)
  return fields
}

function partialTag(sale: CardSale): Map<string, string> {
  return new Map(sale.partialAllowed ? [['01', 'Y']] : [])
}

function mtiOf(sale: CardSale): string {
  assert(
    sale.key.cardClass === 'authorization' || sale.key.cardClass === 'financial',
    'a sale is an authorization or a purchase',
  )
  return sale.key.cardClass === 'authorization' ? '0100' : '0200'
}

function classOfMti(mti: string): CardKey['cardClass'] {
  return mti === '0100' ? 'authorization' : 'financial'
}

function originalData(sale: CardSale): string {
  const acquirer = sale.key.acquirer.padStart(11, '0')
  return `${mtiOf(sale)}${sale.key.stan}${utcStamp(sale.at)}${acquirer}${'0'.repeat(11)}`
}

function replacement(amount: CardSale['amountWon']): string {
  return `${amountDigits(amount)}${'0'.repeat(12)}C00000000C00000000`
}

function positiveDigits(amount: CardSale['amountWon']): string {
  assert(amount > 0, 'an amount of nothing')
  return amountDigits(amount)
}

/** The model gives totals no trace number; there is one question for each day. */
function totalsFields(totals: CardTotals): Map<number, string> {
  const monthAndDay = dateDigits(totals.date).slice(4)
  const count = (value: number): string => String(value).padStart(10, '0')
  const sum = (value: CardSale['amountWon']): string => amountDigits(value).padStart(16, '0')
  return new Map([
    [11, `00${monthAndDay}`],
    [15, monthAndDay],
    [74, count(totals.cancellations.count)],
    [76, count(totals.payments.count)],
    [77, count(totals.reversals.count)],
    [86, sum(totals.cancellations.sumWon)],
    [88, sum(totals.payments.sumWon)],
    [89, sum(totals.reversals.sumWon)],
  ])
}
