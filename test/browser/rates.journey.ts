/**
 * A rate changes: one officer proposes it, another approves it, and a citizen pays less from that day on; what else
 * the night brought to city hall is worked on.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closeLateDecision } from './city.journey.ts'
import { assertNoTroubles, sizes, type Stage } from './stage.ts'

const FIRST_OFFICER = 'person-0044'
const SECOND_OFFICER = 'person-0045'
const CITIZEN = 'person-0001'
const DAY_MS = 86_400_000
const KOREA_AHEAD_MS = 9 * 3_600_000
const MINUTE_MS = 60_000

export function rateJourneys(stage: () => Stage): void {
  test('city: a rate is changed by two officers, holds from its day on, and a case of that day is closed', async () => {
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
    await page.getByRole('button', { name: '제안하기' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '제안하기' }).click()
    await page.getByText('제안한 사람은 승인할 수 없습니다').waitFor()
    assert.ok(await page.getByRole('button', { name: '승인' }).isDisabled())

    await second.page.getByRole('link', { name: '조건 변경 군산사랑상품권' }).click()
    await second.page.getByRole('button', { name: '승인' }).click()
    await second.page.getByRole('dialog').getByRole('button', { name: '승인' }).click()
    await second.page.getByText('승인되었습니다.').waitFor()
    await second.page.goto(`${stage().product.coreUrl}/city/gunsan/programs/prg_1`)
    await second.page.getByText('15%').waitFor()

    assertNoTroubles(second)
    await second.context.close()
    // Devices learn the new time by being refused once.
    for (const each of [first, citizen]) each.expectFailures()
    const midnight = nextMidnight(Date.now())
    await stage().setCoreClock(midnight - MINUTE_MS - Date.now())
    await pays('90,000원')
    await stage().setCoreClock(midnight + MINUTE_MS - Date.now())
    await pays('85,000원')
    await closeLateDecision(stage(), page)
    for (const each of [first, citizen]) assertNoTroubles(each)
  })
}

/** The beginning of the day after the one in Korea. */
function nextMidnight(now: number): number {
  const korean = now + KOREA_AHEAD_MS
  return korean - (korean % DAY_MS) + DAY_MS - KOREA_AHEAD_MS
}
