/**
 * Stops PostgreSQL when we end without having done so, even by SIGKILL.
 *
 * A shell of its own session waits for the end of its standard input, which only this process
 * holds. Then it asks the postmaster for a fast shutdown, provided that `postmaster.pid` still names
 * the same process. It uses built-ins only and runs as PostgreSQL's user, so it can hurt nobody.
 */
import { spawn } from 'node:child_process'
import type { RunAccount } from './run-account.ts'

const SCRIPT = `
  read -r nothing
  read -r current < "$2" && [ "$current" = "$1" ] && kill -INT "$1"
`

/** Returns what ends the watch, to be called when PostgreSQL is gone. */
export function tieToThisProcess(postmaster: {
  pid: number
  pidFile: string
  account: RunAccount | undefined
}): () => void {
  const { pid, pidFile, account } = postmaster
  const shell = spawn('/bin/sh', ['-c', SCRIPT, 'dure-postgres-lifeline', String(pid), pidFile], {
    ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
    cwd: '/',
    env: {},
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true, // Ctrl-C must not reach it.
  })
  // Without a shell we only lose the comfort: the next start stops what was left running.
  shell.on('error', () => undefined)
  shell.stdin.on('error', () => undefined)
  shell.unref()
  return () => shell.kill('SIGKILL')
}
