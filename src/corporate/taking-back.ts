/** A corporation takes back what one of a list has not accepted: a number is easily mistyped. */
import type { HandOutId } from '../base/base.ts'
import type { CorporateDeps } from './corporate-deps.ts'
import { refusedCorporate, type Corporate } from './corporate-refusal.ts'
import { actingFor, type Acting } from './corporation-records.ts'
import { readHandOut } from './hand-outs.ts'
import type { StoredRecipient } from './recipient-store.ts'

export async function takeBackRecipient(
  deps: CorporateDeps,
  asked: Acting & { readonly handOutId: HandOutId; readonly lineNumber: number },
): Promise<Corporate<{ readonly recipient: StoredRecipient }>> {
  const { issuerId, corporationId, handOutId, lineNumber } = asked
  const found = await actingFor(deps, asked)
  if (found.status !== 'done') return found
  const handOut = await readHandOut(deps, issuerId, handOutId)
  if (handOut?.corporationId !== corporationId) return refusedCorporate('hand_out_unknown')
  const line = await deps.recipients.line(issuerId, handOutId, lineNumber)
  if (line === undefined) return refusedCorporate('recipient_unknown')
  const isBack = line.state === 'returned' && line.reason === 'withdrawn'
  if (isBack) return { status: 'done', recipient: line }
  const { giftId } = line
  if (line.state !== 'sent' || giftId === null) return refusedCorporate('gift_closed')
  const answer = await deps.gifting.withdrawHandedOut({ issuerId, corporationId, giftId })
  if (answer.status !== 'registered') return refusedCorporate('gift_closed')
  const back = { state: 'returned', reason: 'withdrawn' } as const
  await deps.recipients.settle(issuerId, handOutId, [{ lineNumber, giftId, ...back }])
  return { status: 'done', recipient: { ...line, ...back } }
}
