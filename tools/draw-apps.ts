/**
 * `npm run pictures`: the screens that both READMEs show, taken from the running product into docs/pictures. A morning
 * in Gunsan is played first, so that they show what people would see and not empty lists.
 */
import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { openStage, sizes, type AppName, type Stage } from '../test/browser/stage.ts'
import { repositoryRoot } from './repository.ts'

const FOLDER = join(repositoryRoot, 'docs/pictures')
const GUNSAN = '/v1/issuers/gunsan'
const CITIZEN = 'person-0001'
const SHOPKEEPER = 'person-0002'
const OFFICER = 'person-0044'
const OPERATOR = 'person-0798'
const languages = ['ko', 'en'] as const
type Language = (typeof languages)[number]

interface Picture {
  readonly name: string
  readonly app: AppName
  readonly as?: string
  readonly path: string
  readonly size: keyof typeof sizes
  /** Until this holds the picture is not whole. */
  readonly whole?: (page: Page) => Promise<unknown>
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
  },
  { name: 'ops-glance', app: 'ops', as: OPERATOR, path: '/ops', size: 'desktop' },
  { name: 'demo', app: 'demo', path: '/demo', size: 'desktop' },
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
  const { name, app, as, path, size } = picture
  const at = `${path}?lang=${language}`
  // What is asked of the page here its own policy would refuse.
  const options = { viewport: sizes[size], colorScheme: 'light' as const, bypassCSP: true }
  const { page, context } = await (as === undefined
    ? stage.open(at, options)
    : stage.signIn(app, as, { path: at, ...options }))
  await page.locator('h1').first().waitFor()
  await page.waitForFunction(`document.querySelector('main .spinner') === null`)
  await page.waitForLoadState('networkidle').catch(() => undefined) // A page that asks every second is never idle.
  await page.evaluate('document.fonts.ready')
  await page.screenshot({ path: join(FOLDER, `${name}.${language}.png`) })
  await context.close()
}

/** A few people buy and pay, by code and by card. */
async function playMorning(stage: Stage): Promise<void> {
  const shopkeeper = await stage.client(SHOPKEEPER)
  const citizen = await stage.client(CITIZEN)
  await citizen.send('POST', `${GUNSAN}/purchases`, {
    key: randomUUID(),
    body: { programId: 'prg_1', faceWon: 100_000 },
  })
  for (const amountWon of [12_000, 4_500, 8_000]) {
    const asked = await shopkeeper.send('POST', `${GUNSAN}/outlets/out_1/payment-requests`, {
      key: randomUUID(),
      body: { amountWon },
    })
    await citizen.send('POST', `${GUNSAN}/payments`, {
      key: randomUUID(),
      body: { code: asked.body['text'] },
    })
  }
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
