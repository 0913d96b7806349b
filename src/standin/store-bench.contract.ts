/** What the parts of the contract of a gateway's store share: the store under test, and rows to put into it. */
import { businessDate, id, won } from '../base/base.ts'
import type { CardLink, FedRecord, FedWallet } from '../cards/cards.ts'
import { HANBIT, NOON, payOf, reversalOf, saleOfStan, TOWN } from './fixtures/small-town.ts'
import type { NewNotice, StandInStore, StoredAnswer, StoredSale, TakenReceipt } from './store.ts'

export interface StoreUnderTest {
  readonly store: StandInStore
  /** The process dies; another opens what was committed. */
  reopen(): Promise<StandInStore>
  close(): Promise<void>
}
export type OpenStore = () => Promise<StoreUnderTest>

export const OTHER = id('iss', 2)
export const wallet = (number: number, amountWon: number, issuerId = TOWN): FedWallet => ({
  issuerId,
  walletId: id('wlt', number),
  lots: [
    {
      programId: id('prg', 1),
      kind: 'purchase',
      expiresAt: Date.UTC(2040, 0, 1),
      remainingWon: won(amountWon),
    },
  ],
})
export const link = (number: number, change: Partial<CardLink> = {}): CardLink => ({
  issuerId: TOWN,
  linkId: id('crd', number),
  partnerId: HANBIT,
  cardToken: 'CARD00000001',
  lastFour: '1234',
  memberId: id('mbr', number),
  walletId: id('wlt', number),
  personId: 'person-0001',
  spending: 'voucher_first',
  onUnknown: null,
  active: true,
  ...change,
})
export const record = (recordId: number, version: number, name: string): FedRecord => ({
  issuerId: TOWN,
  kind: 'program',
  recordId,
  version,
  body: { name, nameEn: name },
})
export const sale = (stan: number, change: Partial<StoredSale> = {}): StoredSale => ({
  key: `key-${stan}`,
  issuerId: TOWN,
  walletId: id('wlt', 1),
  fingerprint: 'ab',
  decidedBy: 'standin',
  decidedAt: NOON + stan,
  day: businessDate(NOON),
  approvedWon: won(1_000),
  returnedWon: won(0),
  seenMinWon: won(0),
  seenMaxWon: won(0),
  tenders: [{ programId: id('prg', 1), kind: 'purchase' }],
  outstanding: true,
  open: true,
  ...change,
})
export const notice = (stan: number, group = 'w/1/1'): NewNotice => ({
  name: `reverse/key-${stan}`,
  group,
  saleKey: `key-${stan}`,
  notedAt: NOON + stan,
  notice: reversalOf(saleOfStan(stan, 1, 1_000)),
})
export const answered = (stan: number, change: Partial<StoredAnswer> = {}): StoredAnswer => ({
  key: `key-${stan}`,
  fingerprint: 'ab',
  answeredAt: NOON + stan,
  answer: {
    verdict: 'approved',
    voucherWon: won(1_000),
    accountWon: won(0),
    source: 'voucher',
    approvalCode: '123456',
    decidedBy: 'core',
  },
  request: payOf(stan, 1, 1_000),
  issuerId: TOWN,
  ...change,
})
export const RECEIPT: TakenReceipt = {
  status: 'taken',
  effect: 'posted',
  voucherWon: won(1_000),
  lossWon: won(0),
  takenAt: NOON,
}
export const seqs = (found: readonly { readonly seq: number }[]) => found.map(({ seq }) => seq)

export type Run = (sentence: string, body: (bench: StoreUnderTest) => Promise<void>) => void
