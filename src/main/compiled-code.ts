/**
 * Where Node keeps the JavaScript that it made of our TypeScript, so that a program that is started again is there in
 * half the time. Beside the packages, which belong to whoever runs us: nobody else may put code there. A folder that
 * cannot be written is done without.
 */
import { join } from 'node:path'

/** For the environment of programs that are started. */
export const compiledCode = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/dure'),
} as const
