/** The whole walk of a voucher through the door: joining, buying, paying in every way, giving back, looking back. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { formatId } from '../../base/base.ts'
import { makeConsumerCode } from '../../qr/qr.ts'
import {
  created,
  grant,
  GUNSAN,
  openCity,
  openMember,
  openShop,
  PROGRAM,
} from './fixtures/small-city.ts'
import { requiredAgreements as consents } from '../../registration/fixtures/agreements.ts'

interface Receipt {
  paymentId: string
  amountWon: number
  merchantName: string
  outletName: string
  cancelledWon: number
  approvedAtKorean: string
  legs?: { kind: string; programName: string; amountWon: number }[]
}

const city = await openCity()
after(() => city.app.close())
const shop = await openShop(city, { number: 0 })
const base = '/v1/issuers/gunsan'

async function staticCode(): Promise<string> {
  const answer = await shop.clerk.ask('GET', `${base}/kits/${shop.kitId}/code`, {
    headers: { accept: 'text/plain' },
  })
  return answer.body
}

describe('a citizen', () => {
  test('joins, buys at a discount and sees where it is', async () => {
    const member = await openMember(city, 'haneul')
    const body = { programId: formatId('prg', PROGRAM), faceWon: 100_000 }
    const quote = await member.ask('POST', `${base}/purchases/quotes`, { body })
    assert.equal(quote.statusCode, 200, quote.body)
    assert.deepEqual(quote.json<{ fundingShares: object[] }>().fundingShares, [
      { funder: 'national', amountWon: 5_000 },
      { funder: 'province', amountWon: 2_000 },
      { funder: 'city', amountWon: 3_000 },
    ])
    const key = randomUUID()
    const bought = await member.ask('POST', `${base}/purchases`, { body, key })
    const purchase = created(bought).json<{ payWon: number; faceWon: number }>()
    assert.deepEqual([purchase.payWon, purchase.faceWon], [90_000, 100_000])
    const again = await member.ask('POST', `${base}/purchases`, { body, key })
    assert.deepEqual(again.json(), bought.json())
    const enquired = await member.ask('GET', `${base}/purchases/${key}`)
    assert.deepEqual([enquired.statusCode, enquired.json()], [200, bought.json()])
    const other = { ...body, faceWon: 200_000 }
    const reused = await member.ask('POST', `${base}/purchases`, { body: other, key })
    assert.equal(reused.json<{ code: string }>().code, 'key_reused')
    const wallet = (await member.ask('GET', member.wallet)).json<{
      totalWon: number
      balances: { amountWon: number; kindName: string; programName: string }[]
    }>()
    assert.equal(wallet.totalWon, 100_000)
    assert.deepEqual(
      wallet.balances.map(({ amountWon, kindName, programName }) => [
        amountWon,
        kindName,
        programName,
      ]),
      [[100_000, '구매', '군산시사랑상품권']],
    )
  })

  test('is told to ask again while the bank is silent, and learns how it ended', async () => {
    const member = await openMember(city, 'waiting')
    const body = { programId: formatId('prg', PROGRAM), faceWon: 50_000 }
    const key = randomUUID()
    city.bank.answer = { status: 'pending' }
    const pending = await member.ask('POST', `${base}/purchases`, { body, key })
    assert.equal(pending.statusCode, 202, pending.body)
    assert.equal(pending.headers['location'], `${base}/purchases/${key}`)
    assert.equal((await member.ask('GET', `${base}/purchases/${key}`)).statusCode, 202)
    city.bank.answer = { status: 'debited' }
    // A repeat orders nothing: the resolver asks the bank.
    assert.equal((await member.ask('POST', `${base}/purchases`, { body, key })).statusCode, 202)
    city.advance(1_000)
    await city.selling.resolve(GUNSAN, { olderThanMs: 0, limit: 10 })
    assert.equal((await member.ask('POST', `${base}/purchases`, { body, key })).statusCode, 201)
    assert.equal((await member.ask('GET', `${base}/purchases/${key}`)).statusCode, 200)
  })

  test('hears of a refused purchase in the enquiry what the purchase was told', async () => {
    const member = await openMember(city, 'greedy')
    const body = { programId: formatId('prg', PROGRAM), faceWon: 900_000 }
    const key = randomUUID()
    const refused = await member.ask('POST', `${base}/purchases`, { body, key })
    assert.equal(refused.json<{ code: string }>().code, 'purchase_cap_exceeded')
    const enquired = await member.ask('GET', `${base}/purchases/${key}`)
    assert.deepEqual(enquired.json(), refused.json())
    const unknown = await member.ask('GET', `${base}/purchases/${randomUUID()}`)
    assert.equal(unknown.statusCode, 404)
    assert.match(unknown.json<{ detail: string }>().detail, /다시 보내도 안전/)
  })

  test('without a linked account is told to link one', async () => {
    const person = await city.caller('no-account')
    const assertion = await city.door.assertion('no-account', person.device)
    created(await person.ask('POST', `${base}/members`, { body: { assertion, consents } }))
    await person.renew()
    const body = { programId: formatId('prg', PROGRAM), faceWon: 50_000 }
    const answer = await person.ask('POST', `${base}/purchases`, { body })
    assert.equal(answer.json<{ code: string }>().code, 'account_not_linked')
  })

  test('joins only with an assertion about themselves', async () => {
    const person = await city.caller('honest')
    const assertion = await city.door.assertion('somebody-else', person.device)
    const answer = await person.ask('POST', `${base}/members`, { body: { assertion, consents } })
    assert.equal(answer.statusCode, 401)
  })
})

describe('paying', () => {
  test('by a static code: the receipt names the shop and where the money came from', async () => {
    const member = await openMember(city, 'static', { boughtWon: 100_000 })
    await grant(city, member.walletId, 3_000)
    const key = randomUUID()
    const body = { code: await staticCode(), amountWon: 13_000 }
    const paid = await member.ask('POST', `${base}/payments`, { body, key })
    const receipt = created(paid).json<Receipt>()
    assert.equal(receipt.paymentId, key)
    assert.deepEqual([receipt.merchantName, receipt.outletName], ['0호 분식', '본점'])
    assert.match(receipt.approvedAtKorean, /^2026-11-22 10:00:\d\d$/)
    assert.deepEqual(
      receipt.legs?.map(({ kind, amountWon }) => [kind, amountWon]),
      [
        ['gift', 3_000],
        ['purchase', 10_000],
      ],
    )
    const again = await member.ask('POST', `${base}/payments`, { body, key })
    assert.equal(again.headers['idempotent-replayed'], 'true')
    assert.deepEqual(created(again).json<Receipt>(), receipt)
    const enquired = await member.ask('GET', `${base}/payments/${key}`)
    assert.deepEqual(enquired.json<Receipt>(), receipt)
    // The shop sees that it was paid, and nothing of the payer.
    const seen = (await shop.clerk.ask('GET', `${base}/payments/${key}`)).json<Receipt>()
    const { legs: _legs, ...shown } = receipt
    assert.deepEqual(seen, shown)
    const wallet = (await member.ask('GET', member.wallet)).json<{ totalWon: number }>()
    assert.equal(wallet.totalWon, 90_000)
  })

  test('more than there is: declined, and the enquiry says the same', async () => {
    const member = await openMember(city, 'poor')
    const key = randomUUID()
    const body = { code: await staticCode(), amountWon: 1_000 }
    const declined = await member.ask('POST', `${base}/payments`, { body, key })
    assert.equal(declined.json<{ code: string }>().code, 'insufficient_funds')
    const enquired = await member.ask('GET', `${base}/payments/${key}`)
    assert.deepEqual(enquired.json(), declined.json())
  })

  test('by a till’s signed code, in time', async () => {
    const member = await openMember(city, 'dynamic', { boughtWon: 50_000 })
    const asked = await shop.clerk.ask('POST', `${shop.outlet}/payment-requests`, {
      body: { amountWon: 7_000 },
    })
    assert.equal(asked.statusCode, 200, asked.body)
    const request = asked.json<{ text: string; svg: string; expiresAt: string }>()
    assert.match(request.svg, /^<svg /)
    assert.match(request.expiresAt, /^2026-11-22T01:03:\d\d\.000Z$/)
    const body = { code: request.text }
    const receipt = created(await member.ask('POST', `${base}/payments`, { body })).json<Receipt>()
    assert.equal(receipt.amountWon, 7_000)
    const forged = { code: request.text.replace('7000', '1000') }
    const refused = await member.ask('POST', `${base}/payments`, { body: forged })
    assert.equal(refused.json<{ code: string }>().code, 'code_invalid')
  })

  test('by the code on the payer’s telephone, once', async () => {
    const member = await openMember(city, 'cpm', { boughtWon: 50_000 })
    const enrolled = created(await member.ask('POST', `${base}/members/me/devices`)).json<{
      handle: number
      seed: string
    }>()
    const { handle } = enrolled
    const seed = Buffer.from(enrolled.seed, 'base64url')
    const code = makeConsumerCode({ handle, seed, now: city.time.now, hmac: city.hmac })
    const body = { code, amountWon: 4_500 }
    const receipt = created(
      await shop.clerk.ask('POST', `${shop.outlet}/payments`, { body }),
    ).json<Receipt>()
    assert.deepEqual([receipt.amountWon, receipt.legs], [4_500, undefined])
    const twice = await shop.clerk.ask('POST', `${shop.outlet}/payments`, { body })
    assert.equal(twice.json<{ code: string }>().code, 'code_already_used')
  })

  test('a stopped wallet pays no more, and an officer releases it', async () => {
    const member = await openMember(city, 'lost', { boughtWon: 50_000 })
    const reason = { body: { reason: '휴대폰 분실' } }
    assert.equal((await member.ask('POST', `${member.wallet}/stop`, reason)).statusCode, 200)
    const body = { code: await staticCode(), amountWon: 1_000 }
    const refused = await member.ask('POST', `${base}/payments`, { body })
    assert.equal(refused.json<{ code: string }>().code, 'wallet_stopped')
    const officer = await city.caller('officer-of-gunsan')
    const path = `${base}/members/${member.memberId}/release`
    assert.equal((await officer.ask('POST', path, reason)).statusCode, 200)
    created(await member.ask('POST', `${base}/payments`, { body }))
  })
})

describe('giving back and looking back', () => {
  test('a part is cancelled, the rest later, and no more than was paid', async () => {
    const member = await openMember(city, 'back', { boughtWon: 100_000 })
    const paymentId = randomUUID()
    const body = { code: await staticCode(), amountWon: 10_000 }
    created(await member.ask('POST', `${base}/payments`, { body, key: paymentId }))
    const path = `${base}/payments/${paymentId}/cancellations`
    const key = randomUUID()
    const part = { body: { amountWon: 4_000 }, key }
    const first = await shop.clerk.ask('POST', path, part)
    assert.equal(created(first).json<{ amountWon: number }>().amountWon, 4_000)
    const again = await shop.clerk.ask('POST', path, part)
    assert.deepEqual(again.json(), first.json())
    const rest = await shop.clerk.ask('POST', path, { body: {} })
    assert.equal(created(rest).json<{ amountWon: number }>().amountWon, 6_000)
    const more = await shop.clerk.ask('POST', path, { body: { amountWon: 1 } })
    assert.equal(more.json<{ code: string }>().code, 'cancel_exceeds_payment')
    const receipt = (await member.ask('GET', `${base}/payments/${paymentId}`)).json<Receipt>()
    assert.equal(receipt.cancelledWon, 10_000)
  })

  test('history comes in pages, newest first, without a gap or a repeat', async () => {
    const member = await openMember(city, 'history', { boughtWon: 100_000 })
    const keys: string[] = []
    for (let n = 1; n <= 5; n += 1) {
      city.advance(1_000)
      const key = randomUUID()
      const body = { code: await staticCode(), amountWon: n * 100 }
      created(await member.ask('POST', `${base}/payments`, { body, key }))
      keys.unshift(key)
    }
    const path = `${member.wallet}/operations`
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '?limit=2' : `?limit=2&cursor=${cursor}`
      const page = (await member.ask('GET', `${path}${query}`)).json<{
        items: { operationId: string; kind: string }[]
        nextCursor: string | null
      }>()
      seen.push(
        ...page.items.filter(({ kind }) => kind === 'payment').map((item) => item.operationId),
      )
      cursor = page.nextCursor
    }
    assert.deepEqual(seen, keys)
  })

  test('a merchant’s books: what was paid, what is owed', async () => {
    const other = await openShop(city, { number: 1 })
    const member = await openMember(city, 'books', { boughtWon: 100_000 })
    const code = await other.owner.ask('GET', `${base}/kits/${other.kitId}/code`)
    const { text } = code.json<{ text: string }>()
    const paymentId = randomUUID()
    const body = { code: text, amountWon: 9_000 }
    created(await member.ask('POST', `${base}/payments`, { body, key: paymentId }))
    const path = `${base}/payments/${paymentId}/cancellations`
    created(await other.clerk.ask('POST', path, { body: { amountWon: 2_000 } }))
    const payable = await other.clerk.ask('GET', `${other.merchant}/payable`)
    assert.equal(payable.json<{ payableWon: number }>().payableWon, 7_000)
    const list = await other.clerk.ask('GET', `${other.merchant}/payments`)
    assert.equal(list.statusCode, 200, list.body)
    const { items } = list.json<{ items: { kind: string; amountWon: number }[] }>()
    assert.deepEqual(items.map(({ kind, amountWon }) => `${kind} ${amountWon}`).toSorted(), [
      'cancellation 2000',
      'payment 9000',
    ])
    for (const shown of [list.body, payable.body]) {
      assert.doesNotMatch(shown, /홍비밀|010-9876|wlt_|mbr_/)
    }
    // A payment of another shop does not exist here.
    const foreign = await shop.clerk.ask('POST', path, { body: {} })
    assert.equal(foreign.statusCode, 404)
  })
})

describe('a code is given', () => {
  for (const [accept, type, begins] of [
    ['text/plain', 'text/plain; charset=utf-8', '000201'],
    ['image/svg+xml', 'image/svg+xml', '<svg '],
    ['image/png', 'image/png', '\u{fffd}PNG'],
    ['application/json', 'application/json; charset=utf-8', '{'],
    ['*/*', 'application/json; charset=utf-8', '{'],
    ['image/*;q=0.5, text/plain;q=0.9', 'text/plain; charset=utf-8', '000201'],
    ['image/gif', 'application/json; charset=utf-8', '{'],
  ] as const) {
    test(`as ${type} to who accepts ${accept}`, async () => {
      const answer = await shop.owner.ask('GET', `${base}/kits/${shop.kitId}/code`, {
        headers: { accept },
      })
      assert.equal(answer.headers['content-type'], type)
      assert.ok(answer.body.startsWith(begins), answer.body.slice(0, 40))
    })
  }
})

describe('officers and operators', () => {
  test('an officer sees the merchants in pages', async () => {
    const officer = await city.caller('officer-of-gunsan')
    const first = await officer.ask('GET', `${base}/merchants?limit=1&status=active`)
    const page = first.json<{ items: object[]; nextCursor: string | null }>()
    assert.equal(page.items.length, 1)
  })

  test('an officer finds merchants by words and by digits, page after page', async () => {
    const officer = await city.caller('officer-of-gunsan')
    interface Page {
      items: { name: string; merchantId: string; businessNumber: string }[]
      nextCursor: string | null
    }
    const find = async (query: Record<string, string>) => {
      const search = new URLSearchParams(query).toString()
      return (await officer.ask('GET', `${base}/merchants?${search}`)).json<Page>()
    }
    const named = async (query: Record<string, string>) =>
      (await find(query)).items.map(({ name }) => name)
    const first = await find({ text: '분식', limit: '1' })
    assert.deepEqual(await named({ text: '분식' }), ['0호 분식', '1호 분식'])
    const second = await find({ text: '분식', limit: '1', cursor: first.nextCursor! })
    assert.deepEqual([first.items[0]?.name, second.items[0]?.name], ['0호 분식', '1호 분식'])
    assert.equal(second.nextCursor, null)
    const { businessNumber } = first.items[0]!
    assert.deepEqual(await named({ text: businessNumber }), ['0호 분식'])
    assert.deepEqual(await named({ text: '1호 월명동' }), ['1호 분식'])
    assert.deepEqual(await named({ text: '분식', status: 'suspended' }), [])
    const long = await officer.ask('GET', `${base}/merchants?text=${'x'.repeat(101)}`)
    assert.equal(long.statusCode, 400, long.body)
  })

  test('anybody reads issuers and terms, without what would help a thief', async () => {
    const issuers = await city.app.inject('/v1/issuers')
    const { items } = issuers.json<{ items: { issuerCode: string }[] }>()
    assert.deepEqual(
      items.map((issuer) => issuer.issuerCode),
      ['gunsan', 'iksan'],
    )
    const programs = await city.app.inject(`${base}/programs`)
    assert.equal(programs.statusCode, 200)
    assert.match(programs.body, /monthlyPurchaseCapWon/)
    assert.doesNotMatch(programs.body, /standInLimits/)
  })

  test('the operator sees numbers', async () => {
    const operator = await city.caller('operator')
    const answer = await operator.ask('GET', '/v1/operator/issuers')
    const { items } = answer.json<{ items: { merchants: { active: number } }[] }>()
    assert.equal(items[0]?.merchants.active, 2)
  })
})
