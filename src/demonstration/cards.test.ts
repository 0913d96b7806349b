/** Cards of the demonstration: both sides seed the same, and every link leads to a member. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  createDemonstration,
  crowdCard,
  demonstrationCards,
  demonstrationPartners,
} from './demonstration.ts'

const demonstration = createDemonstration(1)
const cards = demonstrationCards(demonstration)
const links = cards.flatMap((card) => card.links)

test('a country always has the same cards', () => {
  assert.deepEqual(demonstrationCards(createDemonstration(1)), cards)
})

test('every link leads to the member whose card it is', () => {
  const issuers = new Map(demonstration.issuers.map((issuer) => [issuer.issuerId, issuer.code]))
  for (const card of cards) {
    for (const link of card.links) {
      const member = demonstration.members[link.memberId - 1]!
      assert.equal(member.personId, card.personId)
      assert.equal(member.issuerId, link.issuerId)
      assert.equal(issuers.get(link.issuerId), link.issuerCode)
    }
  }
  assert.deepEqual(
    links.map((link) => Number(link.linkId)),
    links.map((_, index) => index + 1),
  )
})

test('tokens are the company’s own, and no card stands twice with one issuer', () => {
  const tokens = cards.map((card) => `${card.partnerCode}/${card.cardToken}`)
  assert.equal(new Set(tokens).size, tokens.length)
  for (const card of cards) {
    assert.match(card.cardToken, /^[A-Z0-9]{16}$/)
    assert.match(card.lastFour, /^\d{4}$/)
    assert.equal(new Set(card.links.map((link) => link.issuerId)).size, card.links.length)
    const partner = demonstrationPartners.find((each) => each.code === card.partnerCode)
    assert.equal(partner?.partnerId, card.partnerId)
  }
})

test('김하늘 has a card of either company in three municipalities, 이서연 one to link', () => {
  const haneul = cards.filter((card) => card.personId === 'person-0001')
  assert.deepEqual(
    haneul.map((card) => [card.partnerCode, card.links.map((link) => link.issuerCode)]),
    [
      ['hanbit', ['gunsan', 'iksan', 'jeongeup']],
      ['narae', ['gunsan', 'iksan', 'jeongeup']],
    ],
  )
  assert.ok(haneul.every((card) => card.links.every((link) => link.spending === 'voucher_first')))
  const seoyeon = cards.filter((card) => card.personId === 'person-0003')
  assert.deepEqual(
    seoyeon.map((card) => card.links),
    [[]],
  )
  assert.equal(
    demonstration.members.find((member) => member.name === '이서연')?.personId,
    'person-0003',
  )
})

test('all wishes occur', () => {
  for (const wish of ['voucher_first', 'card_first']) {
    assert.ok(links.some((link) => link.spending === wish))
  }
  for (const wish of [null, 'decline', 'provisional_debit']) {
    assert.ok(links.some((link) => link.onUnknown === wish))
  }
  assert.ok(demonstrationPartners.every((each) => cards.some((c) => c.partnerCode === each.code)))
})

test('cards of the crowd run into nobody’s', () => {
  const crowd = Array.from({ length: 500 }, (_, index) =>
    crowdCard(index + 1, demonstration.issuers),
  )
  const tokens = new Set([...cards, ...crowd].map((card) => card.cardToken))
  assert.equal(tokens.size, cards.length + crowd.length)
  const ids = new Set(
    [...links, ...crowd.flatMap((card) => card.links)].map(({ linkId }) => linkId),
  )
  assert.equal(ids.size, links.length + crowd.length)
  const members = new Set(demonstration.members.map((member) => member.memberId))
  assert.ok(crowd.every((card) => !members.has(card.links[0].memberId)))
  assert.equal(new Set(crowd.map((card) => card.links[0].issuerCode)).size, 88)
})
