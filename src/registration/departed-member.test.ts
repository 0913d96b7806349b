/** Whoever has left an issuer: what the rooms refuse them, however long their last session still lasts. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { formatId, id } from '../base/base.ts'
import { givenAgreements } from './fixtures/agreements.ts'
import { depart } from './fixtures/departed.ts'
import { done, haneul, issuerId, openBench } from './fixtures/registration-bench.ts'

describe('a member who has left', () => {
  async function departed() {
    const bench = await openBench()
    const joining = { person: haneul, consents: givenAgreements }
    const { registration, registry } = bench
    const { memberId } = done(await registration.join({ issuerId, ...joining })).member
    done(await registration.enrolDevice({ issuerId, memberId, deviceThumbprint: 'phone-1' }))
    await depart(registry, issuerId, memberId)
    return { ...bench, joining, memberId, before: bench.wrote() }
  }
  const unknown = { status: 'refused', reason: 'member_unknown' }

  test('has the role of one who has left with that issuer, and stays a member of others', async () => {
    const { registration, registry, joining, memberId } = await departed()
    const otherIssuerId = id('iss', 2)
    await registry.openIssuer(otherIssuerId)
    const there = done(await registration.join({ issuerId: otherIssuerId, ...joining }))
    const { walletId } = there
    assert.deepEqual(await registration.rolesOf(haneul.personId), [
      { role: 'former_member', issuerId, memberId },
      { role: 'member', issuerId: otherIssuerId, memberId: there.member.memberId, walletId },
    ])
  })

  test('enrols no telephone, not even the one of before', async () => {
    const { registration, memberId, wrote, before } = await departed()
    for (const deviceThumbprint of ['phone-1', 'phone-2']) {
      const answer = await registration.enrolDevice({ issuerId, memberId, deviceThumbprint })
      assert.deepEqual(answer, unknown)
    }
    assert.equal(wrote(), before)
  })

  test('links no account, with a consent or without', async () => {
    const { registration, memberId, wrote, before } = await departed()
    const consent = {
      textVersion: '1',
      textHash: 'ab'.repeat(32),
      device: 'd',
      method: 'app',
    } as const
    const linking = { issuerId, memberId, accountToken: 'acc_1' }
    assert.deepEqual(await registration.linkAccount(linking), unknown)
    assert.deepEqual(await registration.linkAccount({ ...linking, consent }), unknown)
    const bought = await registration.buyer(issuerId, memberId)
    assert.deepEqual(bought, { status: 'refused', reason: 'account_not_linked' })
    assert.equal(wrote(), before)
  })

  test('no officer releases the wallet, and nobody stops it anew', async () => {
    const { registration, memberId, wrote, before } = await departed()
    const command = { issuerId, memberId, by: formatId('off', id('off', 1)), reason: '민원' }
    assert.deepEqual(await registration.releaseWallet(command), unknown)
    assert.deepEqual(await registration.stopWallet(command), unknown)
    assert.equal(wrote(), before)
  })

  test('agrees to nothing more', async () => {
    const { registration, memberId, wrote, before } = await departed()
    const agreements = [
      { purpose: 'marketing', textVersion: '1', textHash: 'ab'.repeat(32) },
    ] as const
    const command = { issuerId, memberId, agreements, device: 'd', method: 'app' } as const
    assert.deepEqual(await registration.agree(command), unknown)
    assert.equal(wrote(), before)
  })
})
