/**
 * The card gateway: partners dial in, their messages become the canonical model, a desk answers. The links, their
 * formats, the store that stand-in keeps on this machine's disk, and the way to the core.
 */
export {
  createHanbitAdapter,
  createNaraeAdapter,
  partnerProfiles,
  type AdapterFactory,
  type MerchantNames,
  type PartnerProfile,
} from './adapters/adapters.ts'
export { type Sent } from './awaited-answers.ts'
export { createCoreClient, type CoreClient, type CoreClientOptions } from './core-client.ts'
export { openControlDoor, type ControlDoor, type ControlDoorOptions } from './control-door.ts'
export { dialLink, type Dialled, type TlsMaterial } from './dial.ts'
export { createDeframer, frame, framingProblems, type FramingProblem } from './framing.ts'
export { linkEnds, LinkRefused, type LinkEnd } from './link-end.ts'
export { type PartnerKeys } from './link-keys.ts'
export { linkLimits, type LinkLimits } from './link-limits.ts'
export { linkPhases, type LinkHandlers, type LinkLog, type LinkPhase } from './link-state.ts'
export { type Link, type LinkReport } from './link.ts'
export { type PartnerLine } from './listener.ts'
export {
  openGateway,
  type Gateway,
  type GatewayOptions,
  type PartnerReport,
} from './open-gateway.ts'
export {
  networkFunctions,
  type Framing,
  type Mac,
  type MatchKey,
  type NetworkFunction,
  type NetworkMessage,
  type PartnerAdapter,
  type PartnerMessage,
  type ReadMessage,
  type UnreadMessage,
} from './partner-adapter.ts'
export { createPeerLink, readStandInNotes, type PeerLinkOptions } from './peer-link.ts'
export { openSqliteStore, readSqliteStore, type SqliteStoreReading } from './sqlite-store.ts'
