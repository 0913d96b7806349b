/**
 * `npm run pictures`: the screens that both READMEs show, taken from the running product into docs/pictures. A morning
 * in Gunsan is played first, so that they show what people would see and not empty lists.
 */
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { done } from '../test/api-client.ts'
import type { Page } from 'playwright-core'
import { openStage, sizes, type AppName, type Stage } from '../test/browser/stage.ts'
import { repositoryRoot } from './repository.ts'

const FOLDER = join(repositoryRoot, 'docs/pictures')
const GUNSAN = '/v1/issuers/gunsan'
const CITIZEN = 'person-0001'
const SHOPKEEPER = 'person-0002'
const OFFICER = 'person-0044'
const OPERATOR = 'person-0798'
const SECOND_OFFICER = 'person-0045'
/** Others who live there, and what each pays at the shop's till. */
const NEIGHBOURS: readonly (readonly [personId: string, paysWon: readonly number[]])[] = [
  ['person-0003', [23_000, 9_900]],
  ['person-0009', [41_500]],
  ['person-0013', [7_200, 15_800, 3_300]],
]
const TYPE_IS_THERE = `[...document.fonts].some(({ status }) => status === 'loaded')
  && document.fonts.status === 'loaded'`
const languages = ['ko', 'en'] as const
type Language = (typeof languages)[number]

interface Picture {
  readonly name: string
  readonly app: AppName
  readonly as?: string
  readonly path: string
  readonly size: keyof typeof sizes
  /** Down to its end, not only what a screen shows at once. */
  readonly isWholePage?: boolean
  /** What is done on it first. */
  readonly play?: (page: Page) => Promise<void>
}

const pictures: readonly Picture[] = [
  { name: 'citizen-home', app: 'citizen', as: CITIZEN, path: '/', size: 'phone' },
  { name: 'citizen-code', app: 'citizen', as: CITIZEN, path: '/app/code', size: 'phone' },
  {
    name: 'shop-till',
    app: 'shop',
    as: SHOPKEEPER,
    path: '/shop/gunsan/mrc_1/till',
    size: 'phone',
  },
  {
    name: 'city-overview',
    app: 'city',
    as: OFFICER,
    path: '/city/gunsan/overview',
    size: 'desktop',
    isWholePage: true,
  },
  { name: 'ops-glance', app: 'ops', as: OPERATOR, path: '/ops', size: 'desktop' },
  {
    name: 'demo',
    app: 'demo',
    path: '/demo',
    size: 'desktop',
    isWholePage: true,
    play: async (page) => {
      const begin = page.getByRole('button', { name: /로 시작$|^Begin as/ })
      while ((await begin.count()) > 0) await begin.first().click()
      for (const frame of page.frames()) {
        await frame.locator('h1, .amount').first().waitFor()
        await frame.waitForFunction(TYPE_IS_THERE)
      }
    },
  },
]

if (import.meta.main) await main()

async function main(): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  const stage = await openStage()
  try {
    await playMorning(stage)
    for (const picture of pictures) {
      for (const language of languages) await take(stage, picture, language)
      console.log(`${picture.name} is drawn.`)
    }
  } finally {
    await stage.close()
  }
}

async function take(stage: Stage, picture: Picture, language: Language): Promise<void> {
  const { name, app, as, path, size, isWholePage: fullPage = false, play } = picture
  const at = `${path}?lang=${language}`
  // What is asked of the page here its own policy would refuse.
  const options = { viewport: sizes[size], colorScheme: 'light' as const, bypassCSP: true }
  const { page, context } = await (as === undefined
    ? stage.open(at, options)
    : stage.signIn(app, as, { path: at, ...options }))
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(`document.querySelector('main .spinner') === null`)
  await page.waitForLoadState('networkidle').catch(() => undefined) // A page that asks every second is never idle.
  // Type is fetched last of all, and a first picture without it is none.
  await page.waitForFunction(TYPE_IS_THERE)
  await play?.(page)
  await page.screenshot({ path: join(FOLDER, `${name}.${language}.png`), fullPage })
  await context.close()
}

/** A few people buy and pay, by code and by card. */
async function playMorning(stage: Stage): Promise<void> {
  await fillPots(stage)
  for (const [personId, paysWon] of NEIGHBOURS) await buyAndPay(stage, personId, paysWon)
  await buyAndPay(stage, CITIZEN, [12_000, 4_500, 8_000])
  await fetch(`${stage.product.companyUrls['hanbit']}/terminals/T0000001/sales`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      card: 'HAN0000000000001',
      merchantNumber: '900010001300000',
      amountWon: 6_000,
    }),
  })
}

/** What the discount is paid from. */
async function fillPots(stage: Stage): Promise<void> {
  const officer = await stage.client(OFFICER)
  const second = await stage.client(SECOND_OFFICER)
  const year = new Date().getUTCFullYear()
  for (const [funder, name, amountWon] of [
    ['city', `${year} 시비`, 60_000],
    ['national', `${year} 국비`, 150_000],
  ] as const) {
    const body = {
      potId: null,
      name,
      funder,
      programIds: ['prg_1'],
      startsOn: `${year}-01-01`,
      endsOn: `${year}-12-31`,
      amountWon,
    }
    const asked = await done(
      officer.send('POST', `${GUNSAN}/proposals/funding-pots`, { key: randomUUID(), body }),
    )
    const approval = `${GUNSAN}/proposals/${String(asked['proposalId'])}/approval`
    await done(second.send('POST', approval, { key: randomUUID() }))
  }
}

async function buyAndPay(stage: Stage, personId: string, paysWon: readonly number[]) {
  const shopkeeper = await stage.client(SHOPKEEPER)
  const citizen = await stage.client(personId)
  const purchase = { programId: 'prg_1', faceWon: 100_000 }
  await done(citizen.send('POST', `${GUNSAN}/purchases`, { key: randomUUID(), body: purchase }))
  for (const amountWon of paysWon) {
    const request = { key: randomUUID(), body: { amountWon } }
    const asked = await done(
      shopkeeper.send('POST', `${GUNSAN}/outlets/out_1/payment-requests`, request),
    )
    const body = { code: asked['text'] }
    await done(citizen.send('POST', `${GUNSAN}/payments`, { key: randomUUID(), body }))
  }
}
