/**
 * The service workers: beside each app's page lies one that keeps this app's parts and no other's. What belongs to an
 * app is what its page imports, now or later, by the bundler's own graph.
 */
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build, type InlineConfig, type Plugin, type Rolldown } from 'vite'

/** Entry pages by the names of their apps. */
export type Pages = Readonly<Record<string, string>>

/** What of an app lies in `assets`, by the name of the app. */
export type PartsByApp = ReadonlyMap<string, readonly string[]>

/** Few devices need the QR decoder: it is kept once it was used. */
const LATE = '.wasm'
const WORKER = 'service-worker.js'

/** Notes while the apps are built what each consists of. */
export function notePartsByApp(pages: Pages): { plugin: Plugin; parts: PartsByApp } {
  const parts = new Map<string, readonly string[]>()
  return {
    parts,
    plugin: {
      name: 'parts-by-app',
      generateBundle(_options, bundle) {
        for (const app of Object.keys(pages)) parts.set(app, partsOf(app, bundle))
      },
    },
  }
}

/** Writes each app's worker beside its page. */
export async function buildWorkers(
  common: InlineConfig,
  { outDir, pages, parts }: { outDir: string; pages: Pages; parts: PartsByApp },
): Promise<void> {
  await build({
    ...common,
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      reportCompressedSize: false,
      lib: {
        entry: join(import.meta.dirname, 'service-worker.ts'),
        formats: ['es'],
        fileName: () => WORKER,
      },
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  const worker = await readFile(join(outDir, WORKER), 'utf8')
  for (const [app, file] of Object.entries(pages)) {
    const kept = JSON.stringify(await keptOf({ app, file, outDir, parts: parts.get(app) ?? [] }))
    await writeFile(
      join(outDir, file.replace('index.html', WORKER)),
      worker.replace('self.KEPT', () => kept),
    )
  }
}

function partsOf(app: string, bundle: Rolldown.OutputBundle): readonly string[] {
  const entry = Object.values(bundle).find(
    (output) => output.type === 'chunk' && output.isEntry && output.name === app,
  )
  if (entry === undefined) throw new Error(`nothing was built for the page of ${app}`)
  const found = new Set([entry.fileName])
  // The set grows while it is walked.
  for (const file of found) {
    const chunk = bundle[file]
    if (chunk?.type !== 'chunk') continue
    const { importedCss = [], importedAssets = [] } = chunk.viteMetadata ?? {}
    for (const next of [chunk.imports, chunk.dynamicImports, importedCss, importedAssets]) {
      for (const part of next) found.add(part)
    }
  }
  return [...found]
}

/** As `web/worker/service-worker.ts` reads it. */
async function keptOf(of: {
  app: string
  file: string
  outDir: string
  parts: readonly string[]
}): Promise<object> {
  const { app, file, outDir, parts } = of
  const page = `/${file.replace(/\/?index\.html$/, '')}`
  const beside = await Promise.all(
    [`${app}.webmanifest`, `icons/${app}.svg`].map(async (name) => ({
      url: `/${name}`,
      revision: hashOf(await readFile(join(outDir, name))).slice(0, 16),
    })),
  )
  const hash = hashOf(await readFile(join(outDir, file)))
  // A page of another build than the parts beside it is refused, for it would ask for parts that are not kept.
  const whole = { url: page, revision: hash.slice(0, 16), integrity: `sha256-${hash}` }
  const urls = parts.map((part) => `/${part}`)
  return {
    page,
    parts: [
      whole,
      ...beside,
      ...urls.filter((url) => !url.endsWith(LATE)).map((url) => ({ url, revision: null })),
    ],
    late: urls.filter((url) => url.endsWith(LATE)),
  }
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64')
}
