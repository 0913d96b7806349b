/** Where a run through lots reads on, as its steps carry it over. */
import { id } from '../base/base.ts'
import type { DueLotCursor } from '../ledger/ledger.ts'
import type { JobData } from './job-work.ts'

export function cursorOf(data: JobData): DueLotCursor | undefined {
  const lotId = numberOf(data, 'lotId')
  return lotId === 0
    ? undefined
    : { expiresAt: numberOf(data, 'expiresAt'), lotId: id('lot', lotId) }
}

/** 0 where there is none. */
export function numberOf(data: JobData, name: string): number {
  const value = data[name]
  return typeof value === 'number' ? value : 0
}
