import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTurns } from './turns.ts'

test('work of one name waits for what came before, that of another does not', async () => {
  const turns = createTurns()
  const told: string[] = []
  const gate = Promise.withResolvers<void>()
  const first = turns.run('a', async () => {
    await gate.promise
    told.push('first')
  })
  const second = turns.run('a', async () => void told.push('second'))
  await turns.run('b', async () => void told.push('other'))
  assert.deepEqual(told, ['other'])
  gate.resolve()
  await Promise.all([first, second])
  assert.deepEqual(told, ['other', 'first', 'second'])
})

test('work that fails keeps nobody behind it, and fails for who asked for it', async () => {
  const turns = createTurns()
  const failing = turns.run('a', async () => {
    throw new Error('failed')
  })
  const behind = turns.run('a', async () => 'done')
  await assert.rejects(failing, /failed/)
  assert.equal(await behind, 'done')
  assert.equal(await turns.run('a', async () => 'again'), 'again')
})
