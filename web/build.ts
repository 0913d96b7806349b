/**
 * Builds the apps into `.apps`, where the core finds them: `node web/build.ts`. `npm start` and the tests run it; a
 * build whose sources have not changed is kept. The surprise: it is written aside and put into place by one rename,
 * because two starts may build at once.
 */
import react from '@vitejs/plugin-react'
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build, type Plugin } from 'vite'

const ROOT = join(import.meta.dirname, '..')
const WEB = import.meta.dirname
export const APPS_FOLDER = join(ROOT, '.apps')
const STAMP = 'sources.sha256'
/** What apps are made of. */
const SOURCES = ['web', 'src', 'package-lock.json']
const COMPRESSED = /\.(?:js|css|html|svg|json|webmanifest|wasm)$/
const BROTLI_QUALITY = 9

/** Entry pages, by the path under which each is served. */
const PAGES = {
  citizen: 'index.html',
  shop: 'shop/index.html',
  city: 'city/index.html',
  ops: 'ops/index.html',
  demo: 'demo/index.html',
} as const

if (import.meta.main) await buildApps()

/** Builds where something has changed. Resolves to the folder. */
export async function buildApps(): Promise<string> {
  const stamp = await stampOfSources()
  if ((await readFile(join(APPS_FOLDER, STAMP), 'utf8').catch(() => '')) === stamp) {
    return APPS_FOLDER
  }
  const aside = await mkdtemp(join(ROOT, '.apps-'))
  try {
    await bundle(aside)
    await compressAll(aside)
    await writeFile(join(aside, STAMP), stamp)
    await putInPlace(aside)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return APPS_FOLDER
}

async function bundle(outDir: string): Promise<void> {
  const common = {
    configFile: false as const,
    root: WEB,
    logLevel: 'warn' as const,
    publicDir: false as const,
  }
  await build({
    ...common,
    base: '/',
    publicDir: join(WEB, 'public'),
    plugins: [react()],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(
          Object.entries(PAGES).map(([name, page]) => [name, join(WEB, page)]),
        ),
      },
    },
  })
  await build({
    ...common,
    plugins: [precacheList(outDir)],
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      reportCompressedSize: false,
      lib: {
        entry: join(WEB, 'worker/service-worker.ts'),
        formats: ['es'],
        fileName: () => 'service-worker.js',
      },
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  })
}

/** What the service worker keeps so that the apps open without a network: all that was built, by its content. */
function precacheList(outDir: string): Plugin {
  return {
    name: 'precache-list',
    async generateBundle(_options, bundled) {
      const files = (await filesOf(outDir)).filter((file) => !file.endsWith('.wasm'))
      const list = await Promise.all(
        files.map(async (file) => ({
          url: `/${file.replace(/(^|\/)index\.html$/, '$1').replace(/(?<=.)\/$/, '')}`,
          revision: file.startsWith('assets/') ? null : await shortHash(join(outDir, file)),
        })),
      )
      for (const chunk of Object.values(bundled)) {
        if (chunk.type === 'chunk') {
          chunk.code = chunk.code.replace('self.PRECACHE_LIST', JSON.stringify(list))
        }
      }
    },
  }
}

async function shortHash(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
    .slice(0, 16)
}

async function compressAll(folder: string): Promise<void> {
  for (const file of await filesOf(folder)) {
    if (!COMPRESSED.test(file)) continue
    const bytes = await readFile(join(folder, file))
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY }
    await writeFile(join(folder, `${file}.br`), brotliCompressSync(bytes, { params }))
    await writeFile(join(folder, `${file}.gz`), gzipSync(bytes, { level: 9 }))
  }
}

/** Another start may have put the same build there in the meantime: either is good. */
async function putInPlace(aside: string): Promise<void> {
  const before = `${aside}-before`
  await rename(APPS_FOLDER, before).catch(() => undefined)
  await rename(aside, APPS_FOLDER).catch(() => cp(aside, APPS_FOLDER, { recursive: true }))
  await rm(before, { recursive: true, force: true })
}

async function stampOfSources(): Promise<string> {
  const whole = createHash('sha256')
  for (const source of SOURCES) {
    for (const file of await filesOf(join(ROOT, source))) {
      if (/\.(?:test|contract)\.ts$/.test(file)) continue
      const path = file === '' ? join(ROOT, source) : join(ROOT, source, file)
      whole.update(`${source}/${file}\n`).update(await readFile(path))
    }
  }
  return whole.digest('hex')
}

/** Paths under a folder, in alphabetical order; one empty path for a file. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => null)
  if (entries === null) return ['']
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .toSorted()
}
