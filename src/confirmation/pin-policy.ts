/** Which PINs are taken, and how often a wrong one is. */
import type { BusinessDate } from '../base/base.ts'

export const PIN_DIGITS = 6

/** After so many attempts none of which was right the PIN is blocked: a guess succeeds once in 200 000 telephones. */
export const PIN_ATTEMPTS_MAX = 5

/** How far a digit may lie from the one before in a run: the same again, up, or down past zero. */
const RUN_STEPS: readonly number[] = [0, 1, 9]

/** True for a PIN that is tried first: one digit, a run of digits, or the member's birthday. */
export function isTrivialPin(pin: string, birthDate: BusinessDate): boolean {
  const digits = [...pin].map(Number)
  const steps = digits.slice(1).map((digit, index) => (digit - (digits[index] ?? 0) + 10) % 10)
  const [first = 0] = steps
  const isRun = RUN_STEPS.includes(first) && steps.every((step) => step === first)
  return isRun || birthdays(birthDate).includes(pin)
}

/** As people write it: year, month and day in the orders in use. */
function birthdays(birthDate: BusinessDate): readonly string[] {
  const [year = '', month = '', day = ''] = birthDate.split('-')
  const short = year.slice(2)
  return [short + month + day, month + day + short, day + month + short, year + month]
}
