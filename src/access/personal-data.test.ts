import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mayUnmask, personalFields, roles, shown, sightOf } from './access.ts'

const samples = {
  name: '김하늘',
  phone: '010-1234-5678',
  birthDate: '1990-05-17',
  accountNumber: '3020000123451',
  accountHolder: '김하늘',
  person: 'ci-of-somebody',
  businessNumber: '124-81-00998',
  address: '군산시 월명로 1',
  words: '결제가 두 번 되었어요.',
  cashReceiptNumber: '01012345678',
}

test('an officer sees half of a person, and after saying why all of what that allows', () => {
  const seen = (unmasked: boolean) =>
    personalFields.map((field) => [field, shown('officer', field, samples[field], unmasked)])
  assert.deepEqual(Object.fromEntries(seen(false)), {
    name: '김*늘',
    phone: '010-****-5678',
    birthDate: '1990-**-**',
    accountNumber: '*********3451',
    accountHolder: '김*늘',
    person: null,
    businessNumber: '124-81-00998',
    address: '군산시 월명로 1',
    words: '결제가 두 번 되었어요.',
    cashReceiptNumber: null,
  })
  assert.deepEqual(Object.fromEntries(seen(true)), {
    name: '김하늘',
    phone: '010-1234-5678',
    birthDate: '1990-05-17',
    accountNumber: '*********3451',
    accountHolder: '김*늘',
    person: null,
    businessNumber: '124-81-00998',
    address: '군산시 월명로 1',
    words: '결제가 두 번 되었어요.',
    cashReceiptNumber: null,
  })
})

test('who takes a payment or runs the system learns nothing of the person who paid', () => {
  for (const role of ['clerk', 'owner', 'operator'] as const) {
    for (const field of ['name', 'phone', 'birthDate'] as const) {
      assert.equal(shown(role, field, samples[field], true), null, `${role} ${field}`)
    }
  }
})

test('what is hidden is never unmasked, and what is masked never leaves as it is', () => {
  for (const role of roles) {
    for (const field of personalFields) {
      const sight = sightOf[role][field]
      assert.equal(shown(role, field, samples[field]) === samples[field], sight === 'full')
      if (sight === 'hidden') assert.equal(mayUnmask(role, field), false)
      const isShown = shown(role, field, samples[field], true) === samples[field]
      assert.equal(isShown, sight === 'full' || mayUnmask(role, field), `${role} ${field}`)
    }
  }
  assert.deepEqual(
    roles.filter((role) => personalFields.some((field) => mayUnmask(role, field))),
    ['officer'],
  )
})

test('a number of any length is shown by its last four', () => {
  assert.equal(shown('officer', 'accountNumber', '123456'), '**3456')
  assert.equal(shown('officer', 'accountNumber', `token-${'x'.repeat(90)}1234`), '*********1234')
})
