/** Registration's use cases on the registry in memory: what is written, what a repeat gets, what is refused. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  Fault,
  formatId,
  id,
  operationId,
  parseBusinessDate,
  won,
  type MerchantId,
} from '../base/base.ts'
import { sampleTerms } from '../issuing/terms-sample.ts'
import { createMemoryRegistration } from './memory-registration.ts'
import {
  HANDLE_FRESH_MS,
  newRecord,
  type MerchantApplication,
  type Registered,
} from './registration.ts'

const issuerId = id('iss', 1)
const officerId = id('off', 1)
const haneul = {
  personId: 'person-0001',
  name: '김하늘',
  birthDate: parseBusinessDate('1992-04-17')!,
  phone: '010-0000-0001',
}
const application: MerchantApplication = {
  issuerId,
  personId: 'person-0002',
  name: '박가네 분식',
  nameLatin: 'PARKGANE BUNSIK',
  businessNumber: '124-81-00998',
  sector: 'snack_bar',
  annualRevenueWon: won(200_000_000),
  district: '월명동',
}

async function openBench(drawnHandles: readonly number[] = []) {
  const time = { now: Date.parse('2026-11-22T10:00:00+09:00') }
  const bench = createMemoryRegistration({ clock: () => time.now, drawnHandles })
  await bench.registry.openIssuer(issuerId)
  return { ...bench, time, wrote: () => bench.registry.versions(issuerId).length }
}

function done<Result>(answer: Registered<Result>): Result {
  assert.ok(answer.status === 'registered', JSON.stringify(answer))
  return answer
}

function key(number: number) {
  return operationId(`00000000-0000-4000-8000-${String(number).padStart(12, '0')}`)
}

describe('joining', () => {
  test('a person who joins twice is one member with one open wallet', async () => {
    const { registration, ledger, wrote } = await openBench()
    const first = done(await registration.join({ issuerId, person: haneul }))
    const second = done(await registration.join({ issuerId, person: haneul }))
    assert.deepEqual(second, first)
    assert.equal(wrote(), 1)
    assert.deepEqual(
      ledger.snapshot(issuerId).wallets.map((wallet) => wallet.walletId),
      [first.walletId],
    )
    assert.equal(first.member.status, 'active')
  })

  test('two joinings at one time make one member', async () => {
    const { registration } = await openBench()
    const [one, two] = await Promise.all([
      registration.join({ issuerId, person: haneul }),
      registration.join({ issuerId, person: haneul }),
    ])
    assert.deepEqual(one, two)
  })

  test('a wallet that was not opened after the record was written is opened by the repeat', async () => {
    const { registration, registry, ledger } = await openBench()
    const body = {
      ...haneul,
      status: 'active',
      walletId: id('wlt', 7),
      accountToken: null,
    } as const
    const keys = [`person:${haneul.personId}`]
    const record = newRecord('member', { recordId: 5, version: 1, body, keys })
    await registry.append(issuerId, 'system', [record], 1)
    const joined = done(await registration.join({ issuerId, person: haneul }))
    assert.equal(joined.walletId, 7)
    assert.equal(ledger.snapshot(issuerId).wallets.length, 1)
  })

  test('a name with a control character is refused', async () => {
    const { registration } = await openBench()
    const answer = await registration.join({ issuerId, person: { ...haneul, name: 'a\u0007' } })
    assert.deepEqual(answer, { status: 'refused', reason: 'field_invalid', field: 'name' })
  })

  test('an account is linked once and replaced by another', async () => {
    const { registration, wrote } = await openBench()
    const { memberId } = done(await registration.join({ issuerId, person: haneul })).member
    for (const accountToken of ['acc_1', 'acc_1', 'acc_2']) {
      const account = done(await registration.linkAccount({ issuerId, memberId, accountToken }))
      assert.equal(account.accountToken, accountToken)
    }
    assert.equal(wrote(), 3)
  })
})

describe('telephones', () => {
  async function joined(drawnHandles: readonly number[] = []) {
    const bench = await openBench(drawnHandles)
    const account = done(await bench.registration.join({ issuerId, person: haneul }))
    const { memberId } = account.member
    const enrol = async (deviceThumbprint: string) =>
      bench.registration.enrolDevice({ issuerId, memberId, deviceThumbprint })
    return { ...bench, enrol, memberId, walletId: account.walletId }
  }

  test('the same telephone again gets the same handle and seed', async () => {
    const { enrol, registration, walletId } = await joined()
    const first = done(await enrol('phone-1'))
    assert.deepEqual(done(await enrol('phone-1')), first)
    assert.deepEqual(await registration.payerByHandle(issuerId, first.handle), {
      walletId,
      personId: haneul.personId,
      seed: first.seed,
    })
  })

  test('another telephone replaces the first, whose handle no longer pays', async () => {
    const { enrol, registration } = await joined()
    const first = done(await enrol('phone-1'))
    assert.ok(await registration.payerByHandle(issuerId, first.handle))
    const second = done(await enrol('phone-2'))
    assert.notEqual(second.handle, first.handle)
    assert.equal(await registration.payerByHandle(issuerId, first.handle), undefined)
    assert.ok(await registration.payerByHandle(issuerId, second.handle))
  })

  test('a handle that any telephone ever had is drawn again', async () => {
    const { enrol } = await joined([42, 42, 42, 43])
    assert.equal(done(await enrol('phone-1')).handle, 42)
    // Its own old handle would bring the lost telephone's seed back to life.
    assert.equal(done(await enrol('phone-2')).handle, 43)
  })

  test('a fifth collision in a row is a fault', async () => {
    const { enrol } = await joined([42, 42, 42, 42, 42, 42])
    done(await enrol('phone-1'))
    await assert.rejects(enrol('phone-2'), Fault)
  })

  test('a telephone replaced on another core stops paying within the named time', async () => {
    const { enrol, registration, registry, memberId, time, walletId } = await joined()
    const first = done(await enrol('phone-1'))
    assert.ok(await registration.payerByHandle(issuerId, first.handle))
    const { personId } = haneul
    const body = { walletId, personId, thumbprint: 'phone-2', handle: 77, active: true }
    const keys = ['handle:77']
    const elsewhere = newRecord('device', { recordId: memberId, version: 2, body, keys })
    await registry.append(issuerId, 'system', [elsewhere], time.now)
    time.now += HANDLE_FRESH_MS - 1
    assert.ok(await registration.payerByHandle(issuerId, first.handle))
    time.now += 1
    assert.equal(await registration.payerByHandle(issuerId, first.handle), undefined)
  })

  test('a stopped wallet stops its telephone, which has to be enrolled anew after the release', async () => {
    const { enrol, registration, memberId, walletId, directory } = await joined()
    const first = done(await enrol('phone-1'))
    const command = { issuerId, memberId, by: formatId('mbr', memberId), reason: '분실' }
    done(await registration.stopWallet(command))
    done(await registration.stopWallet(command))
    assert.equal(directory.walletStopped(issuerId, walletId), true)
    assert.equal((await registration.member(issuerId, memberId))?.member.status, 'stopped')
    assert.equal(await registration.payerByHandle(issuerId, first.handle), undefined)
    assert.deepEqual(await enrol('phone-1'), { status: 'refused', reason: 'wallet_stopped' })
    done(await registration.releaseWallet({ ...command, by: 'off_1', reason: '찾음' }))
    assert.equal(directory.walletStopped(issuerId, walletId), false)
    assert.equal(await registration.payerByHandle(issuerId, first.handle), undefined)
    assert.notEqual(done(await enrol('phone-1')).handle, first.handle)
  })
})

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
    assert.equal(wrote(), 2)
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
    const { registration, merchantId, registry } = await applied()
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

describe('terms', () => {
  const { programId, issuerId: _issuer, version: _version, ...sample } = sampleTerms

  async function withProgram() {
    const bench = await openBench()
    const body = { name: '군산사랑상품권', nameEn: 'Gunsan Love Voucher' }
    const record = newRecord('program', { recordId: programId, version: 1, body })
    await bench.registry.append(issuerId, 'system', [record], bench.time.now)
    const add = (number: number, changed: object = {}) =>
      bench.registration.addTerms({
        issuerId,
        programId,
        officerId,
        requestId: key(number),
        terms: { ...sample, effectiveFrom: bench.time.now + 1_000, ...changed },
      })
    return { ...bench, add }
  }

  test('versions count up, and all of them stand in the directory', async () => {
    const { add, directory } = await withProgram()
    assert.equal(done(await add(1)).terms.version, 1)
    assert.equal(done(await add(2)).terms.version, 2)
    const versions = directory.program(issuerId, programId)?.terms.map((terms) => terms.version)
    assert.deepEqual(versions, [1, 2])
  })

  test('a repeat gets its own version, or is told that newer terms came', async () => {
    const { add } = await withProgram()
    const first = done(await add(1)).terms
    assert.deepEqual(done(await add(1)).terms, first)
    done(await add(2))
    assert.deepEqual(await add(1), { status: 'refused', reason: 'terms_superseded' })
  })

  test('terms of the past and terms outside the bounds are refused', async () => {
    const { add, time } = await withProgram()
    assert.deepEqual(await add(1, { effectiveFrom: time.now - 1 }), {
      status: 'refused',
      reason: 'field_invalid',
      field: 'effectiveFrom',
    })
    const answer = await add(1, { validityYears: 99 })
    assert.ok(answer.status === 'refused' && answer.problems?.[0]?.field === 'validityYears')
  })

  test('a program that the issuer does not have has no terms', async () => {
    const { registration, time } = await withProgram()
    const answer = await registration.addTerms({
      issuerId,
      programId: id('prg', 999),
      officerId,
      requestId: key(1),
      terms: { ...sample, effectiveFrom: time.now },
    })
    assert.deepEqual(answer, { status: 'refused', reason: 'program_unknown' })
  })
})

test('a person has the roles of all issuers', async () => {
  const { registration, registry } = await openBench()
  const otherIssuerId = id('iss', 2)
  await registry.openIssuer(otherIssuerId)
  const here = done(await registration.join({ issuerId, person: haneul }))
  const there = done(await registration.join({ issuerId: otherIssuerId, person: haneul }))
  const body = { personId: haneul.personId, name: '김하늘', title: '주무관', active: true }
  const officer = newRecord('officer', { recordId: 3, version: 1, body })
  await registry.append(issuerId, 'system', [officer], 1)
  assert.deepEqual(await registration.rolesOf(haneul.personId), [
    { role: 'member', issuerId, memberId: here.member.memberId, walletId: here.walletId },
    { role: 'officer', issuerId, officerId: 3 },
    {
      role: 'member',
      issuerId: otherIssuerId,
      memberId: there.member.memberId,
      walletId: there.walletId,
    },
  ])
  assert.deepEqual(await registration.rolesOf('person-9999'), [])
})
