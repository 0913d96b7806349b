import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGivenOut, type GivenOut } from './given-out.ts'

const asked = (givenOut: GivenOut, since: string | undefined, keys: string) => {
  const reading = givenOut.begin(since)
  return { name: reading.name, news: [...keys].filter((key) => reading.isNew(key)).join('') }
}

test('what a reading gave is new no more for those that name it or a later one', () => {
  const givenOut = createGivenOut()
  const first = asked(givenOut, undefined, 'ab')
  const second = asked(givenOut, first.name, 'abc')
  assert.equal(second.news, 'abc') // The first was no one's continuation and remembers nothing.
  assert.equal(asked(givenOut, second.name, 'abcd').news, 'd')
  assert.equal(asked(givenOut, second.name, 'abcde').news, 'de')
  assert.equal(asked(givenOut, first.name, 'abcde').news, 'abcde')
})

test('what is forgotten is new again', () => {
  const givenOut = createGivenOut(2)
  const { name } = givenOut.begin(undefined)
  const given = asked(givenOut, name, 'abcde')
  assert.equal(given.news, 'abcde')
  assert.equal(asked(givenOut, given.name, 'cde').news, '')
  assert.equal(asked(givenOut, given.name, 'ab').news, 'ab')
})

test('whoever begins anew is given what an earlier line was given', () => {
  const givenOut = createGivenOut()
  const before = asked(givenOut, givenOut.begin(undefined).name, 'ab')
  // The database was replaced by an older copy, in which the same keys are booked again.
  const after = givenOut.begin(undefined)
  const again = asked(givenOut, after.name, 'a')
  assert.equal(again.news, 'a')
  const { name, news } = asked(givenOut, again.name, 'ab')
  assert.equal(news, 'b')
  assert.equal(asked(givenOut, name, 'ab').news, '')
  assert.equal(asked(givenOut, before.name, 'ab').news, 'ab')
  assert.equal(asked(givenOut, 'of nobody', 'ab').news, 'ab')
})
