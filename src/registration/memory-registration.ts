/** Registration over memory alone, with a directory that follows at once: for tests and simulation. */
import { createIdSource, type Clock, type IdSource, type IssuerId } from '../base/base.ts'
import { createMemoryLedger, type MemoryLedger } from '../ledger/ledger.ts'
import { createMemoryPersonIndex } from './memory-person-index.ts'
import { createMemoryRegistry, type MemoryRegistry } from './memory-registry.ts'
import { createRecordDirectory, type RecordDirectory } from './record-directory.ts'
import { createRegistration, type Registration } from './registration.ts'

export interface MemoryRegistration {
  readonly registration: Registration
  readonly registry: MemoryRegistry
  readonly directory: RecordDirectory
  readonly ledger: MemoryLedger
  readonly ids: IdSource
}

/** @param options.drawnHandles the handles that will be drawn, then numbers that count up */
export function createMemoryRegistration(options: {
  readonly clock: Clock
  readonly drawnHandles?: readonly number[]
}): MemoryRegistration {
  const { clock } = options
  const drawn = [...(options.drawnHandles ?? [])]
  const directory = createRecordDirectory()
  const persons = createMemoryPersonIndex()
  const registry = createMemoryRegistry((issuerId, version) => {
    directory.apply(issuerId, version)
    persons.apply(issuerId, version)
  })
  const ledger = createMemoryLedger()
  const ids = createIdSource({ node: 1, clock })
  let lastHandle = 1_000_000_000
  const registration = createRegistration({
    registry,
    ledger,
    persons,
    issuerRules: directory,
    ids,
    clock,
    randomHandle: () => drawn.shift() ?? (lastHandle += 1),
    seedOf: sampleSeed,
  })
  return { registration, registry, directory, ledger, ids }
}

/** Differs for every issuer and handle; no secret. */
function sampleSeed(issuerId: IssuerId, handle: number): Uint8Array {
  return new TextEncoder().encode(`${issuerId}/${handle}`.padStart(32, '.'))
}
