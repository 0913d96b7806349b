import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test, type TestContext } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { fastify } from 'fastify'
import { createEventStreams, STREAM_BACKLOG_BYTES_MAX, type OpenStreams } from './event-streams.ts'
import type { EventStream } from './door.ts'

const BEAT_MS = 5

test('a stream beats while its session lasts and ends with it', async (context) => {
  let now = 0
  const streams = createEventStreams(() => now, BEAT_MS)
  const { address } = await serve(context, streams, 1000)
  const answer = await fetch(address)
  assert.ok(answer.body !== null)
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader()
  let seen = ''
  while (!seen.includes(': still here')) seen += (await reader.read()).value ?? ''
  assert.equal(streams.size, 1)
  now = 1000
  while (!(await reader.read()).done);
  assert.equal(streams.size, 0)
})

test('a reader that does not read is cut off, and the others are not', async (context) => {
  const streams = createEventStreams(() => 0, BEAT_MS)
  const { address, opened } = await serve(context, streams, 1000)
  const socket = connect(Number(new URL(address).port), '127.0.0.1')
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(socket, 'readable')
  const other = await fetch(address)
  const [slow, quick] = opened
  assert.ok(slow !== undefined && quick !== undefined)
  const data = { text: 'x'.repeat(STREAM_BACKLOG_BYTES_MAX / 2) }
  for (let sent = 0; sent < 1000 && !slow.closed.aborted; sent += 1) {
    slow.send({ event: 'payment.approved', data })
    await setTimeout(1)
  }
  assert.ok(slow.closed.aborted)
  slow.send({ event: 'payment.approved', data })
  assert.equal(streams.size, 1)
  assert.equal(quick.closed.aborted, false)
  quick.close()
  await other.text()
  socket.destroy()
})

/** A server whose one path opens a stream for a session until `expiresAt`. */
async function serve(context: TestContext, streams: OpenStreams, expiresAt: number) {
  const app = fastify()
  const opened: EventStream[] = []
  app.decorateRequest('session', undefined)
  app.get('/', async (request, reply) => {
    request.session = { personId: 'p', deviceThumbprint: 'd', roles: [], expiresAt }
    opened.push(streams.open(request, reply))
  })
  context.after(async () => {
    streams.closeAll()
    await app.close()
  })
  return { address: await app.listen({ port: 0, host: '127.0.0.1' }), opened }
}
