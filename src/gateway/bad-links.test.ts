/**
 * What a broken or hostile far end may send: each costs it a refusal or its link, with a reason in the log, while a
 * link beside it, of the same partner, and one of another partner are answered all the time.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect as connectTcp } from 'node:net'
import { after, before, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import { businessDate } from '../base/base.ts'
import { encodeEucKr, messageMac } from '../iso8583/iso8583.ts'
import { waitUntil } from '../main/bounded-wait.ts'
import {
  adapters,
  approve,
  MERCHANT_NAME,
  openWorld,
  partnerKeys,
  payment,
  reversal,
  type GatewayWorld,
} from './fixtures/gateway-world.ts'
import { openNeighbour, type Neighbour } from './fixtures/neighbour.ts'
import { createDeframer, frame, type PartnerMessage, type ReadMessage } from './gateway.ts'

const MAC = messageMac(partnerKeys.macKey)
const limits = {
  handshakeMs: 400,
  signOnMs: 600,
  messageMs: 300,
  echoAfterMs: 60_000,
  wrongMacsMax: 3,
  unreadableMax: 5,
  writeQueueBytesMax: 65_536,
  connectionsMax: 6,
  connectionsPerAddressMax: 24,
  keyLifeMs: 60_000,
}

let world: GatewayWorld
let neighbours: readonly Neighbour[]
before(async () => {
  world = await openWorld({ limits })
  neighbours = [await openNeighbour(world, 'hanbit'), await openNeighbour(world, 'narae')]
})
after(async () => {
  for (const one of neighbours) await one.stop()
  await world.close()
})

/** Runs the misdeed and then sees that both neighbours go on being answered. */
function misdeed(name: string, run: () => Promise<void>): void {
  test(name, async () => {
    world.lines.length = 0
    await run()
    const counts = neighbours.map((one) => one.answered())
    const goOn = () => neighbours.every((one, index) => one.answered() > counts[index]! + 2)
    assert.ok(await waitUntil(goOn, { timeoutMs: 5_000 }), 'the links beside it stand still')
  })
}

const bytesOf = (message: PartnerMessage, code = 'hanbit', mac = MAC): Uint8Array =>
  adapters[code]!.write(message, mac).bytes
const framed = (bytes: Uint8Array, code = 'hanbit'): Uint8Array =>
  frame(bytes, adapters[code]!.framing)
const written = (message: PartnerMessage, code = 'hanbit'): Uint8Array =>
  framed(bytesOf(message, code), code)

/** Reads what comes on a socket, under the key that was agreed. */
function reading(socket: TLSSocket, onMessage: (read: ReadMessage) => void, code = 'hanbit'): void {
  const deframer = createDeframer(adapters[code]!.framing)
  socket.on('data', (chunk: Uint8Array) => {
    for (const message of deframer.push(chunk).messages) {
      const read = adapters[code]!.read(message, { mac: MAC, today: businessDate(Date.now()) })
      assert.ok(read.ok, 'the gateway wrote what cannot be read')
      onMessage(read)
    }
  })
}

let stan = 0
function signOnMessage(at = Date.now()): PartnerMessage {
  stan += 1
  const network = { function: 'sign_on', stan: String(stan).padStart(6, '0'), at } as const
  return { type: 'network', network }
}

/** A socket that is signed on and does nothing by itself. */
async function signedOn(code = 'hanbit'): Promise<TLSSocket> {
  const socket = await world.connectRaw(code)
  socket.write(written(signOnMessage(), code))
  await once(socket, 'data')
  return socket
}

async function isDropped(socket: TLSSocket): Promise<void> {
  const gone = () => socket.destroyed || socket.readyState === 'closed'
  socket.resume()
  assert.ok(await waitUntil(gone, { timeoutMs: 5_000 }), 'the link was not dropped')
}

const headers: readonly [string, string, Uint8Array, string][] = [
  ['of zero', 'hanbit', Buffer.from([0, 0]), 'length_zero'],
  ['of more than its messages have', 'hanbit', Buffer.from([0xff, 0xff]), 'length_too_long'],
  ['of 1 GiB', 'hanbit', Buffer.from([0x40, 0, 0, 0]), 'length_too_long'],
  ['of 1 GiB where digits stand', 'narae', Buffer.from([0x40, 0, 0, 0]), 'length_not_digits'],
  ['of another framing', 'narae', Buffer.from([0, 100, 0x30, 0x31]), 'length_not_digits'],
  ['of HTTP', 'narae', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'length_not_digits'],
]
for (const [what, code, bytes, reason] of headers) {
  misdeed(`a length ${what} drops the link of ${code}: ${reason}`, async () => {
    const socket = await signedOn(code)
    socket.write(bytes)
    await isDropped(socket)
    await world.logged('link.dropped', { partner: code, reason })
  })
}

misdeed('a message cut in its middle is not taken', async () => {
  const asked = countAsked()
  const socket = await signedOn()
  socket.write(written(payment('hanbit')).subarray(0, -20))
  socket.end()
  await isDropped(socket)
  await world.logged('link.dropped', { reason: 'cut_within_message' })
  assert.deepEqual(asked.fromElsewhere(), [])
  asked.stop()
})

misdeed('a sender of one byte now and then is dropped in time', async () => {
  const socket = await signedOn()
  const message = written(payment('hanbit'))
  const began = performance.now()
  let at = 0
  const drip = setInterval(() => socket.write(message.subarray(at, (at += 1))), 20)
  await isDropped(socket)
  clearInterval(drip)
  await world.logged('link.dropped', { reason: 'message_too_slow' })
  assert.ok(performance.now() - began < 3_000)
})

misdeed('a header that never becomes a message is dropped in time', async () => {
  const socket = await signedOn('narae')
  socket.write('01')
  await isDropped(socket)
  await world.logged('link.dropped', { partner: 'narae', reason: 'message_too_slow' })
})

misdeed('who connects and never shakes hands, or never signs on, is dropped in time', async () => {
  const silent = connectTcp({ host: '127.0.0.1', port: world.portOf('hanbit') })
  silent.on('error', () => undefined)
  const noSignOn = await world.connectRaw('hanbit')
  await isDropped(noSignOn)
  await world.logged('link.dropped', { reason: 'sign_on_missing' })
  await world.logged('link.refused', { reason: 'handshake_timed_out' })
  assert.ok(await waitUntil(() => silent.destroyed, { timeoutMs: 5_000 }))
})

misdeed('what is no TLS gets no further than the handshake', async () => {
  const plain = connectTcp({ host: '127.0.0.1', port: world.portOf('narae') })
  plain.on('error', () => undefined)
  plain.write(written(signOnMessage(), 'narae'))
  await world.logged('link.refused', { partner: 'narae', reason: 'connection_failed' })
  plain.destroy()
})

misdeed(
  'a certificate that nobody vouches for, or of another partner, or none, opens no link',
  async () => {
    await isDropped(await world.connectRaw('hanbit', world.strangerTls))
    await world.logged('link.refused', { partner: 'hanbit', reason: 'certificate_refused' })
    await isDropped(await world.connectRaw('hanbit', world.tlsOf('narae')))
    const line = await world.logged('link.refused', { reason: 'certificate_of_another' })
    assert.equal(line.facts['detail'], 'narae')
    const none = { ...world.tlsOf('hanbit'), certificate: '', key: '' }
    await isDropped(await world.connectRaw('hanbit', none))
    const refused = () => world.gateway.report()[0]?.refused['certificate_refused']
    assert.ok(await waitUntil(() => refused() === 2, { timeoutMs: 5_000 }))
  },
)

misdeed('wrong MACs are refused, and after some of them the link is dropped', async () => {
  const socket = await signedOn()
  const bytes = bytesOf(payment('hanbit'), 'hanbit', messageMac(Buffer.alloc(16, 1)))
  for (let turn = 0; turn < 4; turn += 1) socket.write(framed(bytes))
  await isDropped(socket)
  await world.logged('message.refused', { problem: 'mac_wrong', isAnswered: true })
  await world.logged('link.dropped', { reason: 'wrong_macs' })
})

misdeed(
  'a flipped bit anywhere in a message is refused or drops the link, and is never asked about',
  async () => {
    const bytes = bytesOf(payment('hanbit'))
    const asked = countAsked()
    let tried = 0
    for (let bit = 0; bit < bytes.length * 8; bit += 41) {
      const flipped = Uint8Array.from(bytes)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const socket = await signedOn()
      const before = world.lines.length
      socket.write(framed(flipped))
      const isLogged = () =>
        world.lines.slice(before).some(({ event }) => event === 'message.refused')
      assert.ok(await waitUntil(isLogged, { timeoutMs: 5_000, pollMs: 2 }), `bit ${bit}`)
      socket.destroy()
      tried += 1
      await linksAreFewer(6)
    }
    assert.ok(tried > 20)
    assert.deepEqual(asked.fromElsewhere(), [])
    asked.stop()
  },
)

for (const code of ['hanbit', 'narae']) {
  misdeed(
    `text in another charset is refused on a link of ${code}, and a stream of it drops it`,
    async () => {
      const bytes = bytesOf(payment(code), code)
      // The second byte of the first syllable: no character of EUC-KR ends so.
      const name = encodeEucKr(MERCHANT_NAME)
      assert.ok(name !== undefined)
      const at = Buffer.from(bytes).indexOf(name)
      assert.ok(at > 0)
      bytes[at + 1] = 0x20
      const socket = await signedOn(code)
      for (let turn = 0; turn < 6; turn += 1) socket.write(framed(sealAnew(bytes, code), code))
      await isDropped(socket)
      await world.logged('message.refused', { partner: code, problem: 'wrong_charset' })
      await world.logged('link.dropped', { partner: code, reason: 'unreadable_messages' })
    },
  )
}

misdeed('what cannot even be answered drops the link', async () => {
  const socket = await signedOn()
  socket.write(framed(Buffer.from('no message at all')))
  await isDropped(socket)
  await world.logged('link.dropped', { reason: 'message_unreadable' })
})

misdeed('a recorded sign-on opens nothing, on the same link or on another', async () => {
  const recorded = written(signOnMessage())
  const first = await world.connectRaw('hanbit')
  first.write(recorded)
  await once(first, 'data')
  const second = await world.connectRaw('hanbit')
  second.write(recorded)
  await isDropped(second)
  await world.logged('link.dropped', { reason: 'sign_on_replayed' })
  assert.equal(first.destroyed, false)
  first.write(recorded)
  await isDropped(first)
})

misdeed('a sign-on of another hour is refused, one of five minutes ago is not', async () => {
  const late = await world.connectRaw('hanbit')
  late.write(written(signOnMessage(Date.now() - 3_600_000)))
  await isDropped(late)
  await world.logged('link.dropped', { reason: 'sign_on_clock' })
  const skewed = await world.connectRaw('hanbit')
  skewed.write(written(signOnMessage(Date.now() - 300_000)))
  await once(skewed, 'data')
  await world.logged('link.signed_on')
  skewed.destroy()
})

misdeed('before sign-on a question is answered "unknown" and a notice is not taken', async () => {
  const socket = await world.connectRaw('hanbit')
  const answers: PartnerMessage[] = []
  reading(socket, ({ message }) => answers.push(message))
  socket.write(written(payment('hanbit')))
  assert.ok(await waitUntil(() => answers.length === 1, { timeoutMs: 5_000 }))
  const [answer] = answers
  assert.ok(answer?.type === 'answer')
  assert.deepEqual([answer.answer.verdict, answer.answer.reason], ['unknown', 'signed_off'])
  socket.write(written(reversal('hanbit')))
  await isDropped(socket)
  await world.logged('link.dropped', { reason: 'not_signed_on' })
})

misdeed(
  'answers that nobody asked for are logged masked and counted, and the link goes on',
  async () => {
    const socket = await signedOn()
    const question = adapters['hanbit']!.read(bytesOf(payment('hanbit')), {
      mac: MAC,
      today: businessDate(Date.now()),
    })
    assert.ok(question.ok)
    const answer = adapters['hanbit']!.answer(
      question,
      { type: 'answer', answer: await approve(payment('hanbit').request) },
      MAC,
    )
    socket.write(framed(answer))
    const { facts } = await world.logged('answer.unmatched', { partner: 'hanbit' })
    assert.match(String(facts['message']), /0210/)
    assert.doesNotMatch(JSON.stringify(world.lines), /HAN0000000000001/)
    assert.equal(socket.destroyed, false)
    socket.destroy()
  },
)

misdeed('who asks and does not read is dropped before his answers fill the memory', async () => {
  const socket = await signedOn()
  socket.pause()
  const question = written(payment('hanbit'))
  const many = Buffer.concat(Array.from({ length: 400 }, () => question))
  const ask = setInterval(() => socket.writableLength < 1_000_000 && socket.write(many), 5)
  await world.logged('link.dropped', { reason: 'reads_too_slowly' })
  clearInterval(ask)
  socket.destroy()
})

misdeed('a partner that answers no echo, or no change of key, is dropped', async () => {
  const own = await openWorld({ limits: { echoAfterMs: 150, networkAnswerMs: 200 } })
  const mute = await own.connectRaw('hanbit')
  mute.write(written(signOnMessage()))
  await isDropped(mute)
  await own.logged('link.dropped', { reason: 'key_change_unanswered' })

  const sleepy = await own.connectRaw('narae')
  reading(
    sleepy,
    (read) => {
      const { message } = read
      if (message.type !== 'network' || message.network.function !== 'key_change') return
      const { network } = message
      const refusal = { type: 'network_answer', network, accepted: false } as const
      sleepy.write(framed(adapters['narae']!.answer(read, refusal, MAC), 'narae'))
    },
    'narae',
  )
  sleepy.write(written(signOnMessage(), 'narae'))
  await isDropped(sleepy)
  await own.logged('link.dropped', { partner: 'narae', reason: 'echo_unanswered' })
  await own.close()
})

misdeed('too many links of one partner are refused, the ones there are stay', async () => {
  await linksAreFewer(2)
  const sockets: TLSSocket[] = []
  for (let turn = 0; turn < 5; turn += 1) sockets.push(await signedOn())
  await isDropped(await world.connectRaw('hanbit'))
  await world.logged('link.refused', { partner: 'hanbit', reason: 'too_many_connections' })
  assert.ok(sockets.every((socket) => !socket.destroyed))
  for (const socket of sockets) socket.destroy()
})

misdeed('a crowd of connections from one address is turned away before the handshake', async () => {
  const port = world.portOf('narae')
  const crowd = Array.from({ length: 60 }, () => {
    const socket = connectTcp({ host: '127.0.0.1', port })
    socket.on('error', () => undefined)
    return socket
  })
  const refused = () => world.gateway.report()[1]?.refused['too_many_connections'] ?? 0
  assert.ok(await waitUntil(() => refused() > 30, { timeoutMs: 5_000 }))
  const logged = world.lines.filter(({ facts }) => facts['reason'] === 'too_many_connections')
  assert.ok(logged.length > 0 && logged.length <= 40, `${logged.length} lines`)
  for (const socket of crowd) socket.destroy()
})

async function linksAreFewer(count: number): Promise<void> {
  const links = () => world.gateway.report()[0]?.links.length ?? 0
  assert.ok(await waitUntil(() => links() < count, { timeoutMs: 5_000 }))
}

/** Payments that the desk was asked about, but for those of the two that pay all the time. */
function countAsked(): { fromElsewhere(): readonly string[]; stop(): void } {
  const before = world.desk.answer
  const stans: string[] = []
  world.desk.answer = (request) => {
    if ('sale' in request) stans.push(request.sale.key.stan)
    return before(request)
  }
  return {
    fromElsewhere: () => stans.filter((asked) => !neighbours.some(({ paid }) => paid.has(asked))),
    stop: () => {
      world.desk.answer = before
    },
  }
}

/** With the right MAC for what was changed in it. */
function sealAnew(bytes: Uint8Array, code: string): Uint8Array {
  const macBytes = code === 'narae' ? 16 : 8
  const body = bytes.subarray(0, -macBytes)
  const mac = Buffer.from(MAC(body).subarray(0, 8))
  const end = code === 'narae' ? Buffer.from(mac.toString('hex').toUpperCase(), 'latin1') : mac
  return Buffer.concat([body, end])
}
