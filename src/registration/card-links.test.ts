/** A member's cards: the card company is told first, and nothing counts twice. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { OPERATOR, Fault, formatId, id } from '../base/base.ts'
import { sampleTerms } from '../issuing/terms-sample.ts'
import { createTestCompany } from './fixtures/card-company.ts'
import { done, haneul, issuerId, key, openBench } from './fixtures/registration-bench.ts'
import { CARDS_PER_MEMBER_MAX, createCardLinks, naturalKey, newRecord } from './registration.ts'
import { givenAgreements } from './fixtures/agreements.ts'

const otherIssuerId = id('iss', 2)
const seoyeon = { ...haneul, personId: 'person-0003', name: '이서연', phone: '010-0000-0003' }

async function openCardBench() {
  const bench = await openBench()
  const { registry, directory, ids, time } = bench
  const cards = Object.fromEntries(
    Array.from({ length: 14 }, (_, index) => [`code-${index}`, `HAN00000000${1_000 + index}`]),
  )
  const { company, told, state } = createTestCompany(cards)
  await registry.openIssuer(OPERATOR)
  await registry.openIssuer(otherIssuerId)
  const partner = {
    code: 'hanbit',
    nameKo: '한빛카드',
    nameEn: 'Hanbit Card',
    profile: 'iso8583',
    deadlineMs: 3_000,
    holdDays: 7,
    settlementLagDays: 2,
    settlementAccount: null,
  }
  const partners = [
    newRecord('partner', { recordId: 1, version: 1, body: { ...partner, active: true } }),
    newRecord('partner', {
      recordId: 2,
      version: 1,
      body: { ...partner, code: 'narae', active: false },
    }),
  ]
  await registry.append(OPERATOR, 'system', partners, time.now)
  for (const [each, code] of [
    [issuerId, 'gunsan'],
    [otherIssuerId, 'iksan'],
  ] as const) {
    const body = {
      code,
      nameKo: code,
      nameEn: code,
      province: 'jeonbuk',
      kind: 'municipality',
      treasuryBank: '농협은행',
    } as const
    const { programId: _program, issuerId: _issuer, version: _version, ...terms } = sampleTerms
    const program = { recordId: each, version: 1 }
    await registry.append(
      each,
      'system',
      [
        newRecord('issuer', { recordId: each, version: 1, body }),
        newRecord('program', { ...program, body: { name: code, nameEn: code } }),
        newRecord('terms', {
          ...program,
          body: { ...terms, requestId: null, fallbackPreference: 'provisional_debit' },
        }),
      ],
      time.now,
    )
  }
  const links = createCardLinks({
    registry,
    ids,
    clock: () => time.now,
    partners: directory,
    issuing: directory,
    companies: (code) => (code === 'hanbit' ? company : undefined),
  })
  const join = async (person: typeof haneul, at = issuerId) =>
    done(await bench.registration.join({ issuerId: at, person, consents: givenAgreements })).member
      .memberId
  const memberId = await join(haneul)
  let requests = 0
  const linking = (linkCode: string) => ({
    issuerId,
    memberId,
    requestId: key((requests += 1)),
    partnerCode: 'hanbit',
    linkCode,
    spending: 'voucher_first' as const,
    onUnknown: null,
  })
  return { ...bench, links, company, told, state, join, memberId, linking }
}

describe('linking a card', () => {
  test('the company hears what holds before the link counts', async () => {
    const { links, told, linking, memberId, directory } = await openCardBench()
    const { card } = done(await links.linkCard(linking('code-1')))
    assert.equal(card.cardToken, 'HAN000000001001')
    assert.equal(card.lastFour, '1001')
    assert.equal(card.active, true)
    // As the program says, in the words of today.
    assert.deepEqual(
      [...told],
      [
        [
          'gunsan/HAN000000001001',
          { issuerCode: 'gunsan', spending: 'voucher_first', onUnknown: 'provisional_debit' },
        ],
      ],
    )
    assert.deepEqual(await links.cardsOf(issuerId, memberId), [card])
    assert.equal(directory.partnerByCode('hanbit')?.partnerId, 1)
  })

  test('a repeat finds the first, even after its code was used up', async () => {
    const { links, linking, state, wrote } = await openCardBench()
    const request = linking('code-1')
    const first = done(await links.linkCard(request))
    const written = wrote()
    assert.deepEqual(done(await links.linkCard(request)), first)
    assert.equal(state.redeemed, 1)
    assert.equal(wrote(), written)
  })

  test('an unreachable company leaves everything as it was', async () => {
    const { links, linking, state, memberId, wrote } = await openCardBench()
    state.isAway = true
    const written = wrote()
    const isUnavailable = (error: unknown) =>
      error instanceof Fault && error.code === 'card_company_unavailable'
    await assert.rejects(links.linkCard(linking('code-1')), isUnavailable)
    assert.equal(wrote(), written)
    state.isAway = false
    const { card } = done(await links.linkCard(linking('code-1')))
    state.isAway = true
    const { linkId } = card
    const change = { issuerId, memberId, linkId, spending: 'card_first' as const }
    await assert.rejects(links.changeCard(change), isUnavailable)
    await assert.rejects(links.unlinkCard({ issuerId, memberId, linkId }), isUnavailable)
    assert.deepEqual(await links.cardsOf(issuerId, memberId), [card])
  })

  test('one card stands with several issuers, and with one member of each', async () => {
    const { links, linking, join, told } = await openCardBench()
    done(await links.linkCard(linking('code-1')))
    const there = await join(haneul, otherIssuerId)
    const elsewhere = { ...linking('code-1'), issuerId: otherIssuerId, memberId: there }
    done(await links.linkCard(elsewhere))
    assert.deepEqual([...told.keys()], ['gunsan/HAN000000001001', 'iksan/HAN000000001001'])
    const other = await join(seoyeon)
    const taken = await links.linkCard({ ...linking('code-1'), memberId: other })
    assert.deepEqual(taken, { status: 'refused', reason: 'card_of_another_member' })
  })

  test('of two members who link one card at one time only one wins', async () => {
    const { links, linking, join } = await openCardBench()
    const other = await join(seoyeon)
    const answers = await Promise.all([
      links.linkCard(linking('code-1')),
      links.linkCard({ ...linking('code-1'), memberId: other }),
    ])
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), ['refused', 'registered'])
  })

  test('a card that was taken away may be linked by somebody else, and is theirs alone', async () => {
    const { links, linking, join, memberId, told } = await openCardBench()
    const { card } = done(await links.linkCard(linking('code-1')))
    done(await links.unlinkCard({ issuerId, memberId, linkId: card.linkId }))
    assert.equal(told.size, 0)
    assert.deepEqual(await links.cardsOf(issuerId, memberId), [])
    const other = await join(seoyeon)
    const { card: theirs } = done(await links.linkCard({ ...linking('code-1'), memberId: other }))
    assert.equal(theirs.linkId, card.linkId)
    assert.deepEqual(await links.cardsOf(issuerId, memberId), [])
    assert.deepEqual(await links.cardsOf(issuerId, other), [theirs])
    const mine = { issuerId, memberId, linkId: card.linkId }
    const unknown = { status: 'refused', reason: 'card_unknown' }
    assert.deepEqual(await links.unlinkCard(mine), unknown)
    assert.deepEqual(await links.changeCard({ ...mine, spending: 'card_first' }), unknown)
  })

  test('what cannot be linked is refused by name', async () => {
    const { links, linking, memberId, registration, join } = await openCardBench()
    const reasonOf = async (request: Parameters<typeof links.linkCard>[0]) => {
      const answer = await links.linkCard(request)
      return answer.status === 'refused' ? answer.reason : answer.status
    }
    assert.equal(await reasonOf(linking('no-such-code')), 'link_code_unknown')
    for (const partnerCode of ['narae', 'nobody']) {
      assert.equal(await reasonOf({ ...linking('code-1'), partnerCode }), 'partner_unknown')
    }
    const request = linking('code-1')
    assert.equal(await reasonOf({ ...request, memberId: id('mbr', 99) }), 'member_unknown')
    done(await links.linkCard(request))
    const other = await join(seoyeon)
    assert.equal(await reasonOf({ ...request, memberId: other }), 'request_reused')
    const by = formatId('mbr', memberId)
    done(await registration.stopWallet({ issuerId, memberId, by, reason: '분실' }))
    assert.equal(await reasonOf(linking('code-2')), 'wallet_stopped')
  })

  test('a member has at most so many cards', async () => {
    const { links, linking, memberId } = await openCardBench()
    for (let index = 0; index < CARDS_PER_MEMBER_MAX; index += 1) {
      done(await links.linkCard(linking(`code-${index}`)))
    }
    const more = await links.linkCard(linking('code-13'))
    assert.deepEqual(more, { status: 'refused', reason: 'too_many_cards' })
    const [first, ...rest] = await links.cardsOf(issuerId, memberId)
    assert.equal(rest.length, CARDS_PER_MEMBER_MAX - 1)
    done(await links.unlinkCard({ issuerId, memberId, linkId: first!.linkId }))
    done(await links.linkCard(linking('code-13')))
  })
})

describe('changing a card', () => {
  test('a change is told, recorded, and the same again writes nothing', async () => {
    const { links, linking, memberId, told, wrote } = await openCardBench()
    const { card } = done(await links.linkCard(linking('code-1')))
    const { linkId } = card
    const change = { issuerId, memberId, linkId, onUnknown: 'decline' as const }
    assert.deepEqual(done(await links.changeCard(change)).card, { ...card, onUnknown: 'decline' })
    const written = wrote()
    done(await links.changeCard(change))
    assert.equal(wrote(), written)
    const first = { issuerId, memberId, linkId, spending: 'card_first' as const }
    const changed = done(await links.changeCard(first)).card
    assert.equal(changed.spending, 'card_first')
    assert.equal(changed.onUnknown, 'decline')
    assert.deepEqual(told.get('gunsan/HAN000000001001'), {
      issuerCode: 'gunsan',
      spending: 'card_first',
      onUnknown: 'decline',
    })
  })

  test('a card that was taken away is changed no more, and taking it away again is harmless', async () => {
    const { links, linking, memberId, told } = await openCardBench()
    const { card } = done(await links.linkCard(linking('code-1')))
    const mine = { issuerId, memberId, linkId: card.linkId }
    const gone = done(await links.unlinkCard(mine))
    assert.equal(gone.card.active, false)
    assert.deepEqual(done(await links.unlinkCard(mine)), gone)
    const answer = await links.changeCard({ ...mine, spending: 'card_first' })
    assert.deepEqual(answer, { status: 'refused', reason: 'card_unknown' })
    assert.equal(told.size, 0)
    const strange = { ...mine, linkId: id('crd', 77) }
    assert.equal((await links.unlinkCard(strange)).status, 'refused')
  })
})

test('natural keys of cards never run into each other', () => {
  const wallet = naturalKey.cardOfWallet(id('wlt', 12), id('prt', 1), 'T')
  assert.ok(!wallet.startsWith(naturalKey.cardOfWallet(id('wlt', 1), id('prt', 2), 'T')))
  assert.notEqual(naturalKey.card(id('prt', 1), '1T'), naturalKey.card(id('prt', 11), 'T'))
})
