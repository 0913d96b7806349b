/** The merchant number on card messages (가맹점번호): whose shop it is, and which of its outlets. */
import type { Outlet } from './merchant.ts'

/** Ten digits of the business number, then five of the outlet's number. */
const MERCHANT_NUMBER = /^(\d{10})(\d{5})$/
const OUTLET_NUMBER_MAX = 99_999

export interface MerchantNumber {
  /** Ten digits without hyphens; whether anybody bears them is the directory's to say. */
  readonly businessNumber: string
  /** 1 is the outlet that was opened first; 0 stands for the first one that is open. */
  readonly outletNumber: number
}

/** `undefined` for anything but fifteen digits. */
export function readMerchantNumber(text: string): MerchantNumber | undefined {
  const [, businessNumber, outlet] = MERCHANT_NUMBER.exec(text) ?? []
  if (businessNumber === undefined) return undefined
  return { businessNumber, outletNumber: Number(outlet) }
}

/** `undefined` where the shop has more outlets than the number can name. */
export function formatMerchantNumber(number: MerchantNumber): string | undefined {
  if (number.outletNumber > OUTLET_NUMBER_MAX) return undefined
  return `${number.businessNumber}${String(number.outletNumber).padStart(5, '0')}`
}

/**
 * The outlet of a number among those of one merchant. Outlets are counted in the order of their ids, closed ones too,
 * so that a number that a terminal bears never comes to mean another place.
 */
export function outletOfNumber(
  outlets: readonly Outlet[],
  outletNumber: number,
): Outlet | undefined {
  const inOrder = outlets.toSorted((a, b) => a.outletId - b.outletId)
  if (outletNumber === 0) return inOrder.find((outlet) => outlet.open) ?? inOrder[0]
  return inOrder[outletNumber - 1]
}
