/**
 * The apps for people, as they were built: pages under their addresses, parts by their content's name. Each page may
 * use this server and nothing else; only the demonstration may show others' pages, and asks its desk too.
 */
import { fastifyStatic } from '@fastify/static'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyReply } from 'fastify'
import type { App } from './door.ts'

export interface AppsDeps {
  /** Where the built apps lie. */
  readonly directory: string
  /** Other origins that the demonstration asks: its desk. */
  readonly connectTo?: readonly string[]
}

/** Pages by the addresses under which each answers; the address after it is the app's own state. */
const pages = [
  { file: 'index.html', at: ['/', '/app', '/app/*'] },
  { file: 'shop/index.html', at: ['/shop', '/shop/*'] },
  { file: 'city/index.html', at: ['/city', '/city/*'] },
  { file: 'ops/index.html', at: ['/ops', '/ops/*'] },
  { file: 'demo/index.html', at: ['/demo', '/demo/*'] },
] as const

/** React Aria puts this into the page so that a press is not taken for a zoom; named by its hash. */
const PRESSABLE_STYLE = `
@layer {
  [data-react-aria-pressable] {
    touch-action: pan-x pan-y pinch-zoom;
  }
}
    `.trim()
const PRESSABLE_HASH = createHash('sha256').update(PRESSABLE_STYLE).digest('base64')

/** @throws Error where the apps have not been built */
export async function serveApps(app: App, { directory, connectTo = [] }: AppsDeps): Promise<void> {
  await app.register(fastifyStatic, {
    root: directory,
    serve: false,
    decorateReply: true,
    preCompressed: true,
    cacheControl: false,
  })
  for (const { file, at } of pages) {
    const page = readFileSync(join(directory, file), 'utf8')
    for (const url of at) {
      app.get(url, { schema: { hide: true } }, (_request, reply) =>
        send(reply, { type: 'text/html; charset=utf-8', text: page, connectTo }),
      )
    }
  }
  const parts = [
    ['/assets/*', 'public, max-age=31536000, immutable'],
    ['/icons/*', 'public, max-age=86400'],
    ...pages.map(({ file }) => [manifestOf(file), 'public, max-age=3600'] as const),
  ] as const
  for (const [url, caching] of parts) {
    app.get(url, { schema: { hide: true } }, (request, reply) =>
      reply
        .header('cache-control', caching)
        .header('content-security-policy', policy({ connectTo: [] }))
        .sendFile((request.url.split('?')[0] ?? '').slice(1)),
    )
  }
  for (const { file, at } of pages) {
    const worker = file.replace('index.html', 'service-worker.js')
    app.get(`/${worker}`, { schema: { hide: true } }, (_request, reply) =>
      reply
        .headers({
          'content-security-policy': policy({ connectTo: [] }),
          'cache-control': 'no-cache',
          // It lies below the page that it answers for.
          'service-worker-allowed': at[0],
        })
        .sendFile(worker),
    )
  }
}

/** `/shop.webmanifest` of `shop/index.html`. */
function manifestOf(file: string): string {
  const [folder] = file.split('/')
  return `/${folder === 'index.html' ? 'citizen' : folder}.webmanifest`
}

function send(
  reply: FastifyReply,
  page: { type: string; text: string; connectTo: readonly string[] },
): FastifyReply {
  return reply
    .headers({
      'content-security-policy': policy(page),
      'x-frame-options': 'SAMEORIGIN',
      'permissions-policy': 'camera=(self), geolocation=(self), publickey-credentials-get=(self)',
      'cache-control': 'no-cache',
    })
    .type(page.type)
    .send(page.text)
}

function policy({ connectTo }: { connectTo: readonly string[] }): string {
  return [
    "default-src 'none'",
    // The QR decoder, where a browser has none, is WebAssembly.
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self' 'sha256-${PRESSABLE_HASH}'`,
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...connectTo].join(' '),
    "worker-src 'self'",
    "manifest-src 'self'",
    "frame-src 'self'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}
