/** Schemas are made late, and wrong ones are still heard of: here, and not by whoever is served first. */
import assert from 'node:assert/strict'
import { fastify } from 'fastify'
import { test } from 'node:test'
import { Type } from 'typebox'
import { createLateSchemas } from './late-schemas.ts'
import { openCity } from './routes/fixtures/small-city.ts'

test('all schemas of all routes can be made', async () => {
  const { app, door } = await openCity()
  try {
    await app.ready()
    const made = door.deps.schemas?.makeAll() ?? 0
    assert.ok(made > 500, `${made} schemas were waiting`)
    assert.equal(door.deps.schemas?.makeAll(), 0)
  } finally {
    await app.close()
  }
})

test('a request makes what it needs, once, and is judged by it', async () => {
  const schemas = createLateSchemas()
  const app = fastify({ schemaController: schemas.schemaController })
  app.post(
    '/sums',
    {
      schema: {
        body: Type.Object({ amountWon: Type.Integer({ minimum: 1 }) }),
        response: { 200: Type.Object({ sum: Type.Integer() }) },
      },
    },
    () => ({ sum: 3, more: 'is not told' }),
  )
  const post = (amountWon: number) =>
    app.inject({ method: 'POST', url: '/sums', body: { amountWon } })
  const refused = await post(0)
  assert.equal(refused.statusCode, 400)
  assert.match(refused.body, /amountWon must be >= 1/)
  for (const amountWon of [1, 2]) assert.deepEqual((await post(amountWon)).json(), { sum: 3 })
  assert.equal((await post(0)).statusCode, 400)
  assert.equal(schemas.makeAll(), 0)
  await app.close()
})

test('a schema that makes no sense lets a server start, and does not pass unheard', async () => {
  const schemas = createLateSchemas()
  const app = fastify({ schemaController: schemas.schemaController })
  app.post('/sums', { schema: { body: { type: 'nothing that there is' } } }, () => ({}))
  await app.ready()
  assert.throws(() => schemas.makeAll(), /type/)
  await app.close()
})
