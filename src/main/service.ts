/** The contract between the supervisor and what it keeps running: PostgreSQL, programs, the server. */

/** How a service ended. Both `null` is an end inside this process. */
export interface ServiceExit {
  readonly code: number | null
  readonly signal: string | null
}

/** One life of a service, from ready to gone. */
export interface Running {
  /** Resolves once when this life is over, for whatever reason; never rejects. */
  readonly exited: Promise<ServiceExit>
  /** Ends this life and resolves when nothing of it is left; harmless when it is over already. */
  stop(): Promise<void>
  /** Ends this life at once and without order, as a loss of power would; absent where that cannot be. */
  kill?(): void
}

/** Something that can be started again and again, one life at a time. */
export interface Service<R extends Running = Running> {
  readonly name: string
  /** Resolves when ready to serve. Gives up early, leaving nothing, when `stopping` is aborted. */
  start(stopping: AbortSignal): Promise<R>
}

/** Receives past-tense facts such as `postgres.started`; `main` hands them to the logger. */
export type ServiceLog = (
  event: string,
  facts?: Readonly<Record<string, string | number | boolean>>,
) => void
