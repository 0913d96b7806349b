/**
 * Cells into values. Nothing is guessed about who somebody is: what is not certain is a problem that says what stands
 * there, masked, and what would be right.
 */
import {
  cleanText,
  maskName,
  parseBusinessDate,
  parseId,
  won,
  type BusinessDate,
  type MemberId,
  type Won,
} from '../base/base.ts'
import type { EligibilityColumn } from './eligibility-columns.ts'
import type { FileProblemCode } from './file-problem.ts'

/** Whom a line means, where it does not name a member. The telephone has digits only. */
export interface Identity {
  readonly name: string
  readonly birthDate: BusinessDate
  readonly phone: string
}

/** A line of the file as it is kept. */
export interface EligibleLine {
  readonly lineNumber: number
  /** The office's own number of the person in this round. */
  readonly reference: string
  readonly amountWon: Won
  readonly person: MemberId | Identity
}

export const NAME_LENGTH_MAX = 60
/** No stipend for one person comes near; a longer number is a slip of the column. */
export const LINE_WON_MAX = 100_000_000

const REFERENCE = /^[\p{L}\p{N}][\p{L}\p{N}._/-]{0,39}$/u
/** 주민등록번호, which nobody may send here (개인정보 보호법 §24의2). */
const RESIDENT_NUMBER = /(?<!\d)\d{6}[- ]?[1-8]\d{6}(?!\d)/
const BIRTH_DATE = /^(\d{4})([-./]?)(\d{2})\2(\d{2})\.?$/
const PHONE = /^01[016789]\d{7,8}$/
const AMOUNT = /^(?:\d{1,12}|\d{1,3}(?:,\d{3}){1,3})\s*원?$/

export type CellRead<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: FileProblemCode; readonly found: string }

export function hasResidentNumber(text: string): boolean {
  return RESIDENT_NUMBER.test(text)
}

export function readReference(cell: string): CellRead<string> {
  const value = cell.normalize('NFC').trim()
  if (hasResidentNumber(value)) return bad('resident_number', 'reference', cell)
  return REFERENCE.test(value) ? { ok: true, value } : bad('reference_malformed', 'reference', cell)
}

export function readName(cell: string): CellRead<string> {
  if (hasResidentNumber(cell)) return bad('resident_number', 'name', cell)
  const value = cleanText(cell, NAME_LENGTH_MAX)
  if (value === undefined || !/\p{L}/u.test(value)) return bad('name_malformed', 'name', cell)
  return { ok: true, value }
}

export function readBirthDate(cell: string): CellRead<BusinessDate> {
  if (hasResidentNumber(cell)) return bad('resident_number', 'birthDate', cell)
  const [, year, , month, day] = BIRTH_DATE.exec(cell.trim()) ?? []
  const value = year === undefined ? undefined : parseBusinessDate(`${year}-${month}-${day}`)
  return value === undefined || value < '1880'
    ? bad('birth_date_malformed', 'birthDate', cell)
    : { ok: true, value }
}

export function readPhone(cell: string): CellRead<string> {
  if (hasResidentNumber(cell)) return bad('resident_number', 'phone', cell)
  const value = plainPhone(cell)
  return PHONE.test(value) ? { ok: true, value } : bad('phone_malformed', 'phone', cell)
}

/** Digits only, as in Korea: `+82 10-1234-5678` → `01012345678`. */
export function plainPhone(text: string): string {
  return text
    .trim()
    .replaceAll(/[-\s.]/g, '')
    .replace(/^\+82/, '0')
}

export function readAmount(cell: string): CellRead<Won> {
  const value = amountIn(cell)
  return value !== undefined && value <= LINE_WON_MAX
    ? { ok: true, value }
    : bad('amount_malformed', 'amountWon', cell)
}

/** At least one; the bound above is the reader's. */
export function amountIn(cell: string): Won | undefined {
  const text = cell.trim()
  const value = Number(text.replaceAll(/[,\s원]/g, ''))
  return AMOUNT.test(text) && value >= 1 ? won(value) : undefined
}

export function readMemberId(cell: string): CellRead<MemberId> {
  const value = parseId('mbr', cell.trim())
  return value === undefined ? bad('member_id_malformed', 'memberId', cell) : { ok: true, value }
}

function bad(code: FileProblemCode, column: EligibilityColumn, cell: string): CellRead<never> {
  return { ok: false, code, found: shown(column, cell) }
}

const SHOWN_LENGTH_MAX = 40

/** What may be repeated of a cell: enough to find it in the file, never whom it is about. */
export function shown(column: EligibilityColumn, cell: string): string {
  const printable = cell.replaceAll(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '�')
  const text = [...printable.trim()].slice(0, SHOWN_LENGTH_MAX).join('')
  // A telephone or a resident number may stand in any column by mistake.
  const masked = text.replaceAll(/\d{6,}|\d[\d\-. ]{5,}\d/g, (digits) => {
    const isAmount = column === 'amountWon' && digits.length < 9
    return isAmount ? digits : `${digits.slice(0, 2)}${digits.slice(2).replaceAll(/\d/g, '*')}`
  })
  if (column === 'name') return maskName(masked)
  if (column === 'birthDate') return masked.replaceAll(/(?<=^.{2}.*)[\p{L}\p{N}]/gu, '*')
  return column === 'phone' ? masked.replaceAll(/(?<=^.{3}.*)[\p{L}\p{N}]/gu, '*') : masked
}
