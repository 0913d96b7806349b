/** From the fields of 한빛카드's messages to the canonical model. */
import { unreachable, type BusinessDate, type Instant, type PartnerId } from '../../base/base.ts'
import type { CardClass, CardKey, CardSale } from '../../cards/cards.ts'
import { readTags, type IsoMessage, type Tags } from '../../iso8583/iso8583.ts'
import type { NetworkFunction, NetworkMessage, PartnerMessage } from '../partner-adapter.ts'
import { advisedByOfLetters, COMPLETION_LETTERS } from './answer-codes.ts'
import { amountOf, FieldProblem, positiveAmountOf, present } from './field-problem.ts'
import { formOf, type IsoForm } from './hanbit-forms.ts'
import { hanbitTags } from './hanbit-profile.ts'
import { koreanInstant, nearDate, nearestDate, utcStampInstant } from './message-times.ts'
import { hexBytes, KOREAN_WON, yesOrNo } from './shared-values.ts'

export const networkCodes = {
  sign_on: '001',
  sign_off: '002',
  key_change: '161',
  echo: '301',
} as const satisfies Record<NetworkFunction, string>
const networkFunctionOf = new Map<string, NetworkFunction>([
  ['001', 'sign_on'],
  ['002', 'sign_off'],
  ['161', 'key_change'],
  ['301', 'echo'],
])

/** A question of the other side with what it takes to understand it. */
export interface Given {
  readonly partnerId: PartnerId
  readonly today: BusinessDate
}

/** @throws FieldProblem */
export function questionOf(message: IsoMessage, given: Given): PartnerMessage {
  const tags = tagsOf(message)
  const form = formOf(message, tags.get('02') === COMPLETION_LETTERS)
  if (form === undefined) {
    throw new FieldProblem('MTI', 'no such message, or not with this DE 3', 'unsupported')
  }
  checkForm(form, message, tags)
  if ((message.fields.get(49) ?? KOREAN_WON) !== KOREAN_WON) {
    throw new FieldProblem('DE 49', 'not Korean won')
  }
  const isRepeat = message.mti.endsWith('1')
  const fields = fieldsOf(message, tags, given)
  switch (form.kind) {
    case 'authorize':
    case 'pay':
      return { type: 'request', isRepeat, request: { kind: form.kind, sale: fields.sale() } }
    case 'cancel':
    case 'cancelled':
      return cancellation(form.kind, fields, isRepeat)
    case 'enquire_balance': {
      const { key, cardToken, merchantNumber, at } = fields.enquiry()
      return {
        type: 'request',
        isRepeat,
        request: { kind: 'enquire_balance', key, cardToken, merchantNumber, at },
      }
    }
    case 'advise':
    case 'complete':
    case 'reverse':
      return { type: 'notice', isRepeat, notice: fields.notice(form.kind) }
    case 'compare_totals':
      return { type: 'request', isRepeat, request: totals(message, given) }
    case 'network':
      return { type: 'network', network: networkOf(message, given.today) }
    default:
      return unreachable(form.kind)
  }
}

/** @throws FieldProblem */
export function tagsOf({ fields }: IsoMessage): Tags {
  const text = fields.get(48)
  if (text === undefined) return new Map()
  const read = readTags(hanbitTags, text)
  if (!read.ok) throw new FieldProblem(`DE 48.${read.tag || '?'}`, read.detail)
  return read.tags
}

/** Names the field that is missing or should not be there. @throws FieldProblem */
export function checkForm(
  form: Pick<IsoForm, 'mandatory' | 'optional' | 'mandatoryTags' | 'optionalTags'>,
  { fields }: IsoMessage,
  tags: Tags,
): void {
  for (const number of form.mandatory) {
    if (!fields.has(number)) throw new FieldProblem(`DE ${number}`, 'it is missing')
  }
  for (const number of fields.keys()) {
    const isMac = number === 64 || number === 128
    if (!isMac && !form.mandatory.includes(number) && !form.optional.includes(number)) {
      throw new FieldProblem(`DE ${number}`, 'this message has no such field')
    }
  }
  for (const tag of form.mandatoryTags) {
    if (!tags.has(tag)) throw new FieldProblem(`DE 48.${tag}`, 'it is missing')
  }
  for (const tag of tags.keys()) {
    if (!form.mandatoryTags.includes(tag) && !form.optionalTags.includes(tag)) {
      throw new FieldProblem(`DE 48.${tag}`, 'this message has no such element')
    }
  }
}

export function networkOf(message: IsoMessage, today: BusinessDate): NetworkMessage {
  const tags = tagsOf(message)
  const code = message.fields.get(70) ?? ''
  const network = networkFunctionOf.get(code)
  if (network === undefined) throw new FieldProblem('DE 70', 'no such function', 'unsupported')
  const wrapped = tags.get('60')
  const keyCheckValue = tags.get('61')
  if (network !== 'key_change' && tags.size > 0) {
    throw new FieldProblem('DE 48', 'only a key change has a key')
  }
  return {
    function: network,
    stan: message.fields.get(11) ?? '',
    at: present(
      utcStampInstant(message.fields.get(7) ?? '', today),
      'DE 7',
      'no such time near today',
    ),
    ...(wrapped === undefined ? {} : { wrappedKey: hexBytes(wrapped, 'DE 48.60') }),
    ...(keyCheckValue === undefined ? {} : { keyCheckValue }),
  }
}

type Fields = ReturnType<typeof fieldsOf>

function cancellation(
  kind: 'cancel' | 'cancelled',
  fields: Fields,
  isRepeat: boolean,
): PartnerMessage {
  const key = fields.key('cancellation', fields.cancellationDate())
  const original = fields.originalSale()
  const amount = fields.tag('05')
  if (kind === 'cancelled') {
    const amountWon = positiveAmountOf(amount ?? '', 'DE 48.05')
    const decidedAt = fields.sentAt()
    return {
      type: 'notice',
      isRepeat,
      notice: { kind: 'cancelled', key, original, amountWon, decidedAt },
    }
  }
  // Sent by hosts that know the time; the model has no use for it, but it must be one.
  if (fields.has(7)) fields.sentAt()
  return {
    type: 'request',
    isRepeat,
    request: {
      kind: 'cancel',
      key,
      original,
      ...(amount === undefined ? {} : { amountWon: positiveAmountOf(amount, 'DE 48.05') }),
    },
  }
}

/** What the fields of a message about a card at a merchant say; each may throw a FieldProblem. */
function fieldsOf({ mti, fields }: IsoMessage, tags: Tags, { partnerId, today }: Given) {
  const field = (number: number): string =>
    present(fields.get(number), `DE ${number}`, 'it is missing')
  const key = (cardClass: CardClass, localDate: BusinessDate, stan = field(11)): CardKey => ({
    partnerId,
    acquirer: field(32),
    terminal: field(41),
    stan,
    localDate,
    cardClass,
  })
  const localDate = (): BusinessDate =>
    present(nearestDate(field(13), today), 'DE 13', 'no such day near today')
  const at = (): Instant => present(koreanInstant(localDate(), field(12)), 'DE 12', 'no such time')
  const sentAt = (): Instant =>
    present(utcStampInstant(field(7), today), 'DE 7', 'no such time near today')
  const saleUnder = (saleKey: CardKey): CardSale => ({
    key: saleKey,
    cardToken: field(2),
    merchantNumber: field(42),
    amountWon: positiveAmountOf(field(4), 'DE 4'),
    at: at(),
    partialAllowed: yesOrNo(tags.get('01'), 'DE 48.01'),
  })
  const sale = (): CardSale => saleUnder(key(classOf(mti), localDate()))
  const originalSale = (): CardSale => {
    const original = originalOf(field(90), field(32))
    return saleUnder(key(original.cardClass, localDate(), original.stan))
  }
  return {
    has: (number: number): boolean => fields.has(number),
    tag: (name: string): string | undefined => tags.get(name),
    key,
    sentAt,
    sale: () => {
      sentAt()
      return sale()
    },
    originalSale,
    cancellationDate: (): BusinessDate =>
      present(nearDate(tags.get('04') ?? '', today), 'DE 48.04', 'no such day near today'),
    enquiry: () => {
      sentAt()
      const [cardToken, merchantNumber] = [field(2), field(42)]
      return { key: key('enquiry', localDate()), cardToken, merchantNumber, at: at() }
    },
    notice(kind: 'advise' | 'complete' | 'reverse') {
      if (kind === 'advise') return advice(sale(), tags, sentAt())
      const original = originalSale()
      const replacement = fields.get(95)
      const amountWon = replacement === undefined ? amountOf('0', 'DE 95') : replaced(replacement)
      if (kind === 'complete') {
        return { kind, sale: original, amountWon, decidedAt: sentAt() } as const
      }
      if (amountWon > original.amountWon) {
        throw new FieldProblem('DE 95', 'more is kept than was asked for')
      }
      return { kind, sale: original, keepWon: amountWon, decidedAt: sentAt() } as const
    },
  }
}

function advice(sale: CardSale, tags: Tags, decidedAt: Instant) {
  const by = present(advisedByOfLetters.get(tags.get('02') ?? ''), 'DE 48.02', 'no such kind')
  const approvedWon = amountOf(tags.get('05') ?? '', 'DE 48.05')
  if (approvedWon > sale.amountWon) {
    throw new FieldProblem('DE 48.05', 'more was approved than was asked for')
  }
  return { kind: 'advise', sale, by, approvedWon, decidedAt } as const
}

/** An authorization's messages begin with 01, all others about a sale with 02. */
function classOf(mti: string): CardClass {
  return mti.startsWith('01') ? 'authorization' : 'financial'
}

const ORIGINAL = /^(0[12][02]0)(\d{6})\d{10}(\d{11})\d{11}$/

function originalOf(data: string, acquirer: string): { cardClass: CardClass; stan: string } {
  const [, mti, stan, named] = ORIGINAL.exec(data) ?? []
  if (mti === undefined || stan === undefined || named === undefined) {
    throw new FieldProblem('DE 90', 'no MTI of an authorization or purchase')
  }
  if (Number(named) !== 0 && named !== acquirer.padStart(11, '0')) {
    throw new FieldProblem('DE 90', 'another acquirer than DE 32')
  }
  return { cardClass: classOf(mti), stan }
}

const REPLACEMENT = /^(\d{12})0{12}[CD]0{8}[CD]0{8}$/

function replaced(data: string) {
  const [, amount] = REPLACEMENT.exec(data) ?? []
  return amountOf(present(amount, 'DE 95', 'not an amount and nothing besides'), 'DE 95')
}

function totals({ fields }: IsoMessage, { partnerId, today }: Given) {
  const countAndSum = (count: number, sum: number) => ({
    count: Number(fields.get(count)),
    sumWon: amountOf(fields.get(sum) ?? '', `DE ${sum}`),
  })
  const sentAt = fields.get(7)
  if (sentAt !== undefined) {
    present(utcStampInstant(sentAt, today), 'DE 7', 'no such time near today')
  }
  const date = nearestDate(fields.get(15) ?? '', today)
  return {
    kind: 'compare_totals',
    totals: {
      partnerId,
      date: present(date, 'DE 15', 'no such day near today'),
      payments: countAndSum(76, 88),
      cancellations: countAndSum(74, 86),
      reversals: countAndSum(77, 89),
    },
  } as const
}
