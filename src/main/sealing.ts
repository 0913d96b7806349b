/** Wires the sealer of a core: its own connection, so that reading a long segment takes none from buying. */
import { join } from 'node:path'
import type { Clock } from '../base/base.ts'
import { startSealLoop, type Loop } from '../jobs/jobs.ts'
import type { SealSigner } from '../ledger/ledger.ts'
import type { Log } from '../observe/observe.ts'
import { createSealer, openPool } from '../postgres/postgres.ts'
import type { CoreConfig } from './config.ts'
import { openSealAnchorFile, SEAL_ANCHOR_FILE, type SealAnchorFile } from './seal-anchor-file.ts'
import { errorText } from './startup-problem.ts'

/** A segment of `SEGMENT_ROWS_MAX` rows is read in one statement. */
const STATEMENT_TIMEOUT_MS = 60_000

/** An anchor file that cannot be read is told at every turn, and nothing is sealed until it is put right. */
export function startSealing(options: {
  readonly config: Pick<CoreConfig, 'databaseUrl' | 'dataDirectory'>
  readonly key: SealSigner
  readonly clock: Clock
  readonly log: Log
}): Loop {
  const { config, key, clock, log } = options
  const pool = openPool({
    url: config.databaseUrl,
    name: 'sealing',
    connectionsMax: 1,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
  })
  let anchors: SealAnchorFile | undefined
  const openSealer = async () => {
    anchors ??= await openSealAnchorFile(join(config.dataDirectory, SEAL_ANCHOR_FILE))
    return createSealer({ pool, signer: key, anchors })
  }
  const loop = startSealLoop({
    sealer: {
      issuersWithNews: async () => (await openSealer()).issuersWithNews(),
      sealOnce: async (issuerId, now) => (await openSealer()).sealOnce(issuerId, now),
    },
    clock,
    onSealed: (turn) => log.info('journals.sealed', { ...turn }),
    onUnsettled: (stuck) => log.warn('sealing.stalled', stuck),
    onError: (error) => log.error('sealing.failed', { error: errorText(error) }),
  })
  return {
    async stop() {
      await loop.stop()
      await pool.close()
      await anchors?.close()
    },
  }
}
