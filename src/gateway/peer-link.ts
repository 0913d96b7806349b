/**
 * Two gateways of one partner tell each other what their stand-in approved: HTTP between their control doors. Best
 * effort by design; a peer that is silent costs a short wait in the background and no answer to a card.
 */
import { Agent, request as httpRequest } from 'node:http'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { AMOUNT_WON_MAX, id, lotKinds, parseBusinessDate, won } from '../base/base.ts'
import { PEER_NOTES_MAX, type PeerGateway, type StandInNote } from '../standin/standin.ts'

export interface PeerLinkOptions {
  /** The control door of the other gateway. */
  readonly url: string
  readonly token: string
  readonly timeoutMs: number
}

const CONNECTIONS_MAX = 2

export function createPeerLink({ url, token, timeoutMs }: PeerLinkOptions): {
  readonly peer: PeerGateway
  close(): void
} {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX })
  const address = new URL('/peer', url)
  return {
    peer: {
      tell: (notes) => {
        const body = Buffer.from(JSON.stringify({ notes }))
        const { promise, resolve, reject } = Promise.withResolvers<undefined>()
        const sent = httpRequest(address, {
          method: 'POST',
          agent,
          signal: AbortSignal.timeout(timeoutMs),
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'application/json',
            'content-length': body.length,
          },
        })
        sent.once('error', reject)
        sent.once('response', (response) => {
          response.once('error', reject)
          response.once('end', () => {
            if (response.statusCode === 200) resolve(undefined)
            else reject(new Error(`the peer answered ${response.statusCode}`))
          })
          response.resume()
        })
        sent.end(body)
        return promise
      },
    },
    close: () => agent.destroy(),
  }
}

const Id = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })
const At = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })
const Notes = Type.Object({
  notes: Type.Array(
    Type.Object({
      issuerId: Id,
      walletId: Id,
      saleKey: Type.String({ minLength: 1, maxLength: 120 }),
      decidedAt: At,
      day: Type.String({ maxLength: 10 }),
      netWon: Type.Integer({ minimum: 0, maximum: AMOUNT_WON_MAX }),
      tenders: Type.Array(Type.Object({ programId: Id, kind: Type.Enum([...lotKinds]) }), {
        maxItems: 64,
      }),
      takenAt: Type.Optional(At),
    }),
    { maxItems: PEER_NOTES_MAX },
  ),
})

/** What a peer told; `undefined` for anything that a gateway would not say. */
export function readStandInNotes(body: unknown): readonly StandInNote[] | undefined {
  if (!Check(Notes, body)) return undefined
  const notes = body.notes.map((note): StandInNote | undefined => {
    const day = parseBusinessDate(note.day)
    if (day === undefined) return undefined
    return {
      issuerId: id('iss', note.issuerId),
      walletId: id('wlt', note.walletId),
      saleKey: note.saleKey,
      decidedAt: note.decidedAt,
      day,
      netWon: won(note.netWon),
      tenders: note.tenders.map(({ programId, kind }) => ({
        programId: id('prg', programId),
        kind,
      })),
      ...(note.takenAt === undefined ? {} : { takenAt: note.takenAt }),
    }
  })
  return notes.every((note) => note !== undefined) ? notes : undefined
}
