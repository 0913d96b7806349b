/** Telephones that show codes: one for each member, and the lost one pays no more. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Fault, formatId } from '../base/base.ts'
import { done, haneul, issuerId, openBench } from './fixtures/registration-bench.ts'
import { HANDLE_FRESH_MS } from './devices.ts'
import { newRecord } from './registration.ts'
import { givenAgreements } from './fixtures/agreements.ts'

describe('telephones', () => {
  async function joined(drawnHandles: readonly number[] = []) {
    const bench = await openBench(drawnHandles)
    const account = done(
      await bench.registration.join({ issuerId, person: haneul, consents: givenAgreements }),
    )
    const { memberId } = account.member
    const enrol = async (deviceThumbprint: string) =>
      bench.registration.enrolDevice({ issuerId, memberId, deviceThumbprint })
    /** `undefined` for a handle that finds nobody. */
    const activeOf = async (handle: number) =>
      (await bench.registration.payerByHandle(issuerId, handle))?.active
    return { ...bench, enrol, activeOf, memberId, walletId: account.walletId }
  }

  test('the same telephone again gets the same handle and seed', async () => {
    const { enrol, registration, walletId } = await joined()
    const first = done(await enrol('phone-1'))
    assert.deepEqual(done(await enrol('phone-1')), first)
    assert.deepEqual(await registration.payerByHandle(issuerId, first.handle), {
      walletId,
      personId: haneul.personId,
      seed: first.seed,
      active: true,
    })
  })

  test('another telephone replaces the first, whose handle is known and no longer pays', async () => {
    const { enrol, registration, activeOf, walletId } = await joined()
    const first = done(await enrol('phone-1'))
    assert.equal(await activeOf(first.handle), true)
    const second = done(await enrol('phone-2'))
    assert.notEqual(second.handle, first.handle)
    assert.deepEqual(await registration.payerByHandle(issuerId, first.handle), {
      walletId,
      personId: haneul.personId,
      seed: first.seed,
      active: false,
    })
    assert.equal(await activeOf(second.handle), true)
  })

  test('a handle that no telephone ever had finds nobody', async () => {
    const { enrol, registration } = await joined([42])
    assert.equal(await registration.payerByHandle(issuerId, 42), undefined)
    assert.equal(done(await enrol('phone-1')).handle, 42)
    assert.equal((await registration.payerByHandle(issuerId, 42))?.active, true)
    assert.equal(await registration.payerByHandle(issuerId, 43), undefined)
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
    const { enrol, activeOf, registry, memberId, time, walletId } = await joined()
    const first = done(await enrol('phone-1'))
    assert.equal(await activeOf(first.handle), true)
    const { personId } = haneul
    const body = { walletId, personId, thumbprint: 'phone-2', handle: 77, active: true }
    const keys = ['handle:77']
    const elsewhere = newRecord('device', { recordId: memberId, version: 2, body, keys })
    await registry.append(issuerId, 'system', [elsewhere], time.now)
    time.now += HANDLE_FRESH_MS - 1
    assert.equal(await activeOf(first.handle), true)
    time.now += 1
    assert.equal(await activeOf(first.handle), false)
  })

  test('a stopped wallet stops its telephone, which has to be enrolled anew after the release', async () => {
    const { enrol, activeOf, registration, memberId, walletId, directory } = await joined()
    const first = done(await enrol('phone-1'))
    const command = { issuerId, memberId, by: formatId('mbr', memberId), reason: '분실' }
    done(await registration.stopWallet(command))
    done(await registration.stopWallet(command))
    assert.equal(directory.walletStopped(issuerId, walletId), true)
    assert.equal((await registration.member(issuerId, memberId))?.member.status, 'stopped')
    assert.equal(await activeOf(first.handle), false)
    assert.deepEqual(await enrol('phone-1'), { status: 'refused', reason: 'wallet_stopped' })
    done(await registration.releaseWallet({ ...command, by: 'off_1', reason: '찾음' }))
    assert.equal(directory.walletStopped(issuerId, walletId), false)
    assert.equal(await activeOf(first.handle), false)
    assert.notEqual(done(await enrol('phone-1')).handle, first.handle)
  })
})
