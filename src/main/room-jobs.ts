/** The jobs of rooms that answer requests too. */
import type { AccessLog } from '../access/access.ts'
import type { Granting } from '../granting/granting.ts'
import { accessLogErasureJob, memberErasureJob, type JobDefinition } from '../jobs/jobs.ts'
import type { Log } from '../observe/observe.ts'
import type { MerchantDesk, RecordDirectory, ReportDesk } from '../registration/registration.ts'
import type { RightsDeps } from '../rights/rights.ts'
import { grantingJobs } from './granting-side.ts'
import { deskJobs } from './merchant-side.ts'

export function roomJobs(
  rooms: {
    readonly accessLog: AccessLog
    readonly merchantDesk: MerchantDesk
    readonly reportDesk: ReportDesk
    readonly granting: Granting
    readonly rights: RightsDeps
    readonly memberJobs: readonly JobDefinition[]
    readonly corporateJobs: readonly JobDefinition[]
    readonly buyingJobs: readonly JobDefinition[]
    readonly programJobs: readonly JobDefinition[]
  },
  { directory, log }: { readonly directory: RecordDirectory; readonly log: Log },
): readonly JobDefinition[] {
  return [
    memberErasureJob({
      rights: rooms.rights,
      onErased: (step) => log.info('members.forgotten', { ...step }),
    }),
    accessLogErasureJob({ ...rooms, issuerRules: directory }),
    ...deskJobs(directory, rooms),
    ...rooms.memberJobs,
    ...rooms.corporateJobs,
    ...rooms.buyingJobs,
    ...rooms.programJobs,
    ...grantingJobs(rooms.granting, log),
  ]
}
