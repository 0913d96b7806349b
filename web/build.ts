/**
 * Builds the apps into `.apps`, where the core finds them: `node web/build.ts`. `npm start` and the tests run it; a
 * build whose sources have not changed is kept. The surprise: it is written aside and put into place by one rename,
 * because two starts may build at once.
 */
import react from '@vitejs/plugin-react'
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { build } from 'vite'
import { buildWorkers, notePartsByApp } from './worker/build.ts'

const ROOT = join(import.meta.dirname, '..')
const WEB = import.meta.dirname
/** What every app opens with, and all that it leans on, is one part: many small ones are fetched in several turns. */
const GROUND =
  /\/web\/ui\/(?:focus-on-arrival|loaded|open-app|shell|sign-in)\.tsx$|vite\/modulepreload-polyfill/
export const APPS_FOLDER = join(ROOT, '.apps')
const STAMP = 'sources.sha256'
/** What apps are made of. */
const SOURCES = ['web', 'src', 'package-lock.json']
const COMPRESSED = /\.(?:js|css|html|svg|json|webmanifest|wasm)$/

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
  const { plugin, parts } = notePartsByApp(PAGES)
  await build({
    ...common,
    base: '/',
    publicDir: join(WEB, 'public'),
    plugins: [react(), plugin],
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
        output: { codeSplitting: { groups: [{ name: 'ground', test: GROUND }] } },
      },
    },
  })
  await buildWorkers(common, { outDir, pages: PAGES, parts })
}

/** As small as can be: it is done once, and fetched by every telephone. */
async function compressAll(folder: string): Promise<void> {
  const files = (await filesOf(folder)).filter((file) => COMPRESSED.test(file))
  await Promise.all(
    files.map(async (file) => {
      const bytes = await readFile(join(folder, file))
      await writeFile(join(folder, `${file}.br`), await promisify(brotliCompress)(bytes))
      await writeFile(join(folder, `${file}.gz`), await promisify(gzip)(bytes, { level: 9 }))
    }),
  )
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
