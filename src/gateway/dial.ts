/** The far end of a link: what a partner does to be served. Our simulated card companies and our tests use it. */
import { connect, type TLSSocket } from 'node:tls'
import type { Clock } from '../base/base.ts'
import { LinkRefused, type LinkEnd } from './link-end.ts'
import type { PartnerKeys } from './link-keys.ts'
import { linkLimits, type LinkLimits } from './link-limits.ts'
import type { LinkHandlers, LinkLog } from './link-state.ts'
import { createLink, type Link } from './link.ts'
import type { PartnerAdapter } from './partner-adapter.ts'

/** PEM texts. */
export interface TlsMaterial {
  /** Who vouches for the other side. */
  readonly ca: string
  readonly certificate: string
  readonly key: string
}

export interface Dialled {
  readonly host: string
  readonly port: number
  readonly tls: TlsMaterial
  /** The code that the certificate bears; for the log. */
  readonly partner: string
  readonly adapter: PartnerAdapter
  readonly keys: PartnerKeys
  readonly clock: Clock
  readonly log: LinkLog
  readonly handlers?: Pick<LinkHandlers, 'signedOff' | 'stray'>
  readonly limits?: Partial<LinkLimits>
}

/** Connects and signs on. @throws LinkRefused with the reason where either does not succeed */
export async function dialLink(dialled: Dialled): Promise<Link> {
  const limits = { ...linkLimits, ...dialled.limits }
  const { host, port, adapter, keys, clock, log, partner, handlers = {} } = dialled
  const stream = await openTls(dialled, limits.handshakeMs)
  const link = createLink({
    stream,
    side: 'partner',
    partner,
    peer: `${host}:${port}`,
    adapter,
    keys,
    limits,
    clock,
    log,
    handlers,
  })
  const refused = await link.signOn()
  if (refused !== undefined) throw new LinkRefused(refused)
  return link
}

function openTls({ host, port, tls }: Dialled, handshakeMs: number): Promise<TLSSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>()
  const socket = connect({
    host,
    port,
    ca: tls.ca,
    cert: tls.certificate,
    key: tls.key,
    minVersion: 'TLSv1.2',
    // The certificate names the machine; an address has no server name to send.
    servername: 'localhost',
  })
  socket.setNoDelay(true)
  const fail = (reason: LinkEnd) => (cause?: unknown) => {
    clearTimeout(timer)
    socket.destroy()
    reject(new LinkRefused(reason, { cause }))
  }
  const timer = setTimeout(fail('handshake_timed_out'), handshakeMs)
  const failed = fail('connection_failed')
  const closed = (): void => failed()
  socket.once('error', failed)
  socket.once('close', closed)
  socket.once('secureConnect', () => {
    clearTimeout(timer)
    socket.off('error', failed)
    socket.off('close', closed)
    resolve(socket)
  })
  return promise
}
