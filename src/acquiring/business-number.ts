/** The ten-digit number of a registered business (사업자등록번호). */

/** The National Tax Service's weights for the first eight digits; the ninth is treated apart. */
const WEIGHTS = [1, 3, 7, 1, 3, 7, 1, 3] as const
const NINE_DIGITS = /^\d{9}$/
const TEN_DIGITS = /^\d{3}-?\d{2}-?\d{5}$/

/**
 * The tenth digit that belongs to nine. The ninth digit weighs five and its tens digit is added
 * once more. `undefined` for anything but nine digits.
 */
export function businessNumberCheckDigit(nineDigits: string): number | undefined {
  if (!NINE_DIGITS.test(nineDigits)) return undefined
  let sum = 0
  for (const [index, weight] of WEIGHTS.entries()) sum += Number(nineDigits[index]) * weight
  const ninthWeighed = Number(nineDigits[8]) * 5
  sum += ninthWeighed + Math.floor(ninthWeighed / 10)
  return (10 - (sum % 10)) % 10
}

/**
 * Reads `124-81-00998` or `1248100998` as ten digits; `undefined` where the check digit is wrong.
 */
export function parseBusinessNumber(text: string): string | undefined {
  if (!TEN_DIGITS.test(text)) return undefined
  const digits = text.replaceAll('-', '')
  return businessNumberCheckDigit(digits.slice(0, 9)) === Number(digits[9]) ? digits : undefined
}

/** `1248100998` → `124-81-00998`. */
export function formatBusinessNumber(tenDigits: string): string {
  return `${tenDigits.slice(0, 3)}-${tenDigits.slice(3, 5)}-${tenDigits.slice(5)}`
}
