/** The shape of the record that goes with a member who left: when what of them is erased, and the proof that it was. */
import type { Instant, WalletId } from '../base/base.ts'
import {
  idNumber,
  integer,
  list,
  nullable,
  oneOf,
  shape,
  text,
  type Reader,
} from './record-shape.ts'

/** `waiting`: something is to be erased later; `done`: nothing is left; `void`: the member came back before. */
export const erasureStates = ['waiting', 'done', 'void'] as const

/**
 * The record id is the member's. Every version that names records is a certificate: from it on, what was personal in
 * them is gone. It is written before they are erased, so that a kill between the two leads to the same end.
 */
export interface ErasureBody {
  readonly walletId: WalletId
  readonly state: (typeof erasureStates)[number]
  readonly leftAt: Instant
  /** When records are looked through next; those of one look are erased step by step. */
  readonly dueAt: Instant
  /** Which records this version certifies: all of one kind, at most a page. */
  readonly kind: string | null
  readonly recordIds: readonly number[]
  /** By which rule they went, and when at the latest they had to. */
  readonly rule: string | null
  readonly destroyBy: Instant | null
  readonly at: Instant | null
}

export interface ErasureBodies {
  readonly erasure: ErasureBody
}

export const erasureReaders: {
  readonly [Kind in keyof ErasureBodies]: Reader<ErasureBodies[Kind]>
} = {
  erasure: shape<ErasureBody>({
    walletId: idNumber<WalletId>(),
    state: oneOf(erasureStates),
    leftAt: integer,
    dueAt: integer,
    kind: nullable(text),
    recordIds: list(integer),
    rule: nullable(text),
    destroyBy: nullable(integer),
    at: nullable(integer),
  }),
}
