import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outagePicture, outagePictureKorean } from './draw-outage.ts'
import type { OutageReport } from './outage-report.ts'
import { replayHours } from './timeline.ts'

const report: OutageReport = {
  answered: 9_000,
  standin_approved: 5_907,
  declined: 352,
  wrong_debits: 0,
  repaired: 344,
  unreconciled: 0,
  reconciled_s: 9.8,
  loss_won: 0,
  exposure_max_won: 115_974_500,
  exposure_bound_won: 3_024_000_000,
  without_standin: { wrong_debits: 5_786, unanswered: 7_566 },
  declined_because: {},
  sales: 9_000,
  sales_in_cut: 7_566,
  issuers: 88,
  cards: 20_000,
  time_factor: 1_500,
  simulated: [],
  hours: replayHours().map(({ label, cutShare, weight }) => ({
    label,
    cutShare,
    byCore: cutShare === 1 ? 0 : weight,
    byStandIn: cutShare === 1 ? weight : 0,
    byAccount: 10,
    repaired: 4,
    declined: 2,
    wrongWithout: cutShare > 0 ? weight : 0,
  })),
}

interface Rectangle {
  readonly kind: string
  readonly y: number
  readonly height: number
}

function bars(picture: string): readonly Rectangle[] {
  const pattern =
    /<rect class="(\w+) edge" x="[\d.]+" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"\/>/g
  return [...picture.matchAll(pattern)]
    .filter(([, , , width]) => width !== '20')
    .map(([, kind = '', y, , height]) => ({ kind, y: Number(y), height: Number(height) }))
}

test('every count is drawn to one scale, above the line and below it', () => {
  const drawn = bars(outagePicture(report))
  const heightOf = (kind: string): number =>
    drawn.filter((bar) => bar.kind === kind).reduce((sum, bar) => sum + bar.height, 0)
  const countOf = (kind: 'byCore' | 'byStandIn' | 'wrongWithout' | 'declined'): number =>
    report.hours.reduce((sum, hour) => sum + hour[kind], 0)
  const perPayment = heightOf('byStandIn') / countOf('byStandIn')
  for (const kind of ['byCore', 'wrongWithout', 'declined'] as const) {
    assert.ok(Math.abs(heightOf(kind) / countOf(kind) / perPayment - 1) < 0.05, kind)
  }
})

test('nothing is drawn outside the picture, and nothing that is not a number', () => {
  for (const picture of [outagePicture(report), outagePictureKorean(report)]) {
    assert.doesNotMatch(picture, /NaN|undefined|Infinity/)
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(picture)!
    for (const bar of bars(picture)) {
      assert.ok(bar.y >= 0 && bar.y + bar.height <= Number(height))
    }
    for (const [, x] of picture.matchAll(/ x="([\d.]+)"/g)) assert.ok(Number(x) < Number(width))
  }
})

test('whoever cannot see it is told what it says, in either language', () => {
  const english = outagePicture(report)
  assert.match(
    english,
    /<desc id="about">With Dure 0 accounts were debited wrongly; without stand-in 5,786 /,
  )
  assert.match(english, /lang="en"/)
  const koreanPicture = outagePictureKorean(report)
  assert.match(koreanPicture, /lang="ko"/)
  assert.match(koreanPicture, /5,786건/)
})

test('hours with nothing to show are drawn as nothing', () => {
  const quiet = report.hours.map((hour) => ({
    ...hour,
    byCore: 0,
    byStandIn: 0,
    byAccount: 0,
    repaired: 0,
    declined: 0,
    wrongWithout: 0,
  }))
  const picture = outagePicture({ ...report, hours: quiet })
  assert.deepEqual(bars(picture), [])
  assert.doesNotMatch(picture, /NaN|Infinity/)
})
