/** A screen of an app, for looking at all of them: where it is, who sees it, and how one knows that it is there. */
import type { AppName } from './stage.ts'

export interface Screen {
  readonly app: AppName
  /** Address with what state it needs, such as `/app/gunsan/buy`. */
  readonly path: string
  /** The person who is signed in; nobody where absent. */
  readonly as?: string
  /** Korean words that stand on it once it is whole. */
  readonly ready: string
}

/** Each app's door, as whoever is not signed in sees it. */
export const doors: readonly Screen[] = [
  { app: 'citizen', path: '/', ready: '본인확인' },
  { app: 'shop', path: '/shop', ready: '본인확인' },
  { app: 'city', path: '/city', ready: '본인확인' },
  { app: 'ops', path: '/ops', ready: '본인확인' },
]
