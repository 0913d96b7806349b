/** The demonstration's page, which really stops the core; and what operations sees of that meanwhile. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertNoTroubles, keptOn, sizes, type Stage } from './stage.ts'

const OPERATOR = 'person-0798'
const CORE_PAID_WON = 8_000
const STOOD_IN_WON = 7_770

export function demoJourneys(stage: () => Stage): void {
  test('demo: the core is stopped, a card pays by stand-in, and the payment arrives once', async () => {
    const payer = await stage().client('person-0001')
    const before = await balanceWon(payer)
    const ops = await stage().signIn('ops', OPERATOR, { viewport: sizes.desktop })
    await ops.page.getByText('모두 전달됨').waitFor()
    const demo = await stage().open('/demo', { viewport: sizes.desktop })
    const { page } = demo
    await page.getByRole('button', { name: '김하늘로 시작' }).click()
    await page.getByRole('button', { name: '박정우로 시작' }).click()
    const phone = page.frameLocator('iframe[title="김하늘님의 휴대폰"]')
    await phone.getByRole('heading', { level: 1 }).waitFor()
    await page
      .frameLocator('iframe[title="박정우님의 휴대폰"]')
      .getByText('은파분식')
      .first()
      .waitFor()

    await payAtTerminal(page, CORE_PAID_WON)
    await done(page, '카드 단말기로 결제하기')

    for (const frame of [ops.page, ...page.frames()]) await keptOn(frame)
    for (const each of [demo, ops]) each.expectFailures()
    await page.getByRole('button', { name: '코어 멈추기' }).click()
    await page.getByRole('button', { name: '코어 켜기' }).waitFor()
    await ops.page.getByText('부터 답이 없습니다').waitFor()
    await ops.page.getByText('코어: 답 없음').waitFor()
    await ops.page.getByText('마지막으로 본 값').first().waitFor()

    await payAtTerminal(page, STOOD_IN_WON)
    await page.getByText('게이트웨이가 대신 결정 (대행승인)').waitFor()
    await page.getByText('1건', { exact: true }).waitFor()

    await page.getByRole('button', { name: '코어 켜기' }).click()
    await page.getByText('0건', { exact: true }).waitFor()
    await done(page, '코어 다시 켜기')
    await ops.page.getByText('코어: 답 없음').waitFor({ state: 'detached' })
    await ops.page.getByText('모두 전달됨').waitFor()
    assert.equal(await balanceWon(payer), before - CORE_PAID_WON - STOOD_IN_WON)
    for (const each of [demo, ops]) {
      assertNoTroubles(each)
      await each.context.close()
    }
  })
}

async function payAtTerminal(page: Page, amountWon: number): Promise<void> {
  await page.getByLabel('금액').fill(String(amountWon))
  await page.getByRole('button', { name: '카드로 결제하기' }).click()
  await page.getByText('승인되었습니다').waitFor()
}

async function done(page: Page, step: string): Promise<void> {
  await page
    .getByRole('listitem')
    .filter({ hasText: `${step} (했습니다)` })
    .waitFor()
}

async function balanceWon(payer: Awaited<ReturnType<Stage['client']>>): Promise<number> {
  const { status, body } = await payer.send('GET', '/v1/issuers/gunsan/wallets/wlt_1')
  assert.equal(status, 200)
  const balances = body['balances'] as { amountWon: number }[] // As the API describes them.
  return balances.reduce((sum, { amountWon }) => sum + amountWon, 0)
}
