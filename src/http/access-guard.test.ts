/** An answer with others' personal data does not leave before it is written down to whom. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Type } from 'typebox'
import { Bug } from '../base/base.ts'
import type { Door } from './door.ts'
import { openTestDoor } from './fixtures/test-door.ts'

const secret = '김비밀'

function routes({ app }: Door): void {
  const schema = { response: { 200: Type.Object({ name: Type.String() }) } }
  const config = { open: true, logsAccess: true }
  app.get('/v1/forgetful', { config, schema }, async () => ({ name: secret }))
  app.get('/v1/mindful', { config, schema }, async (request) => {
    request.accessWritten = true
    return { name: secret }
  })
  const file = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' })
  const bytes = { response: { 200: { content: { 'text/plain': { schema: file } } } } }
  app.get('/v1/forgetful-file', { config, schema: bytes }, async (_request, reply) =>
    reply.type('text/plain').send(Buffer.from(secret)),
  )
}

test('a route that forgot is a bug, and its answer stays in the house', async () => {
  const bugs: unknown[] = []
  const { app } = await openTestDoor({ routes, onBug: (error) => bugs.push(error) })
  for (const url of ['/v1/forgetful', '/v1/forgetful-file']) {
    const answer = await app.inject({ url })
    assert.equal(answer.statusCode, 500, answer.body)
    assert.ok(!answer.body.includes(secret))
  }
  assert.equal(bugs.length, 2)
  assert.ok(bugs[0] instanceof Bug)
  const answer = await app.inject({ url: '/v1/mindful' })
  assert.deepEqual(answer.json(), { name: secret })
  assert.equal(bugs.length, 2)
})
