/** Programs of the simulated country: odd rates, tight quotas and caps, one that sells and one that is given. */
import { id, won, type Instant, type IssuerId } from '../src/base/base.ts'
import type { Random } from '../src/demonstration/random.ts'
import type { Benefit, Program, ProgramTerms } from '../src/issuing/issuing.ts'
import { sampleStipendRules, sampleTerms } from '../src/issuing/terms-sample.ts'

/** The issuer's programs, numbered from `firstNumber`. */
export function drawPrograms(
  random: Random,
  place: { issuerId: IssuerId; startAt: Instant; firstNumber: number },
): readonly Program[] {
  const { issuerId, firstNumber } = place
  const sale = drawSaleTerms(random, place)
  const stipend: ProgramTerms = {
    ...sale,
    programId: id('prg', firstNumber + 1),
    kind: 'stipend',
    tenderRank: random.pick([5, 10, 20]),
    benefit: { ...sale.benefit, mode: 'none', rateBasisPoints: 0 },
    monthlyQuotaWon: won(0),
    monthlyPurchaseCapWon: won(0),
    refund: null,
    // All that expires goes to breakage here, stipends too.
    stipend: { ...sampleStipendRules, clawbackAtExpiry: false },
    saleSuspended: true,
  }
  return [sale, stipend].map((terms) => ({
    programId: terms.programId,
    issuerId,
    name: '가상사랑상품권',
    nameEn: 'Imaginary Love Voucher',
    terms: [terms],
  }))
}

function drawSaleTerms(
  random: Random,
  place: { issuerId: IssuerId; startAt: Instant; firstNumber: number },
): ProgramTerms {
  const unitWon = random.pick([1_000, 10_000])
  return {
    ...sampleTerms,
    programId: id('prg', place.firstNumber),
    issuerId: place.issuerId,
    effectiveFrom: place.startAt - 1_000,
    benefit: drawBenefit(random),
    saleWindow: { opensAt: place.startAt - 1_000, closesAt: null },
    monthlyQuotaWon: won(random.pick([300_000, 1_000_000, 100_000_000])),
    monthlyPurchaseCapWon: won(random.pick([100_000, 300_000, 700_000])),
    holdingCapWon: won(random.pick([150_000, 500_000, 1_500_000])),
    purchaseWonMin: won(random.pick([1, 5]) * unitWon),
    purchaseUnitWon: won(unitWon),
    paymentWonMax: won(random.pick([60_000, 500_000, 1_500_000])),
  }
}

function drawBenefit(random: Random): Benefit {
  const mode = random.pickWeighted([
    ['pre_discount', 7],
    ['cashback', 2],
    ['none', 1],
  ] as const)
  const weights = random.pick([
    [5, 2, 3],
    [8, 2, 3],
    [1, 1, 1],
    [0, 0, 1],
  ] as const)
  return {
    mode,
    rateBasisPoints: mode === 'none' ? 0 : random.pick([700, 999, 1_000, 1_333, 2_000]),
    fundingShares: [
      { funder: 'national', weight: weights[0] },
      { funder: 'province', weight: weights[1] },
      { funder: 'city', weight: weights[2] },
    ],
  }
}
