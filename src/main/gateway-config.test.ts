import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gatewayEnvironment, readGatewayConfig } from './gateway-config.ts'
import { readNamedTexts, writeNamedTexts } from './named-texts.ts'

const config = {
  name: 'gateway-a',
  dataDirectory: '/srv/dure',
  ports: { hanbit: 20_001, narae: 20_002 },
  controlPort: 20_003,
  edgeUrl: 'http://127.0.0.1:20004',
  peerUrl: 'http://127.0.0.1:20005',
  logLevel: 'warn',
}

test('a gateway reads what start wrote for it', () => {
  assert.deepEqual(readGatewayConfig(gatewayEnvironment(config)), config)
  const { peerUrl: _, ...alone } = config
  assert.deepEqual(readGatewayConfig(gatewayEnvironment(alone)), alone)
})

test('everything that is wrong is told at once', () => {
  const wrong = {
    DURE_GATEWAY_NAME: '../a',
    DURE_GATEWAY_PORTS: 'hanbit=70000',
    DURE_GATEWAY_CONTROL_PORT: 'x',
    DURE_EDGE_URL: 'core',
    DURE_GATEWAY_PEER_URL: 'ftp://b',
    DURE_LOG_LEVEL: 'loud',
  }
  assert.throws(
    () => readGatewayConfig(wrong),
    ({ message }: Error) => {
      const named = [...Object.keys(wrong), 'DURE_DATA']
      assert.deepEqual(
        named.filter((name) => !message.includes(name)),
        [],
      )
      return true
    },
  )
  for (const ports of ['', 'hanbit', '=1', 'hanbit=', 'HANBIT=1']) {
    const environment = { ...gatewayEnvironment(config), DURE_GATEWAY_PORTS: ports }
    assert.throws(() => readGatewayConfig(environment), /DURE_GATEWAY_PORTS/)
  }
})

test('texts by name come back as they were written', () => {
  const texts = { hanbit: 'http://127.0.0.1:1/?a=b', narae: '127.0.0.1:2' }
  assert.deepEqual(readNamedTexts(writeNamedTexts(texts)), texts)
  assert.deepEqual(readNamedTexts(''), {})
})
