/**
 * Where journeys are played: the whole product with all its processes, one browser, and people who are signed in. What
 * a page must never do is watched on every one: an error in the console, a request to another host.
 */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Frame, Page } from 'playwright-core'
import { signIn, type ApiClient } from '../api-client.ts'
import { waitUntil } from '../../src/main/bounded-wait.ts'
import { TAMPERED_START, TAMPERING_VARIABLE } from '../faults/fixtures/card-tampered-start.ts'
import { startProduct, type RunningProduct } from '../running-product.ts'
import { openBrowser } from './browser.ts'
import { cameraArguments, showToCamera } from './fake-camera.ts'

export type AppName = 'citizen' | 'shop' | 'city' | 'ops' | 'demo'

export const sizes = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
} as const

/** How long anything that a page does may take here: two cores play five apps, a database and a browser. */
export const SEEN_WITHIN_MS = 20_000

export interface SignedPage {
  readonly page: Page
  readonly context: BrowserContext
  /** What the page should not have done so far. */
  readonly troubles: readonly string[]
  /** From here on answers that fail are part of the play, such as those of a core that is dead. */
  expectFailures(): void
}

export interface Stage {
  readonly product: RunningProduct
  readonly browser: Browser
  /** A device of its own with the app open, signed in as the person of the simulated identity provider. */
  signIn(
    app: AppName,
    personId: string,
    options?: BrowserContextOptions & { path?: string },
  ): Promise<SignedPage>
  /** A device of its own that nobody is signed in on. */
  open(path: string, options?: BrowserContextOptions): Promise<SignedPage>
  /** A device whose camera looks at a code; it has a browser of its own. */
  openWithCamera(
    code: string,
    path: string,
    options?: BrowserContextOptions & { as?: string },
  ): Promise<SignedPage>
  /** The same API without an app, for what other people do in a journey. */
  client(personId: string): Promise<ApiClient>
  /** Puts the core's clock forward or back; what people have in their hands keeps the right time. */
  setCoreClock(wrongByMs: number): Promise<void>
  close(): Promise<void>
}

/**
 * Starts everything; takes ten seconds or so.
 * @param options.hasMovableClock for `setCoreClock`; else the product is what `npm start` starts
 */
export async function openStage(options: { hasMovableClock?: boolean } = {}): Promise<Stage> {
  const { hasMovableClock = false } = options
  const clocks = await mkdtemp(join(tmpdir(), 'dure-clocks-'))
  const [product, browser] = await Promise.all([
    startProduct(hasMovableClock ? withClocks(clocks) : {}),
    openBrowser(),
  ])
  const closing: (() => Promise<void>)[] = [() => rm(clocks, { recursive: true, force: true })]
  const openIn = async (
    where: Browser,
    path: string,
    options: BrowserContextOptions,
  ): Promise<SignedPage> => {
    const context = await where.newContext({
      viewport: sizes.phone,
      locale: 'ko-KR',
      timezoneId: 'Asia/Seoul',
      ...options,
    })
    closing.push(() => context.close())
    const page = await context.newPage()
    page.setDefaultTimeout(SEEN_WITHIN_MS)
    const { troubles, expectFailures } = watch(page, product)
    await page.goto(`${product.coreUrl}${path}`)
    return { page, context, troubles, expectFailures }
  }
  const open: Stage['open'] = (path, options = {}) => openIn(browser, path, options)
  return {
    product,
    browser,
    open,
    signIn: async (app, personId, { path, ...options } = {}) => {
      const at = new URL(path ?? homeOf(app), product.coreUrl)
      at.searchParams.set('as', personId)
      const signed = await open(`${at.pathname}${at.search}`, options)
      // Asked again and again: to wait for the event misses it on a machine that is busy.
      const isIn = (): boolean => !new URL(signed.page.url()).searchParams.has('as')
      await waitUntil(isIn, { timeoutMs: SEEN_WITHIN_MS })
      assert.ok(isIn(), `${personId} is not signed in`)
      return signed
    },
    openWithCamera: async (code, path, { as, ...options } = {}) => {
      const folder = await mkdtemp(join(tmpdir(), 'dure-camera-'))
      const file = join(folder, 'code.y4m')
      await showToCamera(file, code)
      const withCamera = await openBrowser(cameraArguments(file))
      closing.push(async () => {
        await withCamera.close()
        await rm(folder, { recursive: true, force: true })
      })
      const at = new URL(path, product.coreUrl)
      if (as !== undefined) at.searchParams.set('as', as)
      const granted = { permissions: ['camera'], ...options }
      return openIn(withCamera, `${at.pathname}${at.search}`, granted)
    },
    client: (personId) => signIn(product, personId),
    setCoreClock: async (wrongByMs) => {
      assert.ok(hasMovableClock, 'the stage was opened with a clock that goes right')
      await writeFile(join(clocks, 'core'), String(wrongByMs))
    },
    close: async () => {
      for (const end of closing.toReversed()) await end()
      await browser.close()
      await product.stop()
    },
  }
}

/** @param clocks the folder by whose files clocks are set */
function withClocks(clocks: string): Parameters<typeof startProduct>[0] {
  const environment = { [TAMPERING_VARIABLE]: JSON.stringify({ clocks }) }
  return { program: TAMPERED_START, environment }
}

export function homeOf(app: AppName): string {
  return app === 'citizen' ? '/' : `/${app}`
}

/** Where the worker lies that keeps an app. */
export function workerOf(app: AppName): string {
  return app === 'citizen' ? '/service-worker.js' : `/${app}/service-worker.js`
}

/** Resolves once the app is kept on the device and its own worker answers for the page: it opens without its server. */
export async function keptOn(shown: Page | Frame): Promise<void> {
  const [, folder] = new URL(shown.url()).pathname.split('/')
  const app = (['shop', 'city', 'ops', 'demo'] as const).find((each) => each === folder)
  await shown.evaluate(`new Promise((on) => {
    const look = () => {
      const { controller } = navigator.serviceWorker
      if (controller?.scriptURL === location.origin + '${workerOf(app ?? 'citizen')}') on()
    }
    navigator.serviceWorker.addEventListener('controllerchange', look)
    look()
  })`)
}

/** Fails where the page did what it should not. */
export function assertNoTroubles({ troubles }: SignedPage): void {
  assert.deepEqual(troubles, [])
}

/** What Chromium says of a request that failed, and of a service worker's script. */
const failureTexts = [
  'Failed to load resource',
  'An unknown error occurred when fetching the script',
]

/** @param product whose core, and desk where there is one, a page may ask */
function watch(
  page: Page,
  product: RunningProduct,
): { troubles: string[]; expectFailures: () => void } {
  const troubles: string[] = []
  let failuresAreFine = false
  page.on('pageerror', (error) => troubles.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    if (failuresAreFine && failureTexts.some((text) => message.text().startsWith(text))) return
    troubles.push(`console: ${message.text()} (${message.location().url})`)
  })
  const home = new URL(product.coreUrl).hostname
  page.on('request', (request) => {
    const url = new URL(request.url())
    const isOurs = url.hostname === home || url.origin === product.deskUrl
    if (!['data:', 'blob:'].includes(url.protocol) && !isOurs) {
      troubles.push(`another host: ${url.href}`)
    }
  })
  return { troubles, expectFailures: () => (failuresAreFine = true) }
}
