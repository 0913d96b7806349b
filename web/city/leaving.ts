/** Asks before a page with something typed is left by closing or reloading it. */
import { useEffect } from 'react'

export function useAskBeforeLeaving(hasTyped: boolean): void {
  useEffect(() => {
    if (!hasTyped) return
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [hasTyped])
}
