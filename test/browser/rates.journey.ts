/** A rate changes: one officer proposes it, another approves it, and a citizen pays less from its instant on. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { waitUntil } from '../../src/main/bounded-wait.ts'
import { assertNoTroubles, sizes, type Stage } from './stage.ts'

const FIRST_OFFICER = 'person-0044'
const SECOND_OFFICER = 'person-0045'
const CITIZEN = 'person-0001'
const GUNSAN = '/v1/issuers/gunsan'
/** A screen names a day; the day here begins so long after it is proposed, in time for another officer to approve. */
const DAY_BEGINS_IN_MS = 15_000

export function rateJourneys(stage: () => Stage): void {
  test('city: a rate is changed by two officers, side by side with what was, and holds from its day on', async () => {
    const citizen = await stage().client(CITIZEN)
    const pays = async (): Promise<unknown> => {
      const body = { programId: 'prg_1', faceWon: 100_000 }
      return (await citizen.send('POST', `${GUNSAN}/purchases/quotes`, { body })).body['payWon']
    }
    assert.equal(await pays(), 90_000)

    const first = await stage().signIn('city', FIRST_OFFICER, {
      viewport: sizes.desktop,
      path: '/city/gunsan/programs/prg_1/change',
    })
    const second = await stage().signIn('city', SECOND_OFFICER, {
      viewport: sizes.desktop,
      path: '/city/gunsan/proposals',
    })
    const { page } = first
    let begins = ''
    await page.route(/\/proposals\/terms(?:\/preview)?$/, (route) => {
      const wish = route.request().postDataJSON() as Record<string, unknown>
      begins = new Date(Date.now() + DAY_BEGINS_IN_MS).toISOString()
      return route.continue({ postData: JSON.stringify({ ...wish, effectiveFrom: begins }) })
    })
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

    const cheaper = async (): Promise<boolean> => (await pays()) === 85_000
    assert.ok(await waitUntil(cheaper, { timeoutMs: DAY_BEGINS_IN_MS * 2, pollMs: 250 }))
    assert.ok(Date.now() >= Date.parse(begins), 'not before its instant')
    const seen = await stage().signIn('citizen', CITIZEN, { path: '/app/gunsan/buy' })
    await seen.page.getByRole('button', { name: '+10만' }).click()
    await seen.page.getByRole('button', { name: '85,000원에 사기' }).waitFor()
    for (const each of [first, second, seen]) assertNoTroubles(each)
  })
}
