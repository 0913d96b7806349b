/** The programs of one issuer in memory: their terms under what was stopped or ended, its rules, and its pots. */
import type { IssuerId, PotId, ProgramId } from '../base/base.ts'
import {
  termsUnder,
  type FundingPot,
  type IssuerRuleDirectory,
  type IssuerRules,
  type IssuingDirectory,
  type PotDirectory,
  type Program,
  type ProgramConditions,
  type ProgramTerms,
} from '../issuing/issuing.ts'
import { rulesOf } from './issuer-rule-versions.ts'
import type { ProgramBody } from './program-record-bodies.ts'
import { termsOf } from './program-versions.ts'
import { recordOf } from './record-store.ts'
import type { StoredRecord } from './registry.ts'

/** What officers change programs by. */
export interface ProgramDesk extends IssuingDirectory, IssuerRuleDirectory, PotDirectory {
  /** Terms as they were written, whatever has been stopped or ended since. */
  writtenTerms(issuerId: IssuerId, programId: ProgramId): readonly ProgramTerms[]
  conditions(issuerId: IssuerId, programId: ProgramId): ProgramConditions | undefined
}

export interface ProgramShelf {
  rules: readonly IssuerRules[]
  readonly programs: Map<ProgramId, ProgramBody>
  readonly terms: Map<ProgramId, ProgramTerms[]>
  /** What is asked for; made anew after a change. */
  programList: readonly Program[] | undefined
  readonly pots: Map<PotId, FundingPot>
}

export function emptyProgramShelf(): ProgramShelf {
  return {
    rules: [],
    programs: new Map(),
    terms: new Map(),
    programList: undefined,
    pots: new Map(),
  }
}

export function readingPrograms(
  shelves: ReadonlyMap<IssuerId, ProgramShelf>,
): Omit<ProgramDesk, 'issuers' | 'issuer' | 'issuerByCode'> {
  return {
    issuerRules: (issuerId) => shelves.get(issuerId)?.rules ?? [],
    programs: (issuerId) => programsOf(shelves.get(issuerId), issuerId),
    program: (issuerId, programId) =>
      programsOf(shelves.get(issuerId), issuerId).find(
        (program) => program.programId === programId,
      ),
    writtenTerms: (issuerId, programId) => shelves.get(issuerId)?.terms.get(programId) ?? [],
    conditions: (issuerId, programId) => {
      const body = shelves.get(issuerId)?.programs.get(programId)
      return body && conditionsOf(body)
    },
    pots: (issuerId) => [...(shelves.get(issuerId)?.pots.values() ?? [])].toSorted(byPot),
  }
}

function conditionsOf({ stops = [], abolition = null }: ProgramBody): ProgramConditions {
  return { stops, abolition }
}

function byPot(one: FundingPot, other: FundingPot): number {
  return one.potId - other.potId
}

/** Every version of terms counts, not only the newest: they take effect one after the other. */
export function addVersionOfTerms(
  shelf: ProgramShelf,
  issuerId: IssuerId,
  stored: StoredRecord,
): void {
  const terms = termsOf(issuerId, recordOf('terms', stored))
  const known = shelf.terms.get(terms.programId) ?? []
  if (known.some((other) => other.version === terms.version)) return
  const versions = [...known, terms].toSorted((a, b) => a.version - b.version)
  shelf.terms.set(terms.programId, versions)
  shelf.programList = undefined
}

export function addVersionOfRules(
  shelf: ProgramShelf,
  issuerId: IssuerId,
  stored: StoredRecord,
): void {
  if (shelf.rules.some(({ version }) => version === stored.version)) return
  const rules = rulesOf(issuerId, recordOf('issuer_rules', stored))
  shelf.rules = [...shelf.rules, rules].toSorted((a, b) => a.version - b.version)
}

function programsOf(shelf: ProgramShelf | undefined, issuerId: IssuerId): readonly Program[] {
  if (shelf === undefined) return []
  shelf.programList ??= [...shelf.programs]
    .map(([programId, body]) => ({
      programId,
      issuerId,
      name: body.name,
      nameEn: body.nameEn,
      terms: termsUnder(shelf.terms.get(programId) ?? [], conditionsOf(body)),
      abolition: body.abolition ?? null,
    }))
    .toSorted((a, b) => a.programId - b.programId)
  return shelf.programList
}
