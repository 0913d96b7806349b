/** Work that members' money needs beside the requests: each step bounded, all memory in the database. */
import type { JobWork } from './job-work.ts'
import type { Gifting } from '../gifting/gifting.ts'
import type { Refunding } from '../refunding/refunding.ts'

/** What one step ends at most; small enough for others not to notice. */
const GIFTS_A_STEP = 50
const REQUESTS_A_STEP = 50

/** `gift-return`: gives back what nobody accepted in time, and ends what was only prepared. */
export function createGiftReturn(gifting: Pick<Gifting, 'endOverdue'>): JobWork {
  return async (issuerId, data, now) => {
    const from = data['before']
    const place = typeof from === 'number' ? from : undefined
    const { isLast, before } = await gifting.endOverdue(issuerId, now, GIFTS_A_STEP, place)
    return { done: isLast, ...(before === undefined ? {} : { carry: { before } }) }
  }
}

/** `refund-payment`: pays full refunds that were approved and not paid; what has to wait is for the next time. */
export function createRefundPayment(refunding: Pick<Refunding, 'payApproved'>): JobWork {
  return async (issuerId) => {
    await refunding.payApproved(issuerId, REQUESTS_A_STEP)
    return { done: true }
  }
}
