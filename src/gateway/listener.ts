/**
 * Where one partner dials in: a port of its own, mutual TLS, and a certificate in the partner's name. What one
 * partner does, however wrong, ends its own links and is counted and logged within bounds; the others do not notice.
 */
import { constants } from 'node:crypto'
import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type Server as TlsServer, type TLSSocket } from 'node:tls'
import type { Clock } from '../base/base.ts'
import type { TlsMaterial } from './dial.ts'
import { createLineBudget } from './line-budget.ts'
import type { LinkEnd } from './link-end.ts'
import type { PartnerKeys } from './link-keys.ts'
import type { LinkLimits } from './link-limits.ts'
import type { LinkHandlers, LinkLog } from './link-state.ts'
import { createLink, type Link } from './link.ts'
import type { PartnerAdapter } from './partner-adapter.ts'
import { createSignOnHistory } from './sign-on-history.ts'

/** A partner as one gateway serves it. */
export interface PartnerLine {
  /** The CN of its certificate, too. */
  readonly code: string
  readonly adapter: PartnerAdapter
  readonly keys: PartnerKeys
  /** 0: any free one. */
  readonly port: number
}

export interface Listener {
  readonly code: string
  readonly port: number
  links(): readonly Link[]
  /** Connections that never became a link, by reason. */
  refused(): Readonly<Record<string, number>>
  isHeld(): boolean
  /** Signs the partner off and refuses its sign-ons until `release`. */
  hold(): Promise<void>
  release(): void
  /** Signs off, answers what is in flight, and stops listening. */
  close(): Promise<void>
}

export interface ListenerOptions {
  readonly line: PartnerLine
  readonly tls: TlsMaterial
  readonly host: string
  readonly limits: LinkLimits
  readonly clock: Clock
  readonly log: LinkLog
  readonly handlers: Pick<LinkHandlers, 'request' | 'notice'>
}

export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { line, tls, host, limits, clock } = options
  const history = createSignOnHistory(limits)
  const links = new Set<Link>()
  const refusals = createRefusals(options)
  let isHeld = false

  const tlsServer = createPartnerTls(tls, limits.handshakeMs)
  tlsServer.on('secureConnection', (socket) => {
    const refusal = refusalOf(socket, line.code, links.size >= limits.connectionsMax)
    if (refusal !== undefined) {
      refusals.note(socket, refusal.reason, refusal.detail)
      socket.on('error', () => undefined)
      socket.destroy()
      return
    }
    const link = createLink({
      stream: socket,
      side: 'gateway',
      partner: line.code,
      peer: peerOf(socket),
      adapter: line.adapter,
      keys: line.keys,
      limits,
      clock,
      log: options.log,
      handlers: {
        ...options.handlers,
        signOn: (network) => (isHeld ? 'signed_off_by_operator' : history.take(network, clock())),
      },
    })
    links.add(link)
    void link.ended.then(() => links.delete(link))
  })
  tlsServer.on('tlsClientError', refusals.noteFailed)
  const server = admitting(tlsServer, limits.connectionsPerAddressMax, (socket) =>
    refusals.note(socket, 'too_many_connections'),
  )
  server.maxConnections = limits.connectionsAllMax
  const port = await listen(server, line.port, host)
  return {
    code: line.code,
    port,
    links: () => [...links],
    refused: () => refusals.counts(),
    isHeld: () => isHeld,
    async hold() {
      isHeld = true
      await signOffAll(links)
    },
    release() {
      isHeld = false
    },
    async close() {
      const stopped = new Promise((resolve) => server.close(resolve))
      isHeld = true
      await signOffAll(links)
      server.dropAll()
      await stopped
    },
  }
}

/** Ends them once all in flight was answered. */
async function signOffAll(links: ReadonlySet<Link>): Promise<void> {
  await Promise.all(
    [...links].map((link) => {
      // Its answer is among what closing waits for, and no longer than for the rest.
      void link.signOff()
      return link.close()
    }),
  )
}

function createPartnerTls(tls: TlsMaterial, handshakeTimeout: number): TlsServer {
  return createTlsServer({
    ca: tls.ca,
    cert: tls.certificate,
    key: tls.key,
    requestCert: true,
    // Looked at in `refusalOf` instead, where its reason can be told.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    handshakeTimeout,
    // Links live for days: resuming sessions would only be one more way in.
    secureOptions: constants.SSL_OP_NO_TICKET,
  })
}

/** TCP before TLS, so that a crowd from one address is turned away before it costs a handshake. */
function admitting(
  tlsServer: Server,
  perAddressMax: number,
  onRefused: (socket: Socket) => void,
): Server & { dropAll(): void } {
  const sockets = new Map<Socket, string>()
  const perAddress = new Map<string, number>()
  const server = createTcpServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined)
    const address = socket.remoteAddress ?? ''
    const count = (perAddress.get(address) ?? 0) + 1
    if (count > perAddressMax) {
      onRefused(socket)
      socket.destroy()
      return
    }
    perAddress.set(address, count)
    sockets.set(socket, address)
    socket.once('close', () => {
      sockets.delete(socket)
      const rest = (perAddress.get(address) ?? 1) - 1
      if (rest === 0) perAddress.delete(address)
      else perAddress.set(address, rest)
    })
    tlsServer.emit('connection', socket)
  })
  const dropAll = (): void => {
    for (const socket of sockets.keys()) socket.destroy()
  }
  return Object.assign(server, { dropAll })
}

function refusalOf(
  socket: TLSSocket,
  code: string,
  isFull: boolean,
): { reason: LinkEnd; detail?: string } | undefined {
  if (!socket.authorized) {
    // An error, or its code, by the kind of connection; its text is about the certificate and nobody's secret.
    return { reason: 'certificate_refused', detail: String(socket.authorizationError) }
  }
  const { CN: name } = socket.getPeerCertificate().subject
  if (name !== code) return { reason: 'certificate_of_another', detail: String(name).slice(0, 40) }
  return isFull ? { reason: 'too_many_connections' } : undefined
}

/** Counts all and logs within a budget, so that nobody fills a disk by knocking. */
function createRefusals({ line, log }: ListenerOptions) {
  const counts: Record<string, number> = {}
  const budget = createLineBudget()
  const note = (socket: Socket, reason: LinkEnd, detail?: string): void => {
    counts[reason] = (counts[reason] ?? 0) + 1
    const withheld = budget.take(performance.now())
    if (withheld === undefined) return
    log.warn('link.refused', {
      partner: line.code,
      peer: peerOf(socket),
      reason,
      ...(detail === undefined ? {} : { detail }),
      ...(withheld === 0 ? {} : { withheld }),
    })
  }
  return {
    counts: () => ({ ...counts }),
    note,
    /** Before a handshake was over. */
    noteFailed(error: Error & { code?: string }, socket: Socket): void {
      const isSlow = error.code === 'ERR_TLS_HANDSHAKE_TIMEOUT'
      note(socket, isSlow ? 'handshake_timed_out' : 'connection_failed', error.code)
      socket.destroy()
    },
  }
}

function peerOf({ remoteAddress = 'gone', remotePort = 0 }: Socket): string {
  return `${remoteAddress}:${remotePort}`
}

async function listen(server: Server, port: number, host: string): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  server.once('error', reject)
  server.listen({ port, host, exclusive: true }, () => resolve(undefined))
  await promise
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}
