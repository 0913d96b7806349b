/** The settings that the embedded PostgreSQL is started with: durable first, then fit for the machine. */

/** What of the machine the settings follow. Sizes in bytes. */
export interface MachineFacts {
  readonly memoryBytes: number
  readonly volumeBytes: number
  readonly volumeFreeBytes: number
  readonly hasLz4: boolean
}

const MIB = 1024 * 1024
const SHARED_BUFFERS_MIB_MAX = 1024
const SHARED_BUFFERS_MIB_MIN = 32
const WAL_MIB_MAX = 4096
const WAL_MIB_MIN = 256
/** The logger begins another file at this size; `LOG_FILES_MAX` of them are kept. */
export const LOG_FILE_MIB_MAX = 16

/** Names and values as for `postgres -c name=value`. The order has no meaning. */
export function postgresSettings(machine: MachineFacts): Record<string, string> {
  const { memoryBytes, volumeBytes, volumeFreeBytes, hasLz4 } = machine
  const quarterOfMemory = memoryBytes / 4 / MIB
  // At most a sixteenth of the volume and a quarter of what is free on it.
  const walRoom = Math.min(volumeBytes / 16, volumeFreeBytes / 4) / MIB
  return {
    // A payment that was answered is on the disk. These three are PostgreSQL's own defaults; they
    // stand here so that no `alter system` can weaken them.
    synchronous_commit: 'on',
    fsync: 'on',
    full_page_writes: 'on',
    wal_compression: hasLz4 ? 'lz4' : 'pglz',
    shared_buffers: mib(quarterOfMemory, SHARED_BUFFERS_MIB_MIN, SHARED_BUFFERS_MIB_MAX),
    max_wal_size: mib(walRoom, WAL_MIB_MIN, WAL_MIB_MAX),
    checkpoint_timeout: '15min',
    max_connections: '100',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    // One way in: TCP from this machine with a password.
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    logging_collector: 'on',
    log_directory: '../log',
    log_filename: 'postgres-%Y%m%dT%H%M%SZ.log',
    log_file_mode: '0600',
    log_rotation_age: '1d',
    log_rotation_size: `${LOG_FILE_MIB_MAX}MB`,
    log_line_prefix: '%m [%p] %q%u@%d %e ',
    // `terse` leaves out the DETAIL of an error, which shows the values of a row: people's data.
    log_error_verbosity: 'terse',
    log_parameter_max_length: '0',
    log_lock_waits: 'on',
  }
}

function mib(wanted: number, least: number, most: number): string {
  return `${Math.floor(Math.min(most, Math.max(least, wanted)))}MB`
}
