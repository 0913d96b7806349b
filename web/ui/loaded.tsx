/** The states of whatever is read: on its way, failed, out of reach but seen before, empty, and there. */
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ApiProblem } from '../api/problem.ts'
import { Button } from './button.tsx'
import { Banner } from './telling.tsx'
import { useWords } from './words.ts'
import { useWriting } from './writing.ts'

const words = {
  ko: {
    loading: '불러오는 중입니다',
    again: '다시 불러오기',
    seen: (when: string) => `지금은 연결되지 않아 ${when}에 본 내용을 보여 드립니다.`,
    unexpected: '화면을 그리지 못했습니다. 다시 시도해 주세요.',
  },
  en: {
    loading: 'Loading',
    again: 'Try again',
    seen: (when: string) => `There is no connection now: this is what was seen on ${when}.`,
    unexpected: 'This could not be shown. Please try again.',
  },
}

export function Loaded<Data>(props: {
  readonly read: UseQueryResult<Data>
  readonly isEmpty?: (data: Data) => boolean
  /** What stands where there is nothing, with what to do next. */
  readonly empty?: ReactNode
  /** What stands where the server knows of no such thing; absent: its words. */
  readonly unknown?: ReactNode
  readonly children: (data: Data) => ReactNode
}) {
  const { read, isEmpty, empty, unknown, children } = props
  const { data } = read
  if (unknown !== undefined && isUnknown(read.error)) return unknown
  if (data === undefined) {
    return read.isError ? (
      <Trouble error={read.error} onAgain={() => void read.refetch()} />
    ) : (
      <Loading />
    )
  }
  return (
    <>
      {read.isError ? <SeenBefore at={read.dataUpdatedAt} /> : null}
      {isEmpty?.(data) === true ? empty : children(data)}
    </>
  )
}

function isUnknown(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 404
}

export function Loading() {
  const { loading } = useWords(words)
  return (
    <div className="row" role="status">
      <span className="spinner" aria-hidden />
      <span className="soft">{loading}</span>
    </div>
  )
}

/** A failure in the words of the server, with a way to try again. */
export function Trouble({ error, onAgain }: { error: unknown; onAgain?: () => void }) {
  const { again, unexpected } = useWords(words)
  const isProblem = error instanceof ApiProblem
  return (
    <Banner tone="bad" isNews title={isProblem ? error.title : unexpected}>
      {isProblem && error.detail !== error.title ? <p>{error.detail}</p> : null}
      {onAgain === undefined ? null : (
        <div>
          <Button onPress={onAgain}>{again}</Button>
        </div>
      )}
    </Banner>
  )
}

function SeenBefore({ at }: { at: number }) {
  const { seen } = useWords(words)
  const writing = useWriting()
  return (
    <Banner tone="wait" isNews>
      <p>{seen(writing.instant(at))}</p>
    </Banner>
  )
}

/** What stands where a list has nothing. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="card stack" data-gap="s">
      <p className="strong">{title}</p>
      {children}
    </div>
  )
}
