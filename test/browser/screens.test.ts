/**
 * Every screen of every app, in both languages, light and dark, on a phone and on a desk: nothing that a screen reader
 * or weak eyes would trip over (axe), nothing that runs out of a narrow screen, also where text is twice as large.
 */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { after, before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { citizenMoreScreens } from './citizen-more.screens.ts'
import { citizenScreens } from './citizen.screens.ts'
import { cityScreens } from './city.screens.ts'
import { opsScreens } from './ops.screens.ts'
import { shopScreens } from './shop.screens.ts'
import { doors, type Screen } from './screen.ts'
import { assertNoTroubles, openStage, sizes, type SignedPage, type Stage } from './stage.ts'

const screens: readonly Screen[] = [
  ...doors,
  ...citizenScreens,
  ...citizenMoreScreens,
  ...opsScreens,
  ...shopScreens,
  ...cityScreens,
]

const AXE = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'))
const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What another theme may change. */
const SEEN_ONLY = ['color-contrast', 'link-in-text-block', 'target-size']
/** Language, size and theme meet in pairs; what only the theme can change is asked again in the other theme. */
const looks = [
  { language: 'ko', theme: 'light', size: 'phone', rules: STANDARDS },
  { language: 'ko', theme: 'dark', size: 'phone', rules: SEEN_ONLY },
  { language: 'en', theme: 'dark', size: 'desktop', rules: STANDARDS },
  { language: 'en', theme: 'light', size: 'desktop', rules: SEEN_ONLY },
] as const
type Look = (typeof looks)[number]
/** What is still too wide after so long stays too wide. */
const REDRAWN_MS = 3_000

describe('screens', () => {
  let stage: Stage
  let axe: string
  const opened = new Map<string, SignedPage>()
  before(async () => {
    stage = await openStage()
    axe = await readFile(AXE, 'utf8')
  })
  after(async () => {
    await stage?.close()
  })

  const open = async ({ app, as, path }: Screen, language: Look['language']) => {
    const key = `${app} ${as ?? 'nobody'} ${language}`
    const known = opened.get(key)
    if (known !== undefined) {
      await go(known.page, path)
      return known
    }
    const at = new URL(path, stage.product.coreUrl)
    at.searchParams.set('lang', language)
    const there = `${at.pathname}${at.search}`
    // What axe is given to the page by would be refused by the page's own policy.
    const options = { bypassCSP: true }
    const signed = await (as === undefined
      ? stage.open(there, options)
      : stage.signIn(app, as, { path: there, ...options }))
    opened.set(key, signed)
    return signed
  }

  for (const screen of screens) {
    test(`${screen.app} ${screen.path}: can be used by everybody`, async () => {
      let signed: SignedPage | undefined
      for (const look of looks) {
        // Once in each language; the next look at it changes colours only.
        if (look.rules === STANDARDS) signed = await open(screen, look.language)
        assert.ok(signed)
        const { page } = signed
        // At once: a colour on its way to another has the contrast of neither.
        await page.evaluate("document.documentElement.dataset.motion = 'still'")
        await page.evaluate(`document.documentElement.dataset.theme = '${look.theme}'`)
        if (look.rules === STANDARDS) {
          await page.setViewportSize(sizes[look.size])
          await whole(page, look.language === 'ko' ? screen.ready : undefined)
          await seeAllOfIt(page, sizes[look.size])
        }
        const found = await violations(page, axe, look.rules)
        assert.deepEqual(found, [], JSON.stringify(look))
        const isLastOnPhone = look.rules === SEEN_ONLY && look.size === 'phone'
        if (isLastOnPhone) assert.deepEqual(await runsOut(page), [], JSON.stringify(look))
        assertNoTroubles(signed)
      }
    })
  }
})

/** Goes to an address within the app that is open, as its own links do. */
async function go(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`)
}

/** Looked for at every frame: a look now and then, further and further apart, would take most of the time of all. */
async function whole(page: Page, text: string | undefined): Promise<void> {
  const isWhole = `document.querySelector('h1') !== null && document.querySelector('main .spinner') === null
    && document.body.innerText.includes(${JSON.stringify(text ?? '')})`
  await page.waitForFunction(isWhole)
}

/** As high as the page is, so that what sticks to an edge covers nothing that scrolling would bring out. */
async function seeAllOfIt(page: Page, size: { width: number; height: number }): Promise<void> {
  const height = Number(await page.evaluate('document.documentElement.scrollHeight'))
  await page.setViewportSize({ ...size, height: Math.max(height, size.height) })
}

async function violations(page: Page, axe: string, rules: readonly string[]): Promise<string[]> {
  await page.evaluate(`window.axe === undefined && (0, eval)(${JSON.stringify(axe)})`)
  const found: unknown = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then(
      ({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
        id + ' ' + target.join(' ') + ': ' + failureSummary)))`,
  )
  return found as string[] // As the expression above makes it.
}

/** What is wider than a narrow screen: at 320 pixels, and where text is twice as large. */
async function runsOut(page: Page): Promise<string[]> {
  const wider = async (what: string): Promise<string[]> => {
    const beyond = 'document.documentElement.scrollWidth - innerWidth'
    // A chart is drawn anew a little after its place has changed.
    const fits = page.waitForFunction(`${beyond} <= 0`, undefined, { timeout: REDRAWN_MS })
    if (await fits.then(() => true).catch(() => false)) return []
    return [`${what}: ${String(await page.evaluate(beyond))} px wider than the screen`]
  }
  await page.setViewportSize({ ...sizes.phone, width: 320 })
  const narrow = await wider('320 px')
  await page.setViewportSize(sizes.phone)
  await page.evaluate("document.documentElement.style.fontSize = '200%'")
  const large = await wider('text twice as large')
  await page.evaluate("document.documentElement.style.fontSize = ''")
  return [...narrow, ...large]
}
