/** The reports, as sheets. Every figure comes from days that are kept, so two readings of one report agree. */
import {
  funders,
  won,
  type BusinessDate,
  type Funder,
  type LotKind,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import type { Program } from '../issuing/issuing.ts'
import type { AccountKind } from '../ledger/ledger.ts'
import type { AccountSum, DatedFlowSum, FlowSum } from './day-figures.ts'
import { flowNames, flows, type Flow } from './flow.ts'
import { column, type Cell, type Sheet } from './sheet.ts'

const lotKindWords: Readonly<Record<LotKind, string>> = {
  purchase: '구매',
  stipend: '정책수당',
  cashback: '캐시백',
  gift: '선물',
}

/** Everything that reports are made from. */
export interface ReportFacts {
  readonly programs: readonly Pick<Program, 'programId' | 'name'>[]
  /** What was outstanding before the first day, by program and kind of lot. */
  readonly openingWon: ReadonlyMap<string, Won>
}

/** The key of `openingWon`. */
export function outstandingKey(programId: ProgramId, lotKind: LotKind): string {
  return `${programId}/${lotKind}`
}

/** What flows come to for what is outstanding, by program and kind of lot. */
export function outstandingOf(sums: readonly FlowSum[]): Map<string, Won> {
  const outstanding = new Map<string, Won>()
  for (const { flow, programId, lotKind, amountWon } of sums) {
    const key = outstandingKey(programId, lotKind)
    outstanding.set(key, won((outstanding.get(key) ?? 0) + flows[flow].sign * amountWon))
  }
  return outstanding
}

const pairColumns = [column('text', '상품권', 'program'), column('text', '구분', 'kind')]
const flowColumns = flowNames.map((flow) => column('won', flows[flow].ko, flows[flow].en))

/** 일일 현황: each day, program and kind of lot, with what was outstanding at its end. Days without movement too. */
export function dailyReport(
  facts: ReportFacts,
  days: readonly BusinessDate[],
  sums: readonly DatedFlowSum[],
): Sheet {
  const outstanding = new Map(facts.openingWon)
  const rows: Cell[][] = []
  const pairs = pairsOf(facts, sums)
  for (const day of days) {
    const today = sums.filter((each) => each.day === day)
    for (const [key, change] of outstandingOf(today)) {
      outstanding.set(key, won((outstanding.get(key) ?? 0) + change))
    }
    for (const { programId, lotKind, name } of pairs) {
      const own = today.filter(isOf({ programId, lotKind }))
      const left = outstanding.get(outstandingKey(programId, lotKind)) ?? 0
      rows.push([day, name, lotKindWords[lotKind], ...flowNames.map(sumIn(own)), left])
    }
  }
  return {
    nameKo: '일일 현황',
    nameEn: 'Daily figures',
    columns: [
      column('day', '일자', 'day'),
      ...pairColumns,
      ...flowColumns,
      column('won', '미사용 잔액', 'outstanding'),
    ],
    rows,
  }
}

/** 발행 실적 (지역사랑상품권법 §14): a program's sums over a span of days, with what was outstanding before and after. */
export function issueReport(facts: ReportFacts, sums: readonly FlowSum[]): Sheet {
  const changes = outstandingOf(sums)
  const rows = pairsOf(facts, sums).map(({ programId, lotKind, name }): Cell[] => {
    const key = outstandingKey(programId, lotKind)
    const before = facts.openingWon.get(key) ?? 0
    const own = sums.filter(isOf({ programId, lotKind }))
    const after = before + (changes.get(key) ?? 0)
    return [name, lotKindWords[lotKind], before, ...flowNames.map(sumIn(own)), after]
  })
  return {
    nameKo: '발행 실적',
    nameEn: 'Issue report',
    columns: [
      ...pairColumns,
      column('won', '기초 미사용 잔액', 'outstanding before'),
      ...flowColumns,
      column('won', '기말 미사용 잔액', 'outstanding after'),
    ],
    rows,
  }
}

/** 업종·지역별 사용: what was used less what was given back, by sector and district. */
export function placeReport(
  sums: readonly FlowSum[],
  sectorName: (sector: string) => string,
): Sheet {
  const places = new Map<
    string,
    { sector: string; district: string; usedWon: number; count: number }
  >()
  for (const { flow, sector, district, amountWon, count } of sums) {
    if (!isUse(flow) || sector === null || district === null) continue
    const key = JSON.stringify([sector, district])
    const place = places.get(key) ?? { sector, district, usedWon: 0, count: 0 }
    place.usedWon -= flows[flow].sign * amountWon
    place.count += flows[flow].sign === -1 ? count : 0
    places.set(key, place)
  }
  return {
    nameKo: '업종·지역별 사용',
    nameEn: 'Use by sector and district',
    columns: [
      column('text', '업종', 'sector'),
      column('text', '읍면동', 'district'),
      column('won', '사용액(취소 차감)', 'used, less cancelled'),
      column('count', '결제 건수', 'payments'),
    ],
    rows: [...places.values()]
      .toSorted((a, b) => b.usedWon - a.usedWon)
      .map(({ sector, district, usedWon, count }) => [
        sectorName(sector),
        district,
        usedWon,
        count,
      ]),
  }
}

const accountLines: readonly (readonly [AccountKind, string])[] = [
  ['operating_fund', '운영자금(금고 계좌)'],
  ['lot', '미사용 잔액'],
  ['lot_hold', '미사용 잔액(승인 대기)'],
  ['gift_transit', '선물 대기'],
  ['merchant_payable', '가맹점 미지급금'],
  ['card_clearing', '카드사 미지급금'],
  ['settlement_in_transit', '지급 중'],
  ['returned_payout', '반려된 지급금'],
  ['unidentified_deposit', '미확인 입금'],
  ['breakage', '낙전'],
  ['merchant_fee', '가맹점 수수료'],
  ['fund_interest', '운영자금 이자'],
  ['standin_loss', '대행승인 손실'],
]

const funderWords: Readonly<Record<Funder, string>> = {
  national: '국비 미수금',
  province: '도비 미수금',
  city: '시군비 미수금',
}

/** Liabilities and revenues stand on the other side than assets: what is owed is shown above zero. */
const creditBalances: ReadonlySet<AccountKind> = new Set([
  'lot',
  'lot_hold',
  'gift_transit',
  'merchant_payable',
  'card_clearing',
  'settlement_in_transit',
  'returned_payout',
  'unidentified_deposit',
  'breakage',
  'merchant_fee',
  'fund_interest',
])

/** 운영자금 현황 (지역사랑상품권법 §4의2): each account before, what came and went, and after. */
export function fundReport(before: readonly AccountSum[], during: readonly AccountSum[]): Sheet {
  const lines = [
    ...accountLines.map(([kind, ko]) => ({ kind, id: 0, ko })),
    ...funders.map((funder, index) => ({
      kind: 'subsidy_receivable' as const,
      id: index + 1,
      ko: funderWords[funder],
    })),
  ]
  const rows = lines.map(({ kind, id, ko }): Cell[] => {
    const sign = creditBalances.has(kind) ? -1 : 1
    const of = (sums: readonly AccountSum[]) =>
      sums.find((each) => each.accountKind === kind && each.accountId === id)
    const opening = sign * ((of(before)?.debitWon ?? 0) - (of(before)?.creditWon ?? 0))
    const [debit, credit] = [of(during)?.debitWon ?? 0, of(during)?.creditWon ?? 0]
    const [came, went] = sign === 1 ? [debit, credit] : [credit, debit]
    // Minus zero is no sum.
    return [ko, opening + 0, came, went, opening + came - went]
  })
  return {
    nameKo: '운영자금 현황',
    nameEn: 'Operating fund',
    columns: [
      column('text', '항목', 'item'),
      column('won', '기초', 'before'),
      column('won', '증가', 'came'),
      column('won', '감소', 'went'),
      column('won', '기말', 'after'),
    ],
    rows,
  }
}

export function isUse(flow: Flow): boolean {
  return ['used_qr', 'used_card', 'returned_qr', 'returned_card'].includes(flow)
}

function pairsOf({ programs, openingWon }: ReportFacts, sums: readonly FlowSum[]) {
  const kinds = Object.keys(lotKindWords) as LotKind[] // The table's own keys.
  return programs
    .toSorted((a, b) => a.programId - b.programId)
    .flatMap(({ programId, name }) => kinds.map((lotKind) => ({ programId, name, lotKind })))
    .filter(
      ({ programId, lotKind }) =>
        openingWon.has(outstandingKey(programId, lotKind)) ||
        sums.some(isOf({ programId, lotKind })),
    )
}

type Pair = Pick<FlowSum, 'programId' | 'lotKind'>

function isOf({ programId, lotKind }: Pair): (sum: Pair) => boolean {
  return (sum) => sum.programId === programId && sum.lotKind === lotKind
}

function sumIn(sums: readonly FlowSum[]): (flow: Flow) => number {
  return (flow) =>
    sums.filter((each) => each.flow === flow).reduce((total, each) => total + each.amountWon, 0)
}
