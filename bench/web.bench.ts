/**
 * The citizen's app on a weak telephone: a processor four times as slow, 1.6 Mbit/s and 150 ms to the server and back.
 * How much script the first screen needs, when it can be used, how many touches a payment takes from home, and how
 * long it takes from the last touch to its result. A fresh telephone each time, as if nothing was ever loaded.
 */
import { gzipSync } from 'node:zlib'
import type { CDPSession, Page } from 'playwright-core'
import type { ApiClient } from '../test/api-client.ts'
import { openStage, type SignedPage, type Stage } from '../test/browser/stage.ts'
import { median, progress } from './progress.ts'

const CPU_SLOWER = 4
const NETWORK = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6 * 1_000_000) / 8,
  uploadThroughput: (0.75 * 1_000_000) / 8,
}
const ROUNDS = 5
const CITIZEN = 'person-0001'
const SHOPKEEPER = 'person-0002'
const AMOUNT_WON = 1_000

export interface WebFigures {
  /** Of the script that was loaded before the first screen could be used, as gzip would send it. */
  readonly citizen_js_gzip_kb: number
  /** From the address to a home screen that shows the balance and can be pressed; the median. */
  readonly citizen_first_load_ms: number
  /** From home to paid, at a till that shows the amount. */
  readonly pay_touches: number
  /** From the last touch to the result; the median. */
  readonly pay_ms: number
}

export async function run(): Promise<WebFigures> {
  const stage = await openStage()
  try {
    const loads: { loadMs: number; scriptBytes: number }[] = []
    for (let round = 1; round <= ROUNDS; round += 1) {
      progress(`first load ${round} of ${ROUNDS}`)
      loads.push(await firstLoad(stage))
    }
    const shopkeeper = await stage.client(SHOPKEEPER)
    const payments: { touches: number; payMs: number }[] = []
    for (let round = 1; round <= ROUNDS; round += 1) {
      progress(`payment ${round} of ${ROUNDS}`)
      payments.push(await pay(stage, shopkeeper))
    }
    return {
      citizen_js_gzip_kb: Math.round(Math.max(...loads.map((each) => each.scriptBytes)) / 1024),
      citizen_first_load_ms: Math.round(median(loads.map((each) => each.loadMs))),
      pay_touches: Math.max(...payments.map((each) => each.touches)),
      pay_ms: Math.round(median(payments.map((each) => each.payMs))),
    }
  } finally {
    await stage.close()
  }
}

/** Somebody who is signed in opens the app on a telephone whose cache is empty. */
async function firstLoad(stage: Stage): Promise<{ loadMs: number; scriptBytes: number }> {
  const signed = await stage.signIn('citizen', CITIZEN, { serviceWorkers: 'block' })
  const { page } = signed
  const device = await weaken(signed)
  await device.send('Network.setCacheDisabled', { cacheDisabled: true })
  let scriptBytes = 0
  const counted: Promise<void>[] = []
  page.on('response', (response) => {
    if (!new URL(response.url()).pathname.endsWith('.js')) return
    counted.push(response.body().then((body) => void (scriptBytes += gzipSync(body).length)))
  })
  const startedMs = performance.now()
  await page.goto(stage.product.coreUrl, { waitUntil: 'commit' })
  await usable(page)
  const loadMs = performance.now() - startedMs
  await Promise.all(counted)
  await signed.context.close()
  return { loadMs, scriptBytes }
}

/** The balance stands there, and the way to paying can be pressed. */
async function usable(page: Page): Promise<void> {
  await page
    .getByText(/[0-9,]+원/)
    .first()
    .waitFor()
  await page.getByRole('link', { name: '결제' }).first().click({ trial: true })
}

async function pay(
  stage: Stage,
  shopkeeper: ApiClient,
): Promise<{ touches: number; payMs: number }> {
  const asked = await shopkeeper.send('POST', '/v1/issuers/gunsan/outlets/out_1/payment-requests', {
    body: { amountWon: AMOUNT_WON },
    key: crypto.randomUUID(),
  })
  const signed = await stage.openWithCamera(String(asked.body['text']), '/', { as: CITIZEN })
  const { page } = signed
  await page.waitForURL((url) => !url.searchParams.has('as'))
  await usable(page)
  await weaken(signed)
  let touches = 0
  const touch = async (role: 'link' | 'button', name: string | RegExp): Promise<void> => {
    touches += 1
    await page.getByRole(role, { name }).first().click()
  }
  await touch('link', '결제')
  await page.getByRole('button', { name: /1,000원 결제하기/ }).waitFor()
  const startedMs = performance.now()
  await touch('button', /1,000원 결제하기/)
  await page.getByRole('heading', { name: '결제했어요' }).waitFor()
  const payMs = performance.now() - startedMs
  await signed.context.close()
  return { touches, payMs }
}

async function weaken({ page, context }: SignedPage): Promise<CDPSession> {
  const device = await context.newCDPSession(page)
  await device.send('Network.enable')
  await device.send('Network.emulateNetworkConditions', NETWORK)
  await device.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWER })
  return device
}
