/** Headers that tell a browser to trust nothing but what comes from here. */
import type { App } from './door.ts'

/** JSON needs nothing at all. Pages say what they need themselves. */
const POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/** The documentation: own scripts and styles only, and calls to this server only. */
export const DOCS_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI writes style attributes while it draws.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

const YEAR_SECONDS = 31_536_000

/** @param publicOrigin where it is https, browsers are told to stay with it for a year */
export function addSecurityHeaders(app: App, publicOrigin: string | undefined): void {
  const headers: Record<string, string> = {
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    // Answers are about one person; no cache between us may keep them.
    'cache-control': 'no-store',
  }
  if (publicOrigin?.startsWith('https://') === true) {
    headers['strict-transport-security'] = `max-age=${YEAR_SECONDS}`
  }
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers)
    if (request.routeOptions.url?.startsWith('/docs') === true) {
      reply.header('content-security-policy', DOCS_POLICY)
    }
  })
}
