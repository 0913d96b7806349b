/** Puts an app on its page: styles, the reader's preferences, the service worker, and the router's base. */
import './tokens.css'
import './parts.css'
import './shell.css'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { AppProvider } from '../api/app-context.tsx'
import type { AppName } from '../api/device-key.ts'
import { Afterwards } from './afterwards.tsx'
import { followNewerBuild } from './newer-build.ts'
import { readPreferences, showPreferences } from './preferences.ts'
import { Unbroken } from './unbroken.tsx'

/** @param base path under which the app's addresses lie, such as `/shop`; empty for the citizen's */
export function openApp(options: { app: AppName; base: string; view: ReactNode }): void {
  const { app, base, view } = options
  const home = base === '' ? '/' : base
  showPreferences(readPreferences())
  followNewerBuild(home)
  const place = document.getElementById('app')
  if (place === null) throw new Error('the page has no place for the app')
  // Not there where the page came without encryption.
  const workers = 'serviceWorker' in navigator ? navigator.serviceWorker : undefined
  const isKept = workers?.controller != null
  if (isKept) loadType()
  const begin = (): void => {
    if (!isKept) loadType()
    // Where that fails the app is kept when it is opened the next time.
    workers?.register(`${base}/service-worker.js`, { scope: home }).catch(() => undefined)
  }
  createRoot(place).render(
    <StrictMode>
      <AppProvider app={app}>
        <Afterwards begin={begin} />
        <Router base={base}>
          <Unbroken>{view}</Unbroken>
        </Router>
      </AppProvider>
    </StrictMode>,
  )
}

/**
 * Korean type comes behind the app, which is drawn with the device's own until then: it is no reason to wait. On a
 * first visit its hundreds of kilobytes come behind the first screen, too.
 */
function loadType(): void {
  const sheet = document.createElement('link')
  sheet.rel = 'stylesheet'
  sheet.href = '/fonts/pretendardvariable-dynamic-subset.css'
  document.head.append(sheet)
}
