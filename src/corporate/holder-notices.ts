/**
 * The ledger calls whoever has a wallet its member, and a corporation has one too. What its holder is to be told, such
 * as that value will expire, each who acts for it is told instead.
 */
import { formatId, type CorporationId } from '../base/base.ts'
import { readRecord, type Casebook, type Registry } from '../registration/registration.ts'

export function holderNotices(
  casebook: Pick<Casebook, 'notify'>,
  registry: Registry,
): Pick<Casebook, 'notify'> {
  return {
    async notify(issuerId, notice) {
      const holder = notice.memberId as number as CorporationId // A holder's number is one or the other's.
      const corporation = await readRecord(registry, issuerId, 'corporation', holder)
      if (corporation === undefined) return casebook.notify(issuerId, notice)
      for (const { memberId, state } of corporation.body.people) {
        if (state !== 'active') continue
        const subject = `${notice.subject}/${formatId('mbr', memberId)}`
        await casebook.notify(issuerId, { ...notice, memberId, subject })
      }
    },
  }
}
