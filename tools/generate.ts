/**
 * `npm run gen`: writes the reference pages that are made from the code. `npm run gen -- --check` writes nothing and
 * ends with 1, naming each page that is not what the code makes of it.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { outagePicture, outagePictureKorean } from '../replay/draw-outage.ts'
import type { OutageReport } from '../replay/outage-report.ts'
import { paymentPicture, paymentPictureKorean } from './draw-payment.ts'
import { apiTypesPage } from './generate-api-types.ts'
import { errorsPage } from './generate-errors.ts'
import { openapiPage } from './generate-openapi.ts'
import { schemaPage } from './generate-schema.ts'
import { repositoryRoot } from './repository.ts'

export interface GeneratedPage {
  readonly path: string
  readonly make: () => string | Promise<string>
}

export const generatedPages: readonly GeneratedPage[] = [
  { path: 'docs/reference/errors.md', make: errorsPage },
  { path: 'docs/reference/openapi.json', make: openapiPage },
  { path: 'docs/reference/schema.md', make: schemaPage },
  { path: 'web/api/schema.ts', make: apiTypesPage },
  { path: 'docs/pictures/payment.svg', make: paymentPicture },
  { path: 'docs/pictures/payment.ko.svg', make: paymentPictureKorean },
  { path: 'docs/pictures/outage.svg', make: async () => outagePicture(await lastReplay()) },
  {
    path: 'docs/pictures/outage.ko.svg',
    make: async () => outagePictureKorean(await lastReplay()),
  },
]

/** What `npm run replay -- --picture` wrote down; a replay takes minutes, so the pages are not made from a new one. */
async function lastReplay(): Promise<OutageReport> {
  const text = await readFile(join(repositoryRoot, 'docs/pictures/outage.json'), 'utf8')
  return JSON.parse(text) as OutageReport // Written by replay.ts.
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: { check: { type: 'boolean' } } })
  const stale = await stalePages(repositoryRoot, generatedPages)
  for (const { path, text } of stale) {
    if (values.check === true) {
      console.log(`${path} is not what the code makes of it: npm run gen`)
      continue
    }
    await mkdir(dirname(join(repositoryRoot, path)), { recursive: true })
    await writeFile(join(repositoryRoot, path), text)
    console.log(`${path} is written.`)
  }
  if (stale.length === 0) console.log('All generated pages are fresh.')
  return values.check === true && stale.length > 0 ? 1 : 0
}

/** The pages whose file is missing or differs, with the text that they should have. */
export async function stalePages(
  root: string,
  pages: readonly GeneratedPage[],
): Promise<{ path: string; text: string }[]> {
  const stale: { path: string; text: string }[] = []
  for (const { path, make } of pages) {
    const [text, written] = [await make(), await readOrNothing(join(root, path))]
    if (text !== written) stale.push({ path, text })
  }
  return stale
}

async function readOrNothing(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && Reflect.get(error, 'code') === 'ENOENT') return undefined
    throw error
  }
}
