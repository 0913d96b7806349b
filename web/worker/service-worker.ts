/**
 * Keeps one app on the device, so that it opens while the server is away: each app has a worker of its own, made of
 * this by `web/worker/build.ts`. It answers for the app's page and parts only: nothing of the API is ever taken from a
 * cache, because an old answer about money is a wrong one. A new build takes over at once and whole; a page of the old
 * one that misses a part opens anew (`web/ui/newer-build.ts`).
 */
import { createHandlerBoundToURL, precacheAndRoute, type PrecacheEntry } from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { CacheFirst } from 'workbox-strategies'

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}

/** What of a worker's world is used here; its whole types cannot stand beside those of pages. */
declare const self: {
  readonly KEPT: {
    /** The address of the app's page. */
    readonly page: string
    readonly parts: PrecacheEntry[]
    /** Parts that are kept once they were used. */
    readonly late: readonly string[]
  }
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
}

const { page, parts, late } = self.KEPT
const LATE = `late-${page}`

precacheAndRoute(parts)

/** The page for all addresses under it; a navigation is matched with its search. */
const within = page === '/' ? /^\/(?:app(?:[/?]|$)|\?|$)/ : new RegExp(`^${page}(?:[/?]|$)`)
registerRoute(new NavigationRoute(createHandlerBoundToURL(page), { allowlist: [within] }))

/** Type never changes under one name. */
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/fonts/'),
  new CacheFirst({ cacheName: 'lasting' }),
)
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && late.includes(url.pathname),
  new CacheFirst({ cacheName: LATE }),
)

addEventListener('install', () => void self.skipWaiting())
addEventListener('activate', (event) => {
  // Workers hear of nothing else under this name.
  const { waitUntil } = event as ExtendableEvent
  waitUntil.call(event, Promise.all([self.clients.claim(), forgetLateParts()]))
})

/** Those of former builds. */
async function forgetLateParts(): Promise<void> {
  const cache = await caches.open(LATE)
  for (const request of await cache.keys()) {
    if (!late.includes(new URL(request.url).pathname)) await cache.delete(request)
  }
}
