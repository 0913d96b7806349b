/** What operators do by hand at the card links. */
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertNoTroubles, sizes, type Stage } from './stage.ts'

const OPERATOR = 'person-0798'

export function opsJourneys(stage: () => Stage): void {
  test('ops: a card company is signed off and on by hand, with a reason that stays', async () => {
    const ops = await stage().signIn('ops', OPERATOR, {
      path: '/ops/cards',
      viewport: sizes.desktop,
    })
    const { page } = ops
    const row = page
      .getByRole('region', { name: '게이트웨이 A 회선' })
      .getByRole('row')
      .filter({ hasText: '한빛카드' })
    await row.getByText('개시됨').waitFor()

    await row.getByRole('button', { name: '게이트웨이 A 한빛카드 차단' }).click()
    await page.getByRole('button', { name: '차단하기' }).click()
    await page.getByText('까닭을 적어 주세요.').waitFor()
    await order(page, { reason: '카드사 점검', deed: '차단하기' })
    await row.getByText('차단됨').waitFor()
    await page.getByRole('link', { name: '한눈에' }).click()
    await page.getByText('카드사 회선: 1곳 차단 중').waitFor()
    await page.getByRole('link', { name: '가서 보기 카드사 회선' }).click()

    await row.getByRole('button', { name: '게이트웨이 A 한빛카드 다시 열기' }).click()
    await order(page, { reason: '점검 끝', deed: '다시 열기' })
    await row.getByText('개시됨').waitFor()
    await page.getByRole('tab', { name: '대행승인·지시' }).click()
    for (const reason of ['카드사 점검', '점검 끝']) {
      await page.getByRole('row').filter({ hasText: reason }).getByText('처리됨').waitFor()
    }
    assertNoTroubles(ops)
    await ops.context.close()
  })
}

async function order(page: Page, given: { reason: string; deed: string }): Promise<void> {
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('까닭').fill(given.reason)
  await sheet.getByRole('button', { name: given.deed }).click()
  await sheet.getByText('처리됨').waitFor()
  await sheet.getByRole('button', { name: '닫기' }).last().click()
  await sheet.waitFor({ state: 'detached' })
}
