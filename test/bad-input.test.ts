/**
 * What a careless or hostile client may send to the running product: each gets the right status and a message that
 * names the field, and not one row of money changes.
 */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, test } from 'node:test'
import postgres from 'postgres'
import { newKey, signIn, type ApiAnswer, type ApiClient } from './api-client.ts'
import { startProduct, type RunningProduct } from './running-product.ts'

const GUNSAN = '/v1/issuers/gunsan'
const PAYMENTS = `${GUNSAN}/payments`

describe('bad input', () => {
  let product: RunningProduct
  let auditor: postgres.Sql
  let member: ApiClient
  let owner: ApiClient
  let sticker = ''

  before(async () => {
    product = await startProduct({ environment: { DURE_CROWD: '3' } })
    auditor = postgres(product.auditUrl, { max: 1, onnotice: () => {} })
    member = await signIn(product, 'person-0001')
    owner = await signIn(product, 'person-0002')
    const kit = await owner.send('GET', `${GUNSAN}/kits/kit_1/code`)
    sticker = String(kit.body['text'])
  })
  after(async () => {
    await auditor?.end()
    await product?.stop()
  })

  /** Everything that money is, as one text: lots, transfers, purchases, counters. */
  async function money(): Promise<string> {
    const [row] = await auditor`select
      (select md5(string_agg(l::text, ',' order by l)) from ledger.lot l) as lots,
      (select count(*) from ledger.transfer) as transfers,
      (select md5(string_agg(p::text, ',' order by p)) from ledger.purchase p) as purchases,
      (select md5(string_agg(s::text, ',' order by s)) from ledger.program_sale s) as sales`
    return JSON.stringify(row)
  }

  async function changesNothing(
    send: () => Promise<ApiAnswer>,
    expected: { status: number; code?: string; field?: string },
  ): Promise<void> {
    const was = await money()
    const { status, body } = await send()
    assert.equal(status, expected.status, JSON.stringify(body))
    if (expected.code !== undefined) assert.equal(body['code'], expected.code)
    if (expected.field !== undefined) assert.equal(body['field'], expected.field)
    assert.equal(typeof body['title'], 'string')
    assert.doesNotMatch(JSON.stringify(body), /node_modules|\.ts:|at async/)
    assert.equal(await money(), was)
  }

  const pay = (body: unknown, client = member, key = newKey()): Promise<ApiAnswer> =>
    client.send('POST', PAYMENTS, { key, body })

  for (const [name, amountWon] of [
    ['zero', 0],
    ['below zero', -1],
    ['a fraction', 0.5],
    ['2^53', 2 ** 53],
    ['above the largest amount', 1_000_000_000_001],
    ['a string', '1000'],
    ['null', null],
    ['a list', [1000]],
    ['10 000 items', Array.from({ length: 10_000 }, () => 1)],
  ] as const) {
    test(`an amount that is ${name} is refused by its field`, () =>
      changesNothing(() => pay({ code: sticker, amountWon }), {
        status: 400,
        code: 'validation_failed',
        field: 'body.amountWon',
      }))
  }

  test('a missing amount on a sticker is asked for', () =>
    changesNothing(() => pay({ code: sticker }), { status: 422, code: 'amount_missing' }))

  test('an unknown field is refused, not passed over', () =>
    changesNothing(() => pay({ code: sticker, amountWon: 1, discountWon: 1 }), {
      status: 400,
      field: 'body.discountWon',
    }))

  test('a write without a key, or with one that is no UUID, is refused by the header', async () => {
    for (const headers of [{}, { 'idempotency-key': 'again' }]) {
      await changesNothing(
        () => member.send('POST', PAYMENTS, { body: { code: sticker, amountWon: 1000 }, headers }),
        { status: 400, field: 'header.idempotency-key' },
      )
    }
  })

  test('the same key with another body is a conflict', async () => {
    const key = newKey()
    const first = await pay({ code: sticker, amountWon: 1000 }, member, key)
    assert.equal(first.status, 201)
    await changesNothing(() => pay({ code: sticker, amountWon: 1001 }, member, key), {
      status: 409,
      code: 'key_reused',
    })
    const again = await pay({ code: sticker, amountWon: 1000 }, member, key)
    assert.deepEqual([again.status, again.body['paymentId']], [201, key])
  })

  test('a code that is altered, or of another issuer, or nonsense, pays nothing', async () => {
    const flipped = sticker.replace('gunsan', 'gunsam')
    for (const code of [flipped, sticker.slice(0, -1), 'hello', '𝟘'.repeat(100)]) {
      await changesNothing(() => pay({ code, amountWon: 1000 }), {
        status: 422,
        code: 'code_invalid',
      })
    }
    const iksan = await member.send('POST', '/v1/issuers/iksan/payments', {
      key: newKey(),
      body: { code: sticker, amountWon: 1000 },
    })
    assert.deepEqual([iksan.status, iksan.body['code']], [422, 'code_of_other_issuer'])
  })

  test("another member's wallet and another merchant's books are closed", async () => {
    const wallet = () => member.send('GET', `${GUNSAN}/wallets/wlt_2`)
    await changesNothing(wallet, { status: 404 })
    await changesNothing(() => member.send('GET', `${GUNSAN}/merchants/mrc_1/payments`), {
      status: 403,
    })
    await changesNothing(() => owner.send('GET', `${GUNSAN}/merchants/mrc_2/payments`), {
      status: 403,
    })
    const other = '/v1/issuers/namwon/wallets/wlt_1'
    await changesNothing(() => member.send('GET', other), { status: 403 })
  })

  test('a till code of the right form with a foreign signature pays nothing', async () => {
    const asked = await owner.send('POST', `${GUNSAN}/outlets/out_1/payment-requests`, {
      key: newKey(),
      body: { amountWon: 3000 },
    })
    const code = String(asked.body['text'])
    const cheaper = withCrc(code.replace('54043000', '54041000').slice(0, -4))
    assert.notEqual(cheaper, code)
    await changesNothing(() => pay({ code: cheaper }), { status: 422, code: 'code_invalid' })
    await changesNothing(() => pay({ code, amountWon: 2999 }), {
      status: 422,
      code: 'amount_differs_from_code',
    })
  })

  test('broken JSON, bytes that are no UTF-8 and lone surrogates are named as such', async () => {
    for (const bytes of [
      Buffer.from('{"code":'),
      Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
      Buffer.from('{"code":"\\ud800","amountWon":1}'),
    ]) {
      const answer = () => rawPost(product.coreUrl, member.headers('POST', PAYMENTS), bytes)
      await changesNothing(answer, { status: 400 })
    }
  })

  test('names with direction marks, or far too long, do not get in', async () => {
    for (const [name, status] of [
      ['가게\u202e', 422],
      ['가'.repeat(10_000), 400],
      ['', 400],
    ] as const) {
      const apply = () =>
        member.send('POST', `${GUNSAN}/merchants`, {
          key: newKey(),
          body: {
            name,
            nameLatin: 'Shop',
            businessNumber: '1234567891',
            sector: 'restaurant',
            annualRevenueWon: 0,
            district: '나운동',
          },
        })
      await changesNothing(apply, { status, field: 'body.name' })
    }
  })

  test('a token of another device, an expired shape and no token at all are refused', async () => {
    const headers = { ...owner.headers('GET', `${GUNSAN}/members/me`) }
    const mixed = await fetch(`${product.coreUrl}${GUNSAN}/members/me`, {
      headers: { ...headers, authorization: `DPoP ${member.token()}` },
    })
    assert.equal(mixed.status, 401)
    const bare = await fetch(`${product.coreUrl}${GUNSAN}/members/me`)
    assert.equal(bare.status, 401)
    assert.match(bare.headers.get('www-authenticate') ?? '', /DPoP/)
    const cut = await fetch(`${product.coreUrl}${GUNSAN}/members/me`, {
      headers: { ...member.headers('GET', `${GUNSAN}/members/me`), authorization: 'DPoP x.y.z' },
    })
    assert.equal(cut.status, 401)
  })

  test('a body over the limit is refused before it is read', async () => {
    const body = Buffer.from(`{"code":"${'A'.repeat(70_000)}","amountWon":1}`)
    const answer = () => rawPost(product.coreUrl, member.headers('POST', PAYMENTS), body)
    await changesNothing(answer, { status: 413 })
  })

  test('what is no HTTP gets an answer and the server goes on', async () => {
    const { hostname, port } = new URL(product.coreUrl)
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write('\x16\x03\x01\x02\x00garbage\r\n\r\n'),
      )
      let text = ''
      socket.on('data', (chunk) => (text += chunk.toString()))
      socket.on('close', () => resolve(text))
      socket.on('error', reject)
    })
    assert.match(answer, /^HTTP\/1\.1 400/)
    assert.equal((await fetch(`${product.coreUrl}/healthz`)).status, 200)
  })

  test('in English for who reads English', async () => {
    const answer = await member.send('POST', PAYMENTS, {
      key: newKey(),
      body: { code: sticker, amountWon: 0 },
      headers: { 'accept-language': 'en' },
    })
    assert.match(String(answer.body['title']), /^[\x20-\x7e]+$/)
  })
})

async function rawPost(
  coreUrl: string,
  headers: Record<string, string>,
  body: Buffer,
): Promise<ApiAnswer> {
  const response = await fetch(`${coreUrl}${PAYMENTS}`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': newKey() },
    body: new Uint8Array(body),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** A text that ends in `6304`, with its right checksum: CRC-16/CCITT-FALSE. */
function withCrc(text: string): string {
  let crc = 0xffff
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) {
      crc = ((crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021) & 0xffff
    }
  }
  return text + crc.toString(16).toUpperCase().padStart(4, '0')
}
