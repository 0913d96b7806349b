/**
 * A corpus of every message of either partner, each cut, lengthened, overwritten, with flipped bits or a wrong
 * length, over a socket: with the MAC it had, and with the right MAC for what it became. Whatever comes is answered,
 * or costs its link; the desk hears of nothing whose MAC was wrong, and the links beside are answered all the time.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import fc from 'fast-check'
import { businessDate } from '../base/base.ts'
import { messageMac } from '../iso8583/iso8583.ts'
import { waitUntil } from '../main/bounded-wait.ts'
import { questions } from './adapters/fixtures/arbitrary-messages.ts'
import {
  adapters,
  approve,
  openWorld,
  partnerKeys,
  type GatewayWorld,
} from './fixtures/gateway-world.ts'
import { openNeighbour } from './fixtures/neighbour.ts'
import { createDeframer, frame, type PartnerMessage } from './gateway.ts'

const MAC = messageMac(partnerKeys.macKey)
const SEED = 20_250_919
const MESSAGES = 250
/** For the gateway to answer or drop; its own bound for a message that never ends is `messageMs`. */
const SETTLED_MS = 5_000
const limits = { messageMs: 200, networkAnswerMs: 60_000, echoAfterMs: 60_000, wrongMacsMax: 20 }

let world: GatewayWorld
before(async () => {
  world = await openWorld({ limits })
})
after(() => world.close())

for (const code of ['hanbit', 'narae']) {
  test(`changed messages of ${code} under the MAC they had never reach the desk`, async () => {
    let asked = 0
    let told = 0
    const beside = await openNeighbour(world, code)
    world.desk.answer = (request) => {
      asked += 'sale' in request && beside.paid.has(request.sale.key.stan) ? 0 : 1
      return approve(request)
    }
    world.desk.take = async () => {
      told += 1
    }
    const corpus = corpusOf(code, SEED)
    await sendAll(
      code,
      corpus.map(({ changed }) => changed),
    )
    assert.deepEqual({ asked, told }, { asked: 0, told: 0 })
    await beside.stop()
    assert.ok(beside.answered() > 10)
  })

  test(`changed messages of ${code} under a right MAC are answered or cost their link`, async () => {
    const beside = await openNeighbour(world, code)
    const corpus = corpusOf(code, SEED + 1)
    await sendAll(
      code,
      corpus.map(({ changed }) => sealAnew(changed, code)),
    )
    await beside.stop()
    assert.ok(beside.answered() > 10)
    const bugs = world.lines.filter(({ event }) => event === 'link.adapter_threw')
    assert.deepEqual(bugs, [])
  })
}

/** What was sent, and that a signed-on partner is served for all of it; a new link where one was lost. */
async function sendAll(code: string, messages: readonly Uint8Array[]): Promise<void> {
  let probe = await openProbe(code)
  const framing = adapters[code]!.framing
  for (const [index, message] of messages.entries()) {
    const bytes = message.subarray(0, framing.messageBytesMax)
    probe.send(bytes.length === 0 ? new Uint8Array(2) : misframed(bytes, index, framing))
    if (await probe.isServed()) continue
    probe.close()
    probe = await openProbe(code)
  }
  probe.close()
  const lost = world.lines.filter(({ event }) => event === 'link.dropped')
  assert.ok(lost.every(({ facts }) => typeof facts['reason'] === 'string'))
}

/** One message in eight has a length that is not its own. */
function misframed(
  bytes: Uint8Array,
  index: number,
  framing: (typeof adapters)[string]['framing'],
): Uint8Array {
  const framed = frame(bytes, framing)
  if (index % 8 === 7) framed[framing.header === 'binary_2' ? 1 : 3]! ^= 5
  return framed
}

interface Probe {
  send(bytes: Uint8Array): void
  /** Asks for an echo; false where the link is gone. */
  isServed(): Promise<boolean>
  close(): void
}

async function openProbe(code: string): Promise<Probe> {
  const socket: TLSSocket = await world.connectRaw(code)
  const adapter = adapters[code]!
  const deframer = createDeframer(adapter.framing)
  const answered = new Set<string>()
  socket.on('data', (chunk: Uint8Array) => {
    for (const message of deframer.push(chunk).messages) {
      const read = adapter.read(message, { mac: MAC, today: businessDate(Date.now()) })
      if (read.ok && read.message.type === 'network_answer') answered.add(read.message.network.stan)
    }
  })
  const ask = (what: 'sign_on' | 'echo'): string => {
    const network = { function: what, stan: nextStan(), at: Date.now() }
    const message: PartnerMessage = { type: 'network', network }
    socket.write(frame(adapter.write(message, MAC).bytes, adapter.framing))
    return network.stan
  }
  const isAnswered = async (stan: string): Promise<boolean> => {
    const isOver = () => answered.has(stan) || socket.destroyed
    assert.ok(
      await waitUntil(isOver, { timeoutMs: SETTLED_MS, pollMs: 1 }),
      'neither served nor lost',
    )
    return answered.has(stan)
  }
  assert.ok(await isAnswered(ask('sign_on')), 'a good sign-on was not taken')
  return {
    send: (bytes) => void socket.write(bytes),
    isServed: () => isAnswered(ask('echo')),
    close: () => socket.destroy(),
  }
}

let stans = 0
function nextStan(): string {
  stans += 1
  return String(stans).padStart(6, '0')
}

interface Changed {
  readonly changed: Uint8Array
}

function corpusOf(code: string, seed: number): readonly Changed[] {
  const adapter = adapters[code]!
  const changes = fc.record({
    message: questions,
    change: fc.constantFrom(...Object.values(mutations)),
    at: fc.nat(),
    by: fc.nat(),
  })
  return fc.sample(changes, { seed, numRuns: MESSAGES }).map(({ message, change, at, by }) => {
    const { bytes } = adapter.write(message, MAC)
    return { changed: change(bytes, at, by) }
  })
}

const mutations: Readonly<
  Record<string, (bytes: Uint8Array, at: number, by: number) => Uint8Array>
> = {
  flipOne: (bytes, at, by) => flipped(bytes, at, 1 << (by % 8)),
  flipMany: (bytes, at, by) =>
    Array.from({ length: 8 }, (_, turn) => turn).reduce(
      (changed, turn) => flipped(changed, at + turn * (by % 97), 1 + ((by + turn) % 255)),
      bytes,
    ),
  cut: (bytes, at) => bytes.slice(0, at % bytes.length),
  behead: (bytes, at) => bytes.slice(1 + (at % (bytes.length - 1))),
  lengthen: (bytes, at, by) =>
    Buffer.concat([bytes, new Uint8Array(1 + (at % 300)).fill(by % 256)]),
  double: (bytes) => Buffer.concat([bytes, bytes]),
  insert: (bytes, at, by) => {
    const place = at % bytes.length
    return Buffer.concat([bytes.slice(0, place), Buffer.from([by % 256]), bytes.slice(place)])
  },
  overwrite: (bytes, at, by) => {
    const place = at % bytes.length
    return bytes.map((byte, index) => (index >= place && index < place + 16 ? by % 256 : byte))
  },
  noise: (bytes, at, by) => bytes.map((_, index) => (at * 31 + by * index * 7 + index) % 256),
}

function flipped(bytes: Uint8Array, at: number, mask: number): Uint8Array {
  const place = at % bytes.length
  return bytes.map((byte, index) => (index === place ? byte ^ mask : byte))
}

function sealAnew(bytes: Uint8Array, code: string): Uint8Array {
  const macBytes = code === 'narae' ? 16 : 8
  if (bytes.length <= macBytes) return bytes
  const body = bytes.subarray(0, -macBytes)
  const mac = Buffer.from(MAC(body).subarray(0, 8))
  const end = code === 'narae' ? Buffer.from(mac.toString('hex').toUpperCase(), 'latin1') : mac
  return Buffer.concat([body, end])
}
