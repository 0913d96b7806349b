/** What stands before each app. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertNoTroubles, type Stage } from './stage.ts'

export function doorJourneys(stage: () => Stage): void {
  test('doors: any address of an app opens it, and asks who is there', async () => {
    for (const path of ['/', '/app/gunsan/pay', '/shop/till', '/city/programs', '/ops']) {
      const opened = await stage().open(path)
      await opened.page.getByLabel('휴대폰 번호').waitFor()
      assert.equal(await opened.page.locator('html').getAttribute('lang'), 'ko')
      assertNoTroubles(opened)
      await opened.context.close()
    }
  })

  test('doors: an address of nobody is told in words, not as an app', async () => {
    const response = await fetch(`${stage().product.coreUrl}/nowhere`)
    assert.equal(response.status, 404)
    assert.match(response.headers.get('content-type') ?? '', /problem\+json/)
  })

  test('doors: a screen whose part cannot be fetched says so, and opens when it can be', async () => {
    const signed = await stage().signIn('citizen', 'person-0001', { serviceWorkers: 'block' })
    const { page, context } = signed
    const parts = '**/assets/history-screen-*.js'
    await page.route(parts, (route) => route.abort())
    await page.getByRole('link', { name: '내역' }).click()
    await page.getByRole('heading', { name: '화면을 열지 못했습니다' }).waitFor()
    await page.unroute(parts)
    await page.getByRole('button', { name: '다시 열기' }).click()
    await page.getByRole('heading', { level: 1, name: /내역/ }).waitFor()
    await context.close()
  })
}
