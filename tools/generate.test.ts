import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { generatedPages, stalePages } from './generate.ts'
import { repositoryRoot } from './repository.ts'

test('every generated page is what the code makes of it (else: npm run gen)', async () => {
  const stale = await stalePages(repositoryRoot, generatedPages)
  assert.deepEqual(
    stale.map(({ path }) => path),
    [],
  )
})

test('a page that differs and a page that is missing are stale; one that is the same is not', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'dure-pages-'))
  t.after(() => rm(root, { recursive: true }))
  await writeFile(join(root, 'same.md'), 'new')
  await writeFile(join(root, 'old.md'), 'old')
  const make = () => 'new'
  const pages = ['same.md', 'old.md', 'missing.md'].map((path) => ({ path, make }))
  assert.deepEqual(await stalePages(root, pages), [
    { path: 'old.md', text: 'new' },
    { path: 'missing.md', text: 'new' },
  ])
})
