/** Merchants from the application to the clerk who leaves. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { id, won, type MerchantId } from '../base/base.ts'
import {
  application,
  done,
  issuerId,
  key,
  officerId,
  openBench,
} from './fixtures/registration-bench.ts'

describe('merchants', () => {
  async function applied() {
    const bench = await openBench()
    const { merchant } = done(await bench.registration.applyMerchant(application))
    const { merchantId } = merchant
    const decide = (status: 'active' | 'suspended' | 'closed') =>
      bench.registration.decideMerchant({ issuerId, merchantId, officerId, status })
    const owner = bench.directory.clerksOf(issuerId, merchantId)[0]!
    return { ...bench, merchant, merchantId, decide, owner }
  }

  test('an application makes a merchant and its owner, once', async () => {
    const { registration, merchant, owner, wrote } = await applied()
    assert.equal(merchant.status, 'applied')
    assert.equal(merchant.businessNumber, '1248100998')
    assert.deepEqual([owner.role, owner.personId], ['owner', application.personId])
    assert.deepEqual(done(await registration.applyMerchant(application)).merchant, merchant)
    // Merchant, life, owner, and the notice to the desk.
    assert.equal(wrote(), 4)
  })

  test('a business number of somebody else is taken', async () => {
    const { registration } = await applied()
    const answer = await registration.applyMerchant({ ...application, personId: 'person-0003' })
    assert.deepEqual(answer, { status: 'refused', reason: 'business_number_taken' })
  })

  for (const [field, value] of [
    ['name', '\u200b'],
    ['nameLatin', '분식'],
    ['businessNumber', '124-81-00999'],
    ['sector', 'spaceport'],
    ['annualRevenueWon', -1],
    ['district', ''],
  ] as const) {
    test(`an application with a wrong ${field} is refused by name`, async () => {
      const { registration } = await openBench()
      const wrong = { ...application, [field]: value }
      const answer = await registration.applyMerchant(wrong)
      assert.deepEqual(answer, { status: 'refused', reason: 'field_invalid', field })
    })
  }

  test('every decision over every state is as the table says', async () => {
    const outcomes: Record<string, string> = {}
    const ways = {
      applied: [],
      active: ['active'],
      suspended: ['active', 'suspended'],
      closed: ['closed'],
    } as const
    for (const [state, way] of Object.entries(ways)) {
      for (const status of ['active', 'suspended', 'closed'] as const) {
        const { decide } = await applied()
        for (const step of way) done(await decide(step))
        outcomes[`${state} → ${status}`] = (await decide(status)).status
      }
    }
    assert.deepEqual(outcomes, {
      'applied → active': 'registered',
      'applied → suspended': 'refused',
      'applied → closed': 'registered',
      'active → active': 'registered',
      'active → suspended': 'registered',
      'active → closed': 'registered',
      'suspended → active': 'registered',
      'suspended → suspended': 'registered',
      'suspended → closed': 'registered',
      'closed → active': 'refused',
      'closed → suspended': 'refused',
      'closed → closed': 'registered',
    })
  })

  test('an officer corrects the revenue, and who decided is on record', async () => {
    const { registration, merchantId, registry, directory } = await applied()
    const annualRevenueWon = won(900_000_000)
    const decision = {
      issuerId,
      merchantId,
      officerId,
      status: 'active',
      annualRevenueWon,
    } as const
    const { merchant } = done(await registration.decideMerchant(decision))
    assert.deepEqual([merchant.status, merchant.annualRevenueWon], ['active', annualRevenueWon])
    assert.equal(registry.versions(issuerId).at(-1)?.recordedBy, 'off_1')
    const [first, second] = directory.merchantLife(issuerId, merchantId)?.revenues ?? []
    assert.deepEqual(
      [first?.annualRevenueWon, second?.annualRevenueWon],
      [200_000_000, 900_000_000],
    )
  })

  test('the owner of a closed merchant may apply anew', async () => {
    const { registration, decide, merchantId } = await applied()
    done(await decide('closed'))
    const { merchant } = done(await registration.applyMerchant(application))
    assert.deepEqual([merchant.merchantId, merchant.status], [merchantId, 'applied'])
  })

  test('an outlet is opened once for a key, and the key is good for nothing else', async () => {
    const { registration, merchantId, owner, directory } = await applied()
    const opening = {
      issuerId,
      merchantId,
      clerkId: owner.clerkId,
      requestId: key(1),
      name: '본점',
      district: '월명동',
      address: '군산시 월명로 1',
    }
    const { outlet } = done(await registration.openOutlet(opening))
    assert.deepEqual(done(await registration.openOutlet(opening)).outlet, outlet)
    assert.equal(directory.outletsOf(issuerId, merchantId).length, 1)
    const other = await registration.openOutlet({ ...opening, name: '지점' })
    assert.deepEqual(other, { status: 'refused', reason: 'request_reused' })
  })

  test('a kit replaces another of its outlet, which stays known', async () => {
    const { registration, merchantId, owner, directory } = await applied()
    const at = { issuerId, merchantId, clerkId: owner.clerkId }
    const place = { name: '본점', district: '월명동', address: '월명로 1' }
    const { outlet } = done(await registration.openOutlet({ ...at, ...place, requestId: key(1) }))
    const { outletId } = outlet
    const first = done(await registration.issueKit({ ...at, outletId, requestId: key(2) })).kit
    const replaces = first.kitId
    const second = { ...at, outletId, requestId: key(3), replaces }
    const { kit } = done(await registration.issueKit(second))
    assert.deepEqual(done(await registration.issueKit(second)).kit, kit)
    assert.deepEqual(
      directory.kitsOf(issuerId, outletId).map((kit) => kit.active),
      [false, true],
    )
    const wrong = { ...second, requestId: key(4), replaces: id('kit', 999) }
    const refusal = { status: 'refused', reason: 'kit_unknown', field: 'replaces' }
    assert.deepEqual(await registration.issueKit(wrong), refusal)
    const stranger = { ...second, requestId: key(5), merchantId: id('mrc', 999) }
    assert.deepEqual(await registration.issueKit(stranger), {
      status: 'refused',
      reason: 'outlet_unknown',
    })
  })

  test('a clerk comes, goes and comes back under one id; the owner stays', async () => {
    const { registration, merchantId, owner } = await applied()
    const by = owner.clerkId
    const addition = { issuerId, merchantId, by, personId: 'person-0009' }
    const { clerk } = done(await registration.addClerk(addition))
    assert.deepEqual(await registration.rolesOf('person-0009'), [
      { role: 'clerk', issuerId, clerkId: clerk.clerkId, merchantId },
    ])
    const removal = { issuerId, merchantId, by, clerkId: clerk.clerkId }
    done(await registration.removeClerk(removal))
    done(await registration.removeClerk(removal))
    assert.deepEqual(await registration.rolesOf('person-0009'), [])
    assert.equal(done(await registration.addClerk(addition)).clerk.clerkId, clerk.clerkId)
    assert.deepEqual(await registration.removeClerk({ ...removal, clerkId: by }), {
      status: 'refused',
      reason: 'owner_stays',
    })
    const elsewhere = { ...removal, merchantId: 999 as MerchantId }
    assert.equal((await registration.removeClerk(elsewhere)).status, 'refused')
  })
})
