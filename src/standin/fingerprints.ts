/** What tells a repeat from another message under the same key. */
import { requestHash, type Sha256 } from '../base/base.ts'
import {
  saleOfNotice,
  cardKeyText,
  saleHash,
  type CardNotice,
  type CardSale,
} from '../cards/cards.ts'
import { keyOf, saleOf, type KeyedRequest } from './sale-facts.ts'

/** So many bytes of a hash are kept: these are compared, never looked up. */
const BYTES_KEPT = 12

export function saleFingerprint(sale: CardSale, sha256: Sha256): string {
  return shortHex(saleHash(sale, sha256))
}

/** Instants are left out: a terminal may stamp a repeat anew. */
export function requestFingerprint(request: KeyedRequest, sha256: Sha256): string {
  const amountWon = request.kind === 'cancel' ? request.amountWon : undefined
  const hash = requestHash(sha256, [
    request.kind,
    cardKeyText(keyOf(request)),
    saleFingerprint(saleOf(request), sha256),
    amountWon,
  ])
  return shortHex(hash)
}

/** The same notice however often it is told; one that says something else has another name. */
export function noticeName(notice: CardNotice, sha256: Sha256): string {
  const sale = saleOfNotice(notice)
  const key = cardKeyText(notice.kind === 'cancelled' ? notice.key : sale.key)
  const hash = requestHash(sha256, [
    notice.kind,
    cardKeyText(sale.key),
    saleFingerprint(sale, sha256),
    notice.kind === 'advise' || notice.kind === 'reverse' ? notice.by : undefined,
    amountOf(notice),
  ])
  return `${notice.kind}/${key}/${shortHex(hash)}`
}

function amountOf(notice: CardNotice): number {
  if (notice.kind === 'advise') return notice.approvedWon
  return notice.kind === 'reverse' ? notice.keepWon : notice.amountWon
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

function shortHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes.subarray(0, BYTES_KEPT)) text += HEX[byte]
  return text
}
