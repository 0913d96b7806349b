/** A wallet's lots as few bytes: numbers of seven bits a byte, so that millions of wallets fit one small file. */
import { assert, lotKinds, type ProgramId, type Won } from '../base/base.ts'
import type { FedLot } from '../cards/cards.ts'

/** Seven bytes of seven bits hold 2^49; ids and instants in between are below 2^53. */
const NUMBER_BYTES_MAX = 8

export function packLots(lots: readonly FedLot[]): Uint8Array {
  const bytes = new Uint8Array(lots.length * 4 * NUMBER_BYTES_MAX)
  let at = 0
  const put = (number: number): void => {
    let rest = number
    while (rest >= 128) {
      bytes[at] = (rest % 128) + 128
      at += 1
      rest = Math.floor(rest / 128)
    }
    bytes[at] = rest
    at += 1
  }
  for (const lot of lots) {
    put(lot.programId)
    put(lotKinds.indexOf(lot.kind))
    put(lot.expiresAt)
    put(lot.remainingWon)
  }
  return bytes.slice(0, at)
}

export function unpackLots(bytes: Uint8Array): FedLot[] {
  let at = 0
  const take = (): number => {
    let number = 0
    let factor = 1
    for (;;) {
      const byte = bytes[at]
      assert(byte !== undefined, 'packed lots end in the middle of a number')
      at += 1
      number += (byte % 128) * factor
      if (byte < 128) return number
      factor *= 128
    }
  }
  const lots: FedLot[] = []
  while (at < bytes.length) {
    const programId = take() as ProgramId // Packed from a brand.
    const kind = lotKinds[take()]
    assert(kind !== undefined, 'packed lots have a kind that is known')
    const expiresAt = take()
    lots.push({ programId, kind, expiresAt, remainingWon: take() as Won }) // Packed from a brand.
  }
  return lots
}
