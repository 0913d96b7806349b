/** The page of errors and the tables of the door say the same, both ways. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { declineReasons, faultTable } from '../src/base/base.ts'
import { problemCatalogue } from '../src/http/http.ts'
import { ERRORS_PAGE, errorsPage } from './generate-errors.ts'

const page = await readFile(ERRORS_PAGE, 'utf8')
const codesOnPage = [...page.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code)

test('the page is what the tables make of it (else run tools/generate-errors.ts)', () => {
  assert.equal(page, errorsPage())
})

test('every decline and fault stands on the page, in the order of the tables', () => {
  const wanted = [...declineReasons, ...Object.keys(faultTable)]
  const own = new Set<string>(wanted)
  assert.deepEqual(
    codesOnPage.filter((code) => code !== undefined && own.has(code)),
    wanted,
  )
})

test('every code on the page is one that the door can answer with, once', () => {
  assert.deepEqual(
    codesOnPage,
    problemCatalogue.map(({ code }) => code),
  )
  assert.equal(new Set(codesOnPage).size, codesOnPage.length)
})
