/** A stipend from a list with mistakes to money in a wallet: mended, tried dry, approved by another, granted. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertNoTroubles, sizes, type Stage } from './stage.ts'

const FIRST_OFFICER = 'person-0044'
const SECOND_OFFICER = 'person-0045'
const ROUND = '2026-test'
const header = '대상자번호,성명,생년월일,휴대전화,지급액'
const faulty = [
  header,
  'A-1,김하늘,1992-04-31,010-0000-0001,50000',
  'A-2,박정우,1975-09-02,10-0000-0002,50000',
  'A-3,없는이,1980-01-01,010-9999-9999,50000',
]
const mended = [
  header,
  'A-1,김하늘,1992-04-17,010-0000-0001,50000',
  'A-2,박정우,1975-09-02,010-0000-0002,50000',
  'A-3,없는이,1980-01-01,010-9999-9999,50000',
]

export function stipendJourneys(stage: () => Stage): void {
  test('city: a list is mended, tried dry, approved by another officer and granted to its end', async () => {
    const first = await stage().signIn('city', FIRST_OFFICER, {
      viewport: sizes.desktop,
      path: '/city/gunsan/stipends/new',
    })
    const { page } = first
    const choose = async (lines: readonly string[]): Promise<void> => {
      const buffer = Buffer.from(`${lines.join('\n')}\n`)
      await page.locator('input[type=file]').setInputFiles({
        name: 'list.csv',
        mimeType: 'text/csv',
        buffer,
      })
      await page.getByRole('button', { name: '올리고 점검하기' }).click()
    }
    await page.getByLabel('지급 회차').fill(ROUND)
    await page.getByLabel('대상자 수 (명)').fill('3')
    first.expectFailures()
    await choose(faulty)
    await page.getByText('명단에 고칠 곳이 2군데 있습니다').waitFor()
    const faults = page.getByRole('table', { name: '고칠 줄' })
    assert.match(await faults.getByRole('row').nth(1).innerText(), /^2\s.*생년월일/)
    assert.match(await faults.getByRole('row').nth(2).innerText(), /^3\s.*010-1234-5678/)

    await choose(mended)
    await page.getByRole('heading', { name: '사전 점검 결과' }).waitFor()
    await page.getByText('보류: 가입한 회원이 없음').waitFor()
    await page.getByRole('button', { name: '결재 올리기' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '결재 올리기' }).click()
    await page.getByText('결재를 올린 사람은 승인하거나 반려할 수 없습니다').waitFor()
    assert.ok(await page.getByRole('button', { name: '승인하고 지급' }).isDisabled())

    const second = await stage().signIn('city', SECOND_OFFICER, {
      viewport: sizes.desktop,
      path: '/city/gunsan/stipends',
    })
    await second.page.getByRole('link', { name: `농어민수당 ${ROUND}` }).click()
    await second.page.getByRole('button', { name: '승인하고 지급' }).click()
    await second.page.getByRole('dialog').getByRole('button', { name: '승인하고 지급' }).click()
    await second.page.getByRole('status').getByText('지급 마침').waitFor()
    await page.getByText('3명 가운데 2명').waitFor()
    await page.getByText('지급 마침').waitFor()
    const citizen = await stage().client('person-0002')
    const own = await citizen.send('GET', '/v1/issuers/gunsan/members/me/stipends')
    const rounds = own.body['items'] as { round: string; amountWon: number }[] // Its schema says so.
    assert.deepEqual(
      rounds.filter(({ round }) => round === ROUND).map(({ amountWon }) => amountWon),
      [50_000],
    )
    for (const each of [first, second]) assertNoTroubles(each)
  })
}
