/** The shape of what a member tells for the tax office. */
import type { Instant } from '../base/base.ts'
import { integer, list, nullable, shape, text, type Reader } from './record-shape.ts'

/** From when until when a number was registered; `null`: it still is. */
export interface RegisteredSpan {
  readonly from: Instant
  readonly until: Instant | null
}

/** The record id is the member's. */
export interface TaxSettingBody {
  /** Digits; empty: none is registered. Never absent, so that numbers of earlier versions are known to be there. */
  readonly cashReceiptNumber: string
  /** The oldest first; a number in place of another goes on with the same span. */
  readonly spans: readonly RegisteredSpan[]
}

export interface TaxBodies {
  readonly tax_setting: TaxSettingBody
}

export const taxReaders: { readonly [Kind in keyof TaxBodies]: Reader<TaxBodies[Kind]> } = {
  tax_setting: shape<TaxSettingBody>({
    cashReceiptNumber: text,
    spans: list(shape<RegisteredSpan>({ from: integer, until: nullable(integer) })),
  }),
}
