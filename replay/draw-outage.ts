/**
 * Draws docs/pictures/outage.svg and outage.ko.svg from a replay's findings: hour by hour, who paid with Dure above the
 * line, and whose account would have been debited wrongly without stand-in below it, both to one scale. Patterns tell
 * the kinds apart, so that nobody needs to see colours.
 */
import type { OutageHourCount, OutageReport } from './outage-report.ts'

const kinds = ['byCore', 'byStandIn', 'byAccount', 'repaired', 'declined'] as const
type Kind = (typeof kinds)[number]

interface Words {
  readonly title: string
  readonly subtitle: (report: OutageReport) => string
  readonly about: (report: OutageReport) => string
  readonly cut: string
  readonly days: readonly [string, string]
  readonly withDure: string
  readonly without: string
  readonly kinds: Readonly<Record<Kind, string>>
  readonly facts: (report: OutageReport) => readonly string[]
}

const number = (value: number): string => value.toLocaleString('en-US')

const english: Words = {
  title: 'The outage of 19 September 2025, replayed',
  subtitle: ({ sales, issuers }) =>
    `${number(sales)} card payments in ${issuers} municipalities, the core cut off for 23 h 10 min; by the hour`,
  about: (report) =>
    `With Dure ${number(report.wrong_debits)} accounts were debited wrongly; without stand-in ` +
    `${number(report.without_standin.wrong_debits)} would have been.`,
  cut: 'core cut off',
  days: ['Friday', 'Saturday'],
  withDure: 'With Dure: who paid',
  without: 'Without stand-in, as in 2025: accounts debited instead of vouchers',
  kinds: {
    byCore: 'voucher, by the core',
    byStandIn: 'voucher, by stand-in',
    byAccount: 'account, rightly',
    repaired: 'account, given back',
    declined: 'declined',
  },
  facts: (report) => [
    `With Dure: ${number(report.answered)} payments answered, ${number(report.standin_approved)} paid from vouchers ` +
      `by stand-in, ${number(report.declined)} declined, ${number(report.wrong_debits)} accounts debited wrongly.`,
    `Without stand-in: ${number(report.without_standin.unanswered)} payments unanswered, ` +
      `${number(report.without_standin.wrong_debits)} accounts debited wrongly.`,
    `The books agreed ${report.reconciled_s} s after the heal. Loss: ₩${number(report.loss_won)}. ` +
      `Exposure: ₩${number(report.exposure_max_won)} of at most ₩${number(report.exposure_bound_won)}.`,
  ],
}

const korean: Words = {
  title: '2025년 9월 19일 장애의 재현',
  subtitle: ({ sales, issuers }) =>
    `지자체 ${issuers}곳의 카드 결제 ${number(sales)}건, 코어 단절 23시간 10분, 시간대별 결제 건수`,
  about: (report) =>
    `두레에서는 계좌에서 잘못 빠져나간 결제가 ${number(report.wrong_debits)}건, ` +
    `대행승인이 없었다면 ${number(report.without_standin.wrong_debits)}건이다.`,
  cut: '코어 단절',
  days: ['금요일', '토요일'],
  withDure: '두레: 무엇으로 결제되었나',
  without: '대행승인이 없을 때(2025년처럼): 상품권 대신 계좌에서 빠져나간 결제',
  kinds: {
    byCore: '상품권(코어 승인)',
    byStandIn: '상품권(대행승인)',
    byAccount: '계좌(정당)',
    repaired: '계좌(사후전환으로 환급)',
    declined: '거절',
  },
  facts: (report) => [
    `두레: 결제 ${number(report.answered)}건에 모두 응답, 대행승인 ${number(report.standin_approved)}건, ` +
      `거절 ${number(report.declined)}건, 계좌에서 잘못 빠져나간 결제 ${number(report.wrong_debits)}건.`,
    `대행승인이 없을 때: 응답 없음 ${number(report.without_standin.unanswered)}건, ` +
      `계좌에서 잘못 빠져나간 결제 ${number(report.without_standin.wrong_debits)}건.`,
    `복구 ${report.reconciled_s}초 뒤 장부 일치. 손실 ${number(report.loss_won)}원. ` +
      `노출액 최대 ${number(report.exposure_max_won)}원(한도 ${number(report.exposure_bound_won)}원).`,
  ],
}

const WIDTH = 880
const HEIGHT = 648
const LEFT = 52
const RIGHT = 16
/** The line between both halves; hour labels stand between it and the lower half. */
const PLOT = { top: 154, middle: 360, lower: 384, bottom: 544 } as const
/** Where each kind's sample stands, by the length of its words. */
const LEGEND_AT = [0, 164, 336, 480, 650] as const
const BAR_GAP = 5
const GRID_STEPS = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] as const
const GRID_LINES_MAX = 5

const STYLE = `
  .paper, .ground { fill: #fbfaf6; } .cut { fill: #ece6d6; } .ink { fill: #16202a; } .soft { fill: #46525e; }
  .axis { stroke: #16202a; } .grid { stroke: #16202a; stroke-opacity: 0.16; }
  .edge { stroke: #16202a; stroke-width: 0.75; }
  .byCore { fill: #0b5394; } .byStandIn { fill: url(#standin); } .byAccount { fill: #ffffff; }
  .repaired { fill: url(#repaired); } .declined { fill: url(#dots); } .wrongWithout { fill: url(#wrong); }
  .blue { stroke: #0b5394; } .red { stroke: #b3261e; } .dot { fill: #16202a; }
  @media (prefers-color-scheme: dark) {
    .paper, .ground { fill: #14181c; } .cut { fill: #262c33; } .ink { fill: #f2efe6; } .soft { fill: #c3cad1; }
    .axis { stroke: #f2efe6; } .grid { stroke: #f2efe6; } .edge { stroke: #f2efe6; }
    .byCore { fill: #8ec5ff; } .byAccount { fill: #3a444e; }
    .blue { stroke: #8ec5ff; } .red { stroke: #ff8a75; } .dot { fill: #f2efe6; }
  }
  text { font: 14px system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif; }
  .title { font-weight: 700; font-size: 21px; } .strong { font-weight: 700; font-size: 15px; }
  .small { font-size: 12.5px; }
`

const PATTERNS = [
  '<defs>',
  pattern('standin', { size: 8, turn: 45 }, '<path class="blue" d="M2 0V8" stroke-width="4"/>'),
  pattern('repaired', { size: 8, turn: 0 }, '<path class="blue" d="M0 2H8" stroke-width="2"/>'),
  pattern(
    'wrong',
    { size: 8, turn: -45 },
    '<path class="red" d="M2 0V8M0 2H8" stroke-width="2.5"/>',
  ),
  pattern('dots', { size: 6, turn: 0 }, '<circle class="dot" cx="3" cy="3" r="1.3"/>'),
  '</defs>',
]

function pattern(name: string, look: { size: number; turn: number }, mark: string): string {
  const { size, turn } = look
  return (
    `<pattern id="${name}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" ` +
    `patternTransform="rotate(${turn})"><rect class="ground" width="${size}" height="${size}"/>${mark}</pattern>`
  )
}

export const outagePicture = (report: OutageReport): string => draw(report, english, 'en')
export const outagePictureKorean = (report: OutageReport): string => draw(report, korean, 'ko')

function draw(report: OutageReport, words: Words, language: string): string {
  const { hours } = report
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"` +
      ` role="img" aria-labelledby="title about" lang="${language}">`,
    `<title id="title">${words.title}</title>`,
    `<desc id="about">${words.about(report)}</desc>`,
    `<style>${STYLE}</style>`,
    ...PATTERNS,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}" rx="12"/>`,
    text(words.title, { x: LEFT, y: 36, look: 'title ink' }),
    text(words.subtitle(report), { x: LEFT, y: 60, look: 'soft' }),
    text(words.withDure, { x: LEFT, y: 94, look: 'strong ink' }),
    ...drawLegend(words),
    ...drawCut(hours, words),
    ...drawGrid(hours),
    ...drawBars(hours),
    ...drawHours(hours, words),
    `<rect class="wrongWithout edge" x="${LEFT}" y="${PLOT.bottom + 13}" width="20" height="14"/>`,
    text(words.without, { x: LEFT + 28, y: PLOT.bottom + 25, look: 'strong ink' }),
    ...words
      .facts(report)
      .map((fact, row) =>
        text(fact, { x: LEFT, y: PLOT.bottom + 50 + row * 21, look: 'small soft' }),
      ),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

function drawLegend({ kinds: names }: Words): string[] {
  return kinds.flatMap((kind, place) => {
    const x = LEFT + LEGEND_AT[place]!
    return [
      `<rect class="${kind} edge" x="${x}" y="108" width="20" height="14"/>`,
      text(names[kind], { x: x + 26, y: 119.5, look: 'small soft' }),
    ]
  })
}

/** The hours in which the core is away lie on darker paper. */
function drawCut(hours: readonly OutageHourCount[], words: Words): string[] {
  const first = hours.findIndex((hour) => hour.cutShare > 0)
  const last = hours.findLastIndex((hour) => hour.cutShare > 0)
  if (first < 0) return []
  const end = leftOf(hours, last) + hours[last]!.cutShare * widthOf(hours)
  const start = leftOf(hours, first + 1) - hours[first]!.cutShare * widthOf(hours)
  const height = PLOT.bottom - PLOT.top + 4
  return [
    `<rect class="cut" x="${round(start)}" y="${PLOT.top - 4}" width="${round(end - start)}" height="${height}"/>`,
    text(words.cut, {
      x: round((start + end) / 2),
      y: PLOT.top + 15,
      look: 'small soft',
      middle: true,
    }),
  ]
}

/** One scale for both halves, so that their bars can be compared. */
function scaleOf(hours: readonly OutageHourCount[]): { most: number; perPayment: number } {
  const above = Math.max(1, ...hours.map(paymentsOf))
  const below = Math.max(1, ...hours.map((hour) => hour.wrongWithout))
  const perPayment = Math.min(
    (PLOT.middle - PLOT.top - 26) / above,
    (PLOT.bottom - PLOT.lower - 6) / below,
  )
  return { most: above, perPayment }
}

const paymentsOf = (hour: OutageHourCount): number =>
  kinds.reduce((sum, kind) => sum + hour[kind], 0)

function drawGrid(hours: readonly OutageHourCount[]): string[] {
  const { most, perPayment } = scaleOf(hours)
  const step = GRID_STEPS.find((each) => most / each <= GRID_LINES_MAX) ?? most
  const lines: string[] = []
  for (let count = step; count <= most; count += step) {
    const up = round(PLOT.middle - count * perPayment)
    lines.push(gridLine(up, count))
    const down = round(PLOT.lower + count * perPayment)
    if (down < PLOT.bottom) lines.push(gridLine(down, count))
  }
  return lines
}

function gridLine(y: number, count: number): string {
  return (
    `<path class="grid" d="M${LEFT} ${y}H${WIDTH - RIGHT}"/>` +
    `<text class="small soft" text-anchor="end" x="${LEFT - 6}" y="${y + 4}">${number(count)}</text>`
  )
}

function drawBars(hours: readonly OutageHourCount[]): string[] {
  const { perPayment } = scaleOf(hours)
  const width = widthOf(hours) - BAR_GAP
  return hours.flatMap((hour, index) => {
    const x = round(leftOf(hours, index) + BAR_GAP / 2)
    let top: number = PLOT.middle
    const above = kinds.flatMap((kind) => {
      const height = hour[kind] * perPayment
      if (height <= 0) return []
      top -= height
      return [rectangle(kind, { x, y: top, width, height })]
    })
    const height = hour.wrongWithout * perPayment
    const below = rectangle('wrongWithout', { x, y: PLOT.lower, width, height })
    return hour.wrongWithout > 0 ? [...above, below] : above
  })
}

/** Under the line, with the day where one begins. */
function drawHours(hours: readonly OutageHourCount[], { days }: Words): string[] {
  const width = widthOf(hours)
  const labels = hours.map(({ label }, index) => {
    const x = round(leftOf(hours, index) + width / 2)
    return text(label.slice(0, 2), { x, y: PLOT.middle + 17, look: 'small soft', middle: true })
  })
  const midnight = hours.findIndex(({ label }) => label === '00:00')
  const names = [
    text(days[0], { x: LEFT, y: PLOT.top - 8, look: 'small soft' }),
    ...(midnight < 0
      ? []
      : [
          text(days[1], {
            x: round(leftOf(hours, midnight)) + 4,
            y: PLOT.top - 8,
            look: 'small soft',
          }),
          `<path class="grid" d="M${round(leftOf(hours, midnight))} ${PLOT.top - 18}V${PLOT.bottom}"/>`,
        ]),
  ]
  const line = `<path class="axis" d="M${LEFT} ${PLOT.middle}H${WIDTH - RIGHT}" stroke-width="1.5"/>`
  return [...labels, ...names, line]
}

function rectangle(
  kind: Kind | 'wrongWithout',
  { x, y, width, height }: { x: number; y: number; width: number; height: number },
): string {
  return (
    `<rect class="${kind} edge" x="${x}" y="${round(y)}" ` +
    `width="${round(width)}" height="${round(height)}"/>`
  )
}

function text(
  words: string,
  { x, y, look, middle }: { x: number; y: number; look: string; middle?: true },
): string {
  const anchor = middle === undefined ? '' : ' text-anchor="middle"'
  return `<text class="${look}"${anchor} x="${x}" y="${y}">${words}</text>`
}

const widthOf = (hours: readonly unknown[]): number => (WIDTH - LEFT - RIGHT) / hours.length
const leftOf = (hours: readonly unknown[], index: number): number => LEFT + index * widthOf(hours)
const round = (value: number): number => Math.round(value * 10) / 10
