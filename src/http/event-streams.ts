/**
 * Server-sent events (HTML standard, 9.2): answers that stay open. A stream ends with its reader, with its session and
 * with the server; a reader too slow to keep up is cut off and comes back by itself.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Clock, Instant } from '../base/base.ts'
import type { EventStream, EventStreams } from './door.ts'
import { tooManyStreams } from './refusals.ts'

export const STREAMS_MAX = 10_000
export const STREAMS_BY_PERSON_MAX = 8
/** Bytes that may wait for a slow reader. */
export const STREAM_BACKLOG_BYTES_MAX = 65_536
const HEARTBEAT_MS = 15_000
/** When a reader that was cut off comes back. */
const RETRY_MS = 2000

export interface OpenStreams extends EventStreams {
  readonly size: number
  closeAll(): void
}

interface Open {
  readonly personId: string
  readonly expiresAt: Instant
  beat(): void
  close(): void
}

/** @param heartbeatMs how often readers are sent a sign of life, and expired sessions are looked for */
export function createEventStreams(clock: Clock, heartbeatMs = HEARTBEAT_MS): OpenStreams {
  const streams = new Set<Open>()
  let heartbeat: ReturnType<typeof setInterval> | undefined
  const beatAll = () => {
    const now = clock()
    for (const stream of streams) {
      if (stream.expiresAt <= now) stream.close()
      else stream.beat()
    }
  }
  const remove = (stream: Open) => {
    streams.delete(stream)
    if (streams.size > 0) return
    clearInterval(heartbeat)
    heartbeat = undefined
  }
  return {
    open(request, reply) {
      const personId = request.session?.personId ?? `address:${request.ip}`
      const own = [...streams].filter((stream) => stream.personId === personId)
      if (streams.size >= STREAMS_MAX || own.length >= STREAMS_BY_PERSON_MAX) throw tooManyStreams()
      const { stream, open } = openStream(request, reply, personId)
      streams.add(open)
      stream.closed.addEventListener('abort', () => remove(open), { once: true })
      heartbeat ??= setInterval(beatAll, heartbeatMs).unref()
      return stream
    },
    closeAll() {
      for (const stream of streams) stream.close()
    },
    get size() {
      return streams.size
    },
  }
}

function openStream(
  request: FastifyRequest,
  reply: FastifyReply,
  personId: string,
): { stream: EventStream; open: Open } {
  const closed = new AbortController()
  reply.hijack()
  const { raw } = reply
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value)
  }
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies that gather an answer before passing it on would hold events back.
    'x-accel-buffering': 'no',
  })
  raw.on('close', () => closed.abort())
  const write = (text: string) => {
    if (closed.signal.aborted) return
    raw.write(text)
    if (raw.writableLength > STREAM_BACKLOG_BYTES_MAX) raw.destroy()
  }
  const close = () => raw.end()
  write(`retry: ${RETRY_MS}\n\n`)
  return {
    stream: {
      closed: closed.signal,
      close,
      send({ id, event, data }) {
        const lines = [...(id === undefined ? [] : [`id: ${id}`]), `event: ${event}`]
        write(`${lines.join('\n')}\ndata: ${JSON.stringify(data)}\n\n`)
      },
    },
    open: {
      personId,
      expiresAt: request.session?.expiresAt ?? Number.POSITIVE_INFINITY,
      beat: () => write(': still here\n\n'),
      close,
    },
  }
}
