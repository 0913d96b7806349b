/** 한빛카드's answers (DE 38, 39, 48, 54) from and to the canonical answer. */
import { assert, won, type Won } from '../../base/base.ts'
import type { CardAnswer } from '../../cards/cards.ts'
import { writeTags, type IsoMessage, type Tags } from '../../iso8583/iso8583.ts'
import {
  deciderLetters,
  deciderOfLetter,
  preferenceLetters,
  preferenceOfLetter,
  reasonOfCode,
  reasonTable,
  REFUSED_FORMAT,
  REFUSED_MALFUNCTION,
  responseCodeOf,
  sourceLetters,
  sourceOfLetter,
  verdictLetters,
  verdictOfLetter,
} from './answer-codes.ts'
import { amountOf, FieldProblem, present } from './field-problem.ts'
import { hanbitTags } from './hanbit-profile.ts'
import { koreanStamp, koreanStampInstant } from './message-times.ts'

/** Amount types of DE 54; the balance's is ISO's own, the others are for private use. */
const BALANCE = '02'
const VOUCHER_PART = '91'
const ACCOUNT_PART = '92'
/** Account type of DE 54 for the voucher (private use), and the currency, and that it is nobody's debt. */
const ACCOUNT_TYPE = '90'
const CREDIT_IN_WON = '410C'
const BLOCK = /^90(02|91|92)410C(\d{12})$/
const BLOCK_LENGTH = 20

/** Adds the answer's fields. @param refusedAs DE 39 of a message that could not be read */
export function addAnswer(
  fields: Map<number, string>,
  answer: CardAnswer,
  refusedAs?: string,
): void {
  if (answer.approvalCode !== undefined) fields.set(38, answer.approvalCode)
  fields.set(39, refusedAs ?? responseCodeOf(answer))
  const tags = new Map<string, string>([
    ['10', verdictLetters[answer.verdict]],
    ['12', sourceLetters[answer.source]],
    ['13', amountDigits(answer.voucherWon)],
    ['14', amountDigits(answer.accountWon)],
    ['16', deciderLetters[answer.decidedBy]],
  ])
  if (answer.reason !== undefined) tags.set('11', reasonTable[answer.reason].code)
  if (answer.remainingAt !== undefined) tags.set('15', koreanStamp(answer.remainingAt))
  if (answer.onUnknown !== undefined) tags.set('17', preferenceLetters[answer.onUnknown])
  fields.set(48, tagText(tags))
  const amounts = [
    ...(answer.remainingWon === undefined ? [] : [block(BALANCE, answer.remainingWon)]),
    ...(answer.voucherWon === 0 ? [] : [block(VOUCHER_PART, answer.voucherWon)]),
    ...(answer.accountWon === 0 ? [] : [block(ACCOUNT_PART, answer.accountWon)]),
  ]
  if (amounts.length > 0) fields.set(54, amounts.join(''))
}

/** An answer that contradicts itself is refused. @throws FieldProblem */
export function answerOf({ fields }: IsoMessage, tags: Tags): CardAnswer {
  const letter = <Word>(words: ReadonlyMap<string, Word>, tag: string): Word =>
    present(words.get(tags.get(tag) ?? ''), `DE 48.${tag}`, 'no such value')
  const reason = tags.has('11') ? letter(reasonOfCode, '11') : undefined
  const voucherWon = amountOf(tags.get('13') ?? '', 'DE 48.13')
  const accountWon = amountOf(tags.get('14') ?? '', 'DE 48.14')
  const amounts = amountsOf(fields.get(54) ?? '')
  if ((amounts.get(VOUCHER_PART) ?? 0) !== voucherWon) {
    throw new FieldProblem('DE 54', 'another voucher part than DE 48.13')
  }
  if ((amounts.get(ACCOUNT_PART) ?? 0) !== accountWon) {
    throw new FieldProblem('DE 54', 'another account part than DE 48.14')
  }
  const remainingWon = amounts.get(BALANCE)
  const approvalCode = fields.get(38)
  const remainingAt = tags.get('15')
  const answer: CardAnswer = {
    verdict: letter(verdictOfLetter, '10'),
    ...(reason === undefined ? {} : { reason }),
    voucherWon,
    accountWon,
    source: letter(sourceOfLetter, '12'),
    ...(remainingWon === undefined ? {} : { remainingWon }),
    ...(remainingAt === undefined
      ? {}
      : { remainingAt: present(koreanStampInstant(remainingAt), 'DE 48.15', 'no such time') }),
    ...(approvalCode === undefined ? {} : { approvalCode }),
    decidedBy: letter(deciderOfLetter, '16'),
    ...(tags.has('17') ? { onUnknown: letter(preferenceOfLetter, '17') } : {}),
  }
  checkResponseCode(fields.get(39) ?? '', answer)
  return answer
}

function checkResponseCode(code: string, answer: CardAnswer): void {
  if (code === responseCodeOf(answer)) return
  const isRefusal = code === REFUSED_FORMAT || code === REFUSED_MALFUNCTION
  if (isRefusal && answer.verdict === 'unknown' && answer.reason === undefined) return
  throw new FieldProblem('DE 39', 'another code than verdict and reason have')
}

/** For elements that our own side makes. */
export function tagText(tags: Tags): string {
  const written = writeTags(hanbitTags, tags)
  assert(written.ok, `DE 48.${written.ok ? '' : `${written.tag}: ${written.detail}`}`)
  return written.text
}

export function amountDigits(amount: Won): string {
  assert(amount >= 0 && amount < 1e12, 'a message has no room for this amount')
  return String(amount).padStart(12, '0')
}

function block(type: string, amount: Won): string {
  return `${ACCOUNT_TYPE}${type}${CREDIT_IN_WON}${amountDigits(amount)}`
}

function amountsOf(data: string): ReadonlyMap<string, Won> {
  const amounts = new Map<string, Won>()
  for (let at = 0; at < data.length; at += BLOCK_LENGTH) {
    const [, type, digits] = BLOCK.exec(data.slice(at, at + BLOCK_LENGTH)) ?? []
    if (type === undefined || digits === undefined) {
      throw new FieldProblem('DE 54', 'not an amount of this profile')
    }
    if (amounts.has(type)) throw new FieldProblem('DE 54', 'an amount stands twice')
    amounts.set(type, won(Number(digits)))
  }
  return amounts
}
