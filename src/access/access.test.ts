import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id } from '../base/base.ts'
import {
  clerkOf,
  may,
  memberOf,
  officerOf,
  operatorOf,
  roles,
  scopes,
  scopesOf,
  type Scope,
  type Session,
  type SessionRole,
} from './access.ts'

const GUNSAN = id('iss', 1)
const ONNURI = id('iss', 2)
const clerk: SessionRole = {
  role: 'clerk',
  issuerId: GUNSAN,
  clerkId: id('clk', 1),
  merchantId: id('mrc', 1),
}
const owner: SessionRole = {
  role: 'owner',
  issuerId: GUNSAN,
  clerkId: id('clk', 2),
  merchantId: id('mrc', 2),
}
const member: SessionRole = {
  role: 'member',
  issuerId: GUNSAN,
  memberId: id('mbr', 1),
  walletId: id('wlt', 1),
}
const officer: SessionRole = { role: 'officer', issuerId: ONNURI, officerId: id('off', 1) }

function sessionOf(...roles: SessionRole[]): Session {
  return { personId: 'person-1', deviceThumbprint: 'x', roles, expiresAt: 0 }
}

test('a role counts with its own issuer only', () => {
  const session = sessionOf(member, clerk, officer)
  assert.equal(memberOf(session, GUNSAN), member)
  assert.equal(memberOf(session, ONNURI), undefined)
  assert.equal(clerkOf(session, ONNURI), undefined)
  assert.equal(officerOf(session, ONNURI), officer)
  assert.equal(officerOf(session, GUNSAN), undefined)
})

test('a clerk stands at the shop that is named, or at the first', () => {
  const session = sessionOf(clerk, owner)
  assert.equal(clerkOf(session, GUNSAN), clerk)
  assert.equal(clerkOf(session, GUNSAN, id('mrc', 2)), owner)
  assert.equal(clerkOf(session, GUNSAN, id('mrc', 3)), undefined)
})

test('an operator holds no other role by being one', () => {
  const session = sessionOf({ role: 'operator' })
  assert.deepEqual(operatorOf(session), { role: 'operator' })
  assert.equal(memberOf(session, GUNSAN), undefined)
  assert.equal(clerkOf(session, GUNSAN), undefined)
  assert.equal(officerOf(session, GUNSAN), undefined)
  assert.equal(operatorOf(sessionOf(member, owner, officer)), undefined)
})

test('every scope belongs to a role, and the table of roles lists scopes in their order', () => {
  const given = new Set<Scope>(roles.flatMap((role) => scopesOf[role]))
  assert.deepEqual(
    scopes.filter((scope) => !given.has(scope)),
    [],
  )
  for (const role of roles) {
    const own: readonly Scope[] = scopesOf[role]
    assert.deepEqual(
      own,
      scopes.filter((scope) => own.includes(scope)),
    )
  }
})

test('an owner may do all that a clerk may, and a clerk may not manage the shop', () => {
  for (const scope of scopesOf.clerk) assert.ok(may(owner, scope))
  assert.ok(may(owner, 'merchant:manage'))
  assert.ok(!may(clerk, 'merchant:manage'))
  assert.ok(!may(member, 'payment:take'))
  assert.ok(!may({ role: 'operator' }, 'payment:make'))
})
