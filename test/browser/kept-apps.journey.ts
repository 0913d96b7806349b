/** What stays of an app on the device: its own parts, so that it opens without its server; and what an update does. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertNoTroubles, keptOn, workerOf, type AppName, type Stage } from './stage.ts'

const MEMBER = 'person-0001'

export function keptAppJourneys(stage: () => Stage): void {
  test('kept apps: an app that was opened opens without its server, whole, and no other was fetched', async () => {
    const { coreUrl } = stage().product
    const signed = await stage().signIn('citizen', MEMBER)
    const { page, context } = signed
    await keptOn(page)
    const own = await partsOf(coreUrl, 'citizen')
    const onDevice = new Set(await fetchedBy(page))
    assert.deepEqual(
      own.filter((part) => !onDevice.has(part)),
      [],
    )
    for (const app of ['shop', 'city', 'ops'] as const) {
      const foreign = (await partsOf(coreUrl, app)).filter((part) => !own.includes(part))
      assert.ok(foreign.length > 5)
      assert.deepEqual(
        foreign.filter((part) => onDevice.has(part)),
        [],
      )
    }

    const till = await context.newPage()
    await till.goto(`${coreUrl}/shop`)
    await keptOn(till)

    signed.expectFailures()
    await context.setOffline(true)
    await till.goto(`${coreUrl}/shop/till`)
    await till.getByLabel('휴대폰 번호').waitFor()
    // An address with a search is the app's, too.
    await page.goto(`${coreUrl}/?issuer=gunsan`)
    await page
      .getByText(/[0-9,]+원/)
      .first()
      .waitFor()
    await page.getByRole('link', { name: '더보기' }).click()
    await page.getByRole('heading', { level: 1, name: '더보기' }).waitFor()
    await page.goto(`${coreUrl}/app/code/gunsan`)
    await page.getByRole('heading', { level: 1, name: '내 코드' }).waitFor()
    assertNoTroubles(signed)
    await context.close()
  })

  test('kept apps: a page whose part is gone with an update opens anew where it is, once', async () => {
    const signed = await stage().signIn('citizen', MEMBER, { serviceWorkers: 'block' })
    const { page, context } = signed
    signed.expectFailures()
    const opened: string[] = []
    page.on('domcontentloaded', () => opened.push(new URL(page.url()).pathname))
    await page.route('**/assets/history-screen-*.js', (route) =>
      opened.length === 0 ? route.fulfill({ status: 404 }) : route.continue(),
    )
    // The newer build's page, as far as the old one looks at it.
    await page.route(`${stage().product.coreUrl}/`, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<script src="/assets/newer.js"></script>' }),
    )
    await page.getByRole('link', { name: '내역' }).click()
    await page.getByRole('heading', { level: 1, name: /내역/ }).waitFor()
    assert.deepEqual(opened, ['/app/history'])
    await context.close()
  })
}

/** Scripts and styles that the app's worker keeps. */
async function partsOf(coreUrl: string, app: AppName): Promise<string[]> {
  const worker = await (await fetch(`${coreUrl}${workerOf(app)}`)).text()
  return [...worker.matchAll(/"(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, url = '']) => url)
}

/** Paths that lie in the device's caches, or that the page itself fetched. */
async function fetchedBy(page: Page): Promise<string[]> {
  const urls = await page.evaluate(`(async () => {
    const caches = await Promise.all((await window.caches.keys()).map((name) => window.caches.open(name)))
    const kept = (await Promise.all(caches.map((cache) => cache.keys()))).flat()
    const fetched = performance.getEntriesByType('resource').map(({ name }) => name)
    return [...kept.map(({ url }) => url), ...fetched]
  })()`)
  return (urls as string[]).map((url) => new URL(url).pathname)
}
