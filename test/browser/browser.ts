/** A headless Chromium for tests: the one that npm brought, or the system's where there is one. */
import { access } from 'node:fs/promises'
import { chromium, type Browser } from 'playwright-core'

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Talks to loopback only; looks up nobody. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** @param more further arguments, such as a camera's */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  const args = [...ARGUMENTS, ...more]
  for (const executablePath of SYSTEM_BROWSERS) {
    const there = await access(executablePath).then(
      () => true,
      () => false,
    )
    if (there) return chromium.launch({ executablePath, args })
  }
  const { default: bundled } = await import('@sparticuz/chromium')
  return chromium.launch({
    executablePath: await bundled.executablePath(),
    args,
  })
}
