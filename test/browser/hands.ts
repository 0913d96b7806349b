/** What hands do in many journeys: press a button, scan the code at a till of 군산시, type an amount. */
import type { Page } from 'playwright-core'

export const GUNSAN = '/v1/issuers/gunsan'
/** The posted code of 은파분식, which is out_1 of 군산시. */
export const STICKER =
  '00020101021126390007kr.dure0106gunsan0205out_10305kit_15204581453034105802KR5912Eunpa Bunsik6009Gunsan-si' +
  '64210002ko0104은파분식0203군산시63048DE8'

export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name, exact: true }).click()
}

/** Where the citizen's app is once the sticker was scanned for the payment of that key. */
export function scanned(key: string): string {
  return `/app/pay?${new URLSearchParams({ code: STICKER, key }).toString()}`
}

/** On the pad, once the shop is known. */
export async function type(page: Page, digits: readonly string[]): Promise<void> {
  await page.getByText('등록된 가맹점').waitFor()
  for (const digit of digits) await press(page, digit)
}
