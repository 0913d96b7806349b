/** A figure for the answer of a card payment: asked in sets, and never waited for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, id, won } from '../base/base.ts'
import { createLotsSoon } from './lots-soon.ts'

const issuerId = id('iss', 1)
const lot = { programId: id('prg', 1), kind: 'gift', expiresAt: 1, remainingWon: won(5) } as const

test('questions that come together are one reading, and an unknown wallet has no answer', async () => {
  const sets: number[] = []
  const lotsSoon = createLotsSoon({
    wallets: async (refs) => {
      sets.push(refs.length)
      return refs.filter(({ walletId }) => walletId < 3).map((ref) => ({ ...ref, lots: [lot] }))
    },
  })
  const answers = await Promise.all(
    [1, 2, 3, 1].map((wallet) => lotsSoon(issuerId, id('wlt', wallet))),
  )
  assert.deepEqual(answers, [[lot], [lot], undefined, [lot]])
  assert.deepEqual(sets, [4])
})

test('what takes too long or fails is left out, and the next question is answered', async () => {
  const gate = Promise.withResolvers<never[]>()
  let turn = 0
  const lotsSoon = createLotsSoon({
    waitMs: 20,
    wallets: async (refs) => {
      turn += 1
      if (turn === 1) return gate.promise
      if (turn === 2) throw new Fault('postgres_unavailable', 'away')
      return refs.map((ref) => ({ ...ref, lots: [lot] }))
    },
  })
  const ask = () => lotsSoon(issuerId, id('wlt', 1))
  assert.equal(await ask(), undefined)
  const waiting = ask()
  gate.resolve([])
  assert.equal(await waiting, undefined)
  assert.deepEqual(await ask(), [lot])
})
