/** The requests that docs/operating/programs.md shows officers are requests that the door takes. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, test } from 'node:test'
import { formatId } from '../../base/base.ts'
import { openCity, PROGRAM } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const page = await readFile('docs/operating/programs.md', 'utf8')
const korean = await readFile('docs/operating/programs-ko.md', 'utf8')
const officer = await city.caller('officer-of-gunsan')

const requests = [...page.matchAll(/```http\n\s*POST (\S+)\n([\s\S]*?)```/g)].map((match) => ({
  path: match[1]!.replace('prg_11', formatId('prg', PROGRAM)),
  body: match[2]!.replaceAll('prg_11', formatId('prg', PROGRAM)),
}))

test('the page shows one request of each sort', () => {
  assert.equal(requests.length, 4)
})

for (const { path, body } of requests) {
  test(`${path} is taken as it stands`, async () => {
    const asked: object = JSON.parse(body)
    const answer = await officer.ask('POST', path, { body: asked })
    assert.ok([200, 201].includes(answer.statusCode), answer.body)
  })
}

test('every path on both pages is one of the door’s', () => {
  const known = city.routes.map((route) =>
    route.replace('/v1/issuers/:issuerCode', '').replaceAll(/:\w+/g, '*'),
  )
  for (const text of [page, korean]) {
    const named = [...text.matchAll(/`(GET|POST) (\/[\w/{}가-힣-]+)`/g)]
    assert.ok(named.length > 5)
    for (const [, method, path] of named) {
      const route = `${method} ${path!.replaceAll(/\{[^}]+\}/g, '*')}`
      assert.ok(known.includes(route), route)
    }
  }
})
