/** How old what is shown is; and since when nobody has answered. */
import type { UseQueryResult } from '@tanstack/react-query'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useNow } from './live.ts'

const words = {
  ko: {
    asking: '묻는 중',
    now: '방금 확인',
    ago: (seconds: number) => `${seconds}초 전 확인`,
    silent: (when: string) => `${when}부터 답이 없습니다`,
    never: '답이 없습니다',
  },
  en: {
    asking: 'Asking',
    now: 'Seen just now',
    ago: (seconds: number) => `Seen ${seconds} s ago`,
    silent: (when: string) => `Not answered since ${when}`,
    never: 'Not answered',
  },
}

/** An answer later than this is no longer one of now. */
const OLD_AFTER_MS = 6_000

type Read = Pick<
  UseQueryResult,
  'dataUpdatedAt' | 'isError' | 'failureCount' | 'isPending' | 'data'
>

/** Whether the core is silent: nothing came for longer than a few turns of asking. */
export function useIsSilent(read: Read): boolean {
  const now = useNow()
  return isSilent(read, now)
}

function isSilent(read: Read, now: number): boolean {
  if (read.data === undefined) return read.isError
  return (read.failureCount > 0 || read.isError) && now - read.dataUpdatedAt > OLD_AFTER_MS
}

export function Freshness({ read }: { read: Read }) {
  const t = useWords(words)
  const writing = useWriting()
  const now = useNow()
  if (isSilent(read, now)) {
    const { dataUpdatedAt } = read
    return (
      <Badge tone="bad">
        {dataUpdatedAt === 0 ? t.never : t.silent(writing.time(dataUpdatedAt))}
      </Badge>
    )
  }
  if (read.data === undefined) return <Badge tone="wait">{t.asking}</Badge>
  const seconds = Math.floor((now - read.dataUpdatedAt) / 1_000)
  return <Badge tone="good">{seconds <= 2 ? t.now : t.ago(seconds)}</Badge>
}
