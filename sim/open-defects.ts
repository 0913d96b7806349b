/**
 * Defects of rooms that the simulation found and that are not mended yet. Each is left out of a run, so that
 * a violation is always news; `--open-defect` plays one. Whoever mends one deletes its line here and
 * where it is asked for.
 */

export const openDefects = {
  /**
   * `buy` throws a fault that says «did not happen» after it wrote the reservation, even after the bank
   * debited: PostgreSQL goes away before the lot can be booked.
   */
  'purchase-fault-claims':
    'a purchase that is reserved or debited is answered with a fault that says that it did not happen',
  /**
   * `payConsumerCode` answers `code_invalid` without asking the ledger where the handle is not known any
   * more; the repeat of a payment that was booked is told that it was declined.
   */
  'forgotten-handles':
    'a booked payment is told declined on repeat once the phone that showed the code is enrolled anew',
} as const satisfies Record<string, string>
export type OpenDefect = keyof typeof openDefects

export function isOpenDefect(text: string): text is OpenDefect {
  return Object.hasOwn(openDefects, text)
}
