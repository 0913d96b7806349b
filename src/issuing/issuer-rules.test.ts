/** Rules of an issuer: in force by their day, bounded at every edge, and readable after the table has grown. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id } from '../base/base.ts'
import {
  initialIssuerRules,
  issuerRuleNames,
  issuerRuleTable,
  ruleHolds,
  rulesAt,
  rulesFrom,
  validateIssuerRules,
  type IssuerRules,
} from './issuing.ts'

const version = (number: number, effectiveFrom: number, objectionDays: number): IssuerRules => ({
  issuerId: id('iss', 1),
  version: number,
  effectiveFrom,
  rules: { ...initialIssuerRules, objectionDays },
})

test('what the table says initially keeps its own bounds', () => {
  assert.deepEqual(validateIssuerRules(initialIssuerRules), [])
})

test('the version in force is the latest that has taken effect', () => {
  const versions = [version(1, 100, 7), version(2, 200, 30), version(3, 200, 40)]
  assert.equal(rulesAt(versions, 99), initialIssuerRules)
  assert.equal(rulesAt(versions, 100).objectionDays, 7)
  assert.equal(rulesAt(versions, 199).objectionDays, 7)
  assert.equal(rulesAt(versions, 200).objectionDays, 40)
})

for (const name of issuerRuleNames) {
  const rule = issuerRuleTable[name]
  test(`${name} is taken up to its bounds and not past them`, () => {
    if (rule.kind === 'flag') {
      assert.deepEqual(
        [true, false, null, 1].map((value) => ruleHolds(rule, value)),
        [true, true, false, false],
      )
      return
    }
    if (rule.kind === 'choice') {
      for (const option of rule.options) assert.equal(ruleHolds(rule, option), true)
      for (const wrong of ['', 'other', null, 0]) assert.equal(ruleHolds(rule, wrong), false)
      return
    }
    if (rule.kind === 'words') {
      const words = Array.from({ length: rule.countMax }, (_, index) => `월명${index}동`)
      assert.equal(ruleHolds(rule, words), true)
      for (const wrong of [[...words, '하나더'], ['a', 'a'], ['two words'], [''], 'a', null]) {
        assert.equal(ruleHolds(rule, wrong), false, JSON.stringify(wrong))
      }
      return
    }
    assert.equal(ruleHolds(rule, rule.min), true)
    assert.equal(ruleHolds(rule, rule.max), true)
    for (const wrong of [rule.min - 1, rule.max + 1, rule.min + 0.5, '1', undefined]) {
      assert.equal(ruleHolds(rule, wrong), false, String(wrong))
    }
    assert.equal(ruleHolds(rule, null), rule.kind === 'limit')
  })
}

test('rules that contradict each other are named', () => {
  const rules = { ...initialIssuerRules, merchantEscalationDays: 4 }
  assert.deepEqual(
    validateIssuerRules(rules).map(({ field }) => field),
    ['merchantEscalationDays'],
  )
  const short = { ...initialIssuerRules, merchantDecisionDays: 3 }
  assert.deepEqual(
    validateIssuerRules(short).map(({ field }) => field),
    ['merchantReminderDays'],
  )
  const wrong = { ...initialIssuerRules, objectionDays: 6 }
  assert.match(validateIssuerRules(wrong)[0]!.sentence, /7…60/)
})

test('a version that was written before a rule existed has its initial value', () => {
  const rules = rulesFrom([
    { name: 'objectionDays', value: 33 },
    { name: 'ofALaterRelease', value: 'kept out' },
  ])
  assert.deepEqual(rules, { ...initialIssuerRules, objectionDays: 33 })
})
