/** 나래카드: fixed-length telegrams (전문) in EUC-KR, a length of four digits before each, its MAC in hexadecimal digits. */
import { assert, Bug, unreachable, type PartnerId } from '../../base/base.ts'
import { createTelegramCodec, isSameMac, MAC_BYTES } from '../../iso8583/iso8583.ts'
import type {
  Framing,
  Mac,
  MatchKey,
  PartnerAdapter,
  PartnerMessage,
  ReadMessage,
  UnreadMessage,
} from '../partner-adapter.ts'
import { FieldProblem } from './field-problem.ts'
import { formOf } from './narae-forms.ts'
import { answerFields, NARAE_SYSTEM, naraeLayouts, type NaraeField } from './narae-layouts.ts'
import {
  ACKNOWLEDGED,
  answerOf,
  checkTelegramForm,
  isThere,
  nameOf,
  networkOf,
  NOT_ACCEPTED,
  questionOf,
  REFUSED_MAC,
  REFUSED_UNREAD,
  type Given,
  type Values,
} from './narae-reading.ts'
import { answerValues, valuesOf } from './narae-writing.ts'
import {
  canonical,
  hexDigits,
  overLong,
  UNREAD_ANSWER,
  type MerchantNames,
} from './shared-values.ts'

export const NARAE_FRAMING: Framing = { header: 'ascii_4', messageBytesMax: 999 }

const codecs = {
  sale: createTelegramCodec(naraeLayouts.sale),
  totals: createTelegramCodec(naraeLayouts.totals),
  network: createTelegramCodec(naraeLayouts.network),
}
type Codec = (typeof codecs)[keyof typeof codecs]
const MAC_DIGITS = MAC_BYTES * 2
const TYPE_AT = codecs.network.offsetOf('messageType')
const NO_NAMES: MerchantNames = () => undefined

/** @param merchantNames for 가맹점명 of telegrams that this side writes; the company knows its merchants */
export function createNaraeAdapter(
  partnerId: PartnerId,
  merchantNames: MerchantNames = NO_NAMES,
): PartnerAdapter {
  return {
    partnerId,
    framing: NARAE_FRAMING,
    read: (bytes, { mac, today }) => read(bytes, { partnerId, today }, mac),
    answer: (to, message, mac) => {
      assert(isValues(to.echo), 'only what this adapter read can be answered by it')
      return seal(answerTo(to.echo, message), mac)
    },
    write: (message, mac) => {
      const values = valuesOf(message, merchantNames)
      return { bytes: seal(values, mac), matchKey: matchKeyOf(values) }
    },
    describe: (bytes) => {
      const codec = codecOf(bytes)
      if (codec === undefined) return `${bytes.length} bytes of no known telegram`
      const unpacked = codec.unpack(bytes)
      if (unpacked.ok) return codec.describe(unpacked.values)
      const { field, problem, detail, before } = unpacked
      return `${codec.describe(before)} … ${field}: ${problem}, ${detail}`
    },
  }
}

function read(bytes: Uint8Array, given: Given, mac: Mac): ReadMessage | UnreadMessage {
  if (bytes.length > NARAE_FRAMING.messageBytesMax) return overLong(bytes)
  const codec = codecOf(bytes)
  if (codec === undefined) {
    return { ok: false, problem: 'malformed', field: nameOf('messageType'), detail: 'no telegram' }
  }
  const unpacked = codec.unpack(bytes)
  const values = unpacked.ok ? unpacked.values : unpacked.before
  const protectedBytes = bytes.subarray(0, Math.max(0, bytes.length - MAC_DIGITS))
  const expected = asciiBytes(macDigits(protectedBytes, mac))
  // The MAC is judged first: of what nobody vouches for, no meaning is asked.
  if (!isSameMac(expected, bytes.subarray(protectedBytes.length))) {
    const besides = unpacked.ok ? '' : `; besides, ${unpacked.field}: ${unpacked.detail}`
    const detail = `not the MAC of this telegram under this key${besides}`
    return refused({ problem: 'mac_wrong', field: nameOf('mac'), detail }, values, mac)
  }
  if (!unpacked.ok) {
    const problem = unpacked.problem === 'charset_wrong' ? 'wrong_charset' : 'malformed'
    return refused({ problem, field: unpacked.field, detail: unpacked.detail }, values, mac)
  }
  try {
    const message = meaningOf(values, given)
    return { ok: true, matchKey: matchKeyOf(values), message, echo: values }
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error
    const { problem, field } = error
    return refused({ problem, field, detail: error.message }, values, mac)
  }
}

function meaningOf(values: Values, given: Given): PartnerMessage {
  const { systemCode, messageType = '', transactionCode = '' } = values
  if (systemCode !== NARAE_SYSTEM) throw new FieldProblem(nameOf('systemCode'), 'another system')
  const questionType = isQuestion(messageType) ? messageType : questionTypeOf(messageType)
  const form = formOf(transactionCode, questionType)
  // No answer is a repeat: it goes to whoever asked, as often as he asks.
  if (form === undefined || (!isQuestion(messageType) && !messageType.endsWith('0'))) {
    const detail = 'no such telegram, or not with this transaction code'
    throw new FieldProblem(nameOf('messageType'), detail, 'unsupported')
  }
  if (isQuestion(messageType)) return canonical(questionOf(form, values, given))
  checkTelegramForm(form, values, true)
  const code = values.responseCode ?? ''
  if (code === '') throw new FieldProblem(nameOf('responseCode'), 'it is missing')
  switch (form.kind) {
    case 'sign_on':
    case 'sign_off':
    case 'echo':
    case 'key_change': {
      const network = networkOf(form.kind, values)
      return { type: 'network_answer', network, accepted: code === ACKNOWLEDGED }
    }
    case 'advise':
    case 'complete':
    case 'cancelled':
    case 'reverse':
      if (code === ACKNOWLEDGED && !isThere(values, 'decidedBy')) return { type: 'acknowledgement' }
      return { type: 'answer', answer: answerOf(values) }
    case 'authorize':
    case 'pay':
    case 'cancel':
    case 'enquire_balance':
    case 'compare_totals':
      return { type: 'answer', answer: answerOf(values) }
    default:
      return unreachable(form.kind)
  }
}

function answerTo(question: Values, message: PartnerMessage): Values {
  const { messageType = '' } = question
  const values = { ...withoutAnswer(question), messageType: answerTypeOf(messageType) }
  switch (message.type) {
    case 'answer':
      return { ...values, ...answerValues(message.answer) }
    case 'acknowledgement':
      return { ...values, responseCode: ACKNOWLEDGED }
    case 'network_answer':
      return {
        ...values,
        responseCode: message.accepted ? ACKNOWLEDGED : NOT_ACCEPTED,
        wrappedKey: '',
        keyCheckValue: message.network.keyCheckValue ?? '',
      }
    default:
      throw new Bug(`a message of type ${message.type} answers nothing`)
  }
}

/** An advice may tell an approval code; what stands in an answer is the answer's own. */
function withoutAnswer(values: Values): Values {
  const own: Partial<Record<NaraeField, string>> = { ...values }
  for (const id of answerFields) delete own[id]
  return own
}

/** Bytes only where the sender can find what they refer to. */
function refused(
  unread: Omit<UnreadMessage, 'ok' | 'refusal'>,
  before: Values,
  mac: Mac,
): UnreadMessage {
  const { systemCode, messageType = '', transactionCode = '' } = before
  const form = formOf(transactionCode, messageType)
  const head: readonly NaraeField[] = ['traceNumber', 'acquirer', 'terminal', 'tradeDate', 'sentAt']
  const isAddressed =
    systemCode === NARAE_SYSTEM && form !== undefined && isThere(before, 'traceNumber')
  if (!isAddressed) return { ok: false, ...unread }
  const values: Partial<Record<NaraeField, string>> = {
    systemCode,
    transactionCode,
    messageType: answerTypeOf(messageType),
  }
  for (const id of head) values[id] = before[id] ?? ''
  const code = unread.problem === 'mac_wrong' ? REFUSED_MAC : REFUSED_UNREAD
  const isNetwork = form.layout === 'network'
  const answer = isNetwork ? { responseCode: code } : answerValues(UNREAD_ANSWER, code)
  return { ok: false, ...unread, refusal: seal({ ...values, ...answer }, mac) }
}

function seal(values: Values, mac: Mac): Uint8Array {
  const codec = codecOfType(values.messageType ?? '')
  assert(codec !== undefined, 'a telegram without a layout')
  const packed = codec.pack({ ...values, mac: '0'.repeat(MAC_DIGITS) })
  assert(packed.ok, `a telegram of ours: ${packed.ok ? '' : `${packed.field} ${packed.detail}`}`)
  const { bytes } = packed
  const end = bytes.length - MAC_DIGITS
  bytes.set(asciiBytes(macDigits(bytes.subarray(0, end), mac)), end)
  return bytes
}

function macDigits(bytes: Uint8Array, mac: Mac): string {
  return hexDigits(mac(bytes).subarray(0, MAC_BYTES))
}

function codecOf(bytes: Uint8Array): Codec | undefined {
  return codecOfType(String.fromCharCode(...bytes.subarray(TYPE_AT, TYPE_AT + 4)))
}

function codecOfType(messageType: string): Codec | undefined {
  if (/^0[124]\d\d$/.test(messageType)) return codecs.sale
  if (/^05\d\d$/.test(messageType)) return codecs.totals
  return /^08\d\d$/.test(messageType) ? codecs.network : undefined
}

function isQuestion(messageType: string): boolean {
  return messageType[2] === '0' || messageType[2] === '2'
}

function answerTypeOf(questionType: string): string {
  return `${questionType.slice(0, 2)}${Number(questionType[2]) + 1}0`
}

function questionTypeOf(answerType: string): string {
  return `${answerType.slice(0, 2)}${Number(answerType[2]) - 1}${answerType.slice(3)}`
}

/** A repeat and its original have one key, and so have their answers. */
function matchKeyOf(values: Values): MatchKey {
  const { messageType = '', transactionCode, traceNumber } = values
  const { acquirer = '', terminal = '', tradeDate = '', sentAt = '' } = values
  const question = isQuestion(messageType) ? messageType : questionTypeOf(messageType)
  const isNetwork = messageType.startsWith('08')
  const names = isNetwork ? [sentAt] : [acquirer, terminal, tradeDate]
  return [question.slice(0, 3), transactionCode, traceNumber, ...names].join(' ')
}

function asciiBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

function isValues(echo: unknown): echo is Values {
  return typeof echo === 'object' && echo !== null && 'messageType' in echo
}
