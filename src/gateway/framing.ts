/**
 * Messages out of a stream of bytes, and back: a length, then so many bytes. A length that cannot be is told before
 * a byte of its message is kept, so that nobody makes us hold what he only announces.
 */
import { assert } from '../base/base.ts'
import type { Framing } from './partner-adapter.ts'

/** Why the stream can no longer be read; there is no way to find the next message in it. */
export const framingProblems = ['length_not_digits', 'length_zero', 'length_too_long'] as const
export type FramingProblem = (typeof framingProblems)[number]

export interface Deframer {
  /** Messages that are whole now, each with bytes of its own; after a problem nothing is read any more. */
  push(chunk: Uint8Array): { readonly messages: readonly Uint8Array[]; problem?: FramingProblem }
  /** Whether a message, or its header, has begun and is not whole. */
  isWithin(): boolean
}

const HEADER_BYTES: Readonly<Record<Framing['header'], number>> = { binary_2: 2, ascii_4: 4 }
const DIGIT_ZERO = 0x30
const DIGIT_NINE = 0x39

export function createDeframer(framing: Framing): Deframer {
  const header = new Uint8Array(HEADER_BYTES[framing.header])
  const now: Reading = { headerBytes: 0, body: undefined, bodyBytes: 0, problem: undefined }

  /** Both take from the chunk at `at` and return how much they took. */
  const takeHeader = (chunk: Uint8Array, at: number): number => {
    const taken = Math.min(header.length - now.headerBytes, chunk.length - at)
    header.set(chunk.subarray(at, at + taken), now.headerBytes)
    now.headerBytes += taken
    if (now.headerBytes < header.length) return taken
    const length = lengthOf(header, framing)
    if (typeof length === 'string') now.problem = length
    else now.body = new Uint8Array(length)
    return taken
  }
  const takeBody = (body: Uint8Array, chunk: Uint8Array, at: number): number => {
    const taken = Math.min(body.length - now.bodyBytes, chunk.length - at)
    body.set(chunk.subarray(at, at + taken), now.bodyBytes)
    now.bodyBytes += taken
    return taken
  }
  return {
    isWithin: () => now.headerBytes > 0,
    push(chunk) {
      const messages: Uint8Array[] = []
      let at = 0
      while (at < chunk.length && now.problem === undefined) {
        const { body } = now
        at += body === undefined ? takeHeader(chunk, at) : takeBody(body, chunk, at)
        if (body === undefined || now.bodyBytes < body.length) continue
        messages.push(body)
        now.headerBytes = 0
        now.body = undefined
        now.bodyBytes = 0
      }
      return now.problem === undefined ? { messages } : { messages, problem: now.problem }
    },
  }
}

interface Reading {
  headerBytes: number
  body: Uint8Array | undefined
  bodyBytes: number
  problem: FramingProblem | undefined
}

/** A message with its length before it, in one piece. */
export function frame(message: Uint8Array, framing: Framing): Uint8Array {
  const { length } = message
  assert(length > 0 && length <= framing.messageBytesMax, `a message of ${length} bytes`)
  const header = HEADER_BYTES[framing.header]
  const framed = new Uint8Array(header + length)
  if (framing.header === 'binary_2') new DataView(framed.buffer).setUint16(0, length)
  else framed.set(Buffer.from(String(length).padStart(header, '0'), 'latin1'))
  framed.set(message, header)
  return framed
}

function lengthOf(header: Uint8Array, framing: Framing): number | FramingProblem {
  let length = 0
  if (framing.header === 'binary_2') {
    length = header[0]! * 256 + header[1]!
  } else {
    if (!header.every((byte) => byte >= DIGIT_ZERO && byte <= DIGIT_NINE))
      return 'length_not_digits'
    for (const byte of header) length = length * 10 + (byte - DIGIT_ZERO)
  }
  if (length === 0) return 'length_zero'
  return length > framing.messageBytesMax ? 'length_too_long' : length
}
