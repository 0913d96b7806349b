/** Joining, terms and roles on the registry in memory: what is written, what a repeat gets, what is refused. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { id } from '../base/base.ts'
import { done, haneul, issuerId, openBench } from './fixtures/registration-bench.ts'
import { newRecord } from './registration.ts'
import { givenAgreements, requiredAgreements } from './fixtures/agreements.ts'

describe('joining', () => {
  test('a person who joins twice is one member with one open wallet', async () => {
    const { registration, ledger, wrote } = await openBench()
    const first = done(
      await registration.join({ issuerId, person: haneul, consents: givenAgreements }),
    )
    const second = done(
      await registration.join({ issuerId, person: haneul, consents: givenAgreements }),
    )
    assert.deepEqual(second, first)
    assert.equal(wrote(), 1 + requiredAgreements.length)
    assert.deepEqual(
      ledger.snapshot(issuerId).wallets.map((wallet) => wallet.walletId),
      [first.walletId],
    )
    assert.equal(first.member.status, 'active')
  })

  test('two joinings at one time make one member', async () => {
    const { registration } = await openBench()
    const [one, two] = await Promise.all([
      registration.join({ issuerId, person: haneul, consents: givenAgreements }),
      registration.join({ issuerId, person: haneul, consents: givenAgreements }),
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
      debitConsentId: null,
    } as const
    const keys = [`person:${haneul.personId}`]
    const record = newRecord('member', { recordId: 5, version: 1, body, keys })
    await registry.append(issuerId, 'system', [record], 1)
    const joined = done(
      await registration.join({ issuerId, person: haneul, consents: givenAgreements }),
    )
    assert.equal(joined.walletId, 7)
    assert.equal(ledger.snapshot(issuerId).wallets.length, 1)
  })

  test('a name with a control character is refused', async () => {
    const { registration } = await openBench()
    const answer = await registration.join({
      issuerId,
      person: { ...haneul, name: 'a\u0007' },
      consents: givenAgreements,
    })
    assert.deepEqual(answer, { status: 'refused', reason: 'field_invalid', field: 'name' })
  })

  test('an account is linked once and replaced by another', async () => {
    const { registration, wrote } = await openBench()
    const { memberId } = done(
      await registration.join({ issuerId, person: haneul, consents: givenAgreements }),
    ).member
    for (const accountToken of ['acc_1', 'acc_1', 'acc_2']) {
      const account = done(await registration.linkAccount({ issuerId, memberId, accountToken }))
      assert.equal(account.accountToken, accountToken)
    }
    assert.equal(wrote(), 3 + requiredAgreements.length)
  })
})

test('a person has the roles of all issuers', async () => {
  const { registration, registry } = await openBench()
  const otherIssuerId = id('iss', 2)
  await registry.openIssuer(otherIssuerId)
  const here = done(
    await registration.join({ issuerId, person: haneul, consents: givenAgreements }),
  )
  const there = done(
    await registration.join({ issuerId: otherIssuerId, person: haneul, consents: givenAgreements }),
  )
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

test('a record that only looks like the person’s gives them no role', async () => {
  const { registration, registry } = await openBench()
  const account = done(
    await registration.join({ issuerId, person: haneul, consents: givenAgreements }),
  )
  const record = await registry.read(issuerId, 'member', [account.member.memberId])
  const body = { ...Object(record[0]?.body), personId: 'person-0001/else' }
  const renamed = { kind: 'member', recordId: account.member.memberId, version: 2, body } as const
  await registry.append(issuerId, 'system', [renamed], 1)
  assert.deepEqual(await registration.rolesOf(haneul.personId), [])
  const person = { ...haneul, personId: 'person-0001/else' }
  assert.deepEqual(await registration.join({ issuerId, person, consents: givenAgreements }), {
    status: 'refused',
    reason: 'field_invalid',
    field: 'personId',
  })
})
