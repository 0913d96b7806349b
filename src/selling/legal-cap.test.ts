/** What the law lets one member hold of an issuer's programs together, asked where value is bought. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { createIdSource, id, operationId, won, type ProgramId } from '../base/base.ts'
import { legalHoldingCaps, type Program, type ProgramTerms } from '../issuing/issuing.ts'
import { sampleMember, sampleTerms } from '../issuing/terms-sample.ts'
import { createMemoryLedger } from '../ledger/ledger.ts'
import { createSelling } from './selling.ts'

const NOON = Date.parse('2026-11-22T12:00:00+09:00')
const GUNSAN = id('iss', 1)
const WALLET = id('wlt', 1)

function programOf(number: number, terms: Partial<ProgramTerms> = {}): Program {
  const programId = id('prg', number)
  const caps = { monthlyPurchaseCapWon: won(2_000_000), holdingCapWon: won(2_000_000) }
  return {
    programId,
    issuerId: GUNSAN,
    name: `상품권 ${number}`,
    nameEn: `Voucher ${number}`,
    terms: [{ ...sampleTerms, programId, ...caps, ...terms }],
  }
}

async function openShop(programs: readonly Program[]) {
  const ledger = createMemoryLedger()
  await ledger.openWallets(GUNSAN, [{ walletId: WALLET, memberId: sampleMember.memberId }], NOON)
  const selling = createSelling({
    ledger,
    bank: {
      debit: async () => ({ status: 'debited' }),
      enquire: async () => ({ status: 'debited' }),
    },
    issuing: {
      issuers: () => [],
      issuer: () => undefined,
      issuerByCode: () => undefined,
      programs: () => programs,
      program: (_, programId) => programs.find((each) => each.programId === programId),
    },
    funding: { pots: () => [] },
    ids: createIdSource({ node: 1, clock: () => NOON }),
    sha256: (message) => createHash('sha256').update(message).digest(),
    clock: () => NOON,
    openCase: () => assert.fail('nobody contradicts'),
  })
  return async (programId: ProgramId, faceWon: number): Promise<string> => {
    const answer = await selling.buy({
      issuerId: GUNSAN,
      operationId: operationId(randomUUID()),
      member: sampleMember,
      walletId: WALLET,
      programId,
      faceWon: won(faceWon),
      accountToken: 'account-1',
    })
    return answer.status === 'declined' ? answer.reason : answer.status
  }
}

test('named value of all programs together is at most 2,000,000', async () => {
  const buy = await openShop([
    programOf(1),
    programOf(2),
    programOf(3, { prepaidClass: 'disaster_stipend' }),
  ])
  assert.equal(await buy(id('prg', 1), 1_200_000), 'completed')
  assert.equal(await buy(id('prg', 2), 810_000), 'holding_cap_exceeded')
  assert.equal(await buy(id('prg', 2), 800_000), 'completed')
  assert.equal(await buy(id('prg', 1), 10_000), 'holding_cap_exceeded')
  // Another class is counted for itself.
  assert.equal(await buy(id('prg', 3), 2_000_000), 'completed')
})

test('a cap of a later decree counts from its day', () => {
  const row = { prepaidClass: 'named', version: 1 } as const
  const law = [
    { ...row, effectiveFrom: 0, capWon: won(2_000_000) },
    { ...row, effectiveFrom: NOON, capWon: won(3_000_000) },
  ]
  const capAt = (at: number) => legalHoldingCaps([programOf(1), programOf(2)], at, law)
  const programIds = [1, 2]
  assert.deepEqual(capAt(NOON - 1), [{ programIds, capWon: 2_000_000 }])
  assert.deepEqual(capAt(NOON), [{ programIds, capWon: 3_000_000 }])
})
