/** The shape of a version of an issuer's rules. */
import { assert, type Instant, type OperationId } from '../base/base.ts'
import { issuerRuleTable, ruleHolds, type RuleValue } from '../issuing/issuing.ts'
import { integer, list, nullable, shape, text, type Reader } from './record-shape.ts'

/** The record id is the issuer's and the record's version is that of the rules. */
export interface IssuerRulesBody {
  readonly requestId: OperationId | null
  readonly effectiveFrom: Instant
  /** Every rule that was known when it was written. */
  readonly rules: readonly RuleSetting[]
}
export interface RuleSetting {
  readonly name: string
  readonly value: RuleValue
}

/** A rule of a newer program keeps its name and is not looked into. */
export const ruleSetting: Reader<RuleSetting> = (value, path) => {
  const { name } = shape<{ name: string }>({ name: text })(value, path)
  const setting: unknown = Reflect.get(Object(value), 'value')
  const known = Object.entries(issuerRuleTable).find(([candidate]) => candidate === name)
  assert(known === undefined || ruleHolds(known[1], setting), `${path}: ${name} is in its bounds`)
  return { name, value: setting as RuleValue } // Plain JSON, and in its rule's bounds.
}

export const issuerRulesReader = shape<IssuerRulesBody>({
  requestId: nullable(text) as Reader<OperationId | null>, // Written from a parsed key.
  effectiveFrom: integer,
  rules: list(ruleSetting),
})
