/** Which PINs are refused because they are tried first. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseBusinessDate } from '../base/base.ts'
import { isTrivialPin } from './pin-policy.ts'

const birthDate = parseBusinessDate('1992-04-17')!
const table = `
  000000 refused   one digit
  777777 refused
  123456 refused   up
  789012 refused   up past nine
  654321 refused   down
  210987 refused   down past zero
  920417 refused   birthday
  041792 refused   month first
  170492 refused   day first
  199204 refused   year and month
  135790 taken     steps of two
  111112 taken
  112233 taken
  920418 taken     the day after
  829403 taken
`

for (const line of table.trim().split('\n')) {
  const [pin = '', expected = ''] = line.trim().split(/\s+/)
  test(`${pin} is ${expected}`, () => {
    assert.equal(isTrivialPin(pin, birthDate), expected === 'refused')
  })
}
