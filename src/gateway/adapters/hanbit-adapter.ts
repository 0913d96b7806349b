/** 한빛카드: ISO 8583:1987, a length of two bytes before each message, an AES-CMAC of eight bytes at its end. */
import { assert, Bug, type PartnerId } from '../../base/base.ts'
import {
  createMessageCodec,
  isSameMac,
  MAC_BYTES,
  type IsoMessage,
  type Unpacked,
} from '../../iso8583/iso8583.ts'
import type {
  Framing,
  Mac,
  MatchKey,
  PartnerAdapter,
  PartnerMessage,
  UnreadMessage,
} from '../partner-adapter.ts'
import { REFUSED_FORMAT, REFUSED_MALFUNCTION } from './answer-codes.ts'
import { FieldProblem } from './field-problem.ts'
import { addAnswer, answerOf, tagText } from './hanbit-answers.ts'
import { answerFields, answerTags, echoedFields, networkAnswerTags } from './hanbit-forms.ts'
import { hanbitProfile } from './hanbit-profile.ts'
import { checkForm, networkOf, questionOf, tagsOf, type Given } from './hanbit-reading.ts'
import { messageOf } from './hanbit-writing.ts'
import { canonical, overLong, UNREAD_ANSWER, type MerchantNames } from './shared-values.ts'

/** The longest message of the profile has fewer. */
export const HANBIT_FRAMING: Framing = { header: 'binary_2', messageBytesMax: 1_024 }

const codec = createMessageCodec(hanbitProfile)
const NO_NAMES: MerchantNames = () => undefined

/** @param merchantNames for DE 43 of messages that this side writes about sales; the company knows its merchants */
export function createHanbitAdapter(
  partnerId: PartnerId,
  merchantNames: MerchantNames = NO_NAMES,
): PartnerAdapter {
  return {
    partnerId,
    framing: HANBIT_FRAMING,
    read: (bytes, { mac, today }) => {
      if (bytes.length > HANBIT_FRAMING.messageBytesMax) return overLong(bytes)
      const unpacked = codec.unpack(bytes)
      const unread = unreadable(bytes, unpacked, mac)
      if (unread !== undefined) return unread
      assert(unpacked.ok, 'what could not be unpacked is unreadable')
      const { message } = unpacked
      try {
        const read = meaningOf(message, { partnerId, today })
        return { ok: true, matchKey: matchKeyOf(message), message: read, echo: message }
      } catch (error) {
        if (!(error instanceof FieldProblem)) throw error
        const { problem, field } = error
        return refused({ problem, field, detail: error.message }, message, mac)
      }
    },
    answer: (to, message, mac) => {
      assert(isIsoMessage(to.echo), 'only what this adapter read can be answered by it')
      return seal(answerTo(to.echo, message), mac)
    },
    write: (message, mac) => {
      const written = messageOf(message, merchantNames)
      return { bytes: seal(written, mac), matchKey: matchKeyOf(written) }
    },
    describe: (bytes) => {
      const unpacked = codec.unpack(bytes)
      if (unpacked.ok) return codec.describe(unpacked.message)
      const before = unpacked.before === undefined ? '' : `${codec.describe(unpacked.before)} … `
      return `${before}${unpacked.field}: ${unpacked.problem}, ${unpacked.detail}`
    },
  }
}

/** The MAC is judged first: of what nobody vouches for, no meaning is asked. */
function unreadable(bytes: Uint8Array, unpacked: Unpacked, mac: Mac): UnreadMessage | undefined {
  const before = unpacked.ok ? unpacked.message : unpacked.before
  const protectedBytes = bytes.subarray(0, Math.max(0, bytes.length - MAC_BYTES))
  const macNumber = unpacked.ok ? macNumberOf(unpacked.message) : 128
  if (unpacked.ok && !unpacked.message.fields.has(macNumber)) {
    const detail = 'the message has no MAC, or not at its end'
    return refused({ problem: 'malformed', field: `DE ${macNumber}`, detail }, before, mac)
  }
  const expected = mac(protectedBytes).subarray(0, MAC_BYTES)
  if (!isSameMac(expected, bytes.subarray(protectedBytes.length))) {
    const besides = unpacked.ok ? '' : `; besides, ${unpacked.field}: ${unpacked.detail}`
    const detail = `not the MAC of this message under this key${besides}`
    return refused({ problem: 'mac_wrong', field: 'MAC', detail }, before, mac)
  }
  if (unpacked.ok) return undefined
  const problem = unpacked.problem === 'charset_wrong' ? 'wrong_charset' : 'malformed'
  return refused({ problem, field: unpacked.field, detail: unpacked.detail }, before, mac)
}

/** The last field: DE 128 where there is anything past DE 64. */
function macNumberOf({ fields }: IsoMessage): number {
  return [...fields.keys()].some((number) => number > 64) ? 128 : 64
}

function meaningOf(message: IsoMessage, given: Given): PartnerMessage {
  if (macNumberOf(message) === 128 && message.fields.has(64)) {
    throw new FieldProblem('DE 64', 'a message with two bitmaps has its MAC in DE 128')
  }
  if (isQuestion(message.mti)) return canonical(questionOf(message, given))
  if (!isAnswer(message.mti)) throw new FieldProblem('MTI', 'no such message', 'unsupported')
  const tags = tagsOf(message)
  if (message.mti === '0810') {
    const form = { mandatory: [7, 11, 39, 70], optional: [48] }
    checkForm({ ...form, ...tagLists(networkAnswerTags) }, message, tags)
    const network = networkOf(message, given.today)
    return { type: 'network_answer', network, accepted: message.fields.get(39) === '00' }
  }
  const isAcknowledged =
    /^0(?:130|230|410|430)$/.test(message.mti) && message.fields.get(39) === '00' && tags.size === 0
  const expected = isAcknowledged ? tagLists({ mandatory: [], optional: [] }) : tagLists(answerTags)
  checkForm({ ...answerFields, ...expected }, message, tags)
  if (isAcknowledged) return { type: 'acknowledgement' }
  return { type: 'answer', answer: answerOf(message, tags) }
}

function tagLists(tags: {
  readonly mandatory: readonly string[]
  readonly optional: readonly string[]
}) {
  return { mandatoryTags: tags.mandatory, optionalTags: tags.optional }
}

function isQuestion(mti: string): boolean {
  return mti[2] === '0' || mti[2] === '2'
}

function isAnswer(mti: string): boolean {
  return /^0(?:110|130|210|230|410|430|510|530|810)$/.test(mti)
}

/** An answer has the class and the question's third digit, and repeats what names the question. */
function matchKeyOf({ mti, fields }: IsoMessage): MatchKey {
  const question = isQuestion(mti) ? Number(mti[2]) : Number(mti[2]) - 1
  const names = mti.startsWith('08') ? [7, 70] : mti.startsWith('05') ? [15] : [13, 32, 41]
  const values = [11, ...names].map((number) => fields.get(number) ?? '')
  return `${mti.slice(0, 2)}${question} ${values.join(' ')}`
}

function answerTo(question: IsoMessage, message: PartnerMessage): IsoMessage {
  const fields = echoOf(question)
  const mti = `${question.mti.slice(0, 2)}${Number(question.mti[2]) + 1}0`
  switch (message.type) {
    case 'answer':
      addAnswer(fields, message.answer)
      break
    case 'acknowledgement':
      fields.set(39, '00')
      break
    case 'network_answer': {
      const { keyCheckValue } = message.network
      fields.set(39, message.accepted ? '00' : '05')
      if (keyCheckValue !== undefined) fields.set(48, tagText(new Map([['61', keyCheckValue]])))
      break
    }
    default:
      throw new Bug(`a message of type ${message.type} answers nothing`)
  }
  return { mti, fields }
}

function echoOf({ fields }: IsoMessage): Map<number, string> {
  return new Map(
    echoedFields.flatMap((number): [number, string][] => {
      const value = fields.get(number)
      return value === undefined ? [] : [[number, value]]
    }),
  )
}

function refused(
  unread: Omit<UnreadMessage, 'ok' | 'refusal'>,
  before: IsoMessage | undefined,
  mac: Mac,
): UnreadMessage {
  const refusal = before === undefined ? undefined : refusalOf(before, unread.problem, mac)
  return { ok: false, ...unread, ...(refusal === undefined ? {} : { refusal }) }
}

/** Bytes only where the sender can find what they refer to. */
function refusalOf(
  question: IsoMessage,
  problem: UnreadMessage['problem'],
  mac: Mac,
): Uint8Array | undefined {
  const { mti, fields } = question
  if (!/^0[12458][02][01]$/.test(mti)) return undefined
  const isNetwork = mti.startsWith('08')
  const needed = isNetwork ? [7, 11, 70] : mti.startsWith('05') ? [11, 15] : [11, 13, 32, 41]
  if (!needed.every((number) => fields.has(number))) return undefined
  const refusedAs = problem === 'mac_wrong' ? REFUSED_MALFUNCTION : REFUSED_FORMAT
  const answer = echoOf(question)
  if (isNetwork) answer.set(39, refusedAs)
  else addAnswer(answer, UNREAD_ANSWER, refusedAs)
  return seal({ mti: `${mti.slice(0, 2)}${Number(mti[2]) + 1}0`, fields: answer }, mac)
}

function seal({ mti, fields }: IsoMessage, mac: Mac): Uint8Array {
  const number = macNumberOf({ mti, fields })
  const whole = new Map(fields).set(number, '00'.repeat(MAC_BYTES))
  const packed = codec.pack({ mti, fields: whole })
  assert(packed.ok, `a message of ours: ${packed.ok ? '' : `${packed.field} ${packed.detail}`}`)
  const { bytes } = packed
  const end = bytes.length - MAC_BYTES
  bytes.set(mac(bytes.subarray(0, end)).subarray(0, MAC_BYTES), end)
  return bytes
}

function isIsoMessage(echo: unknown): echo is IsoMessage {
  return (
    typeof echo === 'object' &&
    echo !== null &&
    'mti' in echo &&
    typeof echo.mti === 'string' &&
    'fields' in echo &&
    echo.fields instanceof Map
  )
}
