/**
 * Draws docs/pictures/outage.svg and outage.ko.svg from a replay's findings: hour by hour, who paid with Dure above the
 * line, and whose account would have been debited wrongly without stand-in below it. Patterns tell the kinds apart, so
 * that nobody needs to see colours.
 */
import type { OutageHourCount, OutageReport } from './outage-report.ts'

interface Words {
  readonly title: string
  readonly about: (report: OutageReport) => string
  readonly cut: string
  readonly withDure: string
  readonly without: string
  readonly kinds: Readonly<Record<Kind, string>>
  readonly facts: (report: OutageReport) => readonly string[]
}

const kinds = ['byCore', 'byStandIn', 'byAccount', 'declined'] as const
type Kind = (typeof kinds)[number] | 'wrongWithout'

const number = (value: number): string => value.toLocaleString('en-US')

const english: Words = {
  title: 'The outage of 19 September 2025, replayed',
  about: (report) =>
    `With Dure ${number(report.wrong_debits)} accounts were debited wrongly; without stand-in ` +
    `${number(report.without_standin.wrong_debits)} would have been.`,
  cut: 'core cut off, 23 h 10 min',
  withDure: 'With Dure: who paid',
  without: 'Without stand-in: accounts debited instead of vouchers',
  kinds: {
    byCore: 'voucher, by the core',
    byStandIn: 'voucher, by stand-in',
    byAccount: 'account, rightly',
    declined: 'declined',
    wrongWithout: 'account, wrongly',
  },
  facts: (report) => [
    `${number(report.answered)} card payments of ${number(report.issuers)} municipalities answered, ` +
      `${number(report.standin_approved)} paid from vouchers by stand-in, ` +
      `${number(report.wrong_debits)} debited wrongly`,
    `ledger reconciled ${report.reconciled_s} s after the heal; booked as loss ₩${number(report.loss_won)}; ` +
      `exposure ₩${number(report.exposure_max_won)} of at most ₩${number(report.exposure_bound_won)}`,
  ],
}

const korean: Words = {
  title: '2025년 9월 19일 장애의 재현',
  about: (report) =>
    `두레에서는 계좌에서 잘못 빠져나간 결제가 ${number(report.wrong_debits)}건, ` +
    `대행승인이 없었다면 ${number(report.without_standin.wrong_debits)}건이다.`,
  cut: '코어 단절 23시간 10분',
  withDure: '두레: 무엇으로 결제되었나',
  without: '대행승인이 없을 때: 상품권 대신 계좌에서 빠져나간 결제',
  kinds: {
    byCore: '상품권(코어 승인)',
    byStandIn: '상품권(대행승인)',
    byAccount: '계좌(정당)',
    declined: '거절',
    wrongWithout: '계좌(잘못)',
  },
  facts: (report) => [
    `지자체 ${number(report.issuers)}곳의 카드 결제 ${number(report.answered)}건에 응답, ` +
      `대행승인 ${number(report.standin_approved)}건, 잘못된 출금 ${number(report.wrong_debits)}건`,
    `복구 뒤 ${report.reconciled_s}초 만에 원장 대사 완료, 손실 ${number(report.loss_won)}원, ` +
      `노출액 최대 ${number(report.exposure_max_won)}원(한도 ${number(report.exposure_bound_won)}원)`,
  ],
}

const WIDTH = 1_160
const HEIGHT = 560
const PLOT = { left: 56, right: 24, top: 118, middle: 330, bottom: 452 } as const

const STYLE = `
  .paper { fill: #fbfaf6; } .cut { fill: #ece6d6; } .ink { fill: #16202a; } .soft { fill: #3f4b57; }
  .axis { stroke: #16202a; } .edge { stroke: #16202a; stroke-width: 0.75; }
  .byCore { fill: #0b5394; } .byStandIn { fill: url(#standin); } .byAccount { fill: #ffffff; }
  .declined { fill: url(#dots); } .wrongWithout { fill: url(#wrong); }
  .blue { stroke: #0b5394; } .red { stroke: #a61c00; } .dot { fill: #16202a; } .ground { fill: #fbfaf6; }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #14181c; } .cut { fill: #2b2f2a; } .ink { fill: #f2efe6; } .soft { fill: #cfd6dc; }
    .axis { stroke: #f2efe6; } .edge { stroke: #f2efe6; }
    .byCore { fill: #8ec5ff; } .byAccount { fill: #1f262d; } .ground { fill: #14181c; }
    .blue { stroke: #8ec5ff; } .red { stroke: #ff9b85; } .dot { fill: #f2efe6; }
  }
  text { font: 15px system-ui, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif; }
  .title { font-weight: 700; font-size: 21px; } .half { font-weight: 700; }
`

const PATTERNS = [
  '<defs>',
  '<pattern id="standin" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
    '<rect class="ground" width="8" height="8"/><path class="blue" d="M2 0V8" stroke-width="4"/></pattern>',
  '<pattern id="wrong" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">' +
    '<rect class="ground" width="8" height="8"/><path class="red" d="M2 0V8M0 2H8" stroke-width="2.5"/></pattern>',
  '<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse">' +
    '<rect class="ground" width="6" height="6"/><circle class="dot" cx="3" cy="3" r="1.4"/></pattern>',
  '</defs>',
]

export const outagePicture = (report: OutageReport): string => draw(report, english, 'en')
export const outagePictureKorean = (report: OutageReport): string => draw(report, korean, 'ko')

function draw(report: OutageReport, words: Words, language: string): string {
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}"` +
      ` role="img" aria-labelledby="title about" lang="${language}">`,
    `<title id="title">${words.title}</title>`,
    `<desc id="about">${words.about(report)}</desc>`,
    `<style>${STYLE}</style>`,
    ...PATTERNS,
    `<rect class="paper" width="${WIDTH}" height="${HEIGHT}" rx="12"/>`,
    `<text class="title ink" x="${PLOT.left}" y="38">${words.title}</text>`,
    ...drawLegend(words),
    ...drawCut(report.hours, words),
    ...drawBars(report.hours),
    `<text class="half ink" x="${PLOT.left}" y="${PLOT.top - 10}">${words.withDure}</text>`,
    `<text class="half ink" x="${PLOT.left}" y="${PLOT.bottom + 24}">${words.without}</text>`,
    ...words
      .facts(report)
      .map(
        (fact, row) =>
          `<text class="soft" x="${PLOT.left}" y="${PLOT.bottom + 54 + row * 26}">${fact}</text>`,
      ),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

function drawLegend({ kinds: names }: Words): string[] {
  let left = PLOT.left
  return [...kinds, 'wrongWithout' as const].flatMap((kind) => {
    const at = left
    left += 210
    return [
      `<rect class="${kind} edge" x="${at}" y="56" width="22" height="16"/>`,
      `<text class="soft" x="${at + 30}" y="69">${names[kind]}</text>`,
    ]
  })
}

/** The hours in which the core is away lie on darker paper. */
function drawCut(hours: readonly OutageHourCount[], words: Words): string[] {
  const first = hours.findIndex((hour) => hour.cutShare > 0)
  const last = hours.findLastIndex((hour) => hour.cutShare > 0)
  const end = leftOf(hours, last) + hours[last]!.cutShare * widthOf(hours)
  const start = leftOf(hours, first + 1) - hours[first]!.cutShare * widthOf(hours)
  const height = PLOT.bottom - PLOT.top + 4
  return [
    `<rect class="cut" x="${round(start)}" y="${PLOT.top - 2}" width="${round(end - start)}" height="${height}"/>`,
    `<text class="soft" text-anchor="middle" x="${round((start + end) / 2)}" y="${PLOT.top + 16}">${words.cut}</text>`,
  ]
}

function drawBars(hours: readonly OutageHourCount[]): string[] {
  const most = Math.max(1, ...hours.map((hour) => kinds.reduce((sum, kind) => sum + hour[kind], 0)))
  const scale = (PLOT.middle - PLOT.top - 30) / most
  const bar = widthOf(hours) - 6
  const bars = hours.flatMap((hour, index) => {
    const x = round(leftOf(hours, index) + 3)
    let top: number = PLOT.middle
    const above = kinds.flatMap((kind) => {
      const height = hour[kind] * scale
      if (height <= 0) return []
      top -= height
      return [rectangle(kind, x, top, bar, height)]
    })
    const below = hour.wrongWithout * Math.min(scale, (PLOT.bottom - PLOT.middle - 30) / most)
    return [
      ...above,
      ...(below > 0 ? [rectangle('wrongWithout', x, PLOT.middle + 26, bar, below)] : []),
      `<text class="soft" text-anchor="middle" x="${round(x + bar / 2)}" y="${PLOT.middle + 18}">` +
        `${hour.label.slice(0, 2)}</text>`,
    ]
  })
  return [
    ...bars,
    `<path class="axis" d="M${PLOT.left} ${PLOT.middle}H${WIDTH - PLOT.right}" stroke-width="1.5"/>`,
  ]
}

function rectangle(kind: Kind, x: number, y: number, width: number, height: number): string {
  return (
    `<rect class="${kind} edge" x="${x}" y="${round(y)}"` +
    ` width="${round(width)}" height="${round(height)}"/>`
  )
}

const widthOf = (hours: readonly unknown[]): number =>
  (WIDTH - PLOT.left - PLOT.right) / hours.length
const leftOf = (hours: readonly unknown[], index: number): number =>
  PLOT.left + index * widthOf(hours)
const round = (value: number): number => Math.round(value * 10) / 10
