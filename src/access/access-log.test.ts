import { createIdSource, id } from '../base/base.ts'
import { accessLogContract } from './access-log.contract.ts'
import { createMemoryAccessLog } from './access.ts'

accessLogContract('MemoryAccessLog', async () => ({
  log: createMemoryAccessLog(createIdSource({ node: 1, clock: () => 1_800_000_000_000 })),
  issuerId: id('iss', 1),
  otherIssuerId: id('iss', 2),
}))
