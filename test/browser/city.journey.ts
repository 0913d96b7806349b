/** What officers do in a day: registrations, cases, a stop in an emergency, reports, and the trail of all of it. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { businessNumberCheckDigit } from '../../src/acquiring/acquiring.ts'
import { waitUntil } from '../../src/main/bounded-wait.ts'
import { GUNSAN, press } from './hands.ts'
import { assertNoTroubles, SEEN_WITHIN_MS, sizes, type SignedPage, type Stage } from './stage.ts'

const FIRST_OFFICER = 'person-0044'
const SECOND_OFFICER = 'person-0045'
const APPLICANT = 'person-0201'
const CITIZEN = 'person-0003'
/** 군산 농어민수당: nothing is bought of it meanwhile. */
const PROGRAM = 'prg_2'

export function cityJourneys(stage: () => Stage): void {
  test('city: one registration is admitted, suspended and let go on, another refused with words', async () => {
    const [admitted, refused] = await Promise.all([
      apply(stage(), { name: '구암책방', nine: '505810011' }),
      apply(stage(), { name: '구암세탁', nine: '505810012' }),
    ])
    const officer = await atCityHall(stage(), 'merchants')
    const { page } = officer
    await page.getByRole('link', { name: /구암책방/ }).click()
    await decide(page, '등록하기')
    await page.getByText('등록됨', { exact: true }).waitFor()

    await page.goto(addressOf(stage(), `merchants/${refused}`))
    await press(page, '서류 보완 요청')
    await pressInSheet(page, '서류 보완 요청')
    await page.getByText('서류를 하나 이상 골라 주세요.').waitFor()
    await isFocused(page.getByLabel('사업자등록증'))
    await pressInSheet(page, '취소')
    await press(page, '반려하기')
    await pressInSheet(page, '반려하기')
    await page.getByText('내용을 적어 주세요.').waitFor()
    await isFocused(page.getByLabel('가맹점이 읽을 내용'))
    await page.getByLabel('가맹점이 읽을 내용').fill('영업장이 군산시 밖에 있습니다')
    await pressInSheet(page, '반려하기')
    await page.getByText('반려', { exact: true }).waitFor()
    const applicant = await stage().client(APPLICANT)
    const seen = await applicant.send('GET', `${GUNSAN}/merchants/${refused}/registration`)
    assert.equal(seen.body['words'], '영업장이 군산시 밖에 있습니다')

    await page.goto(addressOf(stage(), 'merchants?view=all'))
    const box = page.getByLabel('상호, 지역, 사업자등록번호')
    await box.fill('구암')
    await box.press('Enter')
    await page.getByText('찾은 가맹점 2곳').waitFor()
    assert.match(page.url(), /text=/)
    await box.fill('505-81-0011')
    await press(page, '찾기')
    await page.getByText('찾은 가맹점 1곳').waitFor()
    await page.getByRole('link', { name: '구암책방' }).click()
    await decide(page, '정지하기', ['가맹점이 읽을 내용', '현장 확인이 필요합니다'])
    await page.getByText('현장 확인이 필요합니다').waitFor()
    assert.equal(await statusOf(stage(), admitted), 'suspended')
    await decide(page, '정지 풀기')
    await page.getByRole('button', { name: '정지하기' }).waitFor()
    assert.equal(await statusOf(stage(), admitted), 'active')
    assertNoTroubles(officer)
    await officer.context.close()
  })

  test('city: a report is answered with an outcome and words, and waits no more', async () => {
    const citizen = await stage().client(CITIZEN)
    const opened = await citizen.send('POST', `${GUNSAN}/members/me/reports`, {
      key: randomUUID(),
      body: {
        kind: 'error_report',
        category: 'merchant_conduct',
        description: '상품권을 받지 않겠다고 합니다',
      },
    })
    assert.equal(opened.status, 201, JSON.stringify(opened.body))
    const caseId = String(opened.body['caseId'])
    const officer = await atCityHall(stage(), `cases/${caseId}`)
    const { page } = officer
    await page.getByText('상품권을 받지 않겠다고 합니다').waitFor()
    await press(page, '담당자 정하기')
    await pressInSheet(page, '담당자 정하기')
    await page.getByText('담당자를 골라 주세요.').waitFor()
    await pressInSheet(page, '취소')
    await press(page, '결과 알리기')
    await pressInSheet(page, '결과 알리기')
    await page.getByText('결과를 골라 주세요.').waitFor()
    await page.getByText('바로잡았습니다', { exact: true }).click()
    await page.getByLabel('신고한 사람이 읽을 말').fill('가맹점에 안내했습니다')
    await pressInSheet(page, '결과 알리기')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByText('가맹점에 안내했습니다').first().waitFor()
    assert.equal(await page.getByRole('button', { name: '결과 알리기' }).count(), 0)
    const read = await citizen.send('GET', `${GUNSAN}/members/me/reports/${caseId}`)
    assert.deepEqual([read.body['stage'], read.body['outcome']], ['resolved', 'corrected'])

    await page.goto(addressOf(stage(), 'cases?view=all&state=closed'))
    await page.locator(`a[href$="/cases/${caseId}"]`).waitFor()
    officer.expectFailures()
    await page.goto(addressOf(stage(), 'cases/cas_zzzz'))
    await page.getByText('이 건을 찾지 못했습니다').waitFor()
    assertNoTroubles(officer)
    await officer.context.close()
  })

  test('city: one stops a program, another lets it go on; reports come as files, and acts are on record', async () => {
    const first = await atCityHall(stage(), `programs/${PROGRAM}`)
    const { page } = first
    await press(page, '긴급 중지')
    await pressInSheet(page, '지금 멈추기')
    await page.getByText('내용을 적어 주세요.').waitFor()
    await page.getByLabel('이유').fill('명단을 다시 확인합니다')
    await pressInSheet(page, '지금 멈추기')
    await page.getByText('중지', { exact: true }).waitFor()

    const second = await atCityHall(stage(), 'proposals', SECOND_OFFICER)
    await second.page.getByRole('link', { name: /중지·재개 군산 농어민수당/ }).click()
    await decide(second.page, '반려', ['이유', '확인했으니 다시 합니다'])
    await second.page.getByText('확인했으니 다시 합니다').waitFor()
    await page.reload()
    await page.getByRole('button', { name: '긴급 중지' }).waitFor()
    await page.getByText('중지', { exact: true }).waitFor({ state: 'detached' })

    await page.goto(addressOf(stage(), 'overview'))
    for (const [format, begins] of [
      ['CSV', '\u{feff}'],
      ['XLSX', 'PK'],
    ] as const) {
      const coming = page.waitForEvent('download')
      await press(page, `발행 실적 ${format}`)
      const bytes = await readFile(await (await coming).path())
      assert.ok(bytes.toString().startsWith(begins), bytes.subarray(0, 40).toString())
      assert.ok(bytes.length > 100, `${format}: ${bytes.length} bytes`)
    }

    await page.goto(addressOf(stage(), 'records'))
    const acts = page.getByRole('table', { name: '업무 이력' })
    await acts
      .getByRole('row', { name: /이말순.*변경 제안.*반려/ })
      .first()
      .waitFor()
    await acts
      .getByRole('row', { name: /이창수.*변경 제안.*제안/ })
      .first()
      .waitFor()
    assertNoTroubles(first)
    assertNoTroubles(second)
    await first.context.close()
    await second.context.close()
  })
}

function addressOf(stage: Stage, path: string): string {
  return `${stage.product.coreUrl}/city/gunsan/${path}`
}

function atCityHall(stage: Stage, path: string, as = FIRST_OFFICER): Promise<SignedPage> {
  return stage.signIn('city', as, { viewport: sizes.desktop, path: `/city/gunsan/${path}` })
}

async function pressInSheet(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).click()
}

/** Presses a deed, types where something is asked, and confirms it; the sheet goes once it is done. */
async function decide(page: Page, deed: string, said?: readonly [string, string]): Promise<void> {
  await press(page, deed)
  if (said !== undefined) await page.getByLabel(said[0]).fill(said[1])
  await pressInSheet(page, deed)
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

async function isFocused(field: Locator): Promise<void> {
  await field.and(field.page().locator(':focus')).waitFor({ state: 'attached' })
}

/** @returns the number of the merchant that asks to be registered */
async function apply(stage: Stage, shop: { name: string; nine: string }): Promise<string> {
  const { name, nine } = shop
  const applicant = await stage.client(APPLICANT)
  const { status, body } = await applicant.send('POST', `${GUNSAN}/merchants`, {
    key: randomUUID(),
    body: {
      name,
      nameLatin: 'Guam',
      businessNumber: `${nine}${businessNumberCheckDigit(nine)}`,
      sector: 'laundry',
      annualRevenueWon: 80_000_000,
      district: '구암동',
    },
  })
  assert.equal(status, 201, JSON.stringify(body))
  return String(body['merchantId'])
}

async function statusOf(stage: Stage, merchantId: string): Promise<unknown> {
  const officer = await stage.client(FIRST_OFFICER)
  return (await officer.send('GET', `${GUNSAN}/merchants/${merchantId}`)).body['status']
}

/** Applications of the demonstration are years late: by the next morning the clockwork has made a case of each. */
export async function closeLateDecision(stage: Stage, page: Page): Promise<void> {
  const late = page.getByRole('link', { name: '가맹점 심사 지연' })
  const isThere = async (): Promise<boolean> => {
    await page.goto(addressOf(stage, 'cases?view=all'))
    await page.getByRole('tabpanel').waitFor()
    await page.locator('main .spinner').waitFor({ state: 'detached' })
    return (await late.count()) > 0
  }
  assert.ok(await waitUntil(isThere, { timeoutMs: SEEN_WITHIN_MS, pollMs: 500 }))
  await late.first().click()
  await press(page, '처리하고 닫기')
  await pressInSheet(page, '처리하고 닫기')
  await page.getByText('내용을 적어 주세요.').waitFor()
  await page.getByLabel('무엇을 했나요').fill('가맹점과 통화했습니다')
  await pressInSheet(page, '처리하고 닫기')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByText('가맹점과 통화했습니다').waitFor()
  await page.getByText('끝남', { exact: true }).waitFor()
}
