/** The gateway as a process, with no core anywhere: it starts, answers, and ends in order. */
import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { businessDate, id, won } from '../base/base.ts'
import {
  createHanbitAdapter,
  dialLink,
  type Link,
  type PartnerMessage,
  type Sent,
} from '../gateway/gateway.ts'
import { waitUntil } from './bounded-wait.ts'
import { atEnd, type Cleaned } from './fixtures/cleanup.ts'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { freePort, freePorts } from './free-port.ts'
import { gatewayEnvironment } from './gateway-config.ts'
import { openPartnerKeys, secretNames } from './keys.ts'
import { programService, type RunningProgram } from './program.ts'
import { openSecretFiles } from './secret-file.ts'
import { openTlsMaterial, readTlsFiles } from './tls-material.ts'

const adapter = createHanbitAdapter(id('prt', 1))
const silent = { info: () => {}, warn: () => {}, error: () => {} }

test('a gateway whose core is gone from the very start answers "unknown" in time and ends in order', async (t) => {
  const place = await openPlace(t)
  const running = await place.start()
  const link = await place.dial()
  const began = performance.now()
  const sent = await link.send(payment('000001'), { withinMs: 5_000 })
  assert.equal(verdictOf(sent), 'unknown')
  assert.ok(performance.now() - began < 3_000, 'later than the partner waits')
  const status = await place.status()
  assert.equal(Reflect.get(Object(status['feed']), 'lagMs'), null)
  assert.deepEqual(status['store'], { state: 'writable' })
  await running.stop()
  assert.equal((await running.exited).code, 0)
  assert.ok(await waitUntil(() => link.phase() === 'closed', { timeoutMs: 5_000 }))
})

test('a notice that was acknowledged is still there after the gateway was killed', async (t) => {
  const place = await openPlace(t)
  const first = await place.start()
  const link = await place.dial()
  const acknowledged = await link.send(reversal('000002'), { withinMs: 5_000 })
  assert.equal(
    acknowledged.outcome === 'answered' && acknowledged.answer.message.type,
    'acknowledgement',
  )
  process.kill(first.pid, 'SIGKILL')
  await first.exited
  await place.start()
  const { waiting } = await place.status()
  assert.equal(Reflect.get(Object(waiting), 'notices'), 1)
  const again = await place.dial()
  const repeat = await again.send({ ...reversal('000002'), isRepeat: true }, { withinMs: 5_000 })
  assert.equal(repeat.outcome === 'answered' && repeat.answer.message.type, 'acknowledgement')
  assert.equal(Reflect.get(Object((await place.status())['waiting']), 'notices'), 1)
})

test('a gateway whose port is taken, or without certificates, says so and ends', async (t) => {
  const place = await openPlace(t)
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(place.port, '127.0.0.1', () => resolve()))
  await assert.rejects(place.start(), /EADDRINUSE/)
  server.close()
  const bare = await scratchDirectory(t)
  await assert.rejects(place.start(bare), /there is no .*ca\.pem/)
})

interface Place {
  readonly port: number
  start(dataDirectory?: string): Promise<RunningProgram>
  dial(): Promise<Link>
  status(): Promise<Readonly<Record<string, unknown>>>
}

async function openPlace(t: Cleaned): Promise<Place> {
  const dataDirectory = await scratchDirectory(t)
  const partners = ['hanbit']
  const tls = await openTlsMaterial({ dataDirectory, partners, now: Date.now() })
  const secrets = await openSecretFiles(dataDirectory)
  const keys = await openPartnerKeys(secrets, 'hanbit')
  const [port = 0, controlPort = 0] = await freePorts(2)
  const edgeUrl = `http://127.0.0.1:${await freePort()}`
  const place: Place = {
    port,
    async start(elsewhere = dataDirectory) {
      const service = programService({
        name: 'gateway-a',
        file: join(import.meta.dirname, 'gateway.ts'),
        environment: gatewayEnvironment({
          name: 'gateway-a',
          dataDirectory: elsewhere,
          ports: { hanbit: port },
          controlPort,
          edgeUrl,
          logLevel: 'error',
        }),
        onLine: () => undefined,
      })
      const running = await service.start(new AbortController().signal)
      atEnd(t, () => running.stop())
      return running
    },
    async dial() {
      const link = await dialLink({
        host: '127.0.0.1',
        port,
        tls: await readTlsFiles(tls.partners['hanbit']!),
        partner: 'hanbit',
        adapter,
        keys,
        clock: Date.now,
        log: silent,
      })
      atEnd(t, () => link.close())
      return link
    },
    async status() {
      const token = await secrets.text(secretNames.gatewayControlToken)
      const headers = { authorization: `Bearer ${token}` }
      const response = await fetch(`http://127.0.0.1:${controlPort}/status`, { headers })
      return JSON.parse(await response.text())
    },
  }
  return place
}

function saleOf(stan: string) {
  const at = Math.trunc(Date.now() / 1_000) * 1_000
  return {
    key: {
      partnerId: id('prt', 1),
      acquirer: '901',
      terminal: 'T0000001',
      stan,
      localDate: businessDate(at),
      cardClass: 'financial',
    },
    cardToken: 'HAN0000000000001',
    merchantNumber: '123456789000000',
    amountWon: won(10_000),
    at,
    partialAllowed: false,
  } as const
}

function payment(stan: string): PartnerMessage {
  return { type: 'request', request: { kind: 'pay', sale: saleOf(stan) }, isRepeat: false }
}

function reversal(stan: string) {
  const sale = saleOf(stan)
  const notice = { kind: 'reverse', sale, keepWon: won(0), decidedAt: sale.at } as const
  return { type: 'notice', notice, isRepeat: false } as const
}

function verdictOf(sent: Sent): string | undefined {
  assert.ok(sent.outcome === 'answered' && sent.answer.message.type === 'answer')
  return sent.answer.message.answer.verdict
}
