/** Bodies are read strictly: what does not fit is our own bug, and what a newer program added is left alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bug } from '../base/base.ts'
import { sampleTerms } from '../issuing/terms-sample.ts'
import { readBody } from './record-bodies.ts'
import { recordKinds, type RecordKind } from './registry.ts'

const { programId: _program, issuerId: _issuer, version: _version, ...terms } = sampleTerms

const samples: { readonly [Kind in RecordKind]: object } = {
  issuer: {
    code: 'gunsan',
    nameKo: '군산시',
    nameEn: 'Gunsan',
    province: 'jeonbuk',
    kind: 'municipality',
    treasuryBank: '농협은행',
  },
  program: { name: '군산사랑상품권', nameEn: 'Gunsan Love Voucher' },
  terms: { ...terms, requestId: null },
  member: {
    personId: 'person-0001',
    name: '김하늘',
    birthDate: '1992-04-17',
    phone: '010-0000-0001',
    status: 'active',
    walletId: 7,
    accountToken: null,
  },
  device: { walletId: 7, personId: 'person-0001', thumbprint: 't', handle: 42, active: true },
  wallet_stop: { stopped: true, reason: '분실' },
  merchant: {
    name: '분식',
    nameLatin: 'BUNSIK',
    businessNumber: '1248100998',
    ownerPersonId: 'person-0002',
    sector: 'snack_bar',
    annualRevenueWon: 0,
    district: '월명동',
    status: 'applied',
    registeredAt: 1,
  },
  outlet: { merchantId: 1, name: '본점', district: '월명동', address: '월명로 1', open: true },
  clerk: { merchantId: 1, personId: 'person-0003', role: 'clerk', active: true },
  kit: { outletId: 1, active: true },
  officer: { personId: 'person-0004', name: '이담당', title: '주무관', active: true },
  operator: { personId: 'person-0005', name: '최운영', active: true },
}

for (const kind of recordKinds) {
  const sample = samples[kind]
  test(`the body of ${kind} comes back from JSON as it was`, () => {
    assert.deepEqual(readBody(kind, JSON.parse(JSON.stringify(sample))), sample)
    assert.deepEqual(readBody(kind, { ...sample, ofALaterRelease: 1 }), sample)
  })

  test(`a body of ${kind} with a field missing or of another type is a bug`, () => {
    for (const field of Object.keys(sample)) {
      for (const wrong of [undefined, { not: 'this' }]) {
        assert.throws(() => readBody(kind, { ...sample, [field]: wrong }), Bug, field)
      }
    }
    for (const wrong of [null, undefined, 'text', 1])
      assert.throws(() => readBody(kind, wrong), Bug)
  })
}
