/**
 * Korean type as a web font, served by ourselves: pages read the same on a machine without Korean fonts, and no other
 * host learns who looks at them. The browser fetches only the subsets whose letters a page shows.
 */
import { fastifyStatic } from '@fastify/static'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { App } from './door.ts'

/** The style sheet that declares the subsets; the family is `Pretendard Variable`. */
export const FONT_SHEET = '/fonts/pretendardvariable-dynamic-subset.css'
export const FONT_FAMILY = "'Pretendard Variable'"

const PACKAGE = dirname(fileURLToPath(import.meta.resolve('pretendard/package.json')))
const FOLDER = join(PACKAGE, 'dist/web/variable')

/** Fonts of a released version never change, so browsers may keep them. */
const LASTING = 'public, max-age=31536000, immutable'

/** A fifth of its size in two milliseconds; the best would take sixty at every start. */
const BROTLI_QUALITY = 5

export async function serveFonts(app: App): Promise<void> {
  const sheet = await readFile(join(FOLDER, basename(FONT_SHEET)))
  const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY }
  const packed = { br: brotliCompressSync(sheet, { params }), gzip: gzipSync(sheet) } as const
  app.get(FONT_SHEET, { schema: { hide: true } }, (request, reply) => {
    const accepted = request.headers['accept-encoding'] ?? ''
    const encoding = (['br', 'gzip'] as const).find((each) => accepted.includes(each))
    if (encoding !== undefined) void reply.header('content-encoding', encoding)
    return reply
      .headers({ 'cache-control': LASTING, vary: 'accept-encoding' })
      .type('text/css; charset=utf-8')
      .send(encoding === undefined ? sheet : packed[encoding])
  })
  await app.register(fastifyStatic, {
    root: FOLDER,
    prefix: '/fonts/',
    index: false,
    list: false,
    decorateReply: false,
    cacheControl: false,
    setHeaders: (reply) => {
      void reply.header('cache-control', LASTING)
    },
  })
}
