/** The first weeks of the scripted year are clean, and a ledger that is wrong by a won or by a day is found out. */
import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { DAY_MS, won } from '../../src/base/base.ts'
import type { Ledger } from '../../src/ledger/ledger.ts'
import { runYear } from './run-year.ts'
import { wishNames } from './year-events.ts'

const WEEKS_DAYS = 50
const PLANTED_DAYS = 8

test('every day of the first weeks is audited, reconciled and calculated a second time, to the won', async () => {
  const told = new Set<string>()
  const result = await runYear({
    seed: 1,
    days: WEEKS_DAYS,
    onEvent({ wish }, answer) {
      // Of a list's problems the first, without its line.
      const [word] = answer.status === 'done' ? ['done'] : answer.reason.split(' ')
      told.add(`${wish.what} ${word}`)
      const isOfMoney = answer.status === 'done' && Object.values(answer.won).some((won) => won > 0)
      if (isOfMoney) told.add(`${wish.what} money`)
    },
  })
  assert.deepEqual(result.violations, [])
  assert.equal(result.days, WEEKS_DAYS)
  const missing = [...wishNames.map((what) => `${what} done`), ...noes, ...moves]
  assert.deepEqual(
    missing.filter((name) => !told.has(name)),
    [],
  )
  assert.deepEqual(
    works.filter((flow) => !result.flows.has(flow)),
    [],
  )
})

/** What nobody wishes and the nights bring about. */
const works = [
  'allowance/stipend/clawed_back',
  'relief/stipend/expired',
  'cashback/cashback/cashback',
  'cashback/cashback/cashback_returned',
  'voucher/purchase/gift_sent',
]

/** Of what is told when something is not to be, so much has to be told in these weeks. */
const noes = [
  'buy amount_not_offered',
  'buy purchase_cap_exceeded',
  'buy sale_not_open',
  'pay insufficient_funds',
  'list amount_malformed',
  'list total_differs',
  'release other_officer_needed',
  'appeal appeal_open_already',
  'appeal appeal_period_over',
  'answer_appeal appeal_over_cap',
  'claw_back nothing_left_to_claw_back',
  'refund refund_ratio_not_met',
  'refund_in_full refused',
  'propose notice_too_short',
  'propose terms_invalid',
  'approve own_proposal',
  'approve notice_too_short',
  'approve terms_superseded',
  'approve proposal_lapsed',
  'stop_at_once nothing_changes',
]

/** And these have to move some. */
const moves = ['press_button money', 'claw_back money', 'answer_appeal money', 'release money']

test('the second calculation knows nothing of the product', async () => {
  const files = await readdir(import.meta.dirname)
  const seen = new Set(files.filter((name) => name.startsWith('recalculat')))
  assert.ok(seen.size > 5)
  for (const name of seen) {
    const text = await readFile(join(import.meta.dirname, name), 'utf8')
    for (const [, path] of text.matchAll(/from '([^']+)'/g)) {
      assert.match(path!, /^\.\/[a-z-]+\.ts$/, `${name} imports ${path}`)
      seen.add(path!.slice(2))
    }
  }
})

const mistakes: Readonly<Record<string, (ledger: Ledger) => Ledger>> = {
  'a payment takes a won less': (ledger) => ({
    ...ledger,
    pay: (issuerId, requests, at) =>
      ledger.pay(
        issuerId,
        requests.map((request) => ({ ...request, amountWon: won(request.amountWon - 1) })),
        at,
      ),
  }),
  'a purchase ends a day early': (ledger) => ({
    ...ledger,
    reservePurchases: (issuerId, requests, at) =>
      ledger.reservePurchases(
        issuerId,
        requests.map((request) => ({ ...request, expiresAt: at + DAY_MS })),
        at,
      ),
  }),
}

for (const [mistake, plant] of Object.entries(mistakes)) {
  test(`found: ${mistake}`, async () => {
    const { violations } = await runYear({ seed: 7, days: PLANTED_DAYS, plant })
    assert.ok(violations.length > 0)
  })
}
