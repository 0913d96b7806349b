/** What every screen of an app can reach: its session, its client, and reads with their four states. */
import {
  QueryClient,
  QueryClientProvider,
  useQuery,
  useQueryClient,
  type UseQueryResult,
} from '@tanstack/react-query'
import { createContext, use, useEffect, useMemo, useSyncExternalStore, type ReactNode } from 'react'
import { answered, openClient, type ApiClient } from './client.ts'
import type { AppName } from './device-key.ts'
import { keepLastSeen } from './last-seen.ts'
import { ApiProblem } from './problem.ts'
import { openSession, type Session, type SessionHolder } from './session.ts'

interface AppTools {
  readonly session: SessionHolder
  readonly client: ApiClient
}

const Tools = createContext<AppTools | undefined>(undefined)

/** Asked again in the background when a screen is shown, after this. */
const FRESH_MS = 5_000

/** Gives an app its session, client and memory of what was read. */
export function AppProvider({ app, children }: { app: AppName; children: ReactNode }) {
  const tools = useMemo(() => {
    const session = openSession(app)
    return { session, client: openClient(session) }
  }, [app])
  const queries = useMemo(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: FRESH_MS,
            gcTime: Infinity,
            retry: shouldRetry,
            networkMode: 'always',
          },
          mutations: { networkMode: 'always' },
        },
      }),
    [],
  )
  return (
    <Tools value={tools}>
      <QueryClientProvider client={queries}>
        <LastSeen />
        {children}
      </QueryClientProvider>
    </Tools>
  )
}

/** What the server refused stays refused; what did not arrive is asked twice more. */
function shouldRetry(failures: number, error: Error): boolean {
  return failures < 2 && !(error instanceof ApiProblem && !error.mayHaveHappened)
}

function LastSeen() {
  const queries = useQueryClient()
  const { app } = useTools().session
  const personId = useSession()?.personId
  useEffect(() => {
    if (personId === undefined) return
    let isOver = false
    let stop = (): void => {}
    const begin = async (): Promise<void> => {
      const end = await keepLastSeen(queries, { app, personId })
      if (isOver) end()
      else stop = end
    }
    void begin()
    return () => {
      isOver = true
      stop()
    }
  }, [app, personId, queries])
  return null
}

export function useTools(): AppTools {
  const tools = use(Tools)
  if (tools === undefined) throw new Error('a screen stands outside of its app')
  return tools
}

/** The session; undefined where nobody is signed in, null until the device has been read. */
export function useSession(): Session | undefined | null {
  const { session } = useTools()
  return useSyncExternalStore(session.subscribe, session.current)
}

/** How a read is made and kept. */
export interface ReadOptions {
  /** Names the read; what changes it has to be in it. */
  readonly key: readonly unknown[]
  /** Asked again after so many milliseconds while the screen is shown. */
  readonly everyMs?: number
  /** Kept on the device to be seen without a network. */
  readonly keep?: boolean
  /** False: not asked yet, because something is missing. */
  readonly isReady?: boolean
}

/** Reads by the API: `useRead({ key: ['wallet', id], keep: true }, (client) => client.GET(…))`. */
export function useRead<Data>(
  { key, everyMs, keep = false, isReady = true }: ReadOptions,
  call: (client: ApiClient) => Promise<{ data?: Data; error?: unknown; response: Response }>,
): UseQueryResult<Data> {
  const { client } = useTools()
  return useQuery({
    queryKey: key,
    queryFn: () => answered(call(client)),
    enabled: isReady,
    meta: { keep },
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
  })
}

/** Forgets what was read under keys that begin so, and asks again what is on the screen. */
export function useReadAgain(): (...key: readonly unknown[]) => Promise<void> {
  const queries = useQueryClient()
  return (...key) => queries.invalidateQueries({ queryKey: key })
}
