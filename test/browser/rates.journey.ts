/**
 * A rate changes and a program starts: one officer proposes them, another approves them, and from that day on a citizen
 * pays less and buys of the new one; what else the night brought to city hall is worked on.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { businessDate, MINUTE_MS, nextDate, startOfBusinessDate } from '../../src/base/base.ts'
import { closeLateDecision } from './city.journey.ts'
import { assertNoTroubles, sizes, type Stage } from './stage.ts'

const FIRST_OFFICER = 'person-0044'
const SECOND_OFFICER = 'person-0045'
const CITIZEN = 'person-0001'

export function rateJourneys(stage: () => Stage): void {
  test('city: two officers change a rate and start a program, both from their day on; a case is closed', async () => {
    const citizen = await stage().signIn('citizen', CITIZEN, { path: '/app/gunsan/buy' })
    const pays = async (won: string): Promise<void> => {
      await citizen.page.reload()
      await citizen.page.getByRole('button', { name: '+10만' }).click()
      await citizen.page.getByRole('button', { name: `${won}에 사기` }).waitFor()
    }
    await pays('90,000원')

    const first = await stage().signIn('city', FIRST_OFFICER, {
      viewport: sizes.desktop,
      path: '/city/gunsan/programs/prg_1/change',
    })
    const second = await stage().signIn('city', SECOND_OFFICER, {
      viewport: sizes.desktop,
      path: '/city/gunsan/proposals',
    })
    const { page } = first
    // The day that stands there is tomorrow.
    await page.getByLabel('할인율 (%)').fill('15')
    await page.getByLabel('할인율 (%)').blur()
    await page.getByText('90,000원').waitFor()
    await page.getByText('85,000원').waitFor()
    await page.getByText('다른 담당자의 승인이 있어야 적용됩니다.').waitFor()
    await propose(page)
    await page.getByText('제안한 사람은 승인할 수 없습니다').waitFor()
    assert.ok(await page.getByRole('button', { name: '승인' }).isDisabled())
    await approve(second.page, '조건 변경 군산사랑상품권')
    await second.page.goto(`${stage().product.coreUrl}/city/gunsan/programs/prg_1`)
    await second.page.getByText('15%').waitFor()

    // Once more the day that stands there, and the terms of the template.
    await page.goto(`${stage().product.coreUrl}/city/gunsan/programs/new`)
    await page.getByLabel('사업 이름').fill('야시장 상품권')
    await page.getByLabel('영어 이름').fill('Night market voucher')
    await propose(page)
    await page.getByText('제안한 사람은 승인할 수 없습니다').waitFor()
    await second.page.goto(`${stage().product.coreUrl}/city/gunsan/proposals`)
    await approve(second.page, '새 사업 야시장 상품권')

    assertNoTroubles(second)
    await second.context.close()
    // Devices learn the new time by being refused once.
    for (const each of [first, citizen]) each.expectFailures()
    const midnight = startOfBusinessDate(nextDate(businessDate(Date.now())))
    await stage().setCoreClock(midnight - MINUTE_MS - Date.now())
    await pays('90,000원')
    await citizen.page.getByText('야시장 상품권').waitFor({ state: 'detached' })
    await stage().setCoreClock(midnight + MINUTE_MS - Date.now())
    await pays('85,000원')
    await citizen.page.getByRole('button', { name: /어떤 상품권을 살까요/ }).click()
    await citizen.page.getByRole('option', { name: '야시장 상품권' }).click()
    await citizen.page.getByRole('button', { name: '+10만' }).click()
    await citizen.page.getByRole('button', { name: /원에 사기/ }).click()
    await citizen.page.getByRole('heading', { name: '상품권을 샀어요' }).waitFor()
    await closeLateDecision(stage(), page)
    for (const each of [first, citizen]) assertNoTroubles(each)
  })
}

async function propose(page: Page): Promise<void> {
  await page.getByRole('button', { name: '제안하기' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '제안하기' }).click()
}

/** @param proposal as it stands in the list that the page shows */
async function approve(page: Page, proposal: string): Promise<void> {
  await page.getByRole('link', { name: proposal }).click()
  await page.getByRole('button', { name: '승인' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '승인' }).click()
  await page.getByText('승인되었습니다.').waitFor()
}
