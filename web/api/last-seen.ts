/**
 * What was seen last, kept on the device with its time, so that balances can be looked at without a network. Kept per
 * app and signed-in person; signing out erases it.
 */
import { dehydrate, hydrate, type DehydratedState, type QueryClient } from '@tanstack/react-query'
import { del, get, set } from 'idb-keyval'
import { storeOf, type AppName } from './device-key.ts'

const KEY = 'last-seen'
const WRITE_AFTER_MS = 1_000
/** Older than this is no help any more. */
const AGE_MAX_MS = 14 * 86_400_000

interface Kept {
  readonly personId: string
  readonly state: DehydratedState
}

/** Reads what was kept for the person, then keeps what comes. Queries whose `meta.keep` is true are kept. */
export async function keepLastSeen(
  client: QueryClient,
  { app, personId }: { app: AppName; personId: string },
): Promise<() => void> {
  const kept = await get<Kept>(KEY, storeOf(app)).catch(() => undefined)
  if (kept?.personId === personId) hydrate(client, kept.state)
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = (): void => {
    timer = undefined
    const state = dehydrate(client, {
      shouldDehydrateQuery: ({ state: { status, dataUpdatedAt }, meta }) =>
        status === 'success' && meta?.['keep'] === true && dataUpdatedAt > Date.now() - AGE_MAX_MS,
    })
    void set(KEY, { personId, state } satisfies Kept, storeOf(app)).catch(() => undefined)
  }
  const stop = client.getQueryCache().subscribe(({ type }) => {
    if (type === 'updated') timer ??= setTimeout(write, WRITE_AFTER_MS)
  })
  return () => {
    clearTimeout(timer)
    stop()
  }
}

export async function forgetLastSeen(app: AppName): Promise<void> {
  await del(KEY, storeOf(app))
}
