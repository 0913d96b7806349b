/** The pages beside the apps, in a real browser: Korean is drawn, nothing is asked of another host, no error. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertNoTroubles, sizes, type Stage } from './stage.ts'

export function pageJourneys(stage: () => Stage): void {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const [path, text] of [
      ['/about', '지역사랑상품권을 발행하고'],
      ['/docs', '지역사랑상품권 플랫폼'],
    ] as const) {
      test(`pages: ${path} on a ${size} is whole, in Korean type`, async () => {
        const opened = await stage().open(path, { viewport })
        const { page, context } = opened
        await page.getByText(text).first().waitFor()
        if (path === '/docs') await page.locator('.opblock').first().waitFor()
        await page.evaluate('document.fonts.ready')
        const drawn = await page.evaluate(
          "document.fonts.check('20px \"Pretendard Variable\"', '두레')",
        )
        assert.equal(drawn, true)
        const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
        assert.ok(Number(wide) <= 0, `the page is ${String(wide)} px wider than the screen`)
        assertNoTroubles(opened)
        await context.close()
      })
    }
  }
}
