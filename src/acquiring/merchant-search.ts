/** Finding merchants for those who decide about them: by words of names and district, by digits of their number. */
import { searchedText, searchWords } from '../base/base.ts'
import type { Merchant } from './merchant.ts'

/** Fewer digits would stand in most numbers; they are looked for in names alone. */
const DIGITS_MIN = 3
const NUMBER_LIKE = /^[\d-]+$/u

/** Those in which all words stand, in their order; without words all. */
export function merchantsWithWords<Some extends Merchant>(
  merchants: readonly Some[],
  text: string,
): readonly Some[] {
  const words = searchWords(text).map((word) => ({ word, digits: digitsOf(word) }))
  if (words.length === 0) return merchants
  return merchants.filter(({ name, nameLatin, district, businessNumber }) => {
    const names = searchedText(`${name}\n${nameLatin}\n${district}`)
    return words.every(
      ({ word, digits }) =>
        names.includes(word) || (digits !== undefined && businessNumber.includes(digits)),
    )
  })
}

/** Of `124-81` the digits, as a business number has them; `undefined` for a word that is none, or too short a part. */
function digitsOf(word: string): string | undefined {
  if (!NUMBER_LIKE.test(word)) return undefined
  const digits = word.replaceAll('-', '')
  return digits.length < DIGITS_MIN ? undefined : digits
}
