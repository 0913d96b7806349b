import assert from 'node:assert/strict'
import { test } from 'node:test'
import { postgresSettings } from './postgres-settings.ts'

const GIB = 1024 ** 3
const onMachine = (memoryGib: number, volumeGib: number, freeGib: number) => {
  const settings = postgresSettings({
    memoryBytes: memoryGib * GIB,
    volumeBytes: volumeGib * GIB,
    volumeFreeBytes: freeGib * GIB,
    hasLz4: false,
  })
  return `${settings.shared_buffers} ${settings.max_wal_size}`
}

test('memory and WAL follow the machine within their bounds', () => {
  assert.equal(onMachine(24, 250, 80), '1024MB 4096MB')
  assert.equal(onMachine(2, 250, 80), '512MB 4096MB')
  assert.equal(onMachine(2, 16, 10), '512MB 1024MB')
  assert.equal(onMachine(2, 250, 2), '512MB 512MB', 'a nearly full volume')
  assert.equal(onMachine(0.0625, 1, 0.5), '32MB 256MB')
})
