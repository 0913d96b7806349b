/**
 * After an update a page that is still open may ask for a part that is gone. It opens anew at the same address, once:
 * what it shows is in the address, and what it sent is looked up. Without a newer build the screen says that it failed.
 */

/** The build that was given up. */
const KEY = 'dure.build-left'

/** @param home where the app's page lies */
export function followNewerBuild(home: string): void {
  // Vite tells so of each part that cannot be fetched.
  addEventListener('vite:preloadError', () => void openNewerBuild(home))
}

async function openNewerBuild(home: string): Promise<void> {
  const build = document.querySelector<HTMLScriptElement>('script[type=module]')?.src
  if (build === undefined || sessionStorage.getItem(KEY) === build) return
  const page = await fetch(home).then(
    (answer) => (answer.ok ? answer.text() : undefined),
    () => undefined,
  )
  if (page === undefined || page.includes(new URL(build).pathname)) return
  sessionStorage.setItem(KEY, build)
  location.reload()
}
