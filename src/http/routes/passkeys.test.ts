/** Money of members who have a passkey leaves when it has signed for exactly this, and its owner was verified. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { createAuthenticator, type Wrongs } from '../fixtures/software-authenticator.ts'
import { CHALLENGE_LIFE_MS } from '../passkeys.ts'
import {
  addPasskey,
  check,
  checkByPasskey,
  openConfirmingCity,
  path,
  refusedAs,
  stateOf,
  tokenIn,
  type State,
} from './fixtures/confirming-city.ts'
import { created } from './fixtures/small-city.ts'

const { city, openPayer, openGuarded, pay } = await openConfirmingCity()
after(() => city.app.close())

describe('by passkey', () => {
  test('a passkey that was made here confirms a payment', async () => {
    const member = await openPayer()
    const device = createAuthenticator()
    const added = (await addPasskey(member, device)).json<State>()
    assert.equal(added.required, true)
    assert.deepEqual(
      added.passkeys.map(({ name }) => name),
      ['내 휴대전화'],
    )
    const operation = randomUUID()
    refusedAs(await pay(member, operation, 1_000), 403, 'confirmation_required')
    const about = { operation, amountWon: 1_000 }
    created(
      await pay(member, operation, 1_000, tokenIn(await checkByPasskey(member, device, about))),
    )
  })

  test('what is wrong in one place makes no passkey', async () => {
    const member = await openPayer()
    const wrongs: readonly Wrongs[] = [
      { origin: 'http://evil.example' },
      { rpId: 'evil.example' },
      { challenge: 'A'.repeat(52) },
      { isVerified: false },
    ]
    for (const wrong of wrongs) {
      const answer = await addPasskey(member, createAuthenticator(), { wrongs: wrong })
      assert.equal(refusedAs(answer, 403, 'passkey_invalid').field, 'body.response')
    }
    assert.equal((await stateOf(member)).required, false)
  })

  test('what is wrong in one place confirms nothing', async () => {
    const member = await openPayer()
    const device = createAuthenticator()
    await addPasskey(member, device)
    const about = { operation: randomUUID(), amountWon: 1_000 }
    const wrongs: readonly Wrongs[] = [
      { origin: 'http://evil.example' },
      { rpId: 'evil.example' },
      { challenge: 'A'.repeat(52) },
      { isVerified: false },
    ]
    for (const wrong of wrongs) {
      refusedAs(
        await checkByPasskey(member, device, about, { wrongs: wrong }),
        403,
        'passkey_invalid',
      )
    }
    const stranger = createAuthenticator()
    refusedAs(await checkByPasskey(member, stranger, about), 403, 'passkey_invalid')
    for (const shown of [
      { ...about, amountWon: 999 },
      { ...about, operation: randomUUID() },
    ]) {
      refusedAs(await checkByPasskey(member, device, about, { shown }), 403, 'passkey_invalid')
    }
    tokenIn(await checkByPasskey(member, device, about))
  })

  test('a challenge is good for its minutes and for its own member', async () => {
    const member = await openPayer()
    const device = createAuthenticator()
    await addPasskey(member, device)
    const about = { operation: randomUUID(), amountWon: 1_000 }
    const asked = await member.ask('POST', `${path}/checks/options`, { body: about })
    const passkey = device.get(asked.json<Parameters<typeof device.get>[0]>())
    const answer = () => member.ask('POST', `${path}/checks`, { body: { ...about, passkey } })
    city.advance(CHALLENGE_LIFE_MS)
    tokenIn(await answer())
    city.advance(1)
    refusedAs(await answer(), 403, 'passkey_invalid')
    const other = await openPayer()
    const made = await other.ask('POST', `${path}/passkeys/options`, { body: {} })
    const response = createAuthenticator().create(made.json<Parameters<typeof device.create>[0]>())
    const stolen = await member.ask('POST', `${path}/passkeys`, {
      body: { name: '남의 것', response },
    })
    refusedAs(stolen, 403, 'passkey_invalid')
  })

  test('beside a PIN one is added by a confirmation only, whichever device made it', async () => {
    const member = await openGuarded()
    for (const attachment of ['platform', 'cross-platform'] as const) {
      const beside = { wrongs: { attachment } }
      const unproven = await addPasskey(member, createAuthenticator(), beside)
      refusedAs(unproven, 403, 'confirmation_required')
    }
    const key = randomUUID()
    const token = tokenIn(await check(member, { operation: key, amountWon: 0 }))
    const headers = { 'payment-confirmation': token }
    const added = await addPasskey(member, createAuthenticator(), { headers, key })
    assert.equal(added.json<State>().passkeys.length, 1, added.body)
  })

  test('the last means is removed by a confirmation only', async () => {
    const member = await openPayer()
    const device = createAuthenticator()
    const [passkey] = (await addPasskey(member, device)).json<State>().passkeys
    const url = `${path}/passkeys/${passkey?.passkeyId ?? ''}`
    refusedAs(await member.ask('DELETE', url), 403, 'confirmation_required')
    const key = randomUUID()
    const token = tokenIn(await checkByPasskey(member, device, { operation: key, amountWon: 0 }))
    const headers = { 'payment-confirmation': token }
    const removed = await member.ask('DELETE', url, { key, headers })
    assert.equal(removed.json<State>().required, false, removed.body)
    created(await pay(member, randomUUID(), 1_000))
  })
})
