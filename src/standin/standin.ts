/** Stand-in (대행승인): answering for the core when it cannot be asked, within limits, and telling it afterwards. */
export { createEdgeDesk, type StandInDesk } from './create-edge-desk.ts'
export {
  edgeDefaults,
  type EdgeDeps,
  type EdgeFact,
  type EdgeOptions,
  type Timers,
} from './edge-deps.ts'
export {
  standInModes,
  type EdgeDesk,
  type EdgeStatus,
  type StandInMode,
  type StandInOrder,
} from './edge-desk.ts'
export { heldWon, POSITIONS_KEPT_MAX, SEALS_UNTIL_COVERED } from './memory-feed-rows.ts'
export { isPartnersReversal } from './memory-notices.ts'
export { createMemoryStandInStore, releasedSale, type MemoryStandInStore } from './memory-store.ts'
export { PEER_NOTES_MAX, type PeerGateway, type StandInNote } from './peer-notes.ts'
export {
  saleDeciders,
  type AnswerCursor,
  type NewNotice,
  type SaleDecider,
  type ShownSales,
  type StandInStore,
  type StoreBatch,
  type StoredAnswer,
  type StoredFeed,
  type StoredNotice,
  type StoredPosition,
  type StoredSale,
  type StoreReading,
  type StoreTotals,
  type TakenReceipt,
  type WalletRef,
} from './store.ts'
