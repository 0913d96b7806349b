/**
 * Keeps the apps on the device, so that they open while the server is away. It answers for pages and their parts only:
 * nothing of the API is ever taken from a cache, because an old answer about money is a wrong one.
 */
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  precacheAndRoute,
  type PrecacheEntry,
} from 'workbox-precaching'
import { NavigationRoute, registerRoute } from 'workbox-routing'
import { CacheFirst } from 'workbox-strategies'

/** What of a worker's world is used here; its whole types cannot stand beside those of pages. */
declare const self: {
  readonly PRECACHE_LIST: PrecacheEntry[]
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
}

precacheAndRoute(self.PRECACHE_LIST)
cleanupOutdatedCaches()

/** Each app's page for all addresses under it. */
for (const app of ['shop', 'city', 'ops', 'demo']) {
  const within = new RegExp(`^/${app}(?:/|$)`)
  registerRoute(new NavigationRoute(createHandlerBoundToURL(`/${app}`), { allowlist: [within] }))
}
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/'), { allowlist: [/^\/(?:app(?:\/|$)|$)/] }),
)

/** Type and the QR decoder never change under one name. */
registerRoute(
  ({ url }) => url.origin === location.origin && /^\/(?:fonts|assets)\//.test(url.pathname),
  new CacheFirst({ cacheName: 'lasting' }),
)

addEventListener('install', () => void self.skipWaiting())
addEventListener('activate', (event: Event & { waitUntil?: (work: Promise<void>) => void }) =>
  event.waitUntil?.(self.clients.claim()),
)
