/** Money of members who set a PIN leaves by a confirmation only: of this operation, amount, device and minute. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { formatId } from '../../base/base.ts'
import { requiredAgreements as consents } from '../../registration/fixtures/agreements.ts'
import { CONFIRMATION_LIFE_MS } from '../confirmation-token.ts'
import {
  base,
  check,
  openConfirmingCity,
  OTHER_PIN,
  path,
  PIN,
  refusedAs,
  setPin,
  stateOf,
  tokenIn,
  type State,
} from './fixtures/confirming-city.ts'
import { created, PROGRAM } from './fixtures/small-city.ts'

const { city, shop, openPayer, openGuarded, pay } = await openConfirmingCity()
after(() => city.app.close())
const programId = formatId('prg', PROGRAM)

describe('by PIN', () => {
  test('who has set nothing pays as before', async () => {
    const member = await openPayer()
    created(await pay(member, randomUUID(), 1_000))
    assert.equal((await stateOf(member)).required, false)
  })

  test('a payment without a confirmation is refused, and with one it is taken', async () => {
    const member = await openGuarded()
    const operation = randomUUID()
    const missing = refusedAs(await pay(member, operation, 1_000), 403, 'confirmation_required')
    assert.equal(missing.field, 'header.payment-confirmation')
    const token = tokenIn(await check(member, { operation, amountWon: 1_000 }))
    created(await pay(member, operation, 1_000, token))
  })

  test('a confirmation is for one operation, one amount and one member', async () => {
    const member = await openGuarded()
    const operation = randomUUID()
    const token = tokenIn(await check(member, { operation, amountWon: 1_000 }))
    refusedAs(await pay(member, operation, 1_001, token), 403, 'confirmation_invalid')
    refusedAs(await pay(member, randomUUID(), 1_000, token), 403, 'confirmation_invalid')
    refusedAs(await pay(member, operation, 1_000, `${token}x`), 403, 'confirmation_invalid')
    const other = await openGuarded()
    refusedAs(await pay(other, operation, 1_000, token), 403, 'confirmation_invalid')
    created(await pay(member, operation, 1_000, token))
  })

  test('a session’s own token is no confirmation, and a confirmation no session', async () => {
    const member = await openGuarded()
    const operation = randomUUID()
    const { authorization = '' } = await member.headersFor('POST', `${base}/payments`)
    const session = authorization.replace('DPoP ', '')
    refusedAs(await pay(member, operation, 1_000, session), 403, 'confirmation_invalid')
    const token = tokenIn(await check(member, { operation, amountWon: 1_000 }))
    const answer = await member.ask('GET', path, { headers: { authorization: `DPoP ${token}` } })
    assert.equal(answer.statusCode, 401, answer.body)
  })

  test('a confirmation of another device of the member is none', async () => {
    const member = await openGuarded()
    const other = await city.caller(member.personId)
    const operation = randomUUID()
    const token = tokenIn(
      await other.ask('POST', `${path}/checks`, {
        body: { operation, amountWon: 1_000, pin: PIN },
      }),
    )
    refusedAs(await pay(member, operation, 1_000, token), 403, 'confirmation_invalid')
  })

  test('a confirmation is good to the last second of its two minutes', async () => {
    const member = await openGuarded()
    const operations = [randomUUID(), randomUUID()] as const
    const tokens: string[] = []
    for (const operation of operations) {
      tokens.push(tokenIn(await check(member, { operation, amountWon: 1_000 })))
    }
    const whole = Math.floor((city.time.now + CONFIRMATION_LIFE_MS) / 1_000) * 1_000
    city.advance(whole - city.time.now - 1)
    created(await pay(member, operations[0], 1_000, tokens[0]))
    city.advance(1)
    refusedAs(await pay(member, operations[1], 1_000, tokens[1]), 403, 'confirmation_invalid')
  })

  test('a repeat of what was decided is answered without a new confirmation', async () => {
    const member = await openGuarded()
    const operation = randomUUID()
    const token = tokenIn(await check(member, { operation, amountWon: 1_000 }))
    const first = created(await pay(member, operation, 1_000, token))
    const again = created(await pay(member, operation, 1_000))
    assert.equal(again.headers['idempotent-replayed'], 'true')
    assert.deepEqual(again.json(), first.json())
    refusedAs(await pay(member, operation, 2_000), 409, 'key_reused')
    const stranger = await openGuarded()
    refusedAs(await pay(stranger, operation, 1_000), 403, 'confirmation_required')
  })

  test('purchases, virtual accounts, presents and refunds ask for it too', async () => {
    const member = await openGuarded()
    const lots = (await member.ask('GET', member.wallet)).json<{ lots: { lotId: string }[] }>().lots
    const order = { programId, faceWon: 10_000 }
    const present = { programId, phone: '010-1111-2222', amountWon: 1_000 }
    const calls = [
      [`${base}/purchases`, order, 10_000],
      [`${base}/virtual-accounts`, order, 10_000],
      [`${base}/gifts`, present, 1_000],
      [`${member.wallet}/lots/${lots[0]?.lotId ?? ''}/refund`, { memberWon: 900 }, 900],
    ] as const
    for (const [url, body, amountWon] of calls) {
      const key = randomUUID()
      const missing = await member.ask('POST', url, { body, key })
      refusedAs(missing, 403, 'confirmation_required')
      const token = tokenIn(await check(member, { operation: key, amountWon }))
      const wrong = { 'payment-confirmation': `${token}x` }
      refusedAs(
        await member.ask('POST', url, { body, key, headers: wrong }),
        403,
        'confirmation_invalid',
      )
      const headers = { 'payment-confirmation': token }
      const answer = await member.ask('POST', url, { body, key, headers })
      // The refund is refused for a reason of its own: nothing of the lot was used.
      assert.doesNotMatch(answer.body, /confirmation_/, url)
      if (!url.endsWith('/refund')) created(answer)
    }
  })

  test('the amount of a code that a till shows is what has to be confirmed', async () => {
    const member = await openGuarded()
    const shown = await shop.clerk.ask('POST', `${shop.outlet}/payment-requests`, {
      body: { amountWon: 3_000 },
    })
    const { text } = shown.json<{ text: string }>()
    const payBy = (key: string, token?: string) =>
      member.ask('POST', `${base}/payments`, {
        body: { code: text },
        key,
        ...(token === undefined ? {} : { headers: { 'payment-confirmation': token } }),
      })
    const [one, two] = [randomUUID(), randomUUID()]
    refusedAs(await payBy(one), 403, 'confirmation_required')
    const less = tokenIn(await check(member, { operation: one, amountWon: 1 }))
    refusedAs(await payBy(one, less), 403, 'confirmation_invalid')
    created(await payBy(two, tokenIn(await check(member, { operation: two, amountWon: 3_000 }))))
  })

  test('a wrong PIN says in words how many attempts are left, and the fifth blocks', async () => {
    const member = await openGuarded()
    const about = { operation: randomUUID(), amountWon: 1_000 }
    const first = refusedAs(await check(member, about, OTHER_PIN), 403, 'pin_wrong')
    assert.match(first.detail, /4번/)
    assert.equal(first.field, 'body.pin')
    for (let attempt = 2; attempt <= 4; attempt += 1) await check(member, about, OTHER_PIN)
    assert.equal((await stateOf(member)).pin.blocked, false)
    const last = refusedAs(await check(member, about, OTHER_PIN), 403, 'pin_wrong')
    assert.match(last.detail, /잠겼습니다/)
    refusedAs(await check(member, about), 403, 'pin_blocked')
    refusedAs(await setPin(member, OTHER_PIN, { currentPin: PIN }), 403, 'pin_blocked')
    const assertion = await city.door.assertion(member.personId, member.device)
    assert.equal((await setPin(member, OTHER_PIN, { assertion })).statusCode, 200)
    tokenIn(await check(member, about, OTHER_PIN))
  })

  test('a PIN is replaced by the present one or an assertion of the same person', async () => {
    const member = await openGuarded()
    refusedAs(await setPin(member, OTHER_PIN), 403, 'confirmation_required')
    const wrong = await setPin(member, OTHER_PIN, { currentPin: OTHER_PIN })
    assert.equal(refusedAs(wrong, 403, 'pin_wrong').field, 'body.currentPin')
    const assertion = await city.door.assertion('somebody-else', member.device)
    refusedAs(await setPin(member, OTHER_PIN, { assertion }), 401, 'assertion_invalid')
    assert.equal((await setPin(member, OTHER_PIN, { currentPin: PIN })).statusCode, 200)
  })

  test('PINs that are tried first, and what is no PIN, are refused by name', async () => {
    const member = await openPayer()
    for (const pin of ['111111', '456789', '900102']) {
      assert.equal(refusedAs(await setPin(member, pin), 422, 'pin_trivial').field, 'body.pin')
    }
    for (const pin of ['12345', '1234567', 'abcdef']) {
      assert.equal(refusedAs(await setPin(member, pin), 400, 'validation_failed').field, 'body.pin')
    }
    assert.equal((await stateOf(member)).pin.set, false)
  })

  test('neither PIN nor hash is in the log, an answer or the copy of one’s data', async () => {
    const member = await openGuarded()
    tokenIn(await check(member, { operation: randomUUID(), amountWon: 1_000 }))
    const copy = await member.ask('GET', `${base}/members/me/data`)
    assert.equal(copy.statusCode, 200)
    assert.match(copy.body, /"confirmation"/)
    for (const text of [copy.body, city.door.log.text(), (await member.ask('GET', path)).body]) {
      assert.doesNotMatch(text, /829403|304928|pinHash|publicKey/)
    }
  })

  test('leaving ends it, and whoever comes back has none', async () => {
    const member = await openPayer(0)
    await setPin(member, PIN)
    const left = await member.ask('POST', `${base}/members/me/withdrawal`, {
      body: { renounce: true },
    })
    assert.equal(left.statusCode, 200, left.body)
    refusedAs(await setPin(member, OTHER_PIN), 404, 'member_unknown')
    const about = { operation: randomUUID(), amountWon: 1_000 }
    refusedAs(await check(member, about), 409, 'pin_not_set')
  })
})

describe('with several issuers', () => {
  test('one PIN serves both, and a stranger takes over nothing', async () => {
    const member = await openGuarded()
    const there = '/v1/issuers/iksan/members/me/confirmation'
    const copy = (from: string) => member.ask('POST', `${there}/copies`, { body: { from } })
    refusedAs(await copy('gunsan'), 403, 'forbidden')
    const assertion = await city.door.assertion(member.personId, member.device)
    created(
      await member.ask('POST', '/v1/issuers/iksan/members', { body: { assertion, consents } }),
    )
    await member.renew()
    refusedAs(await copy('nowhere'), 403, 'forbidden')
    const copied = await copy('gunsan')
    assert.equal(copied.json<State>().required, true, copied.body)
    const about = { operation: randomUUID(), amountWon: 1_000 }
    const token = tokenIn(
      await member.ask('POST', `${there}/checks`, { body: { ...about, pin: PIN } }),
    )
    refusedAs(await pay(member, about.operation, 1_000, token), 403, 'confirmation_invalid')
  })
})
