/**
 * What time brings to batches: those who join late are granted, the joining period ends, personal data is erased, and
 * what is left of an upload that died is removed.
 */
import { HOUR_MS, type Instant, type IssuerId } from '../base/base.ts'
import { readRecord } from '../registration/registration.ts'
import { batchesIn, changeBatch, discardLines, moveBatch, type StipendBatch } from './batches.ts'
import { NOTHING_TO_DO, type GrantingStep } from './dry-run.ts'
import { grantLines, GRANT_SET_SIZE } from './grants.ts'
import type { GrantingDeps } from './granting-ports.ts'

/** Those who wait are looked at again so long after the last look. */
export const LOOK_EVERY_MS = HOUR_MS
/** An upload is over after that, whatever became of it. */
export const UPLOAD_LIFE_MS = HOUR_MS
/** Lines that lapse or are erased in one step. */
const SWEEP_SET_SIZE = 1_000
const UPLOADS_SET_SIZE = 20

/** One bounded piece of work, where any is due. */
export async function upkeepStep(deps: GrantingDeps, issuerId: IssuerId): Promise<GrantingStep> {
  const now = deps.clock()
  if (await sweepUploads(deps, issuerId, now)) return { done: false, lines: 0 }
  for (const batch of await batchesIn(deps, issuerId, 'done')) {
    const isOver = now >= (batch.joinUntil ?? 0)
    const lines = isOver ? await endJoining(deps, batch) : await grantLate(deps, batch, now)
    if (isOver || lines > 0) return { done: false, lines }
  }
  for (const state of ['closed', 'cancelled'] as const) {
    for (const batch of await batchesIn(deps, issuerId, state)) {
      if (batch.erased || now < (batch.eraseAt ?? now)) continue
      return { done: false, lines: await erase(deps, batch) }
    }
  }
  return NOTHING_TO_DO
}

/** @returns whether there was any */
async function sweepUploads(
  deps: GrantingDeps,
  issuerId: IssuerId,
  now: Instant,
): Promise<boolean> {
  const before = now - UPLOAD_LIFE_MS
  const uploads = await deps.lines.unconfirmed(issuerId, before, UPLOADS_SET_SIZE)
  for (const batchId of uploads) {
    const record = await readRecord(deps.registry, issuerId, 'stipend_batch', batchId)
    // The record was written and the confirmation was not: it is the record that counts.
    if (record === undefined) await discardLines(deps, issuerId, batchId)
    else await deps.lines.confirm(issuerId, batchId)
  }
  return uploads.length > 0
}

async function grantLate(deps: GrantingDeps, batch: StipendBatch, now: Instant): Promise<number> {
  const lines = await deps.lines.unseen(batch.issuerId, batch.batchId, {
    states: ['waiting', 'ready'],
    before: now - LOOK_EVERY_MS,
    limit: GRANT_SET_SIZE,
  })
  if (lines.length > 0) await grantLines(deps, batch, lines)
  return lines.length
}

async function endJoining(deps: GrantingDeps, batch: StipendBatch): Promise<number> {
  const lapsed = await deps.lines.lapse(batch.issuerId, batch.batchId, SWEEP_SET_SIZE)
  if (lapsed < SWEEP_SET_SIZE) await moveBatch(deps, batch, 'join_over')
  return lapsed
}

async function erase(deps: GrantingDeps, { issuerId, batchId }: StipendBatch): Promise<number> {
  const erased = await deps.lines.erase(issuerId, batchId, SWEEP_SET_SIZE)
  if (erased === SWEEP_SET_SIZE) return erased
  await changeBatch(deps, { issuerId, batchId, by: 'system' }, (batch) =>
    batch.erased ? batch : { ...batch, erased: true },
  )
  return erased
}
