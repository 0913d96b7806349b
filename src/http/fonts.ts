/**
 * Korean type as a web font, served by ourselves: pages read the same on a machine without Korean fonts, and no other
 * host learns who looks at them. The browser fetches only the subsets whose letters a page shows.
 */
import { fastifyStatic } from '@fastify/static'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { App } from './door.ts'

/** The style sheet that declares the subsets; the family is `Pretendard Variable`. */
export const FONT_SHEET = '/fonts/pretendardvariable-dynamic-subset.css'
export const FONT_FAMILY = "'Pretendard Variable'"

const PACKAGE = dirname(fileURLToPath(import.meta.resolve('pretendard/package.json')))

/** Fonts of a released version never change, so browsers may keep them. */
export async function serveFonts(app: App): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(PACKAGE, 'dist/web/variable'),
    prefix: '/fonts/',
    index: false,
    list: false,
    decorateReply: false,
    cacheControl: false,
    setHeaders: (reply) => {
      void reply.header('cache-control', 'public, max-age=31536000, immutable')
    },
  })
}
