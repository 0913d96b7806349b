/** Reports through the door: as rows, as CSV and XLSX files, and the member's own figures for the tax office. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { strFromU8, unzipSync } from 'fflate'
import { DAY_MS } from '../../base/base.ts'
import { created, GUNSAN, openCity, openMember, openShop } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const officer = await city.caller('officer-of-gunsan')
const member = await openMember(city, 'member', { boughtWon: 100_000 })
const shop = await openShop(city, { number: 0 })
const base = '/v1/issuers/gunsan'
const kit = await shop.owner.ask('GET', `${base}/kits/${shop.kitId}/code`)
const { text: code } = kit.json<{ text: string }>()
const key = randomUUID()
created(await member.ask('POST', `${base}/payments`, { body: { code, amountWon: 30_000 }, key }))
const year = new Date(city.time.now).getUTCFullYear()
city.advance(DAY_MS)
await city.countDays(GUNSAN)
await Promise.all([officer.renew(), member.renew()])

const span = 'from=2026-11-22&through=2026-11-22'
const ask = (path: string) => officer.ask('GET', `${base}/reports/${path}`)

test('a day that is over is in the report, whose sums are those of the ledger', async () => {
  const answer = await ask(`daily?${span}`)
  assert.equal(answer.statusCode, 200)
  const report = answer.json<{
    daysCounted: number
    columns: { titleEn: string }[]
    rows: (string | number)[][]
  }>()
  assert.equal(report.daysCounted, 1)
  const [row] = report.rows
  const cell = (title: string) => row![report.columns.findIndex(({ titleEn }) => titleEn === title)]
  assert.equal(cell('sold, paid by members'), 90_000)
  assert.equal(cell('sold, paid by funders'), 10_000)
  assert.equal(cell('used by QR'), 30_000)
  assert.equal(cell('outstanding'), 70_000)
})

test('a day that is not over is asked for and not counted', async () => {
  const report = (await ask('issue?from=2026-11-22&through=2026-11-25')).json<object>()
  assert.partialDeepStrictEqual(report, { daysAsked: 4, daysCounted: 1 })
})

test('a CSV file opens in a Korean spreadsheet', async () => {
  const answer = await ask(`places?${span}&format=csv`)
  assert.equal(answer.headers['content-type'], 'text/csv; charset=utf-8')
  assert.match(String(answer.headers['content-disposition']), /gunsan-places-2026-11-22/)
  const text = answer.rawPayload.toString('utf8')
  assert.ok(text.startsWith('\ufeff업종,읍면동,'))
  assert.match(text, /,30000,1\r\n$/)
})

test('an XLSX file holds the same rows, sums as numbers', async () => {
  const answer = await ask(`fund?${span}&format=xlsx`)
  assert.match(String(answer.headers['content-type']), /spreadsheetml/)
  const files = unzipSync(answer.rawPayload)
  const sheet = strFromU8(files['xl/worksheets/sheet1.xml']!)
  assert.match(sheet, /<v>90000<\/v>/)
  assert.match(strFromU8(files['xl/workbook.xml']!), /운영자금 현황/)
})

test('days that do not fit are named with what would be right', async () => {
  for (const [query, field, words] of [
    ['from=2026-11-31&through=2026-12-01', 'query.from', /있는 날짜/],
    ['from=2026-11-22&through=2026-11-21', 'query.through', /2026-11-22 이후/],
    ['from=2026-01-01&through=2026-07-06', 'query.through', /186일/],
  ] as const) {
    const answer = await ask(`daily?${query}`)
    const problem = answer.json<{ field: string; detail: string }>()
    assert.equal(answer.statusCode, 422, query)
    assert.equal(problem.field, field)
    assert.match(problem.detail, words)
  }
  assert.equal((await ask('daily?from=2026-01-01&through=2026-07-05')).statusCode, 200)
})

test('a member sees what they used in a year, not what they bought', async () => {
  const answer = await member.ask('GET', `${base}/members/me/tax/${year}`)
  assert.deepEqual(answer.json<object>(), {
    year,
    generalWon: 30_000,
    traditionalMarketWon: 0,
    notDeductibleWon: 0,
    // No number of hers was registered with the tax office.
    unregistered: { generalWon: 30_000, traditionalMarketWon: 0, notDeductibleWon: 0 },
    registeredNow: false,
  })
})

test('the overview has what was counted and what came since, for officers of the issuer only', async () => {
  const again = randomUUID()
  created(
    await member.ask('POST', `${base}/payments`, { body: { code, amountWon: 7_000 }, key: again }),
  )
  const overview = (await officer.ask('GET', `${base}/overview`)).json<{
    countedThrough: string
    outstandingWon: number
    whole: { usedWon: number }
    days: { day: string; usedWon: number }[]
    sectors: { usedWon: number }[]
  }>()
  assert.partialDeepStrictEqual(overview, {
    countedThrough: '2026-11-22',
    outstandingWon: 63_000,
    whole: { usedWon: 37_000, issuedWon: 100_000, payments: 2 },
  })
  assert.deepEqual(
    overview.days.slice(-2).map(({ day, usedWon }) => [day, usedWon]),
    [
      ['2026-11-22', 30_000],
      ['2026-11-23', 7_000],
    ],
  )
  assert.equal(overview.sectors[0]!.usedWon, 37_000)
  assert.equal((await member.ask('GET', `${base}/overview`)).statusCode, 403)
  const elsewhere = await officer.ask('GET', '/v1/issuers/iksan/overview')
  assert.equal(elsewhere.statusCode, 403)
})
