/** The pages that the core serves, in a real browser: Korean is drawn, nothing is asked of another host, no error. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { startProduct, type RunningProduct } from '../running-product.ts'
import { openBrowser } from './browser.ts'

const VIEWPORTS = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } }

describe('pages in a browser', () => {
  let product: RunningProduct
  let browser: Browser
  before(async () => {
    product = await startProduct()
    browser = await openBrowser()
  })
  after(async () => {
    await browser?.close()
    await product?.stop()
  })

  for (const [size, viewport] of Object.entries(VIEWPORTS)) {
    for (const [path, text] of [
      ['/about', '지역사랑상품권을 발행하고'],
      ['/docs', '지역사랑상품권 플랫폼'],
    ] as const) {
      test(`${path} on a ${size}: whole, in Korean type, without a request elsewhere`, async () => {
        const page = await browser.newPage({ viewport })
        const troubles: string[] = []
        page.on('console', (message) => {
          if (message.type() === 'error') troubles.push(message.text())
        })
        page.on('pageerror', (error) => troubles.push(error.message))
        page.on('request', (request) => {
          const url = request.url()
          if (!url.startsWith(product.coreUrl) && !url.startsWith('data:')) troubles.push(url)
        })
        await page.goto(`${product.coreUrl}${path}`)
        await page.getByText(text).first().waitFor()
        if (path === '/docs') await page.locator('.opblock').first().waitFor()
        await page.evaluate('document.fonts.ready')
        const drawn = await page.evaluate(
          "document.fonts.check('20px \"Pretendard Variable\"', '두레')",
        )
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        assert.deepEqual({ troubles, drawn }, { troubles: [], drawn: true })
        assert.ok(Number(wide) <= 0, `the page is ${String(wide)} px wider than the screen`)
        await page.close()
      })
    }
  }
})
