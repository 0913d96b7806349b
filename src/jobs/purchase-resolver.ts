/**
 * Ends purchases whose bank answer was lost: asks the bank about everything that has been reserved for a while, issuer
 * by issuer, so that one issuer's long list costs another only its turn.
 */
import type { IssuerId } from '../base/base.ts'
import type { Selling } from '../selling/selling.ts'
import { startLoop, type Loop } from './loop.ts'

/** Longer than the bank client's own patience: a debit still under way is left alone. */
export const RESOLVE_AFTER_MS = 15_000
export const RESOLVE_EVERY_MS = 5_000
/** Far above what a bank leaves open in one turn, so that old ones it never decides do not hide younger ones. */
export const RESOLVE_LIMIT = 1_000

/** Tells `onResolved` of every turn that found something. */
export function startPurchaseResolver(options: {
  selling: Pick<Selling, 'resolve'>
  issuers: () => readonly { readonly issuerId: IssuerId }[]
  onResolved: (turn: { issuerId: IssuerId; ended: number; waiting: number }) => void
  onError: (error: unknown) => void
  everyMs?: number
  olderThanMs?: number
}): Loop {
  const { selling, issuers, onResolved, onError } = options
  return startLoop({
    everyMs: options.everyMs ?? RESOLVE_EVERY_MS,
    onError,
    work: async () => {
      for (const { issuerId } of issuers()) {
        try {
          const { ended, waiting } = await selling.resolve(issuerId, {
            olderThanMs: options.olderThanMs ?? RESOLVE_AFTER_MS,
            limit: RESOLVE_LIMIT,
          })
          if (ended + waiting > 0) onResolved({ issuerId, ended, waiting })
        } catch (error) {
          onError(error)
        }
      }
    },
  })
}
